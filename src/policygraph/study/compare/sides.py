"""The two sides of a comparison: what was said then, and what is said now.

In: a reading and two documents or two periods. Out: statements by status, the same words said by
several documents of one side put together, and which statuses are compared with which.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from policygraph.study.reading import Reading
from policygraph.study.said import ACHIEVED, PLANNED, STATED, Document, Said, Thing, in_order

POOLS = (
    (PLANNED, PLANNED),
    (ACHIEVED, PLANNED),
    (PLANNED, ACHIEVED),
    (ACHIEVED, ACHIEVED),
    (STATED, STATED),
)
"""Which status then is compared with which status now; each of these is matched by itself."""


@dataclass(frozen=True)
class Item:
    """One thing said on one side, by one statement or by several in the same words."""

    said: tuple[Said, ...]

    @property
    def first(self) -> Said:
        """The first statement that says it."""
        return self.said[0]

    @property
    def is_aim(self) -> bool:
        """Tell whether it is an aim of a plan as a whole."""
        return self.first.kind == "Aim"

    @cached_property
    def iris(self) -> frozenset[str]:
        """The IRIs of all statements that say it."""
        return frozenset(said.thing.iri for said in self.said)

    @property
    def times(self) -> frozenset[str]:
        """What time it is said of: the IRIs of periods, and the days as of which it holds."""
        periods = {period.iri for said in self.said for period in said.periods}
        return frozenset(periods | {str(day) for said in self.said for day in said.days("asOf")})


@dataclass(frozen=True)
class Sides:
    """What is compared.

    Attributes:
        before: the document or period that is the earlier one.
        after: the later one.
        then: what is said of the earlier one.
        now: what is said of the later one.
        reported: for two periods, what later documents report as done in the earlier one.
    """

    before: Thing
    after: Thing
    then: tuple[Item, ...]
    now: tuple[Item, ...]
    reported: tuple[Item, ...] = ()

    def pool(self, then: str, now: str) -> tuple[list[Item], list[Item]]:
        """Give what is compared with what, for a status then and a status now."""
        before = [item for item in self.then if item.first.status == then]
        after = [item for item in self.now if item.first.status == now]
        if (then, now) == (PLANNED, ACHIEVED):
            after = [*self.reported, *after]
        return before, after


def sides(reading: Reading, one: Thing, other: Thing) -> Sides:
    """Take two documents or two periods as the sides of a comparison, the earlier one first."""
    if isinstance(one, Document) and isinstance(other, Document):
        first, second = sorted((one, other), key=lambda each: str(each.issued or ""))
        then, now = (items_of(reading.of_document(each.iri)) for each in (first, second))
        return Sides(first, second, then, now)
    before, after = sorted((one, other), key=lambda each: _start(reading, each))
    then, now = (items_of(reading.of_period(each.iri)) for each in (before, after))
    reported = tuple(item for item in then if item.first.status == ACHIEVED)
    return Sides(before, after, then, now, reported)


def _start(reading: Reading, period: Thing) -> tuple[str, str]:
    days = (str(each.value) for each in reading.values(period.iri).get("startsOn", ()))
    return min(days, default=period.key), period.key


def items_of(found: Iterable[Said]) -> tuple[Item, ...]:
    """Put statements together that say the same of the same time in the same words."""
    groups: dict[tuple[object, ...], list[Said]] = {}
    for said in sorted(found, key=in_order):
        same = (said.status, said.kind == "Aim", said.periods, said.words.text)
        groups.setdefault(same, []).append(said)
    return tuple(Item(tuple(group)) for group in groups.values())
