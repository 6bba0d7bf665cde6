"""What a SPARQL editor offers: the prefixes, and the named queries as examples.

In: named queries. Out: triples of SHACL (section 5.2.1, prefix declarations; SHACL Advanced
Features, section 5.2, executables), as the editors of the Swiss Institute of Bioinformatics and
others read them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from pyoxigraph import Literal, NamedNode, Triple

from policygraph.graph.query import NamedQuery, without_opaque
from policygraph.namespaces import XSD
from policygraph.publish.catalog.names import Names, about, words

_FORM = re.compile(r"\b(SELECT|CONSTRUCT|ASK|DESCRIBE)\b(?!:)", re.IGNORECASE)
_ANY_URI = NamedNode(XSD + "anyURI")


def prefix_declarations(offered: Mapping[str, str], names: Names) -> Iterator[Triple]:
    """Declare the prefixes that queries may use."""
    for prefix, namespace in offered.items():
        iri = names.of("prefix", prefix)
        yield from about(names.dataset, ("sh:declare", iri))
        yield from about(
            iri,
            ("rdf:type", "sh:PrefixDeclaration"),
            ("sh:prefix", Literal(prefix)),
            ("sh:namespace", Literal(namespace, datatype=_ANY_URI)),
        )


def examples(queries: Iterable[NamedQuery], names: Names, endpoint: str) -> Iterator[Triple]:
    """Describe named queries as things that can be executed, and where if that is known."""
    for query in queries:
        form = form_of(query.text)
        iri = names.of("query", query.name)
        yield from about(
            iri,
            ("rdf:type", "sh:SPARQLExecutable"),
            ("rdf:type", f"sh:SPARQL{form.capitalize()}Executable"),
            ("sh:prefixes", names.dataset),
            (f"sh:{form}", Literal(query.text)),
            ("schema:target", NamedNode(endpoint) if endpoint else ""),
            *words("rdfs:label", query.title),
            *words("rdfs:comment", query.question),
        )


def form_of(text: str) -> str:
    r"""Tell what a query asks for: ``select``, ``construct``, ``ask`` or ``describe``.

    >>> form_of("# SELECT is not asked here\nASK { ?s ?p ?o }")
    'ask'
    """
    found = _FORM.search(without_opaque(text))
    return found[1].lower() if found else "select"
