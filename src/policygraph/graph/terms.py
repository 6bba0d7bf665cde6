"""Shorthands for RDF terms: IRIs of our vocabularies as pyoxigraph nodes.

This room holds no logic; it keeps ``NamedNode(PG + "Goal")`` from being spelt out everywhere.
"""

from __future__ import annotations

from pyoxigraph import Literal, NamedNode

from policygraph.namespaces import PG, RDF, RDFS, XSD

TYPE = NamedNode(RDF + "type")
LABEL = NamedNode(RDFS + "label")
DECIMAL = NamedNode(XSD + "decimal")
INTEGER = NamedNode(XSD + "integer")
INDEX = NamedNode(XSD + "nonNegativeInteger")

Term = NamedNode | Literal


def pg(name: str) -> NamedNode:
    """Give a term of the policy ontology."""
    return NamedNode(PG + name)


def index(number: int) -> Literal:
    """Give an offset as a literal."""
    return Literal(str(number), datatype=INDEX)


def day(text: str) -> Literal:
    """Give a day written YYYY-MM-DD as a literal."""
    return Literal(text, datatype=NamedNode(XSD + "date"))
