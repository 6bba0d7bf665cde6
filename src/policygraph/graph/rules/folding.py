"""Things that are the same, by number: groups with a spokesman, the smallest of them."""

from __future__ import annotations

from collections.abc import Iterable


class Folding:
    """A partition that only grows coarser; numbers that nobody joined stand alone."""

    def __init__(self) -> None:
        self._first: dict[int, int] = {}
        self._groups: dict[int, list[int]] = {}

    def __bool__(self) -> bool:
        return bool(self._groups)

    def of(self, number: int) -> int:
        """Give the spokesman of a number's group."""
        return self._first.get(number, number)

    def join(self, one: int, other: int) -> bool:
        """Make two groups one; tell whether they were two."""
        low, high = sorted((self.of(one), self.of(other)))
        if low == high:
            return False
        group = self._groups.setdefault(low, [low])
        group += self._groups.pop(high, [high])
        self._first.update(dict.fromkeys(group, low))
        return True

    def same_as(self, number: int) -> list[int]:
        """List a number's whole group."""
        return self._groups.get(self.of(number), [number])

    def members(self) -> Iterable[int]:
        """Give all numbers that stand in a group with others."""
        return self._first

    def groups(self) -> Iterable[int]:
        """Give the spokesmen of the groups."""
        return self._groups
