"""N-Quads and TriG a graph at a time, so that memory does not grow with the number of graphs.

In: a store. Out: pieces of the file, which together are the bytes that writing it whole gives.
"""

from __future__ import annotations

import gzip
import io
from collections.abc import Iterable, Iterator

from pyoxigraph import NamedNode, RdfFormat

from policygraph.graph.store import GraphStore
from policygraph.graph.terms import write
from policygraph.identifiers import Identifiers, origin_of
from policygraph.publish.rdf import origins_of, prefixes_for

FORMATS = {"nq": RdfFormat.N_QUADS, "trig": RdfFormat.TRIG}
"""The formats that can be written a graph at a time: those that name graphs."""


def streamed(store: GraphStore, form: str, choice: str, ids: Identifiers) -> Iterator[bytes]:
    """Write the graphs of a store, each when its turn comes.

    Args:
        store: the graph.
        form: ``nq`` or ``trig``.
        choice: ``stated``, ``inferred``, ``all`` or ``everything``.
        ids: how the IRIs of its things begin.
    """
    names = prefixes_for(ids) if form == "trig" else None
    origins = origins_of(choice)
    graphs = (g for g in store.engine.named_graphs() if isinstance(g, NamedNode))
    chosen = sorted((g for g in graphs if origin_of(g.value) in origins), key=str)
    for place, graph in enumerate(chosen):
        quads = store.engine.quads_for_pattern(None, None, None, graph)
        data = write(sorted(quads, key=lambda quad: str(quad.triple)), FORMATS[form], names)
        yield _without_prefixes(data) if place else data


def _without_prefixes(data: bytes) -> bytes:
    """Leave out the lines that say what prefixes mean; they stand once, at the beginning."""
    start = 0
    while data.startswith(b"@prefix ", start):
        start = data.index(b"\n", start) + 1
    return data[start:]


def zipped(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """Compress as gzip, with neither name nor time in it: the same input gives the same bytes."""
    held = io.BytesIO()
    with gzip.GzipFile(fileobj=held, mode="wb", filename="", mtime=0) as file:
        for piece in pieces:
            file.write(piece)
            yield held.getvalue()
            held.seek(0)
            held.truncate()
    yield held.getvalue()
