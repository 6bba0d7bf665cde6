"""A built graph loaded into a store elsewhere: what changed is sent, what is gone is deleted.

In: the built graph and the journal of what the store accepted. Out: the store holds every graph,
and its default graph their merge. Cut off at any moment, the next load goes on.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain

from pyoxigraph import NamedNode, Quad, Triple

from policygraph.graph.store import GraphStore
from policygraph.graph.terms import text_of
from policygraph.identifiers import Identifiers, origin_of
from policygraph.remote.checksum import Checksum, checksum
from policygraph.remote.journal import Journal
from policygraph.remote.store import RemoteStore, batches, in_default

TICK = "remote/sent"
"""News of every batch."""
_RETRACTED = 200
"""Graphs whose old content is fetched and deleted at a time."""


@dataclass
class Loaded:
    """What a load did.

    Attributes:
        graphs: number of graphs there are.
        sent: number of graphs that were sent.
        quads: number of quads in them.
        deleted: number of graphs that were deleted because they are gone.
    """

    graphs: int = 0
    sent: int = 0
    quads: int = 0
    deleted: int = 0


class Load:
    """One load of one built graph into one store."""

    def __init__(
        self,
        store: GraphStore,
        remote: RemoteStore,
        journal: Journal,
        ids: Identifiers,
        progress: Callable[[str, Mapping[str, object]], None],
        batch: int = 50_000,
    ) -> None:
        """Make ready.

        Args:
            store: the built graph.
            remote: where to.
            journal: what the remote store has accepted before.
            ids: how the IRIs of its graphs begin; graphs with other names are left alone.
            progress: is told of every batch.
            batch: quads in a request, about.
        """
        self._store, self._remote, self._journal = store, remote, journal
        self._ids, self._progress, self._batch = ids, progress, batch
        self._done = Loaded()

    def run(self) -> Loaded:
        """Bring the remote store up to date.

        Raises:
            RemoteFailure: it does not answer, or refuses; what it accepted is noted.
        """
        self._remote.learn(self._ids.graph("probe"))
        if not len(self._journal):
            self._journal.doubt(self._remote.graphs_under(self._ids.base))
        names = self.graphs()
        self._done.graphs = len(names)
        self._delete_gone(set(names))
        waiting: list[tuple[str, Checksum]] = []
        size = 0
        for count, name in enumerate(names, 1):
            content = checksum_of(self._store, name)
            if not self._journal.holds(name, content):
                waiting.append((name, content))
                size += content.quads
            if waiting and (size >= self._batch or count == len(names)):
                self._send(waiting)
                waiting, size = [], 0
                self._tell(count)
        if waiting:
            self._send(waiting)
        return self._done

    def graphs(self) -> list[str]:
        """List the graphs to be there; no candidates where they would mix with what is reviewed."""
        names = (text_of(name) for name in self._store.engine.named_graphs())
        union = self._remote.has_union
        return sorted(name for name in names if not (union and origin_of(name) == "candidate"))

    def _tell(self, count: int) -> None:
        done = self._done
        self._progress(TICK, {"count": count, "total": done.graphs, "quads": done.quads})

    def _send(self, graphs: list[tuple[str, Checksum]]) -> None:
        """Send graphs in place of what the store has in them."""
        self._retract(name for name, content in graphs if self._journal.differs(name, content))
        self._journal.intend(graphs)
        begun = set[str]()
        for quads in batches(self._quads(graphs), self._batch):
            self._remote.add(quads, begun)
        self._journal.accept(graphs)
        self._done.sent += len(graphs)
        self._done.quads += sum(content.quads for _, content in graphs)

    def _quads(self, graphs: Iterable[tuple[str, Checksum]]) -> Iterator[Quad]:
        return chain.from_iterable(quads_of(self._store, name) for name, _ in graphs)

    def _delete_gone(self, names: set[str]) -> None:
        gone = (name for name, _ in self._journal.graphs() if name not in names)
        for some in batches(gone, _RETRACTED):
            self._retract(some)
            self._journal.forget(some)
            self._done.deleted += len(some)

    def _retract(self, graphs: Iterable[str]) -> None:
        """Delete graphs, and from the default graph what they alone gave it.

        The default graph comes first: as long as a graph stands, what it gave can be told.
        """
        for names in batches(graphs, _RETRACTED):
            if not self._remote.has_union:
                reviewed = [name for name in names if origin_of(name) != "candidate"]
                self._remote.delete_from_default(self._left_over(reviewed))
            for name in names:
                self._remote.delete(name)

    def _left_over(self, graphs: list[str]) -> Iterator[Triple]:
        """Give the triples of graphs of the remote store that the merge does not hold any more."""
        quads = map(in_default, self._remote.quads_of(graphs))
        return (quad.triple for quad in quads if quad not in self._store.engine)


def quads_of(store: GraphStore, graph: str) -> Iterator[Quad]:
    """Give the quads of a graph."""
    return store.engine.quads_for_pattern(None, None, None, NamedNode(graph))


def checksum_of(store: GraphStore, graph: str) -> Checksum:
    """Sum up the quads of a graph."""
    return checksum(tuple(quad) for quad in quads_of(store, graph))
