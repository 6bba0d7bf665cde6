"""What an analyst asks of a built graph: the matrix of tasks, comparisons, conflicts, briefs.

In: names and days as people type them. Out: the values of ``study/``; how they are shown is for
``publish/``.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from typing import TYPE_CHECKING

from policygraph.errors import WrongUsage
from policygraph.graph.store import GraphStore
from policygraph.nearest import SHOWN, nearest
from policygraph.report import Finding
from policygraph.text.days import is_date
from policygraph.workspace import Place

if TYPE_CHECKING:
    from policygraph.study.brief import Brief
    from policygraph.study.compare import Comparison, Thresholds
    from policygraph.study.compare.likeness import Weights
    from policygraph.study.conflicts import Conflicts
    from policygraph.study.matrix import Matrix
    from policygraph.study.reading import Reading
    from policygraph.study.said import Thing
    from policygraph.text.pairs import Decision

Day = datetime.date | str


class Studies:
    """The studies of a graph; every one can be asked as things were known on a day."""

    store: GraphStore
    place: Place

    def matrix(
        self, period: str | int | None = None, *, by: str = "goal", as_of: Day | None = None
    ) -> Matrix:
        """Lay out every action with its goal, bodies, deadline, initiative and sentence.

        Args:
            period: key or name of a period; None for all actions.
            by: group by ``goal``, ``institution``, ``initiative`` or ``topic``.
            as_of: leave out documents dated later than this day, and those of no date.

        Raises:
            WrongUsage: the period, the grouping or the day is none, or there is no action.
        """
        from policygraph.study.matrix import matrix

        reading = self._reading(as_of)
        return matrix(reading, _period(reading, period) if period is not None else None, by)

    def compare(
        self,
        one: str | int,
        other: str | int,
        *,
        thresholds: Thresholds | None = None,
        weights: Weights | None = None,
        as_of: Day | None = None,
    ) -> Comparison:
        """Compare two documents or two periods: what carried over, was dropped, done, is new.

        Args:
            one: key or name of a document or a period.
            other: another of the same kind.
            thresholds: when a pair is likely, and when it is offered at all.
            weights: what each part of the score weighs.
            as_of: leave out documents dated later than this day, and those of no date.

        Raises:
            WrongUsage: a name or day is none, or there is nothing to compare.
            DataError: the file of reviewed pairs has errors.
        """
        from policygraph.study.compare import compare

        reading = self._reading(as_of)
        sides = (_side(reading, one), _side(reading, other))
        return compare(reading, *sides, thresholds, weights, self.decisions())

    def conflicts(self, *, as_of: Day | None = None) -> Conflicts:
        """Find what several sources say of the same thing, and where they disagree.

        Args:
            as_of: leave out what is dated later than this day, and documents of no date.
        """
        from policygraph.study.conflicts import conflicts

        return conflicts(self._reading(as_of))

    def brief(self, period: str | int | None = None, *, as_of: Day | None = None) -> Brief:
        """Choose what is to be told of a period in brief.

        Args:
            period: key or name of a period; None for the latest one that something is planned for.
            as_of: leave out documents dated later than this day, and those of no date.

        Raises:
            WrongUsage: the period or the day is none, or nothing is said of it.
        """
        from policygraph.study.brief import brief, latest_planned

        reading = self._reading(as_of)
        asked = latest_planned(reading) if period is None else _period(reading, period)
        return brief(reading, asked)

    def decisions(self) -> list[Decision]:
        """Read what reviewers said of pairs; statements are named by their IRIs.

        Raises:
            DataError: the file has errors.
        """
        from policygraph.study.decisions import decisions

        return decisions(self.place)

    def idle_decisions(self) -> list[Finding]:
        """Warn of decisions on pairs that have no effect: the graph does not hold a statement.

        Raises:
            DataError: the file has errors.
        """
        from policygraph.study.decisions import idle

        return idle(self.store, self.decisions())

    def _reading(self, as_of: Day | None) -> Reading:
        from policygraph.study.reading import Reading

        if isinstance(as_of, str):
            if not is_date(as_of):
                raise WrongUsage("study/not-a-day", value=as_of)
            as_of = datetime.date.fromisoformat(as_of)
        return Reading(self.store, as_of)


def _period(reading: Reading, name: str | int) -> Thing:
    """Find a period by key or name.

    Raises:
        WrongUsage: nothing is said of such a period; the nearest are named.
    """
    periods = reading.periods()
    found = _called(periods, str(name))
    if found is None:
        facts = {"name": str(name), "nearest": _nearest(str(name), periods)}
        raise WrongUsage("study/unknown-period", **facts)
    return found


def _side(reading: Reading, name: str | int) -> Thing:
    """Find a period or a document by key, end of a key, or name.

    Raises:
        WrongUsage: there is none; the nearest are named.
    """
    known = [*reading.periods(), *reading.documents]
    found = _called(known, str(name))
    if found is None:
        facts = {"name": str(name), "nearest": _nearest(str(name), known)}
        raise WrongUsage("study/unknown-side", **facts)
    return found


def _called(things: Iterable[Thing], name: str) -> Thing | None:
    from policygraph.study.said import Document

    things = list(things)
    exact = [
        each for each in things if name in (each.key, each.iri, *(w.text for w in each.labels))
    ]
    ends = [each for each in things if isinstance(each, Document) and each.key.endswith(f"-{name}")]
    found = exact or ends
    return found[0] if len(found) == 1 else None


def _nearest(name: str, things: Iterable[Thing]) -> str:
    """Name the three nearest: years by their distance, others by their spelling."""
    keys = [each.key for each in things]
    if name.isdecimal():
        years = sorted((key for key in keys if key.isdecimal()), key=lambda key: _far(key, name))
        if years:
            return ", ".join(years[:SHOWN])
    return nearest(name, keys)


def _far(key: str, name: str) -> tuple[int, str]:
    return abs(int(key) - int(name)), key
