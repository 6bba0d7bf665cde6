"""The index of a graph that is served: kept from before, laid down at once, or while it is served.

In: the store. Out: the place of the index, a file that is there when it can be asked. That of a
large graph takes minutes, and nobody need wait for it who only reads or asks in SPARQL: a process
beside the server lays it down, and until then a search is told to come again.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from functools import partial
from itertools import islice
from pathlib import Path
from sqlite3 import Connection, connect

from policygraph.graph.search.index import index_of
from policygraph.graph.search.kept import current, kept, place_beside
from policygraph.graph.store import GraphStore
from policygraph.identifiers import Identifiers
from policygraph.serve.ending import end_with_parent

_SOON = 100_000
"""Quads whose index is laid down before the server opens; it takes some seconds."""
_HUMBLE = 10


@contextmanager
def indexed(store: Path, base: str, built: Path | None = None) -> Iterator[Path]:
    """Have an index laid down beside a store, and end what lays it down when it is not needed.

    Args:
        store: the folder of the graph.
        base: how the IRIs of its things begin.
        built: the folder the graph was written into, if any; its index is kept beside that.
    """
    target = store.with_name("search.sqlite")
    found = current(*place_beside(built)) if built else None
    if found:
        with closing(found):
            _copied(found, target)
        yield target
        return
    if _is_small(store):
        lay_down(store, base, built, target)
        yield target
        return
    arguments = (str(store), base, str(built or ""), str(target))
    command = (sys.executable, "-P", "-m", "policygraph.serve.indexing", *arguments)
    laying = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
    try:
        yield target
    finally:
        laying.kill()
        laying.wait()


def lay_down(store: Path, base: str, built: Path | None, target: Path) -> None:
    """Lay the index of a store down; it is at its place when it is whole."""
    graph = GraphStore.at(store, read_only=True)
    make = partial(index_of, graph, Identifiers(base))
    fresh = target.with_name(f"{target.name}.new")
    if built is None:
        make(fresh).close()
        fresh.replace(target)
        return
    with closing(kept(*place_beside(built), make)) as index:
        _copied(index, target)


def _copied(index: Connection, target: Path) -> None:
    fresh = target.with_name(f"{target.name}.new")
    with closing(connect(fresh)) as copy:
        index.backup(copy)
    fresh.replace(target)


def _is_small(store: Path) -> bool:
    quads = iter(GraphStore.at(store, read_only=True).engine)
    return next(islice(quads, _SOON, None), None) is None


def main() -> None:
    """Lay an index down for the server that started this process."""
    end_with_parent()
    if hasattr(os, "nice"):
        os.nice(_HUMBLE)
    store, base, built, target = sys.argv[1:]
    lay_down(Path(store), base, Path(built) if built else None, Path(target))


if __name__ == "__main__":
    main()
