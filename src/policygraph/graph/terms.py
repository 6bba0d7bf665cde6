"""Shorthands for RDF terms, and pyoxigraph's types narrowed to what our graphs hold.

Our quads have no blank nodes and no triple terms, and each stands in a named graph
(docs/decisions/0004); the functions below say so once for the type checker.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import cast

from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, Triple, serialize

from policygraph.namespaces import PG, PROV, RDF, RDFS, XSD, prefixes

TYPE = NamedNode(RDF + "type")
LABEL = NamedNode(RDFS + "label")
QUOTED = NamedNode(PROV + "wasQuotedFrom")
INTEGER = NamedNode(XSD + "integer")

Term = NamedNode | Literal


def pg(name: str) -> NamedNode:
    """Give a term of the policy ontology."""
    return NamedNode(PG + name)


def index(number: int) -> Literal:
    """Give an offset as a literal: an xsd:integer, for the store keeps no narrower type."""
    return Literal(str(number), datatype=INTEGER)


def day(text: str) -> Literal:
    """Give a day written YYYY-MM-DD as a literal."""
    return Literal(text, datatype=NamedNode(XSD + "date"))


def text_of(term: object) -> str:
    """Give the IRI of a node or the words of a literal; empty for the default graph."""
    return cast("str", getattr(term, "value", ""))


def language_of(term: object) -> str:
    """Give the language of a literal, in lower case; empty where it has none."""
    return getattr(term, "language", None) or ""


def in_graph(triples: Iterable[Triple], graph: str) -> list[Quad]:
    """Put triples into a named graph."""
    name = NamedNode(graph)
    return [Quad(triple.subject, triple.predicate, triple.object, name) for triple in triples]


def used_prefixes(
    triples: Iterable[Triple], offered: Mapping[str, str] | None = None
) -> dict[str, str]:
    """Choose the prefixes that shorten something, of those offered or of the project's."""
    texts = [str(triple) for triple in triples]
    names = (prefixes() if offered is None else offered).items()
    return {name: iri for name, iri in names if any(f"<{iri}" in text for text in texts)}


def write(
    statements: Iterable[Quad] | Iterable[Triple],
    form: RdfFormat,
    names: Mapping[str, str] | None = None,
) -> bytes:
    """Serialise statements in the order given, with names for namespaces where there are any."""
    data = serialize(statements, format=form, prefixes=dict(names) if names else None)
    return cast("bytes", data)
