"""What a graph is linked with: a linkset for each vocabulary and each relation, with its count.

In: a store and the vocabularies of ``ontology/schemes.ttl``. Out: triples of VoID (section 5: one
link predicate for each linkset). What is counted are the links that the graph makes; a link that
was refused is none.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import cast

from pyoxigraph import DefaultGraph, NamedNode, QuerySolutions, Triple

from policygraph.graph.link.schemes import Scheme, scheme_of
from policygraph.graph.store import GraphStore
from policygraph.graph.terms import text_of
from policygraph.namespaces import OWL, shorten
from policygraph.publish.catalog.names import Names, about, number, words

_RELATIONS = """SELECT DISTINCT ?relation {
  ?mapping a <https://w3id.org/policygraph/ns#Mapping> ;
    <http://www.w3.org/2002/07/owl#annotatedProperty> ?relation }"""


def linksets(store: GraphStore, schemes: Iterable[Scheme], names: Names) -> Iterator[Triple]:
    """Describe the links into each vocabulary, relation by relation."""
    known = tuple(schemes)
    by_iri = {scheme.iri: scheme for scheme in known}
    for (vocabulary, relation), count in sorted(_counted(store, known).items()):
        scheme, there = by_iri[vocabulary], NamedNode(vocabulary)
        iri = names.of("linkset", scheme.prefix, shorten(relation))
        yield from about(names.dataset, ("void:subset", iri))
        yield from about(
            iri,
            ("rdf:type", "void:Linkset"),
            ("void:subjectsTarget", names.dataset),
            ("void:objectsTarget", there),
            ("void:linkPredicate", NamedNode(relation)),
            ("void:triples", number(count)),
        )
        yield from about(
            there, ("rdf:type", "void:Dataset"), *words("dcterms:title", scheme.titles)
        )


def _counted(store: GraphStore, schemes: tuple[Scheme, ...]) -> Counter[tuple[str, str]]:
    """Count the links of the graph by vocabulary and relation."""
    rows = cast("QuerySolutions", store.engine.query(_RELATIONS))
    relations = {*(text_of(row["relation"]) for row in rows), OWL + "sameAs"}
    counts: Counter[tuple[str, str]] = Counter()
    for relation in relations:
        pattern = (None, NamedNode(relation), None, DefaultGraph())
        for quad in store.engine.quads_for_pattern(*pattern):
            scheme = scheme_of(text_of(quad.object), schemes)
            if scheme:
                counts[scheme.iri, relation] += 1
    return counts
