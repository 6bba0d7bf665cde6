"""What each clause's section reports: something achieved, something planned, or plain statements.

In: clauses with their outline, and the cues; out: a status and a period for each. A heading or a
lead-in decides for what follows it; where none does, the words of the line and its neighbours vote.
This room knows no RDF.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from policygraph.text.draft import votes
from policygraph.text.draft.cues import Cue, Cues, Genre, Heard
from policygraph.text.draft.lines import Piece
from policygraph.text.draft.model import Parts
from policygraph.text.draft.outline import Place
from policygraph.text.draft.record import record

TARGETS = frozenset(["by-year", "targets"])
"""Cues of targets: begun by the year by which one is to be reached, or headed so."""

_UNTIL = frozenset(["by-date", "by-year"])
"""Cues of a date by which something is to be reached: it is not the year that is spoken about."""

_SURE = 12.0  # points of a line that outweigh its heading
_AIMED = 8.0  # points of a line that outweigh a lead-in that plans: targets use words of reports
_PLANS = 2.0  # points of a line that ends a stretch of judgements: it plans
_LOWEST = 3  # headings down to this level end what a lead-in decided
_OPENING = 400  # code points at the start of a text in which its genre is looked for
_YEAR = re.compile(r"(?:19|20)\d\d")


@record
class Section:
    """What a clause's section reports.

    Attributes:
        status: ``achieved``, ``planned`` or ``stated``.
        period: year (``2024``) or years (``2021/2025``) it speaks about; empty where unknown.
        cue: what decided.
        near: it is a word of the same sentence that decided.
        headed: it is a heading that decided.
    """

    status: str
    period: str
    cue: str
    near: bool = False
    headed: bool = False


def sections(
    text: str,
    pieces: Sequence[Piece],
    places: Sequence[Place],
    parts: Sequence[Parts | None],
    heard: Sequence[Heard],
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
        heard: the cues that may be in each.
        cues: those of the language.
        year: of the document; 0 where it is unknown.
        genre: name of a genre; empty to let the opening words tell.
    """
    profile = genre_of(text, cues, genre)
    own = votes.points(parts, heard)
    lines = votes.of_lines(pieces, own)
    heads: list[_Said | None] = []
    standing: list[_Said] = []
    for piece, place, clause in zip(pieces, places, heard, strict=True):
        points = lines[piece.line]
        standing = [
            said.before(piece, points)
            for said in standing
            if said.counts(piece, place, profile.lasts)
        ]
        scopes = ("heading",) if place.heading else ("clause", "line", "sentence")
        cue = next((cue for cue in clause.sections() if cue.scope in scopes), None)
        section = _said(cue, clause.words, cues, year) if cue else None
        if cue and section:
            above = next((said.level for said in reversed(standing)), _LOWEST)
            said = _Said(section, place.level or above, piece, cue.scope)
            standing = [*(one for one in standing if one.outlasts(said)), said]
        heads.append(standing[-1] if standing else None)
    planned = [said is not None and said.section.status == "planned" for said in heads]
    reports = votes.reporting(pieces, votes.with_told(own, planned))
    either = [_voted(profile.status, year, reports=reports) for reports in (False, True)]
    found = []
    for piece, head in zip(pieces, heads, strict=True):
        section = _decided(head, piece, lines[piece.line], either[reports[piece.sentence]])
        found.append(head.within(piece, section, year) if head else section)
    return found


