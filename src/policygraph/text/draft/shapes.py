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
        shapes: the patterns, in the order in which their finds on a line are given.
    """

    def __init__(self, shapes: Iterable[Shape]) -> None:
        self.all = tuple(shapes)
        self._sieve = Sieve(
            ((shape, all_of(shape.pattern)) for shape in self.all), lambda both: both[0].pattern
        )

    def find(self, text: str) -> Iterator[tuple[Shape, re.Match[str]]]:
        """Search each line of a text for the patterns that can be found there at all."""
        text = _NO_NUMBER.sub(lambda found: " " * len(found[0]), text)
        start = 0
        for line in text.split("\n"):
            end = start + len(line)
            for shape, find in self._sieve.worth_trying(line):
                yield from ((shape, match) for match in find(text, start, end))
            start = end + 1
