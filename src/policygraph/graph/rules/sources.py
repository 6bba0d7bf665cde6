"""Where asserted triples come from: memory or a store, asked for one predicate at a time."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Protocol, cast

from pyoxigraph import DefaultGraph, NamedNode, Quad, Store, Triple

from policygraph.graph.terms import Term

Pair = tuple[NamedNode, Term]
"""Subject and object of a triple."""


class Source(Protocol):
    """Asserted triples."""

    def of(self, predicate: NamedNode) -> Iterable[Pair]:
        """Give the subjects and objects of a predicate."""

    def about(self, term: NamedNode) -> Iterable[Triple]:
        """Give the triples with a term as subject or object."""


class Given:
    """Triples in memory; what no rule asks for is only kept, not looked into."""

    def __init__(self, triples: Iterable[Triple]) -> None:
        self._groups: dict[NamedNode, list[Triple]] = defaultdict(list)
        for triple in triples:
            self._groups[triple.predicate].append(triple)
        self._about: dict[object, list[Triple]] = {}

    def of(self, predicate: NamedNode) -> Iterable[Pair]:
        """Give the subjects and objects of a predicate."""
        return ((subject, value) for subject, _, value in self._groups.get(predicate, ()))

    def about(self, term: NamedNode) -> Iterable[Triple]:
        """Give the triples with a term as subject or object."""
        if not self._about:
            self._about = defaultdict(list)
            for group in self._groups.values():
                for triple in group:
                    self._about[triple.subject].append(triple)
                    self._about[triple.object].append(triple)
        return self._about.get(term, ())


class Stored:
    """Triples in the default graph of a store, without those of its graph of inferences.

    Only what a rule asks for is read, so a large store on disk stays there.
    """

    def __init__(self, store: Store, inferred: str) -> None:
        self._store = store
        self._inferred = NamedNode(inferred)

    def of(self, predicate: NamedNode) -> Iterable[Pair]:
        """Give the subjects and objects of a predicate."""
        quads = self._quads(None, predicate, None)
        return ((quad.subject, cast("Term", quad.object)) for quad in quads)  # type: ignore[misc]

    def about(self, term: NamedNode) -> Iterable[Triple]:
        """Give the triples with a term as subject or object."""
        for quad in (*self._quads(term, None, None), *self._quads(None, None, term)):
            yield quad.triple

    def all(self) -> Iterator[Triple]:
        """Give every asserted triple."""
        return (quad.triple for quad in self._quads(None, None, None))

    def _quads(
        self, subject: NamedNode | None, predicate: NamedNode | None, value: NamedNode | None
    ) -> Iterator[Quad]:
        pattern = subject, predicate, value
        merged = self._store.quads_for_pattern(*pattern, DefaultGraph())
        inferred = {q.triple for q in self._store.quads_for_pattern(*pattern, self._inferred)}
        if not inferred:
            return merged
        return (quad for quad in merged if quad.triple not in inferred)
