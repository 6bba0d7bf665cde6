"""NIF: the texts and every passage of them, with what is quoted from it, as Turtle.

In: a built graph. Out: strings named by their offsets (NLP Interchange Format 2.0, with the URI
scheme of RFC 5147). The whole text is the context; ``itsrdf:taIdentRef`` tells what a passage
speaks of.
"""

from __future__ import annotations

from collections.abc import Iterator

from pyoxigraph import Literal, NamedNode, RdfFormat, Triple

from policygraph.graph.terms import TYPE, used_prefixes, write
from policygraph.namespaces import NIF, XSD, prefixes
from policygraph.publish.exchange.reading import Passage, Reading, Text

_ITS = "http://www.w3.org/2005/11/its/rdf#"
_STRING, _CONTEXT = NamedNode(NIF + "RFC5147String"), NamedNode(NIF + "Context")


def nif(reading: Reading) -> bytes:
    """Write the texts and their passages, in the order of the text."""
    triples = [
        *(triple for text in reading.texts.values() for triple in _context(text)),
        *(triple for each in reading.passages for triple in _string(each, reading)),
    ]
    names = prefixes() | {"itsrdf": _ITS}
    return write(triples, RdfFormat.TURTLE, used_prefixes(triples, names))


def context_of(text: Text) -> NamedNode:
    """Name the whole of a text as NIF does, from its first code point to its last."""
    return NamedNode(f"{text.iri}#char=0,{len(text.words)}")


def _context(text: Text) -> Iterator[Triple]:
    node = context_of(text)
    yield Triple(node, TYPE, _CONTEXT)
    yield Triple(node, TYPE, _STRING)
    yield Triple(node, NamedNode(NIF + "isString"), Literal(text.words))
    yield from _extent(node, 0, len(text.words))
    yield Triple(node, NamedNode(NIF + "sourceUrl"), NamedNode(text.iri))


def _string(passage: Passage, reading: Reading) -> Iterator[Triple]:
    node, whole = NamedNode(passage.iri), context_of(reading.texts[passage.text])
    for thing in passage.things:
        yield Triple(node, NamedNode(_ITS + "taIdentRef"), NamedNode(thing))
    if node == whole:
        return
    yield Triple(node, TYPE, _STRING)
    yield Triple(node, NamedNode(NIF + "referenceContext"), whole)
    yield Triple(node, NamedNode(NIF + "anchorOf"), Literal(passage.words))
    yield from _extent(node, passage.begin, passage.end)


def _extent(node: NamedNode, begin: int, end: int) -> Iterator[Triple]:
    for name, offset in (("beginIndex", begin), ("endIndex", end)):
        yield Triple(node, NamedNode(NIF + name), _offset(offset))


def _offset(number: int) -> Literal:
    return Literal(str(number), datatype=NamedNode(XSD + "nonNegativeInteger"))
