"""Which of many patterns can fit some words at all, told by their characters in one pass.

In: things that each have a regular expression; out: those worth trying on some words, in their
order. A pattern that cannot do without one of a set of characters is not tried where none of them
stands; it would have failed. This room knows no language.
"""

from __future__ import annotations

import importlib
import re
from collections.abc import Callable, Iterable, Sequence
from typing import Any, Generic, TypeVar

T = TypeVar("T")

_ONCE = 64  # a set of more characters than that tells little of words


class Sieve(Generic[T]):
    """Things with patterns.

    Args:
        things: in the order in which they are to be tried.
        form: gives the pattern of a thing.
    """

    def __init__(self, things: Iterable[T], form: Callable[[T], re.Pattern[str]]) -> None:
        self._things = tuple(things)
        self._always = 0  # one bit for each thing
        self._wakes: dict[str, int] = {}  # character → the things it makes worth trying
        for number, thing in enumerate(self._things):
            needed = needs(form(thing))
            if needed is None:
                self._always |= 1 << number
            for character in needed or ():
                self._wakes[character] = self._wakes.get(character, 0) | 1 << number
        self._waking = frozenset(self._wakes)

    def worth_trying(self, words: str) -> list[T]:
        """List the things whose pattern may be found in some words."""
        awake = self._always
        for character in self._waking.intersection(words):
            awake |= self._wakes[character]
        found = []
        while awake:
            lowest = awake & -awake
            found.append(self._things[lowest.bit_length() - 1])
            awake ^= lowest
        return found


def needs(form: re.Pattern[str]) -> frozenset[str] | None:
    """Give characters one of which stands in everything a pattern finds.

    Args:
        form: any pattern without flags for upper and lower case.

    Returns:
        The smallest set that is sure; None where none is, or where this Python hides its parser of
        patterns: then the pattern is always to be tried.

    >>> sorted(needs(re.compile("^(?:about|under) (?=cost)")) or ())
    [' ']
    """
    if form.flags & re.IGNORECASE:
        return None
    try:
        parser = importlib.import_module("re._parser")
        parsed = parser.parse(form.pattern, form.flags & ~re.UNICODE)
    except (ImportError, AttributeError):
        return None
    return _of_all(parsed)


def _of_all(parsed: Iterable[tuple[Any, Any]]) -> frozenset[str] | None:
    """Give the smallest of the sets that the parts of a sequence need."""
    sets = [found for step, of in parsed if (found := _of_step(str(step), of)) is not None]
    return min(sets, key=len, default=None)


def _of_step(step: str, of: Any) -> frozenset[str] | None:
    if step == "LITERAL":
        return frozenset(chr(of))
    if step == "IN":
        return _of_class(of)
    if step == "BRANCH":
        return _of_any([_of_all(branch) for branch in of[1]])
    if step == "ASSERT" or (step == "SUBPATTERN" and not of[1]):
        return _of_all(of[-1])
    if step in ("MAX_REPEAT", "MIN_REPEAT") and of[0] > 0:
        return _of_all(of[2])
    return None


def _of_class(members: Sequence[tuple[Any, Any]]) -> frozenset[str] | None:
    found: set[str] = set()
    for step, of in members:
        if str(step) == "LITERAL":
            found.add(chr(of))
        elif str(step) == "RANGE" and of[1] - of[0] < _ONCE:
            found.update(map(chr, range(of[0], of[1] + 1)))
        else:
            return None
    return frozenset(found)


def _of_any(sets: Sequence[frozenset[str] | None]) -> frozenset[str] | None:
    return frozenset().union(*(s for s in sets if s)) if None not in sets else None
