"""What each clause's section reports: something achieved, something planned, or plain statements.

In: clauses with their outline, and the cues; out: a status and a period for each. A heading or a
lead-in decides for what follows it; where none does, the words of the line and its neighbours vote.
This room knows no RDF.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from policygraph.text.draft.cues import Cue, Cues, Genre
from policygraph.text.draft.lines import Piece
from policygraph.text.draft.model import Parts
from policygraph.text.draft.outline import Place

_NEIGHBOURS = ((-2, 0.5), (-1, 1.0), (0, 2.0), (1, 1.0), (2, 0.5))
_SURE = 12.0  # points of a line that outweigh its heading
_LOWEST = 3  # headings down to this level end what a lead-in decided
_OPENING = 400  # code points at the start of a text in which its genre is looked for
_REPORTING = frozenset(
    {
        *("final", "grown", "alone", "change", "counts", "gain", "quality", "light", "has"),
        *("predicate", "opens", "event", "done", "meeting", "turned", "drives"),
    }
)
"""Patterns of clauses with a subject and a predicate: those of reports."""


@dataclass(frozen=True)
class Section:
    """What a clause's section reports.

    Attributes:
        status: ``achieved``, ``planned`` or ``stated``.
        period: year (``2024``) or years (``2021/2025``) it speaks about; empty where unknown.
        cue: what decided.
    """

    status: str
    period: str
    cue: str


def sections(
    text: str,
    pieces: Sequence[Piece],
    places: Sequence[Place],
    parts: Sequence[Parts | None],
    cues: Cues,
    *,
    year: int = 0,
    genre: str = "",
) -> list[Section]:
    """Tell for each clause what its section reports.

    Args:
        text: the restored text.
        pieces: its clauses.
        places: where each stands in the outline.
        parts: what the grammar found in each.
        cues: those of the language.
        year: of the document; 0 where it is unknown.
        genre: name of a genre; empty to let the opening words tell.
    """
    profile = _genre(text, cues, genre)
    votes = _votes(text, pieces, parts, cues)
    found: list[Section] = []
    said: _Said | None = None
    for piece, place in zip(pieces, places, strict=True):
        words = text[piece.span.start : piece.span.end]
        scopes = ("heading",) if place.heading else ("clause", "line")
        cue = _cue(words, scopes, cues)
        if said and place.first and place.level <= said.level:
            said = None
        if cue:
            level = place.level or (said.level if said else _LOWEST)
            section = Section(cue.gives, _period(cue, words, year), cue.name)
            said = _Said(section, level, piece.line, cue.scope)
        if said and not said.counts(piece.line, profile.lasts):
            said = None
        found.append(_decided(said, piece.line, votes[piece.line], profile.status, year))
    return found


@dataclass(frozen=True)
class _Said:
    """What a heading or lead-in has said of what follows it."""

    section: Section
    level: int  # of the heading that ends it
    line: int
    scope: str  # ``heading``, ``clause`` or ``line``

    def counts(self, line: int, lasts: str) -> bool:
        beyond = self.scope == "clause" and lasts != "line"
        return self.scope == "heading" or line == self.line or beyond


def _decided(said: _Said | None, line: int, points: float, default: str, year: int) -> Section:
    """Weigh what was said against the words of a line: a lead-in is sure of its own line only."""
    if said is None or said.section.status == "vote":
        return _voted(points, default, year)
    if said.line == line or (said.scope == "heading" and abs(points) < _SURE):
        return said.section
    if said.section.status == "stated":
        return said.section if abs(points) < _SURE / 2 else _voted(points, default, year)
    prior = _SURE / 2 if said.section.status == "achieved" else -_SURE / 2
    agree = (points + prior > 0) == (prior > 0)
    return said.section if agree else _voted(points, "vote", year)


def _genre(text: str, cues: Cues, name: str) -> Genre:
    opening = text[:_OPENING]
    for candidate in cues.genres:
        if candidate.name == name or (not name and candidate.detect.search(opening)):
            return candidate
    return Genre("", re.compile(""), "vote", "section")


def _cue(words: str, scopes: tuple[str, ...], cues: Cues) -> Cue | None:
    for cue in cues.sections:
        if cue.scope in scopes and cue.form.search(words):
            return cue
    return None


def _votes(
    text: str, pieces: Sequence[Piece], parts: Sequence[Parts | None], cues: Cues
) -> list[float]:
    """Points of each line, its neighbours counted in; above 0 speaks for a report."""
    own = [0.0] * (pieces[-1].line + 1 if pieces else 0)
    for piece, found in zip(pieces, parts, strict=True):
        words = text[piece.span.start : piece.span.end]
        own[piece.line] += sum(float(cue.gives) for cue in cues.votes if cue.form.search(words))
        own[piece.line] += found is not None and found.rule in _REPORTING
    return [sum(_weighted(own, line)) for line in range(len(own))]


def _weighted(own: Sequence[float], line: int) -> Iterator[float]:
    """Give the points of a line and its neighbours, each with its weight."""
    for step, weight in _NEIGHBOURS:
        if 0 <= line + step < len(own):
            yield own[line + step] * weight


def _voted(points: float, default: str, year: int) -> Section:
    if default in ("planned", "achieved"):
        return Section(default, str(year or ""), "genre")
    if points > 0:
        return Section("achieved", str(year - 1) if year else "", "vote")
    return Section("planned", str(year or ""), "vote")


def _period(cue: Cue, words: str, year: int) -> str:
    """Work out the years a cue speaks about from that of the document."""
    if cue.period == "{year}":
        match = cue.form.search(words)
        return match["year"] if match else ""
    named = re.findall(r"(?:19|20)\d\d", words)
    if named:
        return str(named[0])
    if not year or not cue.period:
        return ""
    return "/".join(str(year + int(step)) for step in cue.period.split("/"))
