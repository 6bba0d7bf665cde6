"""Files laid beside a graph for one question: linked vocabularies, other people's graphs.

In: a store and files of RDF. Out: a store in memory that holds both. Each file is a graph of its
own, named by the file's address, and part of what is asked without GRAPH. What was built stays as
it was. Nothing is fetched.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

from pyoxigraph import NamedNode, Quad, RdfFormat, parse

from policygraph.errors import UnreadableInput, Where
from policygraph.graph.link.guard import refuse_hostile
from policygraph.graph.store import GraphStore

FORMS = {
    ".ttl": RdfFormat.TURTLE,
    ".nt": RdfFormat.N_TRIPLES,
    ".nq": RdfFormat.N_QUADS,
    ".trig": RdfFormat.TRIG,
    ".rdf": RdfFormat.RDF_XML,
    ".owl": RdfFormat.RDF_XML,
    ".xml": RdfFormat.RDF_XML,
    ".jsonld": RdfFormat.JSON_LD,
}
"""Endings of files that hold RDF."""


_CONTEXT = re.compile(rb'"@context"\s*:\s*(?:\[\s*)?(")')


def with_files(store: GraphStore, files: Iterable[Path]) -> GraphStore:
    """Give a graph with files beside it.

    Args:
        store: what was built; it is not changed.
        files: RDF in any form; the ending tells which.

    Raises:
        UnreadableInput: a file is missing, of no known form, or malformed; the line is named.
    """
    beside = GraphStore()
    beside.engine.bulk_extend(store.engine)
    for path in files:
        beside.engine.bulk_extend(_quads(path))
    return beside


def _quads(path: Path) -> Iterable[Quad]:
    if not path.is_file():
        raise UnreadableInput("source/missing", Where(str(path)), path=str(path))
    if path.suffix.lower() not in FORMS:
        facts = {"form": path.suffix or "-", "known": ", ".join(FORMS)}
        raise UnreadableInput("links/unknown-form", Where(str(path)), **facts)
    name = NamedNode(path.resolve().as_uri())
    refuse_hostile(path, FORMS[path.suffix.lower()])
    try:
        for quad in parse(path=str(path), format=FORMS[path.suffix.lower()]):
            yield Quad(quad.subject, quad.predicate, quad.object, name)
            yield Quad(quad.subject, quad.predicate, quad.object)
    except SyntaxError as error:
        raise malformed(path, error) from error


def malformed(path: Path, error: SyntaxError) -> UnreadableInput:
    """Say what is wrong with a file of RDF, and in which line."""
    where, why = Where(str(path), error.lineno or 0), error.msg or str(error)
    if "remote context" in why:
        return UnreadableInput("links/remote-context", Where(str(path), _line_of_context(path)))
    return UnreadableInput("links/malformed-rdf", where, why=why)


def _line_of_context(path: Path) -> int:
    """Give the line in which a context is named by its address; 0 where that is hard to tell."""
    data = path.read_bytes()
    found = _CONTEXT.search(data)
    return data.count(b"\n", 0, found.start(1)) + 1 if found else 0
