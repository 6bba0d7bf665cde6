"""Lines, list items and sentences of a text, and the clauses in them.

In: a restored text; out: clauses as spans, each with its line, its sentence and the marker of the
list item it opens. Nothing is cut inside titles, brackets and quoted words, except in a quoted
speech and in brackets that stand by themselves, which are cut like any text. Offsets are code
points, ends exclusive.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain

from policygraph.text.draft.signs import Signs
from policygraph.text.restore import Span

_BLANK = " \t\r　\ufeff"


@dataclass(frozen=True)
class Piece:
    """A stretch between two signs that cut.

    Attributes:
        span: without list marker and white space.
        line: number of its line among those that are not empty, from 0.
        sentence: number of its sentence, from 0.
        level: rank of the list marker before it, 1 the highest; 0 where there is none.
        opens: it is the first of its line.
        sign: the sign behind it; empty at the end of a line.
        aside: it stands in brackets by itself.
    """

    span: Span
    line: int
    sentence: int
    level: int
    opens: bool
    sign: str
    aside: bool = False


def pieces(text: str, signs: Signs) -> list[Piece]:
    """Cut a text into clauses, as far as signs show them."""
    found: list[Piece] = []
    sentence = line = 0
    place = 0
    for row in text.split("\n"):
        asides = list(_asides(text, place, place + len(row), signs))
        cuts = sorted({*_cuts(text, place, place + len(row), signs, asides), *chain(*asides)})
        opens = True
        start = place
        for end in [*cuts, place + len(row)]:
            piece = _piece(text, start, end, signs)
            sign = text[end : end + 1] if end in cuts else ""
            if piece:
                span, level = piece
                aside = any(first < span.start and span.end <= last for first, last in asides)
                found.append(Piece(span, line, sentence, level, opens, sign, aside))
                opens = False
            if sign in signs.sets["sentence"] and found:
                sentence += 1
            start = end + 1
        line += not opens
        sentence += 1
        place += len(row) + 1
    return found


def _piece(text: str, start: int, end: int, signs: Signs) -> tuple[Span, int] | None:
    """Strip a stretch of white space, marker and the marks of a speech; None if nothing is left."""
    level = 0
    span = _strip(text, start, end)
    match = signs.marker.match(text, span.start, span.end)
    if match and match.end() < span.end:
        level = signs.level(match)
        span = _strip(text, match.end(), span.end)
    span = _without_speech_marks(text, span, signs)
    return (span, level) if span.start < span.end else None


def _strip(text: str, start: int, end: int) -> Span:
    while start < end and text[start] in _BLANK:
        start += 1
    while end > start and text[end - 1] in _BLANK:
        end -= 1
    return Span(start, end)


def _without_speech_marks(text: str, span: Span, signs: Signs) -> Span:
    """Leave out a quotation mark at either end whose partner stands elsewhere."""
    start, end = span
    opening, closing = signs.sets["speech"], signs.sets["unspeech"]
    inside = text[start:end]
    opens, closes = (any(mark in inside for mark in marks) for marks in (opening, closing))
    if inside and (inside[0] in closing or (inside[0] in opening and not closes)):
        start += 1
    elif inside and inside[-1] in closing and not opens:
        end -= 1
    return _strip(text, start, end)


def _asides(text: str, start: int, end: int, signs: Signs) -> Iterator[tuple[int, int]]:
    """Find the brackets of a line that stand by themselves: where each opens and closes."""
    sentence = signs.sets["sentence"]
    for sign in sorted(signs.sets.get("aside", ())):
        place = text.find(sign, start, end)
        while place >= 0:
            after = _end_of_enclosed(text, place, end, signs)
            before, rest = text[start:place].rstrip(_BLANK), text[after:end].lstrip(_BLANK)
            alone = (not before or before[-1] in sentence) and (not rest or rest[0] in sentence)
            marker = signs.marker.match(text, place, end)
            if after > place and alone and not (marker and marker.end() >= after):
                yield place, after - 1
            place = text.find(sign, max(after, place + 1), end)


def _cuts(
    text: str, start: int, end: int, signs: Signs, asides: Sequence[tuple[int, int]]
) -> Iterator[int]:
    """Find the places of the signs that cut, between two offsets of one line."""
    sets = signs.sets
    closed_at = start  # nothing before this place cuts: it lies inside quoted words or brackets
    for match in signs.cuts.finditer(text, start, end):
        place, sign = match.start(), match[0]
        if place < closed_at:
            continue
        if sign in sets["open"] and not any(place == first for first, _ in asides):
            closed_at = _end_of_enclosed(text, place, end, signs)
        elif (
            sign in sets["sentence"]
            or sign in sets["clause"]
            or (sign in sets["soft"] and not _between_figures(text, place))
        ):
            yield place


def _end_of_enclosed(text: str, place: int, end: int, signs: Signs) -> int:
    """Find where what opens at a place ends; the place itself if it is a speech or never ends."""
    depth = 0
    for match in signs.cuts.finditer(text, place, end):
        sign = match[0]
        depth += (sign in signs.sets["open"]) - (sign in signs.sets["close"])
        if depth == 0:
            return match.end()
        if text[place] in signs.sets["speech"] and sign in signs.sets["sentence"] and depth == 1:
            return place
    return place


def _between_figures(text: str, place: int) -> bool:
    return text[place - 1 : place].isdigit() and text[place + 1 : place + 2].isdigit()
