"""``void.ttl``: what is in a graph and how often, what it is linked with, what can be asked of it.

In: a built graph and its workspace. Out: Turtle. What is counted is what a SPARQL endpoint answers
about without GRAPH: the merge of all graphs but candidates.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from pyoxigraph import DefaultGraph, NamedNode, Triple

from policygraph.graph.query import read_queries
from policygraph.graph.store import GraphStore
from policygraph.graph.terms import TYPE, pg, text_of
from policygraph.graph.vocabulary import read_schemes
from policygraph.identifiers import Identifiers
from policygraph.namespaces import prefixes
from policygraph.publish.catalog.linksets import linksets
from policygraph.publish.catalog.names import Names, about, term, turtle, words
from policygraph.publish.catalog.partitions import partitions, totals
from policygraph.publish.catalog.questions import examples, prefix_declarations
from policygraph.publish.rdf import prefixes_for
from policygraph.workspace import Place

_WHAT_IS_COUNTED = {
    "en": "Counts what the graph holds without this description of it.",
    "zh": "所计为图谱本身，不含此说明。",
}


def void_description(store: GraphStore, place: Place) -> bytes:
    """Describe a graph as VoID does.

    Args:
        store: the graph.
        place: its workspace, whose queries become examples.
    """
    names, offered = Names(place.base), prefixes_for(Identifiers(place.base))
    parts = list(partitions(store, names))
    triples = [
        *_itself(store, place, names),
        *totals(store, names),
        *parts,
        *_vocabularies(parts, names),
        *linksets(store, read_schemes(place.ontology), names),
        *prefix_declarations(offered, names),
        *examples(read_queries(place.queries).values(), names, place.about.endpoint),
    ]
    return turtle(triples, offered)


def _itself(store: GraphStore, place: Place, names: Names) -> Iterator[Triple]:
    """Say what the description is of, and where the graph can be asked."""
    said, document = place.about, names.of("void")
    yield from about(
        document,
        ("rdf:type", "void:DatasetDescription"),
        ("foaf:primaryTopic", names.dataset),
        *words("rdfs:comment", _WHAT_IS_COUNTED),
    )
    yield from about(
        names.dataset,
        ("rdf:type", "void:Dataset"),
        *words("dcterms:title", said.title),
        *words("dcterms:description", said.description),
        ("dcterms:license", NamedNode(said.license) if said.license else ""),
        ("void:sparqlEndpoint", NamedNode(said.endpoint) if said.endpoint else ""),
        ("void:dataDump", NamedNode(said.address + "graph.nq") if said.address else ""),
    )
    for quad in store.engine.quads_for_pattern(None, TYPE, pg("PolicyDocument"), DefaultGraph()):
        yield from about(names.dataset, ("void:exampleResource", NamedNode(text_of(quad.subject))))


def _vocabularies(parts: Iterable[Triple], names: Names) -> Iterator[Triple]:
    """Name the vocabularies whose classes and properties are used, as far as they have a prefix."""
    kinds = {term("void:class"), term("void:property")}
    used = {text_of(triple.object) for triple in parts if triple.predicate in kinds}
    for namespace in prefixes().values():
        if any(iri.startswith(namespace) for iri in used):
            yield from about(names.dataset, ("void:vocabulary", NamedNode(namespace)))
