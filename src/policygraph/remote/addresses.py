"""Where a store takes graphs, questions and changes, and who asks.

In: what a user types, and the environment. Out: three addresses; what proves who one is, which is
never shown. The products below put their three addresses in known places.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple
from urllib.parse import urlsplit, urlunsplit

from policygraph.errors import WrongUsage
from policygraph.identifiers import is_address


class _Layout(NamedTuple):
    """How the addresses of a product end: of its graph store, of questions, of changes."""

    graphs: str
    query: str
    update: str


_LAYOUTS = (
    _Layout("/store", "/query", "/update"),  # Oxigraph
    _Layout("/data", "/sparql", "/update"),  # Apache Jena Fuseki
    _Layout("/sparql-graph-crud-auth", "/sparql", "/sparql-auth"),  # Virtuoso
    _Layout("/sparql-graph-crud", "/sparql", "/sparql"),  # Virtuoso, open to all
    _Layout("/rdf-graphs/service", "", "/statements"),  # RDF4J, GraphDB
)


@dataclass(frozen=True)
class Addresses:
    """Where a store takes graphs (SPARQL 1.1 Graph Store HTTP Protocol), questions, changes."""

    graphs: str
    query: str
    update: str


@dataclass(frozen=True)
class Identity:
    """Who asks: a token, or a name and a password, or nobody."""

    user: str = ""
    password: str = field(default="", repr=False)
    token: str = field(default="", repr=False)

    @classmethod
    def of(cls, environment: Mapping[str, str]) -> Identity:
        """Read POLICYGRAPH_ENDPOINT_TOKEN, or POLICYGRAPH_ENDPOINT_USER and …_PASSWORD."""
        names = ("USER", "PASSWORD", "TOKEN")
        return cls(*(environment.get(f"POLICYGRAPH_ENDPOINT_{name}", "") for name in names))

    def __bool__(self) -> bool:
        """Tell whether there is anything to prove it with."""
        return bool(self.user or self.token)


def addresses(
    endpoint: str, query: str = "", update: str = "", *, queries: bool = False
) -> Addresses:
    """Work out the addresses of a store.

    Args:
        endpoint: of its graph store, of its questions, or only its host.
        query: of its questions, where it cannot be worked out.
        update: of its changes, likewise.

        queries: an address of an unknown form is that of questions.

    Raises:
        WrongUsage: an address is none, or holds a password; or it is not known where questions go.
    """
    for each in filter(None, (endpoint, query, update)):
        _check(each)
    parts = urlsplit(endpoint)
    if parts.path in ("", "/"):
        parts = parts._replace(path=_LAYOUTS[0].graphs)
    graphs = urlunsplit(parts)
    for layout in _LAYOUTS:
        if parts.path.endswith(layout.graphs):
            stem = parts.path.removesuffix(layout.graphs)
            guessed = (urlunsplit(parts._replace(path=stem + end)) for end in layout[1:])
            found_query, found_update = guessed
            return Addresses(graphs, query or found_query, update or found_update)
    if not (query or queries):
        raise WrongUsage("remote/no-query-address", given=endpoint)
    return Addresses(graphs, query or graphs, update)


def _check(address: str) -> None:
    if not is_address(address):
        raise WrongUsage("remote/not-an-address", given=address)
    if urlsplit(address).username is not None:
        raise WrongUsage("remote/password-in-address")


def in_the_clear(address: str) -> bool:
    """Tell whether what is sent there can be read on the way."""
    parts = urlsplit(address)
    return parts.scheme == "http" and parts.hostname not in ("localhost", "127.0.0.1", "::1")
