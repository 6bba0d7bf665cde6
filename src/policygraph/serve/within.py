"""The store that questions in SPARQL are asked of: the graph, and its description within it.

Editors of SPARQL ask an endpoint for the prefixes, classes and example queries that they offer
(docs/decisions/0061). In: a store that nobody writes, and the workspace whose queries there are.
Out: a store beside it that shares its files and holds the description (VoID, SHACL) as well, in a
graph of its own that is part of what is asked without GRAPH.
"""

from __future__ import annotations

import hashlib
from contextlib import suppress
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path

from pyoxigraph import RdfFormat, parse

from policygraph.errors import CannotWrite
from policygraph.graph.store import GraphStore
from policygraph.graph.terms import in_graph
from policygraph.identifiers import Identifiers
from policygraph.publish.folder import MANIFEST, write_file
from policygraph.settings import About
from policygraph.workspace import Place

ASKED = "asked"
"""Name of the store that questions are asked of."""
DESCRIPTION = "description"
"""What the graph of the description is called, below ``graph/``."""


def place_served(root: Path | None, base: str) -> Place:
    """Find a workspace; where there is none, terms and queries are the bundled ones."""
    if root:
        return replace(Place.at(root), base=base)
    nowhere = Path("there-is-no-workspace")
    return replace(Place.bundled(), root=nowhere, data=nowhere, about=About(), base=base)


def with_description(store: Path, place: Place, built: Path | None) -> tuple[Path, bytes]:
    """Make the store that questions are asked of.

    Args:
        store: the folder of the graph; the other store is made beside it.
        place: the workspace that the graph is served for.
        built: the folder that the graph was written into, if any; the description is kept beside
            that, because counting a large graph takes a while.

    Returns:
        The folder of the store, and the description as Turtle.
    """
    asked = store.with_name(ASKED)
    graph = GraphStore.at(store, read_only=True)
    told = _kept(graph, place, built)
    graph.engine.backup(str(asked))
    triples = (quad.triple for quad in parse(told, format=RdfFormat.TURTLE))
    described = GraphStore.at(asked)
    described.add(in_graph(triples, Identifiers(place.base).graph(DESCRIPTION)))
    described.engine.flush()
    described.close()
    return asked, told


def _kept(graph: GraphStore, place: Place, built: Path | None) -> bytes:
    """Give the description of a graph: the one kept beside it, or a new one, which is kept."""
    from policygraph.publish.catalog.void import void_description

    if built is None:
        return void_description(graph, place)
    path = built.with_name(f".{built.name}.void.ttl")
    stamp = f"# {_stamp(place, built)}\n".encode()
    with suppress(OSError):
        if (kept := path.read_bytes()).startswith(stamp):
            return kept
    told = stamp + void_description(graph, place)
    with suppress(CannotWrite):  # a folder that may only be read
        write_file(path, told)
    return told


def _stamp(place: Place, built: Path) -> str:
    """Name what a description is made of: the graph, the queries, the settings, the program."""
    known = hashlib.sha256((built / MANIFEST).read_bytes())
    for path in (*sorted(place.queries.glob("*.rq")), place.ontology / "schemes.ttl"):
        known.update(path.read_bytes())
    known.update(f"{place.about} {version('policygraph')} {version('pyoxigraph')}".encode())
    return known.hexdigest()
