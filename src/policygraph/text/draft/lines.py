"""Lines, list items and sentences of a text, and the clauses in them.

In: a restored text; out: clauses as spans, each with its line, its sentence and the marker of the
list item it opens. Nothing is cut inside titles, brackets and quoted words, except in a quoted
speech and in brackets that stand by themselves, which are cut like any text. Offsets are code
points, ends exclusive.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from itertools import chain

from policygraph.text.draft.record import record
from policygraph.text.draft.signs import Signs
from policygraph.text.restore import Span

_BLANK = " \t\r　\ufeff"


@record
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
        run: number of its sentence as signs alone tell it: one goes on behind a line that ends with
            a sign for less.
    """

    span: Span
    line: int
    sentence: int
    level: int
    opens: bool
    sign: str
    aside: bool = False
    run: int = 0


def pieces(text: str, signs: Signs) -> list[Piece]:
    """Cut a text into clauses, as far as signs show them."""
    found: list[Piece] = []
    sentence = line = run = 0
    place = 0
    for row in text.split("\n"):
        last = place + len(row)
        cuts, asides = _cuts(text, Span(place, last), signs)
        opens = True
        start, around = place, place  # no bracket that stands by itself reaches further than this
        for end in [*cuts, last]:
            piece = _piece(text, start, end, signs)
            sign = text[end] if end < last else ""
            if piece:
                span, level = piece
                while asides and asides[0].start < span.start:
                    around = max(around, asides.popleft().end)
                aside = span.end <= around
                found.append(Piece(span, line, sentence, level, opens, sign, aside, run))
                opens = False
            if sign in signs.sets["sentence"] and found:
                sentence += 1
                run += 1
            start = end + 1
        line += not opens
        sentence += 1
        run += not (found and found[-1].sign)
        place = last + 1
    return found


def _piece(text: str, start: int, end: int, signs: Signs) -> tuple[Span, int] | None:
    """Strip a stretch of white space, marker and the marks of a speech; None if nothing is left."""
    level = 0
    span = _strip(text, start, end)
    match = signs.marker_at(text, *span)
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
    first, last = text[start : start + 1], text[end - 1 : end]
    if start >= end or not (first in opening or first in closing or last in closing):
        return span
    inside = text[start:end]
    if first in closing or (first in opening and closing.isdisjoint(inside)):
        return _strip(text, start + 1, end)
    if last in closing and opening.isdisjoint(inside):
        return _strip(text, start, end - 1)
    return span


def _cuts(text: str, row: Span, signs: Signs) -> tuple[list[int], deque[Span]]:
    """Find the places of the signs that cut a line, and the brackets that stand by themselves."""
    found = [(match.start(), match[0]) for match in signs.cuts.finditer(text, *row)]
    enclosed = _enclosed(found, signs)
    asides = deque(sorted(_asides(text, row, enclosed, signs))) if enclosed else deque[Span]()
    opens = {aside.start for aside in asides}
    sets = signs.sets
    cuts = []
    closed_at = row.start  # nothing before this place cuts: it lies inside quoted words or brackets
    for place, sign in found:
        if place < closed_at:
            continue
        if sign in sets["open"] and place not in opens:
            closed_at = enclosed.get(place, place)
        elif (
            sign in sets["sentence"]
            or sign in sets["clause"]
            or (sign in sets["soft"] and not _between_figures(text, place))
        ):
            cuts.append(place)
    return sorted({*cuts, *chain(*asides)}) if asides else cuts, asides


def _enclosed(found: Iterable[tuple[int, str]], signs: Signs) -> dict[int, int]:
    """Find where what opens in a line ends, in one pass; speeches and what never ends are left out.

    Args:
        found: the signs of the line with their places.
        signs: those of the language.
    """
    sets = signs.sets
    ends: dict[int, int] = {}
    opened: list[tuple[int, str]] = []  # what is open, the innermost last
    speeches: set[int] = set()
    for place, sign in found:
        opens, closes = sign in sets["open"], sign in sets["close"]
        if opens and closes:
            ends[place] = place + 1
        elif opens:
            opened.append((place, sign))
        elif closes and opened:
            ends[opened.pop()[0]] = place + 1
        if opened and sign in sets["sentence"] and opened[-1][1] in sets["speech"]:
            speeches.add(opened[-1][0])
    return {place: end for place, end in ends.items() if place not in speeches}


def _asides(text: str, row: Span, enclosed: Mapping[int, int], signs: Signs) -> Iterator[Span]:
    """Find the brackets of a line that stand by themselves: where each opens and closes."""
    sentence = signs.sets["sentence"]
    for sign in sorted(signs.sets.get("aside", ())):
        place = text.find(sign, *row)
        while place >= 0:
            after = enclosed.get(place, place)
            beside = (_sign_before(text, row.start, place), _sign_after(text, after, row.end))
            alone = all(not found or found in sentence for found in beside)
            marker = signs.marker_at(text, place, row.end)
            if after > place and alone and not (marker and marker.end() >= after):
                yield Span(place, after - 1)
            place = text.find(sign, max(after, place + 1), row.end)


def _sign_before(text: str, start: int, end: int) -> str:
    """Give the last character between two places that is no white space; empty if there is none."""
    while end > start and text[end - 1] in _BLANK:
        end -= 1
    return text[end - 1] if end > start else ""


def _sign_after(text: str, start: int, end: int) -> str:
    """Give the first character between two places that is no white space, as above."""
    while start < end and text[start] in _BLANK:
        start += 1
    return text[start] if start < end else ""


def _between_figures(text: str, place: int) -> bool:
    return text[place - 1 : place].isdigit() and text[place + 1 : place + 2].isdigit()
