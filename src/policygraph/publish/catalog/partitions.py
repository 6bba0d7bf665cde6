"""What is in a graph and how often, counted: classes, properties, what stands in their places.

In: the merge of a store's graphs. Out: triples of VoID (Interest Group Note "Describing Linked
Datasets with the VoID Vocabulary", section 4.6) and, for the datatypes of values, of its extension
http://ldf.fi/void-ext#. Counting is left to the store.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import cast

from pyoxigraph import Literal, NamedNode, QuerySolutions, Triple

from policygraph.graph.store import GraphStore
from policygraph.graph.terms import text_of
from policygraph.publish.catalog.names import Names, about

_TOTALS = {
    "void:triples": "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }",
    "void:distinctSubjects": "SELECT (COUNT(DISTINCT ?s) AS ?n) { ?s ?p ?o }",
    "void:distinctObjects": "SELECT (COUNT(DISTINCT ?o) AS ?n) { ?s ?p ?o }",
    "void:properties": "SELECT (COUNT(DISTINCT ?p) AS ?n) { ?s ?p ?o }",
    "void:classes": "SELECT (COUNT(DISTINCT ?c) AS ?n) { ?s a ?c }",
}
_ENTITIES = "SELECT (COUNT(DISTINCT ?s) AS ?n) { ?s ?p ?o FILTER(STRSTARTS(STR(?s), ?space)) }"
_CLASSES = "SELECT ?c (COUNT(*) AS ?n) { ?s a ?c } GROUP BY ?c"
_PROPERTIES = """SELECT ?p (COUNT(*) AS ?n) (COUNT(DISTINCT ?s) AS ?ss) (COUNT(DISTINCT ?o) AS ?os)
  { ?s ?p ?o } GROUP BY ?p"""
_OF_CLASS = "SELECT ?c ?p (COUNT(*) AS ?n) { ?s a ?c ; ?p ?o } GROUP BY ?c ?p"
_TO_CLASS = "SELECT ?c ?p ?d (COUNT(*) AS ?n) { ?s a ?c ; ?p ?o . ?o a ?d } GROUP BY ?c ?p ?d"
_TO_DATATYPE = """SELECT ?c ?p ?d (COUNT(*) AS ?n)
  { ?s a ?c ; ?p ?o FILTER(isLiteral(?o)) BIND(DATATYPE(?o) AS ?d) } GROUP BY ?c ?p ?d"""


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
    for kind, name, count in _rows(store, _OF_CLASS):
        whole = names.part("class", text_of(kind))
        part = names.part("class", text_of(kind), text_of(name))
        yield from about(whole, ("void:propertyPartition", part))
        yield from about(part, ("void:property", name), ("void:triples", count))
    yield from _values(store, names, _TO_CLASS, "void:classPartition", "void:class")
    yield from _values(
        store, names, _TO_DATATYPE, "void-ext:datatypePartition", "void-ext:datatype"
    )


def _values(
    store: GraphStore, names: Names, query: str, relation: str, told_by: str
) -> Iterator[Triple]:
    """Say what the values of the properties of a class are."""
    for kind, name, value, count in _rows(store, query):
        terms = [text_of(term) for term in (kind, name, value)]
        part = names.part("class", *terms)
        yield from about(names.part("class", *terms[:2]), (relation, part))
        yield from about(part, (told_by, value), ("void:triples", count))


def _rows(store: GraphStore, query: str) -> Iterator[tuple[NamedNode | Literal, ...]]:
    """Ask the merge of all graphs; counts come as integers."""
    for row in cast("QuerySolutions", store.engine.query(query)):
        yield tuple(cast("NamedNode | Literal", term) for term in row)


def count(store: GraphStore, query: str) -> int:
    """Give the one number that a question asks for."""
    [(found,)] = _rows(store, query)
    return int(text_of(found))
