"""What the endpoint says of itself (SPARQL 1.1 Service Description, W3C, 21 March 2013)."""

from __future__ import annotations

from pyoxigraph import NamedNode, Triple, serialize

from policygraph.graph.terms import TYPE
from policygraph.serve.sparql.answers import GRAPHS

_SD = "http://www.w3.org/ns/sparql-service-description#"
_FORMATS = "http://www.w3.org/ns/formats/"
_RESULTS = (
    *("SPARQL_Results_JSON", "SPARQL_Results_XML", "SPARQL_Results_CSV", "SPARQL_Results_TSV"),
    *("Turtle", "N-Triples", "JSON-LD", "RDF_XML", "N-Quads", "TriG"),
)


def description(address: str, described: str, form: str) -> bytes:
    """Describe the service.

    Args:
        address: of the endpoint.
        described: IRI of the graph that tells what is in all of them (VoID).
        form: one of ``GRAPHS``.
    """
    service, data, graph, one = (
        NamedNode(f"{address}#{name}") for name in ("service", "data", "graph", "description")
    )
    told = [
        (service, TYPE, _sd("Service")),
        (service, _sd("endpoint"), NamedNode(address)),
        (service, _sd("supportedLanguage"), _sd("SPARQL11Query")),
        (service, _sd("defaultDataset"), data),
        (data, TYPE, _sd("Dataset")),
        (data, _sd("defaultGraph"), graph),
        (graph, TYPE, _sd("Graph")),
        (data, _sd("namedGraph"), one),
        (one, TYPE, _sd("NamedGraph")),
        (one, _sd("name"), NamedNode(described)),
        *((service, _sd("resultFormat"), NamedNode(_FORMATS + name)) for name in _RESULTS),
    ]
    triples = [Triple(*each) for each in told]
    return serialize(triples, format=GRAPHS[form], prefixes={"sd": _SD, "formats": _FORMATS}) or b""


def _sd(name: str) -> NamedNode:
    return NamedNode(_SD + name)
