"""What is to be told of a period in brief: aims, goals with actions, initiatives, figures, gaps.

In: a reading and a period. Out: a ``Brief`` of statements with their passages. It chooses and
orders; it writes no word of its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from policygraph.errors import WrongUsage
from policygraph.identifiers import origin_of
from policygraph.study.matrix import Task, matrix
from policygraph.study.reading import Reading
from policygraph.study.said import (
    ACHIEVED,
    PLANNED,
    Document,
    LeftOut,
    Passage,
    Said,
    Thing,
    Words,
    by_day,
    in_order,
)

_NAMES_INITIATIVES = ("implements", "about", "mentions")


@dataclass(frozen=True)
class Heading:
    """A statement with those that stand under it."""

    said: Said
    parts: tuple[Said, ...]


@dataclass(frozen=True)
class GoalTasks:
    """A goal with its actions; the goal is None for actions that stand under none."""

    goal: Said | None
    tasks: tuple[Task, ...]


@dataclass(frozen=True)
class Named:
    """An initiative with the statements of the period that name it."""

    initiative: Thing
    said: tuple[Said, ...]


@dataclass(frozen=True)
class Carried:
    """An editor's link: a statement of the period that continues an earlier one."""

    later: Said
    earlier: Said
    judgement: Thing
    grounds: tuple[Words, ...]


@dataclass(frozen=True)
class FigureSaid:
    """A figure of the period, with its number, unit and what it counts, as stated."""

    figure: Thing
    number: str
    units: tuple[Words, ...]
    counts: tuple[Words, ...]
    passages: tuple[Passage, ...]


@dataclass(frozen=True)
class Brief:
    """A period in brief.

    Attributes:
        period: the period.
        documents: those that say anything of it.
        aims: what the plan as a whole is to reach.
        goals: the goals with their actions.
        achieved: what is reported as done in it, with its parts.
        initiatives: the schemes that are named, with the statements that name them.
        carried: what an editor says is carried on from before.
        figures: the figures of the period, and those that held on a day of it.
        actions: how many actions there are.
        gaps: how many of them lack what.
        left_out: what was not looked at, and why.
    """

    period: Thing
    documents: tuple[Document, ...]
    aims: tuple[Said, ...]
    goals: tuple[GoalTasks, ...]
    achieved: tuple[Heading, ...]
    initiatives: tuple[Named, ...]
    carried: tuple[Carried, ...]
    figures: tuple[FigureSaid, ...]
    actions: int
    gaps: dict[str, int]
    left_out: tuple[LeftOut, ...]


def brief(reading: Reading, period: Thing) -> Brief:
    """Choose what is to be told of a period.

    Raises:
        WrongUsage: no document says anything of it.
    """
    said = reading.of_period(period.iri)
    if not said:
        raise WrongUsage("study/nothing-said", name=period.key)
    planned = any(each.kind in ("Goal", "Action") for each in said)
    tasks = matrix(reading, period) if planned else None
    return Brief(
        period=period,
        documents=tuple(dict.fromkeys(each.document for each in said)),
        aims=tuple(each for each in said if each.kind == "Aim"),
        goals=tuple(_goals(tasks.tasks)) if tasks else (),
        achieved=tuple(_headings(each for each in said if each.status == ACHIEVED)),
        initiatives=tuple(_named(reading, said)),
        carried=tuple(_carried(reading, said)),
        figures=tuple(_figures(reading, period, said)),
        actions=tasks.actions if tasks else 0,
        gaps=tasks.gaps() if tasks else {},
        left_out=tuple(reading.left_out(without_period=True)),
    )


def latest_planned(reading: Reading) -> Thing:
    """Give the latest period that something is planned for, else the latest one.

    Raises:
        WrongUsage: nothing is said of any period.
    """
    periods = reading.periods()
    if not periods:
        raise WrongUsage("study/no-period-at-all")
    for period in reversed(periods):
        if any(said.status == PLANNED for said in reading.of_period(period.iri)):
            return period
    return periods[-1]


