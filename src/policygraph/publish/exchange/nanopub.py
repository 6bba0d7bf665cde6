"""Nanopublications: one for each statement of a document, as TriG.

In: a built graph. Out: for each statement a head, an assertion (what the text states of it), the
provenance (the passages, their words, the document) and publication info (Nanopublication
Guidelines, 1 June 2018). They are not signed, and have no time: there is no clock in this program.
"""

from __future__ import annotations

from collections.abc import Iterator

from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, Triple

from policygraph.graph.terms import TYPE, Term, text_of, used_prefixes, write
from policygraph.identifiers import origin_of
from policygraph.namespaces import DCTERMS, NIF, PROV
from policygraph.publish.catalog.names import Names
from policygraph.publish.exchange.reading import Passage, Reading
from policygraph.publish.rdf import prefixes_for

NP = "http://www.nanopub.org/nschema#"
_STATED = """SELECT DISTINCT ?thing {
  ?property rdfs:subPropertyOf* pg:states . ?document ?property ?thing }"""


def nanopublications(reading: Reading) -> bytes:
    """Write a nanopublication for each statement that is quoted, in the order of the text."""
    quoted: dict[str, list[Passage]] = {}
    statements = {text_of(thing) for (thing,) in reading.rows(_STATED)}
    for passage in reading.passages:
        for thing in passage.things:
            if thing in statements:
                quoted.setdefault(thing, []).append(passage)
    quads = [quad for thing, passages in quoted.items() for quad in _one(thing, passages, reading)]
    offered = prefixes_for(reading.ids) | {"np": NP}
    return write(quads, RdfFormat.TRIG, used_prefixes((q.triple for q in quads), offered))


def _one(thing: str, passages: list[Passage], reading: Reading) -> Iterator[Quad]:
    """Write one statement as a nanopublication: its four graphs."""
    kind, key = thing.rsplit("/", 2)[1:]
    iri = Names(reading.place.base).of("np", kind, key)
    head, assertion, provenance, about = (
        NamedNode(f"{iri.value}#{name}") for name in ("Head", "assertion", "provenance", "pubinfo")
    )
    yield Quad(iri, TYPE, NamedNode(NP + "Nanopublication"), head)
    yield Quad(iri, NamedNode(NP + "hasAssertion"), assertion, head)
    yield Quad(iri, NamedNode(NP + "hasProvenance"), provenance, head)
    yield Quad(iri, NamedNode(NP + "hasPublicationInfo"), about, head)
    for triple in _claim(NamedNode(thing), reading):
        yield Quad(triple.subject, triple.predicate, triple.object, assertion)
    for passage in passages:
        node = NamedNode(passage.iri)
        yield Quad(assertion, NamedNode(PROV + "wasQuotedFrom"), node, provenance)
        yield Quad(node, NamedNode(NIF + "anchorOf"), Literal(passage.words), provenance)
    for document in sorted({reading.texts[passage.text].document for passage in passages}):
        primary = NamedNode(PROV + "hadPrimarySource")
        yield Quad(assertion, primary, NamedNode(document), provenance)
    for predicate, value in _publication(reading):
        yield Quad(iri, NamedNode(DCTERMS + predicate), value, about)


def _claim(thing: NamedNode, reading: Reading) -> list[Triple]:
    """List what a text states of a thing, and how the document relates to it."""
    engine = reading.store.engine
    quads = [
        *engine.quads_for_pattern(thing, None, None, None),
        *engine.quads_for_pattern(None, None, thing, None),
    ]
    stated = {q.triple for q in quads if origin_of(text_of(q.graph_name)) == "stated"}
    return sorted(stated, key=str)


def _publication(reading: Reading) -> Iterator[tuple[str, Term]]:
    said = reading.place.about
    yield "isPartOf", Names(reading.place.base).dataset
    if said.license:
        yield "license", NamedNode(said.license)
    for lang, name in sorted(said.publisher.items()):
        yield "publisher", Literal(name, language=lang) if lang else Literal(name)