@record
class _Said:
    """What a heading or lead-in has said of what follows it."""

    section: Section
    level: int  # of the heading that ends it
    piece: Piece
    scope: str  # ``heading``, ``clause``, ``line`` or ``sentence``

    def counts(self, piece: Piece, place: Place, lasts: str) -> bool:
        """Tell whether it still counts at a later clause."""
        if place.first and place.level <= self.level:
            return False
        if self.scope in ("heading", "sentence"):
            return self.scope == "heading" or piece.sentence == self.piece.sentence
        if piece.line == self.piece.line:
            return True
        return self.scope == "clause" and lasts != "line"

    def before(self, piece: Piece, points: float) -> _Said:
        """Give what it says from a later clause on: a line that plans ends judgements for good."""
        over = self.section.status == "stated" and self.scope == "clause" and points <= -_PLANS
        if not over or piece.line == self.piece.line:
            return self
        return replace(self, section=Section("vote", "", self.section.cue))

    def within(self, piece: Piece, section: Section, year: int) -> Section:
        """Give the section of a clause with the years it speaks about: a year ahead stays open.

        What is wanted by a year comes about between the document's year and that one; behind its
        sentence the document's year is at hand again. A year ahead that opens a sentence may or may
        not be meant by those that follow.
        """
        last = section.period.rpartition("/")[2]
        if section is not self.section or self.scope == "heading" or int(last or 0) <= year:
            return section
        until, same = section.cue in _UNTIL, piece.sentence == self.piece.sentence
        if until and not same:
            return replace(section, period=str(year or ""))
        return section if same and not until else replace(section, period=f"{year or ''}/{last}")

    def outlasts(self, later: _Said) -> bool:
        """Tell whether it counts again when something said later has ended."""
        if self.scope == "heading":
            return True
        if later.scope not in ("line", "sentence"):
            return False
        ends_first = self.scope in ("sentence", later.scope) and later.level <= self.level
        return not ends_first


def _decided(said: _Said | None, piece: Piece, points: float, voted: Section) -> Section:
    """Weigh what was said against the words of a line: a lead-in is sure of its own line only."""
    if said is None or said.section.status == "vote":
        return voted
    heads = said.scope == "heading" and (abs(points) < _SURE or said.section.cue in TARGETS)
    if heads or said.piece.line == piece.line:
        return said.section
    if said.section.status == "stated":
        return said.section if abs(points) < _SURE / 2 else voted
    prior = _SURE / 2 if said.section.status == "achieved" else -_AIMED
    return said.section if (points + prior > 0) == (prior > 0) else voted


def genre_of(text: str, cues: Cues, name: str = "") -> Genre:
    """Tell the genre of a text by its opening words, unless it is named: the first to be told."""
    told: list[tuple[int, int]] = []
    for number, candidate in enumerate(cues.genres):
        match = candidate.detect.search(text, 0, _OPENING)
        if candidate.name == name:
            return candidate
        if match:
            told.append((match.start(), number))
    if told and not name:
        return cues.genres[min(told)[1]]
    return Genre("", re.compile(""), "vote", "section")


def year_of(text: str, cues: Cues) -> int:
    """Tell the year of a text by its opening words; 0 where they do not."""
    for cue in cues.years:
        match = cue.form.search(text[:_OPENING])
        if match:
            return int(match["year"]) + int(cue.gives)
    return 0


def _voted(default: str, year: int, *, reports: bool) -> Section:
    """Give what the genre says of a sentence, or where it says nothing what the words do."""
    if default in ("planned", "achieved"):
        return Section(default, str(year or ""), "genre")
    if reports:
        return Section("achieved", str(year - 1) if year else "", "vote")
    return Section("planned", str(year or ""), "vote")


def _said(cue: Cue, words: str, cues: Cues, year: int) -> Section | None:
    """Work out what a cue says; None where it names years that tell nothing."""
    first, last = _years(cue, words, cues, year)
    period = "/".join(str(one) for one in dict.fromkeys((first, last)) if one)
    if cue.gives != "dated":
        status = "achieved" if cue.gives == "planned" and 0 < last < year else cue.gives
        return Section(status, period, cue.name, cue.scope == "sentence", cue.scope == "heading")
    if not year or first <= year <= last:
        return None
    status = "achieved" if last < year else "planned"
    return Section(status, period, cue.name, headed=cue.scope == "heading")


def _years(cue: Cue, words: str, cues: Cues, year: int) -> tuple[int, int]:
    """Give the first and last year a cue speaks about; 0 where unknown."""
    groups = {name: found for name, found in _groups(cue, words).items() if found}
    if "plan" in groups:
        return cues.plans.get(groups["plan"], (0, 0))
    named = groups.get("year") or next(iter(_YEAR.findall(words)), "")
    if named:
        return int(named), int(named)
    if not year or not cue.period:
        return 0, 0
    steps = [year + int(step) for step in cue.period.split("/")]
    return steps[0], steps[-1]


def _groups(cue: Cue, words: str) -> dict[str, str | None]:
    match = cue.form.search(words)
    return match.groupdict() if match else {}
