"""What is served: a graph that was built, a store on disk, or a file of quads.

In: a path. Out: a store that nobody writes, and a name of its content. A store is linked, not
copied, so that a build that puts a new one in its place does not pull it from under the workers.
"""

from __future__ import annotations

import hashlib
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from filelock import FileLock, Timeout
from pyoxigraph import RdfFormat, parse

from policygraph.errors import CannotWrite, UnreadableInput, Where
from policygraph.graph.store import GraphStore
from policygraph.pipeline import open as open_graph
from policygraph.publish.folder import MANIFEST, STORE
from policygraph.serve.indexing import indexed
from policygraph.serve.within import place_served, with_description
from policygraph.workspace import Place

_SUFFIXES = (".nq", ".trig", ".nt", ".ttl")
_MARK = ".serving-"
_LOCK = "lock"


@dataclass(frozen=True)
class Served:
    """A graph that is served.

    Attributes:
        store: the folder of a store that nobody writes.
        asked: the same with the graph's description in it: what questions are asked of.
        base: how the IRIs of its things begin.
        build: names its content and the programs that read it, in hexadecimal.
        index: of its names and sentences, a file that nobody writes; it is there when it is laid
            down, which that of a large graph is while the others are asked already.
        root: the folder of the workspace it was built from; None where there is none.
    """

    store: Path
    asked: Path
    base: str
    build: str
    index: Path
    root: Path | None = None


@contextmanager
def served(path: Path, base: str) -> Iterator[Served]:
    """Make a graph ready to be served, and clear away afterwards.

    Args:
        path: a workspace, the folder of a built graph, a store on disk, or a file of RDF.
        base: how IRIs begin where the graph does not say it.

    Raises:
        UnreadableInput: there is no graph.
        CannotWrite: there is no room for a store.
    """
    found = _graph_at(path)
    if found.is_file():
        with served_graph(_read(found), base, found.read_bytes()) as made:
            yield made
        return
    if not (found / MANIFEST).is_file():
        with _linked(found, found) as store, _ready(store, base, _listing(found)) as made:
            yield made
        return
    graph = open_graph(found)
    base, root = graph.place.base, graph.place.root
    if graph.store.folder is None:
        with served_graph(graph.store, base, (found / MANIFEST).read_bytes(), found, root) as made:
            yield made
        return
    lies = graph.store.folder
    with _linked(lies, found) as store, _ready(store, base, _listing(lies), found, root) as made:
        yield made


@contextmanager
def served_graph(
    graph: GraphStore,
    base: str,
    content: bytes,
    built: Path | None = None,
    root: Path | None = None,
) -> Iterator[Served]:
    """Make a graph in memory ready to be served; see ``served``.

    Args:
        graph: the graph.
        base: how the IRIs of its things begin.
        content: bytes that differ where graphs differ.
        built: the folder that it was written into; its index is kept beside that.
        root: the folder of its workspace.
    """
    with tempfile.TemporaryDirectory(prefix="policygraph-") as room:
        store = Path(room) / STORE
        _filled(store, graph)
        with _ready(store, base, content, built, root) as made:
            yield made


@contextmanager
def _ready(
    store: Path, base: str, content: bytes, built: Path | None = None, root: Path | None = None
) -> Iterator[Served]:
    """Lay down beside a store what is needed to serve it; see ``served_graph``."""
    with indexed(store, base, built) as index:
        asked, told = with_description(store, place_served(root, base), built)
        yield Served(store, asked, base, _named(content + told), index, root)


@contextmanager
def _linked(lies: Path, found: Path) -> Iterator[Path]:
    """Link a store into a folder beside what was found, where no build replaces it."""
    with _room(found) as room:
        try:
            GraphStore.at(lies, read_only=True).engine.backup(str(room / STORE))
        except (OSError, RuntimeError) as error:
            raise UnreadableInput("publish/damaged-dist", Where(str(lies)), name=STORE) from error
        yield room / STORE


def _graph_at(path: Path) -> Path:
    """Find the graph that a path means."""
    if path.is_dir():
        if (path / MANIFEST).is_file() or (path / "CURRENT").is_file():
            return path
        dist = Place.at(path).root / "dist"
        if not (dist / MANIFEST).is_file():
            raise UnreadableInput("publish/no-dist", Where(str(dist)), path=str(dist))
        return dist
    if not path.exists():
        raise UnreadableInput("source/missing", Where(str(path)), path=str(path))
    if path.suffix not in _SUFFIXES:
        known = ", ".join(_SUFFIXES)
        raise UnreadableInput("serve/not-a-graph", Where(str(path)), known=known)
    return path


def _read(path: Path) -> GraphStore:
    try:
        form = RdfFormat.from_extension(path.suffix[1:])
        return GraphStore(parse(path=str(path), format=form))
    except OSError as error:
        raise UnreadableInput("source/missing", Where(str(path)), path=str(path)) from error
    except SyntaxError as error:
        where = Where(str(path), error.lineno or 0)
        raise UnreadableInput("turtle/malformed", where, why=error.msg) from error


def _filled(folder: Path, graph: GraphStore) -> None:
    """Write a graph in memory to disk, merge and all, as it stands."""
    try:
        fresh = GraphStore.at(folder)
        fresh.engine.bulk_extend(iter(graph.engine))
        fresh.engine.optimize()
        fresh.close()
    except OSError as error:
        raise CannotWrite("publish/cannot-write", Where(str(folder)), why=str(error)) from error


def _listing(folder: Path) -> bytes:
    """Name what a store holds by its files; they are never changed, only replaced."""
    files = sorted((path.name, path.stat().st_size) for path in folder.glob("*.sst"))
    return repr(files).encode()


def _named(content: bytes) -> str:
    programs = f"{version('policygraph')} {version('pyoxigraph')} "
    return hashlib.sha256(programs.encode() + content).hexdigest()


@contextmanager
def _room(found: Path) -> Iterator[Path]:
    """Make a folder, beside a store if that can be, where linking costs nothing."""
    beside = found.resolve().parent
    prefix = f".{found.name}{_MARK}"
    try:
        _sweep(beside, prefix)
        room = Path(tempfile.mkdtemp(prefix=prefix, dir=beside))
    except OSError:  # a folder that may only be read
        room = Path(tempfile.mkdtemp(prefix="policygraph-"))
    try:
        with FileLock(room / _LOCK):
            yield room
    finally:
        shutil.rmtree(room, ignore_errors=True)


def _sweep(beside: Path, prefix: str) -> None:
    """Clear away what servers left that were killed."""
    for left in beside.glob(f"{prefix}*"):
        try:
            with FileLock(left / _LOCK, blocking=False):
                shutil.rmtree(left, ignore_errors=True)
        except (Timeout, OSError):  # somebody serves it
            continue
