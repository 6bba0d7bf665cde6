"""How far shapes look: from a focus node along known predicates, and back from a changed triple.

In: shapes. Out: the focus nodes whose results a change may touch, and the quads that must be there
to judge them. A shape that looks further than can be followed is named, and is left to be held
against the whole graph.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from typing import Literal, NamedTuple, Protocol

from pyoxigraph import Literal as RdfLiteral
from pyoxigraph import NamedNode, Quad, Store
from rdflib import RDF, BNode, Graph, URIRef, Variable
from rdflib.collection import Collection as RdfList
from rdflib.namespace import SH
from rdflib.paths import AlternativePath, InvPath, MulPath, Path, SequencePath
from rdflib.plugins.sparql import prepareQuery
from rdflib.plugins.sparql.parserutils import CompValue
from rdflib.term import Node

from policygraph.graph.shacl.shapes import Shape, Unsupported, read_shapes, written_query
from policygraph.graph.terms import Term, text_of

FOCUS = 0
"""The place of the focus node."""

_LISTS = frozenset({SH["and"], SH["or"], SH.xone})
_SHAPES = frozenset({SH.property, SH.node, SH["not"], SH.qualifiedValueShape})
_PAIRS = frozenset({SH.disjoint, SH.equals, SH.lessThan, SH.lessThanOrEquals})


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


class Reach:
    """The links of every shape.

    Attributes:
        links: in an order in which each begins where an earlier one ends, or at the focus node.
        wide: shapes that look further than can be followed, and why.
        nodes: focus nodes of shapes that speak of every quad by itself.
    """

    def __init__(self, shapes: Graph) -> None:
        self.links: list[Link] = []
        self.wide: dict[str, str] = {}
        self.nodes: set[str] = set()
        self._of_graphs: set[str] = set()
        self._places = FOCUS
        self._ends: dict[tuple[int, str, bool], int] = {}
        for shape in read_shapes(shapes):
            if shape.is_active:
                self._read(shape)

    def affected(self, graph: Around, changed: Iterable[Quad]) -> set[NamedNode]:
        """Give the nodes whose results may differ once some quads are added or removed.

        Args:
            graph: the graph after the change, and the quads that were removed.
            changed: the quads.
        """
        found: set[NamedNode] = set()
        steps: dict[tuple[Link, object], None] = {}
        for quad in changed:
            if quad.predicate.value in self._of_graphs and isinstance(quad.subject, NamedNode):
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
            for predicate in self._of_graphs
            for told in graph.quads(NamedNode(name), NamedNode(predicate), None)
        }

    def _climbed(self, graph: Around, link: Link, start: object) -> set[NamedNode]:
        """Give the focus nodes from which a link is reached at a node."""
        if link.start == FOCUS and not link.repeated:
            return {start} if isinstance(start, NamedNode) else set()
        nodes: dict[int, set[object]] = {link.start: {start}}
        if link.repeated:
            nodes[link.start] |= _closed(graph, link, start)
        for above in reversed(self.links):
            if above.end not in nodes:
                continue
            starts = nodes.setdefault(above.start, set())
            back = above._replace(forward=not above.forward)
            for node in list(nodes[above.end]):
                starts.update(_closed(graph, back, node) if above.repeated else ())
                starts.update(other for _, other in _steps(graph, back, node))
                if above.skipped:
                    starts.add(node)
        return {node for node in nodes.get(FOCUS, ()) if isinstance(node, NamedNode)}

    # reading shapes

    def _read(self, shape: Shape) -> None:
        before, ends = len(self.links), dict(self._ends)
        try:
            if shape.one(SH.targetNode) is None:
                self._targets(shape)
                self._constraints(shape, FOCUS)
            else:
                self._of_quads(shape)
        except Unsupported as reason:
            del self.links[before:]
            self._ends = ends
            self.wide[shape.iri] = str(reason)

    def _targets(self, shape: Shape) -> None:
        self._link(FOCUS, str(RDF.type))
        for name, forward in ((SH.targetSubjectsOf, True), (SH.targetObjectsOf, False)):
            for predicate in shape.graph.objects(shape.node, name):
                self._link(FOCUS, str(predicate), forward=forward)

    def _constraints(self, shape: Shape, place: int) -> None:
        path = shape.one(SH.path)
        at = place if path is None else self._along(shape.graph, path, place)
        for predicate, value in shape.parameters:
            if predicate == SH.sparql:
                self._query(shape, shape.at(value))
            elif predicate == SH["class"]:
                self._link(at, str(RDF.type))
            elif predicate in _SHAPES:
                self._constraints(shape.at(value), at)
            elif predicate in _LISTS:
                for member in shape.members(value):
                    self._constraints(shape.at(member), at)
            elif predicate in _PAIRS:
                self._link(place, str(value))
            elif predicate == SH.closed:
                self._link(place, "")

    def _of_quads(self, shape: Shape) -> None:
        """Take up a shape that says of each quad by itself in what graphs it may stand.

        Such a shape has a node as its target only to be asked once. It must be a violation: then
        no result of it is ever kept, and only what is added can break it.
        """
        if shape.severity != str(SH.Violation):
            raise Unsupported("a node as target")
        for predicate, value in shape.parameters:
            if predicate != SH.sparql:
                raise Unsupported("a node as target")
            algebra = prepareQuery(written_query(shape, shape.at(value))).algebra
            graphs = set(_graph_names(algebra))
            told = [each for each in _triples(algebra) if each[0] in graphs]
            if len(list(_triples(algebra))) != len(told) + 1:
                raise Unsupported("a query that is not tied to $this")
            self._of_graphs.update(str(path) for _, path, _ in told)
        self.nodes.update(map(str, shape.graph.objects(shape.node, SH.targetNode)))

    def _link(self, start: int, predicate: str, *, forward: bool = True) -> int:
        """Add a link unless there is one like it; give the place where it ends."""
        alike = start, predicate, forward
        if alike not in self._ends:
            self._ends[alike] = self._place()
            self.links.append(Link(start, predicate, self._ends[alike], forward))
        return self._ends[alike]

    def _place(self) -> int:
        self._places += 1
        return self._places

    def _along(self, graph: Graph, path: Node, start: int) -> int:
        """Follow a path of a shape (SHACL, section 2.3.1)."""
        if isinstance(path, URIRef):
            return self._link(start, str(path))
        return self._follow(_path_of(graph, path), start)

    def _follow(self, path: Path | URIRef, start: int, *, forward: bool = True) -> int:
        """Follow a SPARQL path; give the place where it ends."""
        if isinstance(path, URIRef):
            return self._link(start, str(path), forward=forward)
        if isinstance(path, InvPath):
            return self._follow(path.arg, start, forward=not forward)
        if isinstance(path, SequencePath):
            for step in path.args if forward else reversed(path.args):
                start = self._follow(step, start, forward=forward)
            return start
        if isinstance(path, MulPath):
            again, none = path.mod in ("*", "+"), path.mod in ("*", "?")
            return self._any_of(path.path, start, forward=forward, repeated=again, skipped=none)
        return self._any_of(path, start, forward=forward)

    def _any_of(
        self,
        path: Path | URIRef,
        start: int,
        *,
        forward: bool,
        repeated: bool = False,
        skipped: bool = False,
    ) -> int:
        end = self._place()
        for choice in path.args if isinstance(path, AlternativePath) else [path]:
            straight, step = not isinstance(choice, InvPath), choice
            if isinstance(choice, InvPath):
                step = choice.arg
            if not isinstance(step, URIRef):
                raise Unsupported("a path of paths")
            link = Link(start, str(step), end, forward == straight, repeated, skipped)
            self.links.append(link)
        return end

    def _query(self, shape: Shape, constraint: Shape) -> None:
        """Follow the triples of a query of the shape's own, from ``$this`` on."""
        algebra = prepareQuery(written_query(shape, constraint)).algebra
        graphs = set(_graph_names(algebra))
        places: dict[Node, int] = {Variable("this"): FOCUS}
        waiting = list(_triples(algebra))
        while waiting:
            tied = [each for each in waiting if each[0] in places or each[2] in places]
            of_graphs = [each for each in waiting if each[0] in graphs and each not in tied]
            for _, predicate, _ in of_graphs:
                self._of_graphs.add(str(predicate))
            if not tied and not of_graphs:
                raise Unsupported("a query that is not tied to $this")
            for subject, path, value in tied:
                self._triple(places, subject, path, value)
            waiting = [each for each in waiting if each not in tied and each not in of_graphs]

    def _triple(self, places: dict[Node, int], subject: Node, path: Node, value: Node) -> None:
        forward = subject in places
        near, far = (subject, value) if forward else (value, subject)
        if isinstance(path, Variable):
            end = self._link(places[near], "", forward=forward)
        elif isinstance(path, URIRef | Path):
            end = self._follow(path, places[near], forward=forward)
        else:
            raise Unsupported("a predicate of an unknown kind")
        if isinstance(far, Variable | BNode):
            places.setdefault(far, end)


