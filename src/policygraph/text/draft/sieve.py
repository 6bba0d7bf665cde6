"""Which of many patterns can fit some words at all, told by their characters in one pass.

In: things that each have a regular expression; out: those worth trying on some words, in their
order. A pattern that cannot do without one of a set of characters, or of pairs of neighbouring
ones, is not tried where none of them stands; it would have failed. This room knows no language.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from typing import Generic, TypeVar

from policygraph.text.draft.forms import needs
from policygraph.text.draft.grams import pairs_of

T = TypeVar("T")

_SETS = 3  # as many sets of a pattern are looked at


class Sieve(Generic[T]):
    """Things with patterns.

    A number holds what is known of the things in some words: one bit for each thing and for each
    of the sets its pattern needs, those of the first sets first, then those of the second.

    Args:
        things: in the order in which they are to be tried.
        form: gives the pattern of a thing.
    """

    def __init__(self, things: Iterable[T], form: Callable[[T], re.Pattern[str]]) -> None:
        self._things = tuple(things)
        self._count = len(self._things)
        self._always = 0  # the sets that patterns do not have
        self._met: dict[str, int] = {}  # character or pair → the sets it stands in
        for number, thing in enumerate(self._things):
            sets = needs(form(thing), _SETS)
            for place in range(_SETS):
                bit = 1 << number + place * self._count
                self._always |= bit if place >= len(sets) else 0
                for gram in sets[place] if place < len(sets) else ():
                    self._met[gram] = self._met.get(gram, 0) | bit
        self._singles = frozenset(gram for gram in self._met if len(gram) == 1)
        self._pairs = frozenset(gram for gram in self._met if len(gram) == 2)

    def awake(self, words: str) -> int:
        """Tell which things are worth trying on some words: one bit for each."""
        met = self._always
        for gram in self._singles.intersection(words):
            met |= self._met[gram]
        for gram in self._pairs.intersection(pairs_of(words)):
            met |= self._met[gram]
        count = self._count
        return met & met >> count & met >> 2 * count & (1 << count) - 1

    def these(self, awake: int) -> Iterator[T]:
        """Give the things of some bits, in their order."""
        while awake:
            lowest = awake & -awake
            yield self._things[lowest.bit_length() - 1]
            awake ^= lowest

    def bits(self, some: Iterable[T]) -> int:
        """Give the bits of some of the things."""
        wanted = frozenset(some)
        return sum(1 << number for number, thing in enumerate(self._things) if thing in wanted)

    def worth_trying(self, words: str) -> Iterator[T]:
        """Give the things whose pattern may be found in some words."""
        return self.these(self.awake(words))
