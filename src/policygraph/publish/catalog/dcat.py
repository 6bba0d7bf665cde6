"""``catalog.ttl``: the record by which portals of open data find a graph.

In: a built graph, its workspace and the files that were written. Out: Turtle in DCAT 3 that meets
DCAT-AP 3.0.1. What the workspace does not say is not made up: without a title, a description, a
publisher and a licence there is no record.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from typing import cast

from pyoxigraph import DefaultGraph, Literal, NamedNode, QuerySolutions, Triple

from policygraph.errors import Where, WrongUsage
from policygraph.graph.store import GraphStore
from policygraph.graph.terms import day, text_of
from policygraph.identifiers import Identifiers
from policygraph.namespaces import DCTERMS, XSD
from policygraph.publish.catalog.names import Names, about, term, turtle, words
from policygraph.publish.rdf import prefixes_for
from policygraph.settings import CATALOG, FILE, About
from policygraph.workspace import Place

REQUIRED = ("title", "description", "publisher", "license")
"""Settings without which there is no record (DCAT-AP 3.0.1 but for the licence, which it
recommends)."""

_MEDIA_TYPES = {
    ".jsonld": "application/ld+json",
    ".nq": "application/n-quads",
    ".nt": "application/n-triples",
    ".rdf": "application/rdf+xml",
    ".trig": "application/trig",
    ".ttl": "text/turtle",
}
"""Files of the graph by their endings, with their media types (IANA, Media Types)."""

_IANA = "https://www.iana.org/assignments/media-types/"
_LANGUAGES = {"en": "ENG", "zh": "ZHO"}
"""Languages in the EU authority table, by the first part of a tag."""

_LANGUAGE_TABLE = "http://publications.europa.eu/resource/authority/language/"
_LAST_DAY = """PREFIX pg: <https://w3id.org/policygraph/ns#>
SELECT DISTINCT ?day {
  { ?document a pg:PolicyDocument ; pg:issuedOn ?day } UNION { ?decided pg:judgedOn ?day } }"""
_SHA256 = "spdx:checksumAlgorithm_sha256"


def missing(store: GraphStore, said: About) -> list[str]:
    """Name the settings that a record needs and that are not given.

    The day of the last change may be left out where the graph tells one.
    """
    dated = said.modified or _last_day(store)
    return said.lacks(*REQUIRED) + ([] if dated else ["modified"])


def catalog(store: GraphStore, place: Place, files: Mapping[str, bytes]) -> bytes:
    """Write the catalogue record of a graph.

    Args:
        store: the graph.
        place: its workspace, whose settings say what it is, whose, and where.
        files: what was written, by name; described only where the settings tell the address.

    Raises:
        WrongUsage: a setting is missing that a record needs.
    """
    said, names = place.about, Names(place.base)
    lacking = missing(store, said)
    if lacking:
        where = Where(str(place.root / FILE))
        facts = {"missing": ", ".join(lacking), "table": CATALOG}
        raise WrongUsage("publish/catalog-incomplete", where, **facts)
    modified = day(said.modified or _last_day(store))
    triples = [
        *_catalog(said, names, modified),
        *_dataset(store, said, names, modified),
        *_agent(said, names),
        *(_distributions(said, names, files) if said.address else ()),
        *(_service(said, names) if said.endpoint else ()),
    ]
    return turtle(triples, prefixes_for(Identifiers(place.base)))


def _catalog(said: About, names: Names, modified: Literal) -> Iterator[Triple]:
    record, licence = names.of("catalog", "record"), NamedNode(said.license)
    yield from about(
        names.of("catalog"),
        ("rdf:type", "dcat:Catalog"),
        *words("dcterms:title", said.title),
        *words("dcterms:description", said.description),
        ("dcterms:publisher", names.of("catalog", "publisher")),
        ("dcterms:license", licence),
        ("dcterms:modified", modified),
        ("dcat:dataset", names.dataset),
        ("dcat:record", record),
        ("dcat:service", names.of("catalog", "sparql") if said.endpoint else ""),
    )
    yield from about(
        record,
        ("rdf:type", "dcat:CatalogRecord"),
        ("foaf:primaryTopic", names.dataset),
        ("dcterms:modified", modified),
    )
    yield from about(licence, ("rdf:type", "dcterms:LicenseDocument"))


def _dataset(store: GraphStore, said: About, names: Names, modified: Literal) -> Iterator[Triple]:
    yield from about(
        names.dataset,
        ("rdf:type", "dcat:Dataset"),
        ("rdf:type", "dcat:Resource"),
        *words("dcterms:title", said.title),
        *words("dcterms:description", said.description),
        ("dcterms:publisher", names.of("catalog", "publisher")),
        ("dcterms:license", NamedNode(said.license)),
        ("dcterms:modified", modified),
        ("dcterms:identifier", Literal(names.dataset.value)),
        ("dcat:contactPoint", names.of("catalog", "contact") if said.contact else ""),
    )
    for code in _languages(store):
        language = NamedNode(_LANGUAGE_TABLE + code)
        yield from about(names.dataset, ("dcterms:language", language))
        yield from about(language, ("rdf:type", "dcterms:LinguisticSystem"))


def _agent(said: About, names: Names) -> Iterator[Triple]:
    yield from about(
        names.of("catalog", "publisher"),
        ("rdf:type", "foaf:Agent"),
        *words("foaf:name", said.publisher),
        ("foaf:homepage", NamedNode(said.publisher_page) if said.publisher_page else ""),
    )
    if said.publisher_page:
        yield from about(NamedNode(said.publisher_page), ("rdf:type", "foaf:Document"))
    if said.contact:
        how = "vcard:hasEmail" if said.contact.startswith("mailto:") else "vcard:hasURL"
        contact = names.of("catalog", "contact")
        yield from about(contact, ("rdf:type", "vcard:Kind"), (how, NamedNode(said.contact)))
        yield from about(contact, *words("vcard:fn", said.publisher))


def _distributions(said: About, names: Names, files: Mapping[str, bytes]) -> Iterator[Triple]:
    """Describe each file of the graph: where it can be had, in what form, how large it is."""
    for name, data in files.items():
        ending = name.removeprefix("graph")
        if not name.startswith("graph.") or ending not in _MEDIA_TYPES:
            continue
        iri, media = names.of("dataset", "file", name), NamedNode(_IANA + _MEDIA_TYPES[ending])
        address, checksum = (
            NamedNode(said.address + name),
            names.of("dataset", "file", name, "sha256"),
        )
        yield from about(names.dataset, ("dcat:distribution", iri))
        yield from about(
            iri,
            ("rdf:type", "dcat:Distribution"),
            ("dcterms:title", Literal(name)),
            ("dcat:accessURL", address),
            ("dcat:downloadURL", address),
            ("dcat:mediaType", media),
            ("dcat:byteSize", _typed(str(len(data)), "nonNegativeInteger")),
            ("dcterms:license", NamedNode(said.license)),
            ("spdx:checksum", checksum),
        )
        yield from about(media, ("rdf:type", "dcterms:MediaType"))
        yield from about(
            checksum,
            ("rdf:type", "spdx:Checksum"),
            ("spdx:algorithm", _SHA256),
            ("spdx:checksumValue", _typed(hashlib.sha256(data).hexdigest(), "hexBinary")),
        )
        yield from about(term(_SHA256), ("rdf:type", "spdx:ChecksumAlgorithm"))


def _service(said: About, names: Names) -> Iterator[Triple]:
    yield from about(
        names.of("catalog", "sparql"),
        ("rdf:type", "dcat:DataService"),
        *words("dcterms:title", {lang: f"{text} · SPARQL" for lang, text in said.title.items()}),
        ("dcat:endpointURL", NamedNode(said.endpoint)),
        ("dcat:servesDataset", names.dataset),
    )


def _typed(text: str, datatype: str) -> Literal:
    return Literal(text, datatype=NamedNode(XSD + datatype))


def _languages(store: GraphStore) -> list[str]:
    """List the languages of the documents, as codes of the EU authority table."""
    pattern = (None, NamedNode(DCTERMS + "language"), None, DefaultGraph())
    quads = store.engine.quads_for_pattern(*pattern)
    tags = {text_of(quad.object).split("-")[0] for quad in quads}
    return sorted(_LANGUAGES[tag] for tag in tags & _LANGUAGES.keys())


def _last_day(store: GraphStore) -> str:
    """Give the last day on which a document was issued or something was judged; empty for none."""
    rows = cast("QuerySolutions", store.engine.query(_LAST_DAY))
    return max((text_of(row["day"]) for row in rows), default="")
