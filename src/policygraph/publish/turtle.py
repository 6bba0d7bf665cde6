"""Turtle for people, a thing at a time, so that memory holds only the names of things.

In: a store. Out: pieces of the file, which together are the bytes that writing it whole gives. The
things are read twice: once for their classes and the prefixes they use, once to be written.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from itertools import groupby

from pyoxigraph import BlankNode, NamedNode, Triple

from policygraph.graph.store import GraphStore
from policygraph.graph.terms import text_of
from policygraph.identifiers import Identifiers, origin_of
from policygraph.publish.rdf import (
    INFERRED,
    SECTIONS,
    body,
    class_among,
    heading,
    natural,
    origins_of,
    prefixes_for,
    prologue,
    title,
)

Subject = NamedNode | BlankNode | Triple


class _Told:
    """What a store says of a thing: what is stated, and what is inferred."""

    def __init__(self, store: GraphStore, origins: Collection[str]) -> None:
        self._store, self._origins = store, origins

    def subjects(self) -> set[Subject]:
        """Give everything that something is said of."""
        return {quad.subject for quad in self._store.quads(*self._origins)}

    def of(self, subject: Subject, *, inferred: bool) -> set[Triple]:
        """Give the chosen triples of a thing that are inferred, or those that are not."""
        quads = list(self._store.engine.quads_for_pattern(subject, None, None, None))
        by_origin = [(origin_of(text_of(quad.graph_name)), quad.triple) for quad in quads]
        chosen = {triple for origin, triple in by_origin if origin in self._origins}
        follows = {triple for origin, triple in by_origin if origin == "inferred"}
        return chosen & follows if inferred else chosen - follows


def turtle_pieces(store: GraphStore, choice: str, ids: Identifiers) -> Iterator[bytes]:
    """Write Turtle: a section a class, what was inferred last and marked; see ``rdf.turtle``."""
    told, names = _Told(store, origins_of(choice)), prefixes_for(ids)
    sections: dict[str, list[Subject]] = {}
    inferred: list[Subject] = []
    used: set[str] = set()
    for subject in told.subjects():
        stated, follows = told.of(subject, inferred=False), told.of(subject, inferred=True)
        _note_prefixes(used, [*stated, *follows], names)
        if stated:
            sections.setdefault(class_among(stated), []).append(subject)
        if follows:
            inferred.append(subject)
    yield prologue({name: iri for name, iri in names.items() if name in used}).encode()
    for name in [*SECTIONS, ""]:
        if name in sections:
            yield from _section(told, title(name, store), sections[name], names, inferred=False)
    if inferred:
        yield from _section(told, INFERRED, inferred, names, inferred=True)


def _note_prefixes(used: set[str], triples: Iterable[Triple], names: Mapping[str, str]) -> None:
    waiting = {name: f"<{iri}" for name, iri in names.items() if name not in used}
    if waiting:
        for text in map(str, triples):
            used.update(name for name, start in waiting.items() if start in text)


def _section(
    told: _Told, words: str, subjects: list[Subject], names: Mapping[str, str], *, inferred: bool
) -> Iterator[bytes]:
    """Write a section; things whose names count as equal in the order are written together."""
    yield f"\n{heading(words)}".encode()
    subjects.sort(key=_place)
    for _, alike in groupby(subjects, _place):
        triples = [triple for each in alike for triple in told.of(each, inferred=inferred)]
        yield f"{body(triples, names)}\n".encode()


def _place(subject: Subject) -> list[tuple[str, int]]:
    return natural(text_of(subject))
