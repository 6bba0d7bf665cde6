"""The same triples in rdflib's clothes and back; lexical forms stay untouched."""

from __future__ import annotations

import rdflib
from pyoxigraph import Literal, NamedNode, Triple

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
