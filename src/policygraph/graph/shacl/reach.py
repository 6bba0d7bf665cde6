"""How far shapes look: from a focus node along known predicates, and back from a changed triple.

In: the links of shapes, read from them by ``links.py``. Out: the focus nodes whose results a change
may touch, and the quads that must be there to judge them.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple, Protocol

from pyoxigraph import Literal, NamedNode, Quad, Store

from policygraph.graph.terms import Term, text_of

FOCUS = 0
"""The place of the focus node."""


class Link(NamedTuple):
    """A step from nodes at one place to nodes at another.

    Attributes:
        start: the place it begins at.
        predicate: IRI; empty for any.
        end: the place it leads to.
        forward: from subject to object.
        repeated: any number of times.
        skipped: also no time at all.
    """

    start: int
    predicate: str
    end: int
    forward: bool = True
    repeated: bool = False
    skipped: bool = False


class Around(Protocol):
    """A graph that is asked around a node."""

    def quads(
        self, subject: NamedNode | None, predicate: NamedNode | None, value: Term | None
    ) -> Iterable[Quad]:
        """Give the quads that fit."""

    def within(self, graph: NamedNode) -> Iterable[Quad]:
        """Give the quads of a named graph."""


@dataclass(frozen=True)
class Reach:
    """The links of some shapes.

    Attributes:
        links: in an order in which each begins where an earlier one ends, or at the focus node.
        wide: shapes that look further than can be followed, and why.
        nodes: focus nodes of shapes that speak of every quad by itself.
        of_graphs: predicates by which shapes ask about the graphs that quads stand in.
    """

    links: tuple[Link, ...]
    wide: Mapping[str, str]
    nodes: frozenset[str]
    of_graphs: frozenset[str]

    def written(self) -> str:
        """Write it as JSON; ``read_reach`` reads it again."""
        return json.dumps([self.links, self.wide, sorted(self.nodes), sorted(self.of_graphs)])

    def affected(self, graph: Around, changed: Iterable[Quad]) -> set[NamedNode]:
        """Give the nodes whose results may differ once some quads are added or removed.

        Args:
            graph: the graph after the change, and the quads that were removed.
            changed: the quads.
        """
        found: set[NamedNode] = set()
        steps: dict[tuple[Link, object], None] = {}
        for quad in changed:
            if quad.predicate.value in self.of_graphs and isinstance(quad.subject, NamedNode):
                inside = graph.within(quad.subject)
                found.update(q.subject for q in inside if isinstance(q.subject, NamedNode))
            for link in self.links:
                if link.predicate in ("", quad.predicate.value):
                    steps[link, quad.subject if link.forward else quad.object] = None
        for link, start in steps:
            found.update(self._climbed(graph, link, start))
        return found

    def needed(
        self, graph: Around, focus: Iterable[NamedNode], added: Iterable[Quad] = ()
    ) -> dict[Quad, None]:
        """Give the quads that the shapes look at from some focus nodes, and at quads added."""
        quads: dict[Quad, None] = dict.fromkeys(added if self.nodes else ())
        nodes: dict[int, set[object]] = {FOCUS: set(focus)}
        for link in self.links:
            ends = nodes.setdefault(link.end, set())
            waiting = list(nodes.get(link.start, ()))
            if link.skipped:
                ends.update(waiting)
            while waiting:
                for quad, other in _steps(graph, link, waiting.pop()):
                    quads[quad] = None
                    if link.repeated and other not in ends:
                        waiting.append(other)
                    ends.add(other)
        return quads | self._graphs_told(graph, quads)

    def _graphs_told(self, graph: Around, quads: Iterable[Quad]) -> dict[Quad, None]:
        """Give what shapes ask of the graphs that quads stand in."""
        return {
            told: None
            for name in {text_of(quad.graph_name) for quad in quads}
            for predicate in self.of_graphs
            for told in graph.quads(NamedNode(name), NamedNode(predicate), None)
        }

    def _climbed(self, graph: Around, link: Link, start: object) -> set[NamedNode]:
        """Give the focus nodes from which a link is reached at a node."""
        if link.start == FOCUS and not link.repeated:
            return {start} if isinstance(start, NamedNode) else set()
        nodes: dict[int, set[object]] = {link.start: {start}}
        if link.repeated:
            nodes[link.start] |= _closed(graph, _back(link), start)
        for above in reversed(self.links):
            if above.end not in nodes:
                continue
            starts = nodes.setdefault(above.start, set())
            back = _back(above)
            for node in list(nodes[above.end]):
                starts.update(_closed(graph, back, node) if above.repeated else ())
                starts.update(other for _, other in _steps(graph, back, node))
                if above.skipped:
                    starts.add(node)
        return {node for node in nodes.get(FOCUS, ()) if isinstance(node, NamedNode)}


def read_reach(text: str) -> Reach:
    """Read what was written of a reach."""
    links, wide, nodes, of_graphs = json.loads(text)
    told = tuple(Link(*link) for link in links)
    return Reach(told, wide, frozenset(nodes), frozenset(of_graphs))


def _steps(graph: Around, link: Link, node: object) -> Iterator[tuple[Quad, object]]:
    """Take a link from a node; give the quads and where they lead."""
    predicate = NamedNode(link.predicate) if link.predicate else None
    if link.forward:
        if isinstance(node, NamedNode):
            for quad in graph.quads(node, predicate, None):
                yield quad, quad.object
    elif isinstance(node, NamedNode | Literal):
        for quad in graph.quads(None, predicate, node):
            yield quad, quad.subject


def _back(link: Link) -> Link:
    """Give the same link in the other direction."""
    return link._replace(forward=not link.forward)


def _closed(graph: Around, link: Link, node: object) -> set[object]:
    """Give all that is reached when a link is taken again and again."""
    found: set[object] = set()
    waiting = [node]
    while waiting:
        for _, other in _steps(graph, link, waiting.pop()):
            if other not in found:
                found.add(other)
                waiting.append(other)
    return found


class Asserted:
    """The quads of a store but for those of some graphs, and a few more beside it."""

    def __init__(self, store: Store, apart: Collection[str], more: Iterable[Quad] = ()) -> None:
        self._store, self._apart = store, apart
        self._more = list(more)
        self._about: dict[object, list[Quad]] = {}
        for quad in self._more:
            for node in (quad.subject, quad.object):
                self._about.setdefault(node, []).append(quad)

    def quads(
        self, subject: NamedNode | None, predicate: NamedNode | None, value: Term | None
    ) -> Iterator[Quad]:
        """Give the quads that fit, each in its graph."""
        for quad in self._store.quads_for_pattern(subject, predicate, value, None):
            name = text_of(quad.graph_name)
            if name and name not in self._apart:
                yield quad
        for quad in self._about.get(subject or value, ()):
            fits = predicate in (None, quad.predicate)
            if fits and subject in (None, quad.subject) and value in (None, quad.object):
                yield quad

    def within(self, graph: NamedNode) -> Iterator[Quad]:
        """Give the quads of a named graph."""
        yield from self._store.quads_for_pattern(None, None, None, graph)
        yield from (quad for quad in self._more if quad.graph_name == graph)
