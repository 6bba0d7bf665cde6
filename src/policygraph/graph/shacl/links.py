"""What shapes look at, read from them: the links from a focus node, also those of queries in them.

In: shapes. Out: a ``Reach``. A shape that looks further than can be followed is named, and is left
to be held against the whole graph. Only here are queries parsed, which takes longer than anything
else a change does: keep what was found.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from pyparsing import ParseException
from rdflib import BNode, URIRef, Variable
from rdflib.paths import AlternativePath, InvPath, MulPath, Path, SequencePath
from rdflib.plugins.sparql import prepareQuery
from rdflib.plugins.sparql.parserutils import CompValue
from rdflib.term import Node as SparqlNode

from policygraph.graph.shacl.reach import FOCUS, Link, Reach
from policygraph.graph.shacl.shapes import MALFORMED, Shape, read_shapes, written_query
from policygraph.graph.shacl.terms import RDF, SH, Iri, Node, Shapes, Unsupported

_LISTS = frozenset({SH["and"], SH["or"], SH.xone})
_SHAPES = frozenset({SH.property, SH.node, SH["not"], SH.qualifiedValueShape})
_PAIRS = frozenset({SH.disjoint, SH.equals, SH.lessThan, SH.lessThanOrEquals})


def reach_of(shapes: Shapes) -> Reach:
    """Read how far shapes look."""
    reader = _Reader(shapes)
    return Reach(
        tuple(reader.links), reader.wide, frozenset(reader.nodes), frozenset(reader.of_graphs)
    )


class _Reader:
    """Collects the links of shapes."""

    def __init__(self, shapes: Shapes) -> None:
        self.links: list[Link] = []
        self.wide: dict[str, str] = {}
        self.nodes: set[str] = set()
        self.of_graphs: set[str] = set()
        self._places = FOCUS
        self._ends: dict[tuple[int, str, bool], int] = {}
        for shape in read_shapes(shapes):
            if shape.is_active:
                self._read(shape)

    def _read(self, shape: Shape) -> None:
        before, ends = len(self.links), dict(self._ends)
        try:
            if shape.one(SH.targetNode) is None:
                self._targets(shape)
                self._constraints(shape, FOCUS, ())
            else:
                self._of_quads(shape)
        except (Unsupported, *MALFORMED) as reason:
            del self.links[before:]
            self._ends = ends
            self.wide[shape.iri] = str(reason)

    def _targets(self, shape: Shape) -> None:
        self._link(FOCUS, str(RDF.type))
        for name, forward in ((SH.targetSubjectsOf, True), (SH.targetObjectsOf, False)):
            for predicate in shape.graph.objects(shape.node, name):
                self._link(FOCUS, str(predicate), forward=forward)

    def _constraints(self, shape: Shape, place: int, above: tuple[Node, ...]) -> None:
        if shape.node in above:
            raise Unsupported("a shape that refers to itself")
        above = (*above, shape.node)
        path = shape.one(SH.path)
        at = place if path is None else self._along(shape.graph, path, place)
        for predicate, value in shape.parameters:
            if predicate == SH.sparql:
                self._query(shape, shape.at(value))
            elif predicate == SH["class"]:
                self._link(at, str(RDF.type))
            elif predicate in _SHAPES:
                self._constraints(shape.at(value), at, above)
            elif predicate in _LISTS:
                for member in shape.members(value):
                    self._constraints(shape.at(member), at, above)
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
            algebra = _algebra(shape, shape.at(value))
            graphs = set(_graph_names(algebra))
            told = [each for each in _triples(algebra) if each[0] in graphs]
            if len(list(_triples(algebra))) != len(told) + 1:
                raise Unsupported("a query that is not tied to $this")
            self.of_graphs.update(str(path) for _, path, _ in told)
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

    def _along(self, graph: Shapes, path: Node, start: int) -> int:
        """Follow a path of a shape (SHACL, section 2.3.1)."""
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
        algebra = _algebra(shape, constraint)
        graphs = set(_graph_names(algebra))
        places: dict[SparqlNode, int] = {Variable("this"): FOCUS}
        waiting = list(_triples(algebra))
        while waiting:
            tied = [each for each in waiting if each[0] in places or each[2] in places]
            of_graphs = [each for each in waiting if each[0] in graphs and each not in tied]
            for _, predicate, _ in of_graphs:
                self.of_graphs.add(str(predicate))
            if not tied and not of_graphs:
                raise Unsupported("a query that is not tied to $this")
            for subject, path, value in tied:
                self._triple(places, subject, path, value)
            waiting = [each for each in waiting if each not in tied and each not in of_graphs]

    def _triple(
        self,
        places: dict[SparqlNode, int],
        subject: SparqlNode,
        path: SparqlNode,
        value: SparqlNode,
    ) -> None:
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


def _algebra(shape: Shape, constraint: Shape) -> CompValue:
    text = written_query(shape, constraint)
    try:
        return prepareQuery(text).algebra
    except ParseException as reason:
        raise Unsupported(f"a query that cannot be read: {reason}") from reason


def _triples(part: object) -> Iterator[tuple[SparqlNode, SparqlNode, SparqlNode]]:
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


def _graph_names(part: object) -> Iterator[SparqlNode]:
    """List the variables that stand for graphs in a query."""
    if isinstance(part, CompValue):
        if part.name == "Graph":
            yield part.term
        for value in part.values():
            yield from _graph_names(value)
    elif isinstance(part, list | tuple | set):
        for member in part:
            yield from _graph_names(member)


def _path_of(graph: Shapes, node: Node) -> Path | URIRef:
    """Turn a path of a shape into one of SPARQL."""
    if isinstance(node, Iri):
        return URIRef(node)
    if graph.objects(node, RDF.first):
        return SequencePath(*(_path_of(graph, part) for part in graph.members(node)))
    inverse, choices = graph.value(node, SH.inversePath), graph.value(node, SH.alternativePath)
    if inverse is not None:
        return InvPath(_path_of(graph, inverse))
    if choices is not None:
        return AlternativePath(*(_path_of(graph, part) for part in graph.members(choices)))
    signs: tuple[tuple[Iri, Literal["*", "+", "?"]], ...] = (
        (SH.zeroOrMorePath, "*"),
        (SH.oneOrMorePath, "+"),
        (SH.zeroOrOnePath, "?"),
    )
    for name, sign in signs:
        inner = graph.value(node, name)
        if inner is not None:
            return MulPath(_path_of(graph, inner), sign)
    raise Unsupported("a path of an unknown kind")