def _goals(tasks: Iterable[Task]) -> Iterator[GoalTasks]:
    groups: dict[str, list[Task]] = {}
    for task in tasks:
        groups.setdefault(task.goal.thing.iri if task.goal else "", []).append(task)
    for group in groups.values():
        yield GoalTasks(group[0].goal, tuple(task for task in group if task.action))


def _headings(said: Iterable[Said]) -> Iterator[Heading]:
    """Put parts under their wholes, one level deep; deeper ones stand beside them."""
    known = {each.thing.iri: each for each in said}
    parts: dict[str, list[Said]] = {}
    for each in known.values():
        top = _top(each, known)
        parts.setdefault(top, [])
        if top != each.thing.iri:
            parts[top].append(each)
    for iri in sorted(parts, key=lambda iri: in_order(known[iri])):
        yield Heading(known[iri], tuple(parts[iri]))


def _top(said: Said, known: dict[str, Said]) -> str:
    seen = {said.thing.iri}
    while above := [iri for iri in said.wholes if iri in known and iri not in seen]:
        said = known[above[0]]
        seen.add(said.thing.iri)
    return said.thing.iri


def _named(reading: Reading, said: Iterable[Said]) -> Iterator[Named]:
    found: dict[Thing, list[Said]] = {}
    for each in said:
        for thing in each.things(*_NAMES_INITIATIVES):
            if reading.is_a(thing, "Initiative"):
                found.setdefault(thing, []).append(each)
    for thing in sorted(found, key=lambda thing: (-len(found[thing]), thing.iri)):
        yield Named(thing, tuple(found[thing]))


def _carried(reading: Reading, said: Iterable[Said]) -> Iterator[Carried]:
    """List the editors' links, those alone that were judged when the reading was known."""
    for later in said:
        for value in later.values.get("continues", ()):
            earlier = reading.said(value.value.iri) if isinstance(value.value, Thing) else None
            for graph in value.graphs:
                known = reading.was_known(graph)
                if earlier and known and origin_of(graph) == "editor":
                    yield Carried(later, earlier, reading.thing(graph), reading.told_by(graph))


def _figures(reading: Reading, period: Thing, said: Iterable[Said]) -> Iterator[FigureSaid]:
    """Give the figures of the period's statements, and those that held on a day of the period."""
    figures = [figure for each in said for figure in each.things("hasFigure")]
    first, last = (_day(reading, period, name) for name in ("startsOn", "endsOn"))
    for iri, day in reading.having("asOf"):
        figure = reading.thing(iri)
        if first <= day <= last and reading.is_a(figure, "Figure"):
            figures.append(figure)
    found = filter(None, (_figure(reading, figure) for figure in dict.fromkeys(figures)))
    yield from sorted(found, key=_figure_place)


def _figure_place(figure: FigureSaid) -> tuple[tuple[str, str], int]:
    return by_day(figure.passages[0].document), figure.passages[0].begin


def _figure(reading: Reading, figure: Thing) -> FigureSaid | None:
    """Read a figure; None where no document that was known states it."""
    values = reading.values(figure.iri)
    numbers = [each for each in values.get("value", ()) if isinstance(each.value, Words)]
    graphs = (graph for each in numbers for graph in each.graphs)
    passages = tuple(filter(None, map(reading.passage, graphs)))
    if not passages or not any(passage.document in reading.known() for passage in passages):
        return None
    units, counts = (
        tuple(each.value for each in values.get(name, ()) if isinstance(each.value, Words))
        for name in ("unit", "counts")
    )
    number = next(each.value.text for each in numbers if isinstance(each.value, Words))
    return FigureSaid(figure, number, units, counts, passages)


def _day(reading: Reading, period: Thing, name: str) -> str:
    values = reading.values(period.iri).get(name, ())
    return min((str(each.value) for each in values), default="")
