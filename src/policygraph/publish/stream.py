"""N-Quads and TriG a graph at a time, N-Triples and Turtle a thing, JSON-LD a document.

Memory holds only the names of graphs or things.

In: a store. Out: pieces of the file, which together are the bytes that writing it whole gives.
"""

from __future__ import annotations

import gzip
import io
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping

from pyoxigraph import NamedNode, RdfFormat

from policygraph.graph.store import GraphStore
from policygraph.graph.terms import text_of, write
from policygraph.identifiers import Identifiers, origin_of
from policygraph.publish.json_ld import json_ld_pieces
from policygraph.publish.rdf import origins_of, prefixes_for
from policygraph.publish.turtle import turtle_pieces

FORMATS = {
    "nq": RdfFormat.N_QUADS,
    "trig": RdfFormat.TRIG,
    "nt": RdfFormat.N_TRIPLES,
    "ttl": RdfFormat.TURTLE,
    "jsonld": RdfFormat.JSON_LD,
}
"""The formats that can be written a piece at a time."""


def streamed(store: GraphStore, form: str, choice: str, ids: Identifiers) -> Iterator[bytes]:
    """Write the graphs or things of a store, each when its turn comes.

    Args:
        store: the graph.
        form: ``nq``, ``trig``, ``nt``, ``ttl`` or ``jsonld``.
        choice: ``stated``, ``inferred``, ``all`` or ``everything``.
        ids: how the IRIs of its things begin.
    """
    origins = origins_of(choice)
    if form == "nt":
        return _things(store, origins)
    if form == "ttl":
        return turtle_pieces(store, choice, ids)
    if form == "jsonld":
        return json_ld_pieces(store, origins, ids)
    return _graphs(store, form, origins, prefixes_for(ids) if form == "trig" else None)


def _graphs(
    store: GraphStore, form: str, origins: Collection[str], names: Mapping[str, str] | None
) -> Iterator[bytes]:
    graphs = (g for g in store.engine.named_graphs() if isinstance(g, NamedNode))
    chosen = sorted((g for g in graphs if origin_of(g.value) in origins), key=str)
    for place, graph in enumerate(chosen):
        quads = store.engine.quads_for_pattern(None, None, None, graph)
        data = write(sorted(quads, key=lambda quad: str(quad.triple)), FORMATS[form], names)
        yield _without_prefixes(data) if place else data


def _things(store: GraphStore, origins: Collection[str]) -> Iterator[bytes]:
    """Write N-Triples; those of a thing stand together when the whole is sorted."""
    subjects = {quad.subject for quad in store.quads(*origins)}
    for subject in sorted(subjects, key=lambda node: f"{node} "):
        quads = store.engine.quads_for_pattern(subject, None, None, None)
        triples = {quad.triple for quad in quads if origin_of(text_of(quad.graph_name)) in origins}
        yield write(sorted(triples, key=str), RdfFormat.N_TRIPLES)


def _without_prefixes(data: bytes) -> bytes:
    """Leave out the lines that say what prefixes mean; they stand once, at the beginning."""
    start = 0
    while data.startswith(b"@prefix ", start):
        start = data.index(b"\n", start) + 1
    return data[start:]


def compressed(pieces: Iterable[bytes], ending: str) -> Iterable[bytes]:
    """Compress pieces as the ending of a file name says: ``.gz``, ``.zst``, or not at all."""
    ways: Mapping[str, Callable[[Iterable[bytes]], Iterable[bytes]]]
    ways = {".gz": zipped, ".zst": _zstandard}
    return ways[ending](pieces) if ending in ways else pieces


def _zstandard(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """Compress as Zstandard (RFC 8878): the same input gives the same bytes."""
    import zstandard

    packer = zstandard.ZstdCompressor(level=9, write_checksum=True).compressobj()
    for piece in pieces:
        yield packer.compress(piece)
    yield packer.flush()


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
