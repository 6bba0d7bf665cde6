"""The same triples in rdflib's clothes and back; lexical forms of data stay untouched."""

from __future__ import annotations

from collections.abc import Iterable

import rdflib
from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from policygraph.graph.terms import text_of
from policygraph.namespaces import XSD

RdflibTriple = tuple[rdflib.URIRef, rdflib.URIRef, rdflib.URIRef | rdflib.Literal]


def to_rdflib(triple: Triple) -> RdflibTriple:
    """Give a triple without blank nodes as rdflib terms."""
    subject, predicate, value = triple
    return rdflib.URIRef(subject.value), rdflib.URIRef(predicate.value), _term_to_rdflib(value)


def _term_to_rdflib(term: NamedNode | Literal) -> rdflib.URIRef | rdflib.Literal:
    if isinstance(term, NamedNode):
        return rdflib.URIRef(term.value)
    if term.language:
        return rdflib.Literal(term.value, lang=term.language)
    datatype = None if term.datatype.value == XSD + "string" else rdflib.URIRef(term.datatype.value)
    return rdflib.Literal(term.value, datatype=datatype, normalize=False)


def rdflib_graph(triples: Iterable[Triple]) -> rdflib.Graph:
    """Give an rdflib graph as rdflib's own parser does, which takes twice as long."""
    graph = rdflib.Graph()
    for subject, predicate, value in triples:
        graph.add((_node(subject), rdflib.URIRef(predicate.value), _node(value)))
    return graph


def _node(term: object) -> rdflib.IdentifiedNode | rdflib.Literal:
    if isinstance(term, BlankNode):
        return rdflib.BNode(term.value)
    if isinstance(term, Literal) and not term.language:
        plain = term.datatype.value == XSD + "string"
        return rdflib.Literal(term.value, datatype=None if plain else term.datatype.value)
    if isinstance(term, Literal):
        return rdflib.Literal(term.value, lang=term.language)
    return rdflib.URIRef(text_of(term))


def from_rdflib(triple: tuple[object, ...]) -> Triple | None:
    """Give an rdflib triple as pyoxigraph terms; None where a blank node is in the way."""
    subject, predicate, value = (_term_from_rdflib(term) for term in triple)
    if isinstance(subject, NamedNode) and isinstance(predicate, NamedNode) and value is not None:
        return Triple(subject, predicate, value)
    return None


def _term_from_rdflib(term: object) -> NamedNode | Literal | None:
    if isinstance(term, rdflib.URIRef):
        return NamedNode(str(term))
    if not isinstance(term, rdflib.Literal):
        return None
    if term.language:
        return Literal(str(term), language=term.language)
    return Literal(str(term), datatype=NamedNode(str(term.datatype or XSD + "string")))
