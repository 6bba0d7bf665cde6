"""The matrix of tasks: goal, action, who answers for it, who supports, by when, in which words.

In: a reading and, if wanted, a period. Out: a ``Matrix`` of rows in groups, with its gaps counted.
What the text does not say is a gap; nothing is filled in from anywhere else.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from policygraph.errors import WrongUsage
from policygraph.study.reading import Reading
from policygraph.study.said import LeftOut, Passage, Said, Thing

GROUPINGS = ("goal", "institution", "initiative", "topic")
GAPS = ("action", "responsible", "supporting", "deadline", "initiative")
"""What a row may lack; ``action`` where a goal has none."""

_BODIES = ("responsibleInstitution", "supportingInstitution")


@dataclass(frozen=True)
class Task:
    """One row: an action with all that is said of it, or a goal without actions.

    Attributes:
        goal: the goal it stands under, if any.
        action: the action; None in the row of a goal that lists none.
        responsible: bodies that the text makes answerable.
        supporting: bodies that the text says support them.
        deadlines: days, months or years by which it is to be done, as ISO 8601 writes them.
        initiatives: schemes it carries out.
        topics: what it is about.
        passages: those that state any of this, one for each sentence.
        gaps: what is not stated, by the names of ``GAPS``.
        of_goal: which of these are stated of the goal only, not of the action itself.
    """

    goal: Said | None
    action: Said | None
    responsible: tuple[Thing, ...] = ()
    supporting: tuple[Thing, ...] = ()
    deadlines: tuple[str, ...] = ()
    initiatives: tuple[Thing, ...] = ()
    topics: tuple[Thing, ...] = ()
    passages: tuple[Passage, ...] = ()
    gaps: tuple[str, ...] = ()
    of_goal: tuple[str, ...] = ()

    @property
    def periods(self) -> tuple[Thing, ...]:
        """The periods that the action, or else the goal, is said of."""
        said = self.action or self.goal
        return said.periods if said else ()


@dataclass(frozen=True)
class Group:
    """Rows that belong together; ``thing`` is None for those of which nothing is stated."""

    thing: Thing | None
    tasks: tuple[Task, ...]


@dataclass(frozen=True)
class Matrix:
    """All tasks of a period, in groups.

    Attributes:
        period: the period asked for; None for all.
        by: how the rows are grouped: one of ``GROUPINGS``.
        groups: the groups in order; a task stands in each group it belongs to.
        tasks: every task once.
        left_out: what was not looked at, and why.
    """

    period: Thing | None
    by: str
    groups: tuple[Group, ...]
    tasks: tuple[Task, ...]
    left_out: tuple[LeftOut, ...]

    @property
    def actions(self) -> int:
        """How many actions there are."""
        return sum(1 for task in self.tasks if task.action)

    def gaps(self) -> dict[str, int]:
        """Count how many tasks lack what."""
        return {name: sum(1 for task in self.tasks if name in task.gaps) for name in GAPS}


def matrix(reading: Reading, period: Thing | None = None, by: str = "goal") -> Matrix:
    """Lay out every action with what is said of it, and what is not.

    Args:
        reading: what is read, perhaps as of a day.
        period: the period of the actions; None for all, those of no period included.
        by: group by ``goal``, ``institution``, ``initiative`` or ``topic``.

    Raises:
        WrongUsage: there is no such grouping, or no action or goal to lay out.
    """
    if by not in GROUPINGS:
        raise WrongUsage("study/no-such-grouping", by=by, known=", ".join(GROUPINGS))
    found = reading.of_period(period.iri) if period else reading.all()
    tasks = tuple(_tasks(reading, found))
    if not tasks:
        raise WrongUsage("study/no-tasks", name=period.key if period else "-")
    left_out = tuple(reading.left_out(without_period=period is not None))
    return Matrix(period, by, tuple(_grouped(tasks, by)), tasks, left_out)


def _tasks(reading: Reading, found: Iterable[Said]) -> Iterable[Task]:
    """Give a row for each action, and one for each goal that lists none."""
    said = list(found)
    goals = {each.thing.iri: each for each in said if each.kind == "Goal"}
    actions = [each for each in said if each.kind == "Action"]
    under = {iri for action in actions for iri in action.wholes}
    for each in said:
        if each.kind == "Action":
            goal = next((goals[iri] for iri in each.wholes if iri in goals), None)
            yield _task(reading, goal, each)
        elif each.kind == "Goal" and each.thing.iri not in under:
            yield Task(each, None, passages=each.passages, gaps=("action",))


def _task(reading: Reading, goal: Said | None, action: Said) -> Task:
    """Lay out an action; what is stated of its goal only is taken from there, and said so."""
    own, whole = _stated(action), _stated(goal) if goal else {}
    of_goal = tuple(name for name in own if not own[name] and whole.get(name))
    found = {name: own[name] or whole.get(name, ()) for name in own}
    speakers = (action, goal) if goal and of_goal else (action,)
    return Task(
        goal=goal,
        action=action,
        responsible=_things(found["responsible"]),
        supporting=_things(found["supporting"]),
        deadlines=tuple(day for day in found["deadline"] if isinstance(day, str)),
        initiatives=_things(found["initiative"]),
        topics=action.things("about", "mainLine"),
        passages=_sentences(reading, *speakers),
        gaps=tuple(name for name in GAPS if name in found and not found[name]),
        of_goal=of_goal,
    )


def _stated(said: Said) -> dict[str, tuple[Thing | str, ...]]:
    responsible, supporting = (said.things(name) for name in _BODIES)
    return {
        "responsible": responsible,
        "supporting": supporting,
        "deadline": said.dates("deadline"),
        "initiative": said.things("implements"),
    }


def _things(values: tuple[Thing | str, ...]) -> tuple[Thing, ...]:
    return tuple(value for value in values if isinstance(value, Thing))


def _sentences(reading: Reading, *speakers: Said) -> tuple[Passage, ...]:
    """List the passages that state a row, the widest one of each sentence."""
    graphs = (
        graph
        for said in speakers
        for name in (*_BODIES, "deadline", "implements")
        for value in said.values.get(name, ())
        for graph in value.graphs
    )
    own = [passage for said in speakers for passage in said.passages]
    passages = [*own, *filter(None, map(reading.passage, graphs))]
    by_sentence: dict[str, Passage] = {}
    for passage in passages:
        by_sentence.setdefault(passage.sentence_iri, passage)
    return tuple(sorted(by_sentence.values(), key=lambda each: (each.document.iri, each.begin)))


def _grouped(tasks: tuple[Task, ...], by: str) -> Iterable[Group]:
    """Put tasks under what they are grouped by; those without come last."""
    groups: dict[Thing | None, list[Task]] = {}
    for task in tasks:
        for thing in _KEYS[by](task) or (None,):
            groups.setdefault(thing, []).append(task)
    without = groups.pop(None, [])
    ordered = list(groups) if by == "goal" else sorted(groups, key=_most(groups))
    for thing in ordered:
        yield Group(thing, tuple(groups[thing]))
    if without:
        yield Group(None, tuple(without))


def _most(groups: dict[Thing | None, list[Task]]) -> Callable[[Thing | None], tuple[int, str]]:
    return lambda thing: (-len(groups[thing]), thing.iri if thing else "")


_KEYS: dict[str, Callable[[Task], tuple[Thing, ...]]] = {
    "goal": lambda task: (task.goal.thing,) if task.goal else (),
    "institution": lambda task: tuple(dict.fromkeys((*task.responsible, *task.supporting))),
    "initiative": lambda task: task.initiatives,
    "topic": lambda task: task.topics,
}