def _steps(graph: Around, link: Link, node: object) -> Iterator[tuple[Quad, object]]:
    """Take a link from a node; give the quads and where they lead."""
    predicate = NamedNode(link.predicate) if link.predicate else None
    if link.forward:
        if isinstance(node, NamedNode):
            for quad in graph.quads(node, predicate, None):
                yield quad, quad.object
    elif isinstance(node, NamedNode | RdfLiteral):
        for quad in graph.quads(None, predicate, node):
            yield quad, quad.subject


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


def _triples(part: object) -> Iterator[tuple[Node, Node, Node]]:
    """List the triple patterns of a query, wherever they stand."""
    if isinstance(part, CompValue):
        for flat in dict.get(part, "triples", ()):
            yield from zip(flat[::3], flat[1::3], flat[2::3], strict=True)
        for name, value in part.items():
            if name != "triples":
                yield from _triples(value)
    elif isinstance(part, list | tuple | set):
        for member in part:
            yield from _triples(member)


def _graph_names(part: object) -> Iterator[Node]:
    """List the variables that stand for graphs in a query."""
    if isinstance(part, CompValue):
        if part.name == "Graph":
            yield part.term
        for value in part.values():
            yield from _graph_names(value)
    elif isinstance(part, list | tuple | set):
        for member in part:
            yield from _graph_names(member)


def _path_of(graph: Graph, node: Node) -> Path | URIRef:
    """Turn a path of a shape into one of SPARQL."""
    if isinstance(node, URIRef):
        return node
    if (node, RDF.first, None) in graph:
        return SequencePath(*(_path_of(graph, part) for part in RdfList(graph, node)))
    inverse, choices = graph.value(node, SH.inversePath), graph.value(node, SH.alternativePath)
    if inverse is not None:
        return InvPath(_path_of(graph, inverse))
    if choices is not None:
        return AlternativePath(*(_path_of(graph, part) for part in RdfList(graph, choices)))
    signs: tuple[tuple[URIRef, Literal["*", "+", "?"]], ...] = (
        (SH.zeroOrMorePath, "*"),
        (SH.oneOrMorePath, "+"),
        (SH.zeroOrOnePath, "?"),
    )
    for name, sign in signs:
        inner = graph.value(node, name)
        if inner is not None:
            return MulPath(_path_of(graph, inner), sign)
    raise Unsupported("a path of an unknown kind")


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
