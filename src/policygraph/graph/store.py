"""The store: all quads of a graph, with a default graph that is the merge of all named ones.

pyoxigraph is the engine; ``rdflib.Dataset`` is the face (docs/decisions/0008). The default graph is
kept as a real merge, not as Oxigraph's union, because the union gives a triple once for every
graph it stands in, and counts would be wrong where two passages state the same. For a graph read
from a file the merge is made when it is first needed: who only copies quads does without.
"""

from __future__ import annotations

import gc
import itertools
from collections.abc import Collection, Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from pyoxigraph import DefaultGraph, NamedNode, Quad, RdfFormat, Store, Triple

from policygraph.errors import UnreadableInput, Where
from policygraph.graph.terms import QUOTED, text_of
from policygraph.graph.written import iri_of
from policygraph.identifiers import origin_of

if TYPE_CHECKING:
    import rdflib

_BATCH = 2**19
"""Quads that wait in memory while a store is filled."""


class GraphStore:
    """Quads in named graphs, and their merge.

    Attributes:
        folder: where it lies, if on disk.
    """

    def __init__(self, quads: Iterable[Quad] = ()) -> None:
        self._store = Store()
        self._is_merged = True
        self.folder: Path | None = None
        self.add(quads)

    @classmethod
    def read(cls, path: Path) -> GraphStore:
        """Read an N-Quads file.

        Raises:
            UnreadableInput: the file is missing or malformed.
        """
        graph = cls()
        graph._is_merged = False
        try:
            graph._store.load(path=str(path), format=RdfFormat.N_QUADS)
        except OSError as error:
            raise UnreadableInput("source/missing", Where(str(path)), path=str(path)) from error
        except SyntaxError as error:
            where = Where(str(path), error.lineno or 0)
            raise UnreadableInput("turtle/malformed", where, why=error.msg) from error
        return graph

    @classmethod
    def at(cls, folder: Path, *, read_only: bool = False) -> GraphStore:
        """Open a store on disk, or make one where there is none.

        Raises:
            OSError: another process writes to it.
            RuntimeError: it is damaged.
        """
        graph = cls()
        graph._store = Store.read_only(str(folder)) if read_only else Store(str(folder))
        graph.folder = folder
        return graph

    @property
    def engine(self) -> Store:
        """The store of Oxigraph, with the merge in it."""
        if not self._is_merged:
            named = self._store.named_graphs()
            aside = {name for name in named if origin_of(text_of(name)) == "candidate"}
            rest = (quad for quad in self._store if quad.graph_name not in aside)
            self._store.extend(Quad(*quad.triple) for quad in rest)
            self._is_merged = True
        return self._store

    def close(self) -> None:
        """Let go of a store on disk, so that another may be opened there."""
        self._store = Store()
        gc.collect()  # the lock on the folder goes only with the last reference

    def add(self, quads: Iterable[Quad]) -> None:
        """Add quads to their graphs and, unless they are candidates, to the merge."""
        quads = list(quads)
        self.engine.extend(quads)
        self.engine.extend(Quad(*quad.triple) for quad in quads if is_reviewed(quad))

    def fill(self, quads: Iterable[Quad]) -> int:
        """Add many quads as ``add`` does, as fast as can be, and count them.

        Cut off, some of them are there. Only so many are held in memory at a time.
        """
        count, waiting = 0, iter(quads)
        while batch := list(itertools.islice(waiting, _BATCH)):
            self.engine.bulk_extend(batch)
            self.engine.bulk_extend(Quad(*quad.triple) for quad in batch if is_reviewed(quad))
            count += len(batch)
        return count

    def change(self, added: Iterable[Quad], removed: Iterable[Quad]) -> None:
        """Add quads and remove others; the merge keeps a triple as long as any graph does."""
        for quad in removed:
            self.engine.remove(quad)
            if is_reviewed(quad) and not self.asserted_in(quad.triple, but=frozenset()):
                self.engine.remove(Quad(*quad.triple))
        self.add(added)

    def asserted_in(self, triple: Triple, but: Collection[str]) -> list[str]:
        """List the graphs that hold a triple, candidates and some others aside."""
        graphs = self.graphs_of(triple)
        return [name for name in graphs if origin_of(name) != "candidate" and name not in but]

    def holds(self, graph: str) -> bool:
        """Tell whether a named graph holds anything."""
        return self.engine.contains_named_graph(NamedNode(graph))

    def at_most(self, number: int) -> bool:
        """Tell whether there are at most so many quads, the merge included."""
        return sum(1 for _ in itertools.islice(self.engine, number + 1)) <= number

    def passages_of(self, thing: str) -> Iterator[str]:
        """List the passages that a thing is quoted from, all as N-Quads writes them."""
        node = NamedNode(iri_of(thing))
        found = self.engine.quads_for_pattern(node, QUOTED, None, DefaultGraph())
        return (str(quad.object) for quad in found)

    def __len__(self) -> int:
        """Count the quads in named graphs."""
        return sum(1 for _ in self.quads())

    def quads(self, *origins: str) -> Iterator[Quad]:
        """Give the quads of named graphs, of some origins only where any are given."""
        for quad in self._store:
            graph = quad.graph_name
            if isinstance(graph, NamedNode) and (not origins or origin_of(graph.value) in origins):
                yield quad

    def triples(self) -> set[Triple]:
        """Give the merge as a set of triples."""
        merged = self.engine.quads_for_pattern(None, None, None, DefaultGraph())
        return {quad.triple for quad in merged}

    def graphs_of(self, triple: Triple) -> list[str]:
        """List the names of the graphs that hold a triple, in order."""
        found = self.engine.quads_for_pattern(triple.subject, triple.predicate, triple.object)
        names = (quad.graph_name for quad in found)
        return sorted(name.value for name in names if isinstance(name, NamedNode))

    def rdflib(self) -> rdflib.Dataset:
        """Open the same quads, uncopied, as an rdflib dataset whose default graph is the merge."""
        import rdflib
        from oxrdflib import OxigraphStore

        return rdflib.Dataset(OxigraphStore(store=self.engine))


def is_reviewed(quad: Quad) -> bool:
    """Tell whether a quad is more than a candidate; those are never merged nor reasoned over."""
    return origin_of(text_of(quad.graph_name)) != "candidate"
