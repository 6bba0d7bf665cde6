"""Votes: what the words of lines and sentences say of a text that no heading or lead-in explains.

In: clauses with what the grammar found, and the cues; out: points of each line, and for each
sentence whether it reports or plans. Sentences that tell little follow those beside them: a text
rarely changes between report and plan. This room knows no RDF.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from policygraph.text.draft.cues import Heard
from policygraph.text.draft.lines import Piece
from policygraph.text.draft.model import Parts

_NEIGHBOURS = ((-2, 0.5), (-1, 1.0), (0, 2.0), (1, 1.0), (2, 0.5))
_LOUDEST = 8.0  # points of a sentence beyond which it counts no more
_CHANGE = 8.0  # points it takes to change between report and plan with a new line
_CHANGE_WITHIN = 12.0  # and within a line
_REPORTING = frozenset(
    {
        *("final", "grown", "alone", "change", "counts", "gain", "quality", "light", "has"),
        *("predicate", "opens", "event", "done", "meeting", "turned", "drives"),
    }
)
"""Patterns of clauses with a subject and a predicate: those of reports."""


def points(parts: Sequence[Parts | None], heard: Sequence[Heard]) -> list[float]:
    """Give the points of each clause; above 0 speaks for a report."""
    return [_of_clause(*pair) for pair in zip(parts, heard, strict=True)]


def of_lines(pieces: Sequence[Piece], own: Sequence[float]) -> list[float]:
    """Give the points of each line, its neighbours counted in."""
    lines = [0.0] * (pieces[-1].line + 1 if pieces else 0)
    for piece, vote in zip(pieces, own, strict=True):
        lines[piece.line] += vote
    return [sum(_weighted(lines, line)) for line in range(len(lines))]


def with_told(own: Sequence[float], planned: Sequence[bool]) -> list[float]:
    """Give the points of clauses; those that something was said of as planned tell of no report."""
    return [min(vote, 0) if plans else vote for vote, plans in zip(own, planned, strict=True)]


def reporting(pieces: Sequence[Piece], own: Sequence[float]) -> list[bool]:
    """Tell for each sentence, by its number, whether it reports: the likeliest course of all.

    The best course to each sentence is kept for either end (R. E. Bellman, Dynamic Programming).
    """
    sentences = [0.0] * (pieces[-1].sentence + 1 if pieces else 0)
    costs = [_CHANGE_WITHIN] * len(sentences)
    for piece, vote in zip(pieces, own, strict=True):
        sentences[piece.sentence] += vote
        if piece.opens:
            costs[piece.sentence] = _CHANGE
    report, plan = 0.0, 0.0
    came: list[tuple[bool, bool]] = []  # whether the sentence before reports, for either course
    for vote, cost in zip(sentences, costs, strict=True):
        gain = max(-_LOUDEST, min(_LOUDEST, vote))
        stay, turn = report > plan - cost, report - cost > plan
        came.append((stay, turn))
        report, plan = max(report, plan - cost) + gain, max(plan, report - cost) - gain
    now, course = report > plan, []
    for stay, turn in reversed(came):
        course.append(now)
        now = stay if now else turn
    return course[::-1]


def _of_clause(parts: Parts | None, heard: Heard) -> float:
    tells = parts is not None and parts.rule in _REPORTING
    return sum(float(cue.gives) for cue in heard.votes()) + tells


def _weighted(own: Sequence[float], line: int) -> Iterator[float]:
    """Give the points of a line and its neighbours, each with its weight."""
    for step, weight in _NEIGHBOURS:
        if 0 <= line + step < len(own):
            yield own[line + step] * weight
