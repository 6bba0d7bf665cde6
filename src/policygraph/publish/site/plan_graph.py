"""The graph of goals, actions, initiatives, bodies and achievements: a column each, lines between.

In: a graph. Out: nodes with what they can be filtered by, and SVG that a script may stack again.
Of a graph with too many statements only those of the latest documents are drawn.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from markupsafe import Markup
from pyoxigraph import NamedNode

from policygraph.graph.terms import text_of
from policygraph.identifiers import origin_of
from policygraph.namespaces import PG
from policygraph.publish.rdf import natural
from policygraph.publish.site.links import Links
from policygraph.publish.site.room import House
from policygraph.publish.site.star import fitted

COLUMNS = (("Goal",), ("Action",), ("Initiative", "Institution", "Instrument"), ("Achievement",))
"""Classes of each column."""

MOST = 400
"""Nodes that are drawn."""

_WIDTH, _APART, _HEIGHT, _GAP = 262, 70, 46, 8
_BOX = Markup(
    '<g class="node {kind}" data-id="{at}" data-column="{column}" transform="translate({x},{y})">'
    '<a href="{href}"><rect class="box" width="{width}" height="{height}" rx="5"/>{lines}</a></g>'
)
_LINE = Markup('<text x="11" y="{y}" lang="{lang}">{words}</text>')
_EDGE = Markup('<path class="edge {origin}" data-from="{start}" data-to="{end}" d="{d}"/>')


@dataclass(frozen=True)
class Node:
    """A thing of the graph.

    Attributes:
        at: its number.
        years: keys of the periods it is said of.
        topics: IRIs of what it is about.
    """

    at: int
    iri: str
    kind: str
    column: int
    years: tuple[str, ...]
    topics: tuple[str, ...]


@dataclass(frozen=True)
class Edge:
    """What joins two nodes, by their numbers; the origin is the best there is."""

    start: int
    end: int
    relation: str
    origin: str


class PlanGraph:
    """Nodes and edges, read once."""

    def __init__(self, house: House) -> None:
        self.house = house
        self.engine = house.store.engine

    @cached_property
    def nodes(self) -> list[Node]:
        """What is drawn: of too many, the last in the order of keys are left out."""
        chosen = [
            (column, kind, iri)
            for column, kinds in enumerate(COLUMNS)
            for kind in kinds
            for iri in self.house.first(kind, MOST, last=True)
            if self.house.has_page(iri)
        ]
        latest = sorted(chosen, key=lambda each: natural(each[2]), reverse=True)[:MOST]
        chosen = sorted(latest, key=lambda each: (each[0], natural(each[2])))
        return [
            Node(at, iri, kind, column, self._keys(iri, "period"), self._topics(iri))
            for at, (column, kind, iri) in enumerate(chosen)
        ]

    def _keys(self, iri: str, name: str) -> tuple[str, ...]:
        found = self.house.reader.values(iri, PG + name)
        return tuple(sorted({self.house.ids.key(text_of(value)) for value in found}))

    def _topics(self, iri: str) -> tuple[str, ...]:
        found = (
            text_of(value)
            for name in ("about", "mainLine")
            for value in self.house.reader.values(iri, PG + name)
        )
        return tuple(sorted(set(found)))

    @cached_property
    def edges(self) -> list[Edge]:
        """What the policy ontology says between the nodes, each pair once."""
        number = {node.iri: node.at for node in self.nodes}
        found: dict[tuple[int, int], Edge] = {}
        for node in self.nodes:
            for relation, end, origin in self._said(node.iri):
                if end in number and end != node.iri:
                    edge = Edge(node.at, number[end], relation, origin)
                    pair = min(edge.start, edge.end), max(edge.start, edge.end)
                    known = found.get(pair)
                    if known is None or _rank(edge) < _rank(known):
                        found[pair] = edge
        return [found[pair] for pair in sorted(found)]

    def _said(self, iri: str) -> Iterator[tuple[str, str, str]]:
        for quad in self.engine.quads_for_pattern(NamedNode(iri), None, None, None):
            origin = origin_of(text_of(quad.graph_name)) if text_of(quad.graph_name) else ""
            relation = quad.predicate.value
            if origin and origin != "candidate" and relation.startswith(PG):
                yield relation, text_of(quad.object), origin

    def joined(self, node: Node) -> list[tuple[str, Node, str]]:
        """List what a node is joined to: relation, the other node, origin."""
        edges = self._by_node.get(node.at, ())
        others = (edge.end if edge.start == node.at else edge.start for edge in edges)
        return [
            (edge.relation, self.nodes[other], edge.origin)
            for edge, other in zip(edges, others, strict=True)
        ]

    @cached_property
    def _by_node(self) -> dict[int, list[Edge]]:
        found: dict[int, list[Edge]] = {}
        for edge in self.edges:
            found.setdefault(edge.start, []).append(edge)
            found.setdefault(edge.end, []).append(edge)
        return found

    def choices(self) -> tuple[list[str], list[str], list[str]]:
        """List the years, classes and topics that there are."""
        years = sorted({year for node in self.nodes for year in node.years})
        kinds = [kind for kinds in COLUMNS for kind in kinds]
        topics = sorted({topic for node in self.nodes for topic in node.topics})
        return years, [k for k in kinds if any(n.kind == k for n in self.nodes)], topics

    def picture(self, links: Links, label: str) -> Markup:
        """Draw the graph; empty where there is nothing."""
        spots, height = self._spots()
        edges = Markup("").join(self._edge(edge, spots) for edge in self.edges)
        boxes = Markup("").join(self._box(node, spots[node.at], links) for node in self.nodes)
        width = len(COLUMNS) * _WIDTH + (len(COLUMNS) - 1) * _APART + 2
        frame = Markup(
            '<svg id="plan" viewBox="0 0 {0} {1}" width="{0}" height="{1}" role="group"'
            ' aria-label="{2}" data-step="{3}">{4}{5}</svg>'
        )
        return frame.format(width, height, label, _HEIGHT + _GAP, edges, boxes)

    def _spots(self) -> tuple[dict[int, tuple[int, int]], int]:
        filled = [0] * len(COLUMNS)
        spots = {}
        for node in self.nodes:
            spots[node.at] = _x(node.column), 1 + filled[node.column] * (_HEIGHT + _GAP)
            filled[node.column] += 1
        return spots, max(filled) * (_HEIGHT + _GAP) + 2

    def _box(self, node: Node, spot: tuple[int, int], links: Links) -> Markup:
        name = links.named(node.iri, both=False)
        words = fitted(name.text, _WIDTH - 24)
        top = 29 if len(words) == 1 else 19
        lines = Markup("").join(
            _LINE.format(y=top + 17 * at, lang=name.lang, words=line)
            for at, line in enumerate(words)
        )
        place = {"at": node.at, "column": node.column, "x": spot[0], "y": spot[1]}
        size = {"width": _WIDTH, "height": _HEIGHT}
        return _BOX.format(kind=node.kind, href=name.href, lines=lines, **place, **size)

    def _edge(self, edge: Edge, spots: dict[int, tuple[int, int]]) -> Markup:
        d = _curve(spots[edge.start], spots[edge.end])
        return _EDGE.format(origin=edge.origin, start=edge.start, end=edge.end, d=d)


def _x(column: int) -> int:
    return 1 + column * (_WIDTH + _APART)


def _curve(start: tuple[int, int], end: tuple[int, int]) -> str:
    """Lead a line from the side of one box to the side of another; within a column, around it."""
    (x0, y0), (x1, y1) = sorted((start, end))
    y0, y1 = y0 + _HEIGHT // 2, y1 + _HEIGHT // 2
    if x0 == x1:
        x0 += _WIDTH
        return f"M{x0},{y0} C{x0 + 50},{y0} {x0 + 50},{y1} {x0},{y1}"
    x0 += _WIDTH
    middle = (x0 + x1) // 2
    return f"M{x0},{y0} C{middle},{y0} {middle},{y1} {x1},{y1}"


def _rank(edge: Edge) -> tuple[bool, str]:
    return edge.origin == "inferred", edge.relation


def by_kind(nodes: Iterable[Node]) -> dict[str, list[Node]]:
    """Group nodes by class, in their order."""
    found: dict[str, list[Node]] = {}
    for node in nodes:
        found.setdefault(node.kind, []).append(node)
    return found
