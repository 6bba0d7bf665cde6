"""A store elsewhere: graphs go in by the Graph Store protocol, questions by the SPARQL protocol.

In: quads. Out: answers. What a store can do is found out by trying: whether it takes N-Quads of
many graphs in one request, and whether its default graph is already the union of all graphs.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby, islice
from typing import TypeVar, cast
from urllib.parse import quote, urlencode

from pyoxigraph import (
    DefaultGraph,
    Literal,
    NamedNode,
    Quad,
    QueryBoolean,
    QueryResultsFormat,
    QuerySolutions,
    RdfFormat,
    Triple,
    parse_query_results,
)

from policygraph.errors import RemoteFailure, WrongUsage
from policygraph.graph.store import is_reviewed
from policygraph.graph.terms import LABEL, text_of, write
from policygraph.remote.addresses import Addresses
from policygraph.remote.connection import Connection

_Triple = tuple[NamedNode, NamedNode, NamedNode | Literal]
Thing = TypeVar("Thing")

_ROWS = "application/sparql-results+json"
_FORM = "application/x-www-form-urlencoded"
_AT_ONCE = 200
"""Graphs that one question is about."""
_DELETED = 5000
"""Triples in one request to delete."""


class RemoteStore:
    """A store that speaks SPARQL 1.1 over HTTP."""

    def __init__(self, addresses: Addresses, connection: Connection) -> None:
        self.addresses = addresses
        self._connection = connection
        self.takes_quads = False
        self.has_union = False

    # questions

    def ask(self, query: str, accept: str = _ROWS) -> bytes:
        """Send a query and give the answer as it comes.

        Raises:
            RemoteFailure: there is no answer.
        """
        headers = {"Accept": accept, "Content-Type": _FORM}
        body = urlencode({"query": query}).encode()
        return self._connection.send("POST", self.addresses.query, body, headers)

    def rows(self, query: str) -> Iterator[tuple[object, ...]]:
        """Ask a SELECT query and give its rows."""
        found = cast("QuerySolutions", self.solutions(query))
        try:
            yield from (tuple(row) for row in found)
        except (SyntaxError, ValueError) as error:
            raise self._no_answer(error) from error

    def solutions(self, query: str) -> QuerySolutions | QueryBoolean:
        """Ask a SELECT or ASK query and give what the answer says."""
        data = self.ask(query)
        try:
            return parse_query_results(data, QueryResultsFormat.JSON)
        except (SyntaxError, ValueError) as error:
            raise self._no_answer(error) from error

    def _no_answer(self, error: Exception) -> RemoteFailure:
        facts = {"address": self.addresses.query, "why": str(error).splitlines()[0]}
        return RemoteFailure("remote/no-answer", **facts)

    def _number(self, query: str) -> int:
        """Ask for a number."""
        return int(text_of(next(self.rows(query))[0]))

    def default_count(self) -> int:
        """Count the triples of the default graph."""
        return self._number("SELECT (COUNT(*) AS ?n) WHERE { ?s ?p ?o }")

    def graphs_under(self, base: str) -> Iterator[str]:
        """List the graphs whose names begin with a base."""
        pattern = (
            "SELECT DISTINCT ?g WHERE { GRAPH ?g { ?s ?p ?o } FILTER(STRSTARTS(STR(?g), ?b)) }"
        )
        found = self.rows(pattern.replace("?b", str(Literal(base))))
        return (text_of(name) for (name,) in found)

    def quads_of(self, graphs: Iterable[str]) -> Iterator[tuple[object, ...]]:
        """Give the quads of some graphs as rows: subject, predicate, object, graph."""
        for names in batches(graphs, _AT_ONCE):
            yield from self.rows(
                f"SELECT ?s ?p ?o ?g WHERE {{ {_values(names)} GRAPH ?g {{ ?s ?p ?o }} }}"
            )

    def counts_of(self, graphs: Iterable[str]) -> Iterator[tuple[str, int]]:
        """Count the quads of each of some graphs; none is given where there are none."""
        for names in batches(graphs, _AT_ONCE):
            query = (
                f"SELECT ?g (COUNT(*) AS ?n) WHERE {{ {_values(names)} GRAPH ?g {{ ?s ?p ?o }} }}"
                " GROUP BY ?g"
            )
            for graph, count in self.rows(query):
                if graph is not None:
                    yield text_of(graph), int(text_of(count))

    # changes

    def learn(self, probe: str) -> None:
        """Find out what the store can do, with a graph of one triple that is taken out again.

        Args:
            probe: name of the graph; nothing else may have it.
        """
        name = NamedNode(probe)
        quad = Quad(name, LABEL, NamedNode(probe + "/learnt"), name)
        self._quads([quad], ok_to_refuse=True)
        self.takes_quads = next(self.counts_of([probe]), None) is not None
        if not self.takes_quads:
            self.replace(probe, [quad.triple])
        asked = f"SELECT ?o WHERE {{ {quad.subject} {quad.predicate} ?o }} LIMIT 1"
        self.has_union = next(self.rows(asked), None) is not None
        self.delete(probe)

    def add(self, quads: list[Quad], begun: set[str]) -> None:
        """Put quads into their graphs and, unless they are candidates, into the default graph.

        Args:
            quads: of one graph after the other.
            begun: the graphs that hold a part already which must stay; those put in are added.
        """
        merge = [] if self.has_union else [Quad(*q.triple) for q in quads if is_reviewed(q)]
        if self.takes_quads:
            self._quads([*quads, *merge])
            return
        for name, those in groupby(quads, lambda quad: text_of(quad.graph_name)):
            triples = [quad.triple for quad in those]
            if name in begun:
                self._triples("POST", f"graph={quote(name, safe='')}", triples)
            else:
                self.replace(name, triples)
                begun.add(name)
        if merge:
            self._triples("POST", "default", [quad.triple for quad in merge])

    def replace(self, graph: str, triples: Iterable[Triple]) -> None:
        """Put triples into a graph in place of what it holds."""
        self._triples("PUT", f"graph={quote(graph, safe='')}", triples)

    def delete(self, graph: str) -> None:
        """Delete a graph, or leave things as they are if there is none."""
        address = f"{self.addresses.graphs}?graph={quote(graph, safe='')}"
        self._connection.send("DELETE", address, accepted=(404,))

    def delete_from_default(self, triples: Iterable[Triple]) -> None:
        """Delete triples from the default graph.

        Raises:
            WrongUsage: where the store takes changes is not known.
        """
        for some in batches(triples, _DELETED):
            if not self.addresses.update:
                raise WrongUsage("remote/no-update-address")
            text = write(some, RdfFormat.N_TRIPLES).decode()
            body = urlencode({"update": f"DELETE DATA {{\n{text}}}"}).encode()
            self._connection.send("POST", self.addresses.update, body, {"Content-Type": _FORM})

    def _quads(self, quads: list[Quad], *, ok_to_refuse: bool = False) -> None:
        refusals = tuple(range(400, 501)) if ok_to_refuse else ()
        refusals = tuple(status for status in refusals if status not in (401, 403))
        body, headers = write(quads, RdfFormat.N_QUADS), {"Content-Type": "application/n-quads"}
        self._connection.send("POST", self.addresses.graphs, body, headers, accepted=refusals)

    def _triples(self, method: str, target: str, triples: Iterable[Triple]) -> None:
        body, headers = (
            write(triples, RdfFormat.N_TRIPLES),
            {"Content-Type": "application/n-triples"},
        )
        self._connection.send(method, f"{self.addresses.graphs}?{target}", body, headers)


def in_default(row: tuple[object, ...]) -> Quad:
    """Give a row of subject, predicate and object as a quad of the default graph."""
    return Quad(*cast("_Triple", row[:3]), DefaultGraph())


def _values(names: Iterable[str]) -> str:
    """Write graphs as data of a query; a name that is no IRI is refused by ``NamedNode``."""
    return f"VALUES ?g {{ {' '.join(str(NamedNode(name)) for name in names)} }}"


def batches(things: Iterable[Thing], size: int) -> Iterator[list[Thing]]:
    """Take things a number at a time."""
    remaining = iter(things)
    while some := list(islice(remaining, size)):
        yield some
