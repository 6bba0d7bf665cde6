"""What is in a graph and how often, counted: classes, properties, what stands in their places.

In: the merge of a store's graphs. Out: triples of VoID (Interest Group Note "Describing Linked
Datasets with the VoID Vocabulary", section 4.6) and, for the datatypes of values, of its extension
http://ldf.fi/void-ext#.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import cast

from pyoxigraph import DefaultGraph, Literal, NamedNode, QuerySolutions, Triple

from policygraph.graph.store import GraphStore
from policygraph.graph.terms import TYPE, text_of
from policygraph.publish.catalog.names import Names, about, number

_TOTALS = {
    "void:triples": "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }",
    "void:distinctSubjects": "SELECT (COUNT(DISTINCT ?s) AS ?n) { ?s ?p ?o }",
    "void:distinctObjects": "SELECT (COUNT(DISTINCT ?o) AS ?n) { ?s ?p ?o }",
    "void:properties": "SELECT (COUNT(DISTINCT ?p) AS ?n) { ?s ?p ?o }",
    "void:classes": "SELECT (COUNT(DISTINCT ?c) AS ?n) { ?s a ?c }",
}
_ENTITIES = "SELECT (COUNT(DISTINCT ?s) AS ?n) { ?s ?p ?o FILTER(STRSTARTS(STR(?s), ?space)) }"
_CLASSES = "SELECT ?c (COUNT(*) AS ?n) { ?s a ?c } GROUP BY ?c"
_RELATIONS = {
    "class": ("void:classPartition", "void:class"),
    "datatype": ("void-ext:datatypePartition", "void-ext:datatype"),
}
_ANY = (None, None, None)
_PROPERTIES = """SELECT ?p (COUNT(*) AS ?n) (COUNT(DISTINCT ?s) AS ?ss) (COUNT(DISTINCT ?o) AS ?os)
  { ?s ?p ?o } GROUP BY ?p"""


def totals(store: GraphStore, names: Names) -> Iterator[Triple]:
    """Count the graph as a whole."""
    space = Literal(f"{names.base}id/")
    entities = _ENTITIES.replace("?space", str(space))
    for name, query in {**_TOTALS, "void:entities": entities}.items():
        [(count,)] = _rows(store, query)
        yield from about(names.dataset, (name, count))
    yield from about(names.dataset, ("void:uriSpace", space))


def partitions(store: GraphStore, names: Names) -> Iterator[Triple]:
    """Count by class, by property, by property of a class, and by what its values are."""
    for kind, count in _rows(store, _CLASSES):
        part = names.part("class", text_of(kind))
        yield from about(names.dataset, ("void:classPartition", part))
        yield from about(part, ("void:class", kind), ("void:entities", count))
    for name, count, subjects, objects in _rows(store, _PROPERTIES):
        part = names.part("property", text_of(name))
        yield from about(names.dataset, ("void:propertyPartition", part))
        yield from about(part, ("void:property", name), ("void:triples", count))
        yield from about(part, ("void:distinctSubjects", subjects))
        yield from about(part, ("void:distinctObjects", objects))
    for terms, times in _by_class(store).items():
        yield from _part(names, terms, times)


_Kinds = frozenset[str]
_Terms = tuple[str, ...]
"""A class and a property; then, of its values, the class or the datatype, with which of the two."""


def _by_class(store: GraphStore) -> Counter[_Terms]:
    """Count what stands in the places of each property of each class, in one pass over the store.

    Few things differ in the classes they have all together, so these are counted first; a join of
    both ends with all their classes takes three times as long.
    """
    kinds = _kinds(store)
    together: Counter[tuple[_Kinds, str, str | _Kinds]] = Counter()
    for subject, predicate, value, _ in store.engine.quads_for_pattern(*_ANY, DefaultGraph()):
        is_text = isinstance(value, Literal)
        what = value.datatype.value if is_text else kinds.get(text_of(value), frozenset())
        together[kinds.get(text_of(subject), frozenset()), predicate.value, what] += 1
    counts: Counter[_Terms] = Counter()
    for (classes, name, what), count in together.items():
        for kind in classes:
            counts[kind, name] += count
            if isinstance(what, str):
                counts[kind, name, "datatype", what] += count
            else:
                counts.update({(kind, name, "class", other): count for other in what})
    return counts


def _kinds(store: GraphStore) -> dict[str, _Kinds]:
    """Give the classes of each thing; the same set for all that have the same."""
    found: dict[str, set[str]] = {}
    for quad in store.engine.quads_for_pattern(None, TYPE, None, DefaultGraph()):
        found.setdefault(text_of(quad.subject), set()).add(text_of(quad.object))
    known: dict[_Kinds, _Kinds] = {}
    return {iri: known.setdefault(kinds := frozenset(told), kinds) for iri, told in found.items()}


def _part(names: Names, terms: _Terms, count: int) -> Iterator[Triple]:
    """Describe a property of a class, or what its values are."""
    kind, name, *value = terms
    number_of = ("void:triples", number(count))
    if not value:
        part = names.part("class", kind, name)
        yield from about(names.part("class", kind), ("void:propertyPartition", part))
        yield from about(part, ("void:property", NamedNode(name)), number_of)
        return
    what, term = value
    relation, told_by = _RELATIONS[what]
    part = names.part("class", kind, name, term)
    yield from about(names.part("class", kind, name), (relation, part))
    yield from about(part, (told_by, NamedNode(term)), number_of)


def _rows(store: GraphStore, query: str) -> Iterator[tuple[NamedNode | Literal, ...]]:
    """Ask the merge of all graphs; counts come as integers."""
    for row in cast("QuerySolutions", store.engine.query(query)):
        yield tuple(cast("NamedNode | Literal", term) for term in row)
