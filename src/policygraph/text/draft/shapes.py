"""Patterns of names, searched in a text only where they can be found.

In: patterns; out: what they find in a text. Each is searched only on lines where the characters
stand that it cannot do without, and tried only behind those that must stand before it. So another
pattern costs next to nothing where it has nothing to find. This room knows no language.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from policygraph.text.draft.heads import all_of
from policygraph.text.draft.sieve import Sieve
from policygraph.text.restore import Span

_NO_NUMBER = re.compile(r"\d[\d,.]{40,}")
"""Digits in such a row are no figure and no day: they are not searched, which would take long."""


@dataclass(frozen=True)
class Shape:
    """A pattern of names.

    Attributes:
        name: unique; every mention it finds carries it.
        type: of what it names.
        pattern: the regular expression.
        verbs: it names something only where the clause has a verb of this list.
        generic: it names bodies of a kind.
        after: type of the name that it goes on from.
    """

    name: str
    type: str
    pattern: re.Pattern[str]
    verbs: str = ""
    generic: bool = False
    after: str = ""


class Shapes:
    """Searches texts for patterns.

    Args:
        shapes: the patterns, in the order in which their finds are given.
    """

    def __init__(self, shapes: Iterable[Shape]) -> None:
        self.all = tuple(shapes)
        self._finders = [all_of(shape.pattern) for shape in self.all]
        self._sieve = Sieve(range(len(self.all)), lambda number: self.all[number].pattern)

    def find(self, text: str) -> Iterator[tuple[Shape, re.Match[str]]]:
        """Search a text for one pattern after the other, on the lines where it can be at all.

        A pattern that is tried on many lines one after the other stays at hand in the processor.
        """
        text = _NO_NUMBER.sub(lambda found: " " * len(found[0]), text)
        lines: list[list[Span]] = [[] for _ in self.all]
        start = 0
        for line in text.split("\n"):
            span = Span(start, start + len(line))
            for number in self._sieve.worth_trying(line):
                lines[number].append(span)
            start = span.end + 1
        for shape, find, some in zip(self.all, self._finders, lines, strict=True):
            for start, end in some:
                yield from ((shape, match) for match in find(text, start, end))
