"""Shapes held against a store on disk by several processes, each of which takes a share.

In: a store on disk and a file of shapes. Out: the results that one process would give.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from itertools import chain
from pathlib import Path

from policygraph.graph.shacl import Share
from policygraph.graph.store import GraphStore
from policygraph.graph.validate import Result, read_shapes, validate_store

STILL = "still"
"""Where, beside a store, others read it while it is written."""

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
    from policygraph.corpus.processes import in_order, pool_of

    shares = [Share(number, jobs) for number in range(jobs)]
    with _still(store, store.folder) as folder, pool_of(jobs) as pool:
        found = in_order(pool, partial(_share, folder, shapes), shares, jobs)
        return sorted(chain.from_iterable(found))


@contextmanager
def _still(store: GraphStore, folder: Path) -> Iterator[Path]:
    """Give a folder of the same store whose files stay while the store rearranges its own.

    The files are linked, not copied; without that, a reader loses those that a compaction replaces.
    """
    still = folder.with_name(STILL)
    shutil.rmtree(still, ignore_errors=True)
    try:
        store.engine.backup(str(still))
        yield still
    finally:
        shutil.rmtree(still, ignore_errors=True)


def _share(folder: Path, shapes: Path, share: Share) -> list[Result]:
    store = GraphStore.at(folder, read_only=True)
    return validate_store(store.engine, read_shapes(shapes), "fast", share)
