"""The state that a store keeps: asserted triples, published inferences, and what neither says.

The graph of inferences holds what is worth publishing. What rules conclude of foreign things, or
that things are the same, is worked out when it is looked up: around the term in question alone, by
tabling (Tamaki and Sato, "OLD resolution with tabulation", ICLP 1986).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import cast

from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad, Store, Triple

from policygraph.graph.rules.axioms import SAME, Rules
from policygraph.graph.rules.published import is_published
from policygraph.graph.rules.steps import conclusions_from, conclusions_to, ways_to
from policygraph.graph.terms import TYPE, Term
from policygraph.identifiers import Identifiers

_Goal = tuple[NamedNode, Term | None, Term | None]
"""A predicate with a subject, an object or both."""


class StoredState:
    """A state read from a store when asked; the store must not change meanwhile."""

    def __init__(self, rules: Rules, store: Store, ids: Identifiers) -> None:
        self._rules, self._store, self._ids = rules, store, ids
        self._inferred = NamedNode(ids.graph("inferred"))
        self._tables: dict[_Goal, dict[Triple, None]] = {}
        self._open: list[_Goal] | None = None
        self.equal = rules.makes_equal or any(self._stored(None, SAME, None))

    def from_(self, predicate: NamedNode, subject: Term) -> Iterable[Triple]:
        """Give the triples with this predicate and subject."""
        if isinstance(subject, Literal):
            return ()
        stored = self._stored(subject, predicate, None)
        if not self._may_hide(predicate, subject):
            return stored
        return dict.fromkeys([*stored, *self._table((predicate, subject, None))])

    def to(self, predicate: NamedNode, value: Term) -> Iterable[Triple]:
        """Give the triples with this predicate and object."""
        stored = self._stored(None, predicate, value)
        if predicate == TYPE or not (self.equal or predicate in self._rules.concluding):
            return stored
        return dict.fromkeys([*stored, *self._table((predicate, None, value))])

    def with_term(self, term: NamedNode) -> Iterable[Triple]:
        """Give the triples with a term in any place."""
        found = dict.fromkeys(self._mentioning(term))
        for predicate in sorted(self._predicates_around(term), key=str):
            found.update(dict.fromkeys(self.from_(predicate, term)))
            found.update(dict.fromkeys(self.to(predicate, term)))
        return found

    def holds(self, triple: Triple) -> bool:
        """Tell whether a triple is asserted or inferred."""
        subject, predicate, value = cast("tuple[NamedNode, NamedNode, Term]", tuple(triple))
        if any(self._stored(subject, predicate, value)):
            return True
        if not self._may_hide(predicate, subject):
            return False
        return triple in self._table((predicate, subject, value))

    def is_asserted(self, triple: Triple) -> bool:
        """Tell whether somebody says a triple."""
        subject, predicate, value = triple
        inferred = Quad(subject, predicate, value, self._inferred)
        return Quad(subject, predicate, value) in self._store and inferred not in self._store

    def _stored(
        self, subject: NamedNode | None, predicate: NamedNode | None, value: Term | None
    ) -> Iterator[Triple]:
        found = self._store.quads_for_pattern(subject, predicate, value, DefaultGraph())
        return (quad.triple for quad in found)

    def _mentioning(self, term: NamedNode) -> Iterator[Triple]:
        yield from self._stored(term, None, None)
        yield from self._stored(None, None, term)
        yield from self._stored(None, term, None)

    # What is true but not stored

    def _predicates_around(self, term: NamedNode) -> set[NamedNode]:
        """Give the predicates under which something not stored may hold of a term."""
        alike = self._same(term) if self.equal else []
        said = {triple.predicate for other in alike for triple in self._mentioning(other)}
        renamed = {other for predicate in said for other in self._same(predicate)}
        return {*self._rules.concluding, *said, *renamed}

    def _may_hide(self, predicate: NamedNode, subject: NamedNode) -> bool:
        """Tell whether triples of a subject may be inferred without being published."""
        if predicate not in self._rules.concluding and not self.equal:
            return False
        return not is_published(Triple(subject, predicate, subject), self._ids)

    def _table(self, goal: _Goal) -> Iterable[Triple]:
        """Give what is inferred and not published for a goal, found out once with all it needs."""
        if goal in self._tables:
            return tuple(self._tables[goal])
        self._tables[goal] = {}
        if self._open is not None:
            self._open.append(goal)
            return ()
        self._open = [goal]
        try:
            while sum(self._grows(needed) for needed in self._open):
                pass
        finally:
            self._open = None
        return tuple(self._tables[goal])

    def _grows(self, goal: _Goal) -> bool:
        """Ask the rules once more for a goal; tell whether they gave something new."""
        table = self._tables[goal]
        before = len(table)
        for triple in list(self._concluded(*goal)):
            if not is_published(triple, self._ids):
                table[triple] = None
        return len(table) > before

    def _concluded(
        self, predicate: NamedNode, subject: Term | None, value: Term | None
    ) -> Iterator[Triple]:
        if isinstance(subject, NamedNode) and value is not None:
            goal = Triple(subject, predicate, value)
            if any(ways_to(self._rules, self, goal)):
                yield goal
        elif isinstance(subject, NamedNode):
            yield from conclusions_from(self._rules, self, predicate, subject)
            if self.equal:
                yield from self._same_from(predicate, subject)
        elif value is not None:
            yield from conclusions_to(self._rules, self, predicate, value)
            if self.equal:
                yield from self._same_to(predicate, value)

    def _same_from(self, predicate: NamedNode, subject: NamedNode) -> Iterator[Triple]:
        if predicate == SAME:
            for other in self._same(subject):
                yield Triple(subject, SAME, other)
            return
        for other in self._same(subject):
            yield from (Triple(subject, predicate, t.object) for t in self.from_(predicate, other))
        for other in self._same(predicate):
            yield from (Triple(subject, predicate, t.object) for t in self.from_(other, subject))
        for triple in self.from_(predicate, subject):
            for other in self._same(triple.object):
                yield Triple(subject, predicate, other)

    def _same_to(self, predicate: NamedNode, value: Term) -> Iterator[Triple]:
        if predicate == SAME:
            for other in self._same(value):
                yield Triple(other, SAME, value)
            return
        for other in self._same(value):
            yield from (Triple(t.subject, predicate, value) for t in self.to(predicate, other))
        for other in self._same(predicate):
            yield from (Triple(t.subject, predicate, value) for t in self.to(other, value))
        for triple in self.to(predicate, value):
            for other in self._same(triple.subject):
                yield Triple(other, predicate, value)

    def _same(self, term: object) -> list[NamedNode]:
        """List what is the same as a term in one step or two, in either direction."""
        if not isinstance(term, NamedNode):
            return []
        near = self._same_in_one_step(term)
        far = [other for each in near for other in self._same_in_one_step(each)]
        return [other for other in dict.fromkeys([*near, *far]) if other != term]

    def _same_in_one_step(self, term: NamedNode) -> list[NamedNode]:
        onward = [t.object for t in self.from_(SAME, term)]
        back = [t.subject for t in self.to(SAME, term)]
        return [other for other in (*onward, *back) if isinstance(other, NamedNode)]
