"""What is true at a moment, asserted or inferred: the look-ups that local reasoning rests on."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import chain
from typing import Protocol

from pyoxigraph import NamedNode, Triple

from policygraph.graph.rules.axioms import SAME
from policygraph.graph.terms import Term


class State(Protocol):
    """All triples that hold, and which of them are asserted."""

    @property
    def equal(self) -> bool:
        """Whether ``owl:sameAs`` may hold between any things, so that rules must look for it."""

    def from_(self, predicate: NamedNode, subject: Term) -> Iterable[Triple]:
        """Give the triples with this predicate and subject."""

    def to(self, predicate: NamedNode, value: Term) -> Iterable[Triple]:
        """Give the triples with this predicate and object."""

    def with_term(self, term: NamedNode) -> Iterable[Triple]:
        """Give the triples with a term in any place; asked only where things are the same."""

    def holds(self, triple: Triple) -> bool:
        """Tell whether a triple is asserted or inferred."""

    def is_asserted(self, triple: Triple) -> bool:
        """Tell whether somebody says a triple."""


class Memory:
    """A state in memory; it may grow."""

    def __init__(self, asserted: Iterable[Triple] = (), inferred: Iterable[Triple] = ()) -> None:
        self._asserted = set(asserted)
        self._from: dict[tuple[NamedNode, object], list[Triple]] = defaultdict(list)
        self._to: dict[tuple[NamedNode, object], list[Triple]] = defaultdict(list)
        self._all: set[Triple] = set()
        self.equal = False
        for triple in chain(self._asserted, inferred):
            self.add(triple)

    def add(self, triple: Triple) -> None:
        """Add a triple that follows."""
        if triple not in self._all:
            self._all.add(triple)
            self._from[triple.predicate, triple.subject].append(triple)
            self._to[triple.predicate, triple.object].append(triple)
            self.equal = self.equal or triple.predicate == SAME

    def from_(self, predicate: NamedNode, subject: Term) -> Iterable[Triple]:
        """Give the triples with this predicate and subject."""
        return self._from.get((predicate, subject), ())

    def to(self, predicate: NamedNode, value: Term) -> Iterable[Triple]:
        """Give the triples with this predicate and object."""
        return self._to.get((predicate, value), ())

    def with_term(self, term: NamedNode) -> Iterable[Triple]:
        """Give the triples with a term in any place, by looking at all."""
        return [triple for triple in self._all if term in triple]

    def holds(self, triple: Triple) -> bool:
        """Tell whether a triple is asserted or inferred."""
        return triple in self._all

    def is_asserted(self, triple: Triple) -> bool:
        """Tell whether somebody says a triple."""
        return triple in self._asserted


class Changed:
    """A state in the middle of a change: another one, less some triples and with some more."""

    def __init__(self, before: State, gone: set[Triple], *, equal: bool) -> None:
        self._before, self._gone = before, gone
        self.more = Memory()
        self.news: set[Triple] = set()
        self.equal = equal

    def add(self, triple: Triple) -> None:
        """Take up a triple that holds after the change."""
        if triple in self._gone:
            self._gone.remove(triple)
        else:
            self.news.add(triple)
            self.more.add(triple)

    def from_(self, predicate: NamedNode, subject: Term) -> Iterable[Triple]:
        """Give the triples with this predicate and subject."""
        kept = self._kept(self._before.from_(predicate, subject))
        return [*kept, *self.more.from_(predicate, subject)]

    def to(self, predicate: NamedNode, value: Term) -> Iterable[Triple]:
        """Give the triples with this predicate and object."""
        return [*self._kept(self._before.to(predicate, value)), *self.more.to(predicate, value)]

    def with_term(self, term: NamedNode) -> Iterable[Triple]:
        """Give the triples with a term in any place."""
        return [*self._kept(self._before.with_term(term)), *self.more.with_term(term)]

    def holds(self, triple: Triple) -> bool:
        """Tell whether a triple is asserted or inferred."""
        if self.more.holds(triple):
            return True
        return triple not in self._gone and self._before.holds(triple)

    def is_asserted(self, triple: Triple) -> bool:
        """Tell whether somebody said a triple before the change."""
        return self._before.is_asserted(triple)

    def _kept(self, triples: Iterable[Triple]) -> Iterator[Triple]:
        return (triple for triple in triples if triple not in self._gone)
