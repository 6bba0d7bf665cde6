"""Where quotes stand after the text was edited: proved, or not at all.

In: a quote, the stretch of text it belongs to and, where it is at hand, the text before the edit.
Out: its place, if there can be no other. Nothing is placed by likeness: where several places fit,
none is taken. Offsets are code points, end exclusive. This room knows no RDF.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from policygraph.text.model import covers
from policygraph.text.restore import Span
from policygraph.text.review.sheet import Item, Plain, Sheet
from policygraph.text.statements import occurrences

_REACHES = (4, 16, 64, 256)


@dataclass(frozen=True)
class Quote:
    """Words, with the number of their occurrence (from 1; 0 where they stood once)."""

    words: str
    occurrence: int = 0

    @classmethod
    def of(cls, fields: Mapping[str, Plain]) -> Quote | None:
        """Read the quote of a row or fact; None where it has none."""
        words, which = fields.get("quote"), str(fields.get("occurrence", ""))
        if not isinstance(words, str) or not words:
            return None
        return cls(words, int(which) if which.isdecimal() else 0)


@dataclass(frozen=True)
class Texts:
    """The text now and, where it is known, the one that the statements were written for."""

    now: str
    before: str | None = None

    def place(self, quote: Quote, now: Span, before: Span) -> Span | None:
        """Find a quote in the text as it is now.

        Args:
            quote: the words.
            now: the stretch of the present text in which they must stand.
            before: the stretch of the former text in which they stood.
        """
        places = list(occurrences(self.now, quote.words, now))
        if self.before is None:
            return places[0] if len(places) == 1 and not quote.occurrence else None
        stood = list(occurrences(self.before, quote.words, before))
        number = max(quote.occurrence, 1)
        if number > len(stood):
            return None
        if len(places) == len(stood) == 1:
            return places[0]
        return self._by_context(places, stood[number - 1])

    def anew(self) -> Texts:
        """Forget the former text: what was lost in it had no place there."""
        return Texts(self.now)

    def which(self, words: str, at: Span, extent: Span) -> str | None:
        """Say which occurrence a place is; None where the words stand once in the extent."""
        places = list(occurrences(self.now, words, extent))
        return str(places.index(at) + 1) if len(places) > 1 else None

    def _by_context(self, places: list[Span], old: Span) -> Span | None:
        """Keep the places with the same words on both sides, further and further out."""
        if self.before == self.now:
            return old if old in places else None
        for reach in _REACHES:
            around = _around(self.before or "", old, reach)
            places = [span for span in places if _around(self.now, span, reach) == around]
            if len(places) < 2:
                break
        return places[0] if len(places) == 1 else None


def _around(text: str, span: Span, reach: int) -> tuple[str, str]:
    return text[max(0, span.start - reach) : span.start], text[span.end : span.end + reach]


@dataclass(frozen=True)
class Stretches:
    """The stretches of the sections of a sheet; None for one whose opening words are gone."""

    found: Sequence[Span | None]
    length: int

    @classmethod
    def of(cls, sheet: Sheet, texts: Texts) -> Stretches:
        """Find the sections; one that would now begin before an earlier one has lost its place."""
        starts: list[int | None] = []
        for number, section in enumerate(sheet.sections):
            start = _start(section, texts) if number or "quote" in section.fields else 0
            latest = max((earlier for earlier in starts if earlier is not None), default=0)
            starts.append(None if start is None or start < latest else start)
        length = len(texts.now)
        return cls([_stretch(starts, number, length) for number in range(len(starts))], length)

    def around(self, number: int) -> Span:
        """Give the stretch of a section's rows: its own or, where that is gone, the one before."""
        for stretch in reversed(self.found[: number + 1]):
            if stretch:
                return stretch
        return Span(0, next((s.start for s in self.found if s), self.length))

    def holding(self, span: Span) -> int | None:
        """Give the number of the section that holds a span, None where none does."""
        for number, stretch in enumerate(self.found):
            if stretch and covers(stretch, span):
                return number
        return None


def _start(section: Item, texts: Texts) -> int | None:
    quote = Quote.of(section.fields)
    if quote is None:
        return None
    texts = texts.anew() if section.review == "lost" else texts
    former = Span(0, len(texts.before or ""))
    span = texts.place(quote, Span(0, len(texts.now)), former)
    return span.start if span else None


def _stretch(starts: Sequence[int | None], number: int, length: int) -> Span | None:
    start = starts[number]
    following = (later for later in starts[number + 1 :] if later is not None)
    return None if start is None else Span(start, next(following, length))
