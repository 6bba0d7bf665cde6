"""What the rules of relations read: the words of a text with their classes, and what it names.

In: a text, its mentions and the words of its language; out: mentions inside a span, words of a
span. This room knows no RDF.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from typing import Protocol

from policygraph.text.draft.lexicon import Lexicon
from policygraph.text.draft.record import record
from policygraph.text.restore import Span


class Named(Protocol):
    """What a mention must tell here: where it stands and what type of thing it names."""

    @property
    def span(self) -> Span:
        """The words, as code points."""

    @property
    def type(self) -> str:
        """The type, one of those of the annotation guide: ``institution``, ``date`` and so on."""


@record
class Mentioned:
    """A mention with the id that relations name it by."""

    id: str
    span: Span
    type: str


class Reader:
    """Knows the words of one text and what it names.

    Args:
        text: the restored text.
        mentions: what it names; the first has the id ``e1``.
        lexicon: the words of its language.
    """

    def __init__(self, text: str, mentions: Sequence[Named], lexicon: Lexicon) -> None:
        self.text = text
        self.lexicon = lexicon
        named = [Mentioned(f"e{n + 1}", m.span, m.type) for n, m in enumerate(mentions)]
        self.mentions = sorted(named, key=lambda m: (m.span.start, -m.span.end))
        self.starts = [m.span.start for m in self.mentions]
        self._breaks = [match.start() for match in re.finditer("\n", text)]

    def line(self, place: int) -> int:
        """Give the number of the line a place is on."""
        return bisect_left(self._breaks, place)

    def names_in(self, span: Span) -> bool:
        """Tell whether anything is named in a span."""
        first = bisect_left(self.starts, span.start)
        return first < len(self.starts) and self.starts[first] < span.end

    def within(self, span: Span | None, *types: str) -> list[Mentioned]:
        """List the mentions of some types inside a span."""
        if span is None:
            return []
        starts, last = self.starts, span.end
        first = bisect_left(starts, span.start)
        if first == len(starts) or starts[first] >= last:
            return []
        found = self.mentions[first : bisect_left(starts, last, first)]
        return [m for m in found if m.type in types and m.span.end <= last]

    def outermost(self, span: Span | None, *types: str) -> list[Mentioned]:
        """List those that lie in no other mention of these types."""
        all_of_them = self.within(span, *types)
        if len(all_of_them) < 2:
            return all_of_them
        found: list[Mentioned] = []
        for mention in all_of_them:
            if not found or mention.span.start >= found[-1].span.end:
                found.append(mention)
        return found

    def classes(self, span: Span) -> list[tuple[Span, frozenset[str]]]:
        """Cut a span into words with their classes."""
        if span.start >= span.end:
            return []
        tokens = self.lexicon.scan(self.text, *span)
        names = self.lexicon.names
        pairs = zip(tokens.codes, tokens.bounds, tokens.bounds[1:], strict=False)
        return [(Span(start, end), names[code]) for code, start, end in pairs]

    def each(self, span: Span) -> list[frozenset[str]]:
        """Give the classes of each word of a span."""
        if span.start >= span.end:
            return []
        names = self.lexicon.names
        return [names[code] for code in self.lexicon.scan(self.text, *span).codes]

    def finds(self, span: Span, *classes: str) -> bool:
        """Tell whether a word of some classes is in a span."""
        return any(not names.isdisjoint(classes) for names in self.each(span))

    def only(self, span: Span, *allowed: str) -> bool:
        """Tell whether nothing but words of some classes is in a span."""
        start, end = span
        if start < end and self.lexicon.may_begin(self.text[start]).isdisjoint(allowed):
            return False
        names = self.lexicon.names
        for _, code in self.lexicon.tokens(self.text, start, end):
            if names[code].isdisjoint(allowed):
                return False
        return True

    def consists_of(self, span: Span, mentions: Sequence[Mentioned], *allowed: str) -> bool:
        """Tell whether nothing but these mentions and words of some classes is in a span."""
        place = span.start
        for mention in [*mentions, None]:
            end = mention.span.start if mention else span.end
            if not self.only(Span(place, end), *allowed):
                return False
            place = mention.span.end if mention else end
        return True

    def opening(self, span: Span, type_: str, *between: str) -> list[Mentioned]:
        """List the mentions of a type that a span begins with, one after the other.

        Args:
            span: where to look.
            type_: the type of the mentions.
            between: classes of the words that may stand between them and before them.
        """
        found: list[Mentioned] = []
        place = span.start
        for mention in self.outermost(span, type_):
            if not self.only(Span(place, mention.span.start), *between):
                break
            found.append(mention)
            place = mention.span.end
        return found
