"""Shapes held against a store on disk by several processes, each of which takes a share.

In: a store on disk and a file of shapes. Out: the results that one process would give.
"""

from __future__ import annotations

from itertools import chain
from pathlib import Path

from policygraph.corpus.processes import pool_of
from policygraph.graph.shacl import Share
from policygraph.graph.store import GraphStore
from policygraph.graph.validate import Result, read_shapes, validate_store

_FEW = 250_000
"""Quads, the merge included, up to which starting processes takes longer than it saves."""


def judged(store: GraphStore, shapes: Path, engine: str, jobs: int) -> list[Result]:
    """Hold the whole of a store against shapes.

    Args:
        store: the graph; on disk if there are several processes.
        shapes: file of shapes.
        engine: ``pyshacl``, which works alone, or ``fast``.
        jobs: number of processes.

    Raises:
        WorkLost: a process was killed.
    """
    if store.folder is None or jobs == 1 or engine == "pyshacl" or store.at_most(_FEW):
        return validate_store(store.engine, read_shapes(shapes), engine)
    store.engine.flush()
    shares = [Share(number, jobs) for number in range(jobs)]
    with pool_of(jobs) as pool:
        found = pool.map(_share, *zip(*((store.folder, shapes, s) for s in shares), strict=True))
        return sorted(chain.from_iterable(found))


def _share(folder: Path, shapes: Path, share: Share) -> list[Result]:
    store = GraphStore.at(folder, read_only=True)
    return validate_store(store.engine, read_shapes(shapes), "fast", share)
