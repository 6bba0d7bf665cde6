"""Prefixes and the few foreign terms the code names. Strings only: no RDF library is needed here.

The one list of prefixes is ``ontology/prefixes.ttl``.
"""

from __future__ import annotations

import functools
import re

from policygraph.assets import asset

PG = "https://w3id.org/policygraph/ns#"
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
RDFS = "http://www.w3.org/2000/01/rdf-schema#"
OWL = "http://www.w3.org/2002/07/owl#"
XSD = "http://www.w3.org/2001/XMLSchema#"
SKOS = "http://www.w3.org/2004/02/skos/core#"
DCTERMS = "http://purl.org/dc/terms/"
PROV = "http://www.w3.org/ns/prov#"
NIF = "http://persistence.uni-leipzig.org/nlp2rdf/ontologies/nif-core#"
OA = "http://www.w3.org/ns/oa#"
SCHEMA = "https://schema.org/"
SSSOM = "https://w3id.org/sssom/"
VOID = "http://rdfs.org/ns/void#"
SH = "http://www.w3.org/ns/shacl#"

_PREFIX_LINE = re.compile(r"@prefix\s+([\w-]+):\s+<([^>]+)>\s*\.")


@functools.cache
def prefixes() -> dict[str, str]:
    """Read the prefixes of the project: prefix → namespace IRI, in the order of the file."""
    text = asset("ontology", "prefixes.ttl").read_text(encoding="utf-8")
    return dict(_PREFIX_LINE.findall(text))


def expand(name: str) -> str | None:
    """Expand ``pg:Goal`` to its IRI; None where the prefix is not one of ours.

    >>> expand("pg:Goal")
    'https://w3id.org/policygraph/ns#Goal'
    """
    prefix, colon, local = name.partition(":")
    namespace = prefixes().get(prefix)
    return namespace + local if colon and namespace and not local.startswith("//") else None


def shorten(iri: str) -> str:
    """Shorten an IRI to ``prefix:local`` where a prefix fits and the rest is a plain name.

    >>> shorten("https://w3id.org/policygraph/ns#Goal")
    'pg:Goal'
    """
    for prefix, namespace in prefixes().items():
        local = iri[len(namespace) :]
        if iri.startswith(namespace) and re.fullmatch(r"[\w.-]*\w", local):
            return f"{prefix}:{local}"
    return iri
