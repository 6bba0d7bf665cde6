"""The store: all quads of a graph, with a default graph that is the merge of all named ones.

pyoxigraph is the engine; ``rdflib.Dataset`` is the face (docs/decisions/0008). The default graph is
kept as a real merge, not as Oxigraph's union, because the union gives a triple once for every
graph it stands in, and counts would be wrong where two passages state the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from pyoxigraph import DefaultGraph, NamedNode, Quad, RdfFormat, Store, Triple, parse

from policygraph.errors import UnreadableInput, Where
from policygraph.graph.terms import text_of
from policygraph.identifiers import origin_of

if TYPE_CHECKING:
    import rdflib


class GraphStore:
    """Quads in named graphs, and their merge."""

    def __init__(self, quads: Iterable[Quad] = ()) -> None:
        self.engine = Store()
        self.add(quads)

    @classmethod
    def read(cls, path: Path) -> GraphStore:
        """Read an N-Quads file.

        Raises:
            UnreadableInput: the file is missing or malformed.
        """
        try:
            return cls(parse(path=str(path), format=RdfFormat.N_QUADS))
        except OSError as error:
            raise UnreadableInput("source/missing", Where(str(path)), path=str(path)) from error
        except SyntaxError as error:
            where = Where(str(path), error.lineno or 0)
            raise UnreadableInput("turtle/malformed", where, why=error.msg) from error

    def add(self, quads: Iterable[Quad]) -> None:
        """Add quads to their graphs and, unless they are candidates, to the merge."""
        quads = list(quads)
        self.engine.extend(quads)
        self.engine.extend(Quad(*quad.triple) for quad in quads if is_reviewed(quad))

    def __len__(self) -> int:
        """Count the quads in named graphs."""
        return sum(1 for _ in self.quads())

    def quads(self, *origins: str) -> Iterator[Quad]:
        """Give the quads of named graphs, of some origins only where any are given."""
        for quad in self.engine:
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
