"""Single steps of inference: what follows from a triple, and from what a triple may follow.

In: the rules, a state, a triple. Out: ``Proof`` values whose premises all hold in the state. Both
directions walk the same paths, by look-ups around the triple alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple, cast

from pyoxigraph import Literal, NamedNode, Triple

from policygraph.graph.rules.axioms import SAME, Rule, Rules, Step
from policygraph.graph.rules.state import State
from policygraph.graph.terms import TYPE, Term

Path = tuple[Triple, ...]

_Reached = tuple[Triple, Term]
"""A triple of a path and the node that it leads to."""

_EQUALITY = (SAME.value,)


class Proof(NamedTuple):
    """How a triple follows.

    Attributes:
        rule: name of the rule in OWL 2 Profiles, section 4.3.
        axiom: the terms of the axiom behind it, as IRIs.
        premises: the triples it follows from; never empty.
    """

    rule: str
    axiom: tuple[str, ...]
    premises: tuple[Triple, ...]


def consequences(rules: Rules, state: State, triple: Triple) -> Iterator[tuple[Triple, Proof]]:
    """Give what follows in one step from a triple and others that hold."""
    kind = _kind_of(triple)
    for rule, place in rules.by_step.get((triple.predicate, kind), ()):
        for start, path, end in _through(state, rule.steps, place, triple):
            found = _conclusion(rule, start, end)
            if found:
                yield found, Proof(rule.name, rule.axiom, path)
    if state.equal:
        yield from _by_equality(state, triple)


def ways_to(rules: Rules, state: State, goal: Triple) -> Iterator[Proof]:
    """Give the ways in which a triple follows in one step from triples that hold."""
    subject, predicate, value = goal
    for rule in rules.by_conclusion.get((predicate, _kind_of(goal)), ()):
        for path in _paths_to(state, rule, subject, value):
            yield Proof(rule.name, rule.axiom, path)
    if state.equal:
        yield from _ways_by_equality(state, goal)


def conclusions_from(
    rules: Rules, state: State, predicate: NamedNode, subject: NamedNode
) -> Iterator[Triple]:
    """Give what the rules conclude of a subject under a predicate."""
    for rule in rules.concluding.get(predicate, ()):
        if rule.kind:
            goal = Triple(subject, predicate, rule.kind)
            if any(_paths_to(state, rule, subject, rule.kind)):
                yield goal
        else:
            for _, end in _onward(state, subject, rule.steps):
                found = _conclusion(rule, subject, end)
                if found:
                    yield found


def conclusions_to(
    rules: Rules, state: State, predicate: NamedNode, value: Term
) -> Iterator[Triple]:
    """Give what the rules conclude under a predicate with this object; not for ``rdf:type``."""
    for rule in rules.concluding.get(predicate, ()):
        if rule.kind is None:
            for _, start in _back(state, value, rule.steps):
                found = _conclusion(rule, start, value)
                if found:
                    yield found


def _kind_of(triple: Triple) -> NamedNode | None:
    """Give the class, where a triple tells of what class its subject is."""
    value = triple.object
    return value if triple.predicate == TYPE and isinstance(value, NamedNode) else None


def _conclusion(rule: Rule, start: Term, end: Term) -> Triple | None:
    """Make the triple that follows; None where its subject would be a literal."""
    if isinstance(start, Literal):
        return None
    value = rule.kind or end
    if rule.predicate == SAME and (start == value or isinstance(value, Literal)):
        return None
    return Triple(start, rule.predicate, value)


# Paths


def _through(
    state: State, steps: tuple[Step, ...], place: int, triple: Triple
) -> Iterator[tuple[Term, Path, Term]]:
    """Give the paths on which a triple stands at a place, with both ends."""
    ends = cast("tuple[Term, Term]", (triple.subject, triple.object))
    start, end = reversed(ends) if steps[place].backwards else ends
    for before, first in _back(state, start, steps[:place]):
        for after, last in _onward(state, end, steps[place + 1 :]):
            yield first, (*before, triple, *after), last


def _onward(state: State, node: Term, steps: tuple[Step, ...]) -> Iterator[tuple[Path, Term]]:
    """Walk a path from its beginning; give its triples and its end."""
    if not steps:
        yield (), node
        return
    for triple, reached in _leaving(state, node, steps[0]):
        for path, end in _onward(state, reached, steps[1:]):
            yield (triple, *path), end


def _back(state: State, node: Term, steps: tuple[Step, ...]) -> Iterator[tuple[Path, Term]]:
    """Walk a path from its end; give its triples in their order and its beginning."""
    if not steps:
        yield (), node
        return
    for triple, reached in _entering(state, node, steps[-1]):
        for path, start in _back(state, reached, steps[:-1]):
            yield (*path, triple), start


def _leaving(state: State, node: Term, step: Step) -> Iterator[_Reached]:
    if step.backwards:
        return ((t, t.subject) for t in state.to(step.predicate, node))  # type: ignore[misc]
    return ((t, t.object) for t in state.from_(step.predicate, node))  # type: ignore[misc]


def _entering(state: State, node: Term, step: Step) -> Iterator[_Reached]:
    return _leaving(state, node, Step(step.predicate, backwards=not step.backwards))


def _paths_to(state: State, rule: Rule, start: Term, end: Term) -> Iterator[Path]:
    step = rule.steps[0]
    if step.kind:
        end = step.kind
    elif rule.kind:
        yield from ((triple,) for triple, _ in _leaving(state, start, step))
        return
    if rule.predicate != SAME or start != end:
        yield from _between(state, start, rule.steps, end)


def _between(state: State, start: Term, steps: tuple[Step, ...], end: Term) -> Iterator[Path]:
    """Give the paths between two ends, setting out from where fewer triples lead on."""
    if len(steps) == 1:
        triple = _single(start, steps[0], end)
        if triple and state.holds(triple):
            yield (triple,)
        return
    leaving, entering = _leaving(state, start, steps[0]), _entering(state, end, steps[-1])
    from_start, few = _fewer(leaving, entering)
    for triple, reached in few:
        if from_start:
            rest = _between(state, reached, steps[1:], end)
            yield from ((triple, *path) for path in rest)
        else:
            rest = _between(state, start, steps[:-1], reached)
            yield from ((*path, triple) for path in rest)


def _single(start: Term, step: Step, end: Term) -> Triple | None:
    if step.backwards:
        start, end = end, start
    return None if isinstance(start, Literal) else Triple(start, step.predicate, end)


def _fewer(one: Iterator[_Reached], other: Iterator[_Reached]) -> tuple[bool, list[_Reached]]:
    """Read two iterators in turn; give the one that ends first, and whether it is the former."""
    read: tuple[list[_Reached], list[_Reached]] = ([], [])
    while True:
        for place, source in enumerate((one, other)):
            try:
                read[place].append(next(source))
            except StopIteration:
                return place == 0, read[place]


# Things that are the same (OWL 2 Profiles, section 4.3, table 4)


def _by_equality(state: State, triple: Triple) -> Iterator[tuple[Triple, Proof]]:
    subject, predicate, value = triple
    if predicate == SAME:
        yield from _by_new_equality(state, triple)
        return
    for same in _equals(state, subject):
        yield Triple(same.object, predicate, value), _equal("eq-rep-s", same, triple)  # type: ignore[arg-type]
    for same in _equals(state, predicate):
        yield Triple(subject, same.object, value), _equal("eq-rep-p", same, triple)  # type: ignore[arg-type]
    for same in _equals(state, value):
        yield Triple(subject, predicate, same.object), _equal("eq-rep-o", same, triple)


def _by_new_equality(state: State, same: Triple) -> Iterator[tuple[Triple, Proof]]:
    one, _, other = same
    if one == other or not isinstance(other, NamedNode):
        return
    yield Triple(other, SAME, one), _equal("eq-sym", same)
    for after in state.from_(SAME, other):
        if after.object != one:
            yield Triple(one, SAME, after.object), _equal("eq-trans", same, after)
    for before in state.to(SAME, one):
        if before.subject != other:
            yield Triple(before.subject, SAME, other), _equal("eq-trans", before, same)
    for triple in state.with_term(one):
        if triple.predicate != SAME:
            yield from _replaced(triple, one, other, same)


def _replaced(
    triple: Triple, one: NamedNode, other: NamedNode, same: Triple
) -> Iterator[tuple[Triple, Proof]]:
    subject, predicate, value = triple
    if subject == one:
        yield Triple(other, predicate, value), _equal("eq-rep-s", same, triple)
    if predicate == one:
        yield Triple(subject, other, value), _equal("eq-rep-p", same, triple)
    if value == one:
        yield Triple(subject, predicate, other), _equal("eq-rep-o", same, triple)


def _ways_by_equality(state: State, goal: Triple) -> Iterator[Proof]:
    subject, predicate, value = goal
    if predicate == SAME:
        yield from _ways_to_equality(state, subject, value)
        return
    for same in _equals_of(state, subject):
        yield from _if_holds(state, "eq-rep-s", same, Triple(same.subject, predicate, value))
    for same in _equals_of(state, predicate):
        replaced = Triple(subject, same.subject, value)  # type: ignore[arg-type]
        yield from _if_holds(state, "eq-rep-p", same, replaced)
    for same in _equals_of(state, value):
        yield from _if_holds(state, "eq-rep-o", same, Triple(subject, predicate, same.subject))


def _ways_to_equality(state: State, one: NamedNode, other: Term) -> Iterator[Proof]:
    if one == other or not isinstance(other, NamedNode):
        return
    turned = Triple(other, SAME, one)
    if state.holds(turned):
        yield _equal("eq-sym", turned)
    for same in state.from_(SAME, one):
        if same.object not in (one, other):
            yield from _if_holds(
                state,
                "eq-trans",
                same,
                Triple(same.object, SAME, other),  # type: ignore[arg-type]
            )


def _if_holds(state: State, rule: str, same: Triple, triple: Triple) -> Iterator[Proof]:
    if state.holds(triple):
        yield _equal(rule, same, triple)


def _equals(state: State, term: object) -> Iterator[Triple]:
    """Give the triples that say of a term that it is the same as another thing."""
    if isinstance(term, NamedNode):
        found = state.from_(SAME, term)
        yield from (t for t in found if t.object != term and isinstance(t.object, NamedNode))


def _equals_of(state: State, term: object) -> Iterator[Triple]:
    """Give the triples that say of another thing that it is the same as a term."""
    if isinstance(term, NamedNode):
        yield from (same for same in state.to(SAME, term) if same.subject != term)


def _equal(rule: str, *premises: Triple) -> Proof:
    return Proof(rule, _EQUALITY, premises)
