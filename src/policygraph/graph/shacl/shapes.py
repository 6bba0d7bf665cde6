"""Shapes as values: targets, path, parameters (SHACL, sections 2 to 4).

In: a shapes graph. Out: ``Shape`` values. What is not understood raises ``Unsupported``.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import cached_property

from policygraph.graph.shacl.terms import OWL, RDF, RDFS, SH, Iri, Node, Shapes, Text, Unsupported

_DESCRIPTIVE = frozenset(
    SH[name]
    for name in ("name", "description", "order", "group", "defaultValue", "message", "severity")
) | {SH.deactivated, SH.path, SH.flags, SH.ignoredProperties, SH.qualifiedMinCount}
_DESCRIPTIVE |= {SH.qualifiedMaxCount, SH.qualifiedValueShapesDisjoint}
_TARGETS = frozenset({SH.targetClass, SH.targetNode, SH.targetSubjectsOf, SH.targetObjectsOf})


_PREBOUND = re.compile(r"\$(?=\w)")


def term(node: Node) -> str:
    """Write a term as SPARQL text.

    Raises:
        Unsupported: it is a blank node, which SPARQL text cannot name.
    """
    if isinstance(node, Iri | Text):
        return node.n3()
    raise Unsupported("a blank node as a value")


MALFORMED = (SyntaxError, ValueError, LookupError)
"""What compiling raises where a value of a shape is not what SHACL asks for."""


@dataclass(frozen=True)
class Shape:
    """A node or property shape in its graph."""

    graph: Shapes
    node: Node

    @cached_property
    def parameters(self) -> list[tuple[Iri, Node]]:
        """The constraint parameters of the shape with their values, sorted."""
        pairs = (
            (predicate, value)
            for predicate, value in self.graph.predicate_objects(self.node)
            if isinstance(predicate, Iri)
            and (predicate.startswith(str(SH)) or predicate in self._own_parameters)
            and predicate not in _DESCRIPTIVE | _TARGETS
        )
        return sorted(pairs, key=str)

    @cached_property
    def _own_parameters(self) -> set[Node]:
        """Parameters of constraint components that the shapes graph defines itself."""
        declared = self.graph.objects(None, SH.parameter)
        return {path for node in declared for path in self.graph.objects(node, SH.path)}

    @property
    def iri(self) -> str:
        """Its IRI, or the label of its blank node."""
        return str(self.node)

    @property
    def is_active(self) -> bool:
        """Tell whether it is not deactivated."""
        return str(self.graph.value(self.node, SH.deactivated)) != "true"

    @property
    def severity(self) -> str:
        """Its severity, a violation where none is given."""
        return str(self.graph.value(self.node, SH.severity) or SH.Violation)

    @cached_property
    def path(self) -> str:
        """Its path as a SPARQL property path; empty for a node shape."""
        value = self.graph.value(self.node, SH.path)
        return _path(self.graph, value) if value is not None else ""

    @property
    def path_iri(self) -> str:
        """Its path where that is a single predicate; empty otherwise."""
        value = self.graph.value(self.node, SH.path)
        return str(value) if isinstance(value, Iri) else ""

    def one(self, predicate: Iri) -> Node | None:
        """Give the one value of a parameter."""
        return self.graph.value(self.node, predicate)

    def members(self, head: Node) -> list[Node]:
        """Give the members of a list."""
        return self.graph.members(head)

    def at(self, node: Node) -> Shape:
        """Give another shape of the same graph."""
        return Shape(self.graph, node)

    def property_at(self, node: Node) -> Shape:
        """Give a property shape of the same graph.

        Raises:
            Unsupported: it has no path (SHACL, section 2.3).
        """
        if self.graph.value(node, SH.path) is None:
            raise Unsupported("a property shape without a path")
        return self.at(node)

    def targets(self) -> Iterator[str]:
        """Give a graph pattern for each target, binding ``?this`` (SHACL, section 2.1)."""
        for value in self._values(SH.targetClass):
            yield f"?this {TYPE_OF} {term(value)} ."
        if self._is_class():
            yield f"?this {TYPE_OF} {term(self.node)} ."
        for value in self._values(SH.targetNode):
            yield f"VALUES ?this {{ {term(value)} }}"
        for value in self._values(SH.targetSubjectsOf):
            yield f"?this {term(value)} ?any ."
        for value in self._values(SH.targetObjectsOf):
            yield f"?any {term(value)} ?this ."
        if self.graph.value(self.node, SH.target) is not None:
            raise Unsupported("sh:target")

    @property
    def classes(self) -> list[str] | None:
        """The classes, as SPARQL terms, that are all its targets; None where it has others."""
        others = (SH.targetNode, SH.targetSubjectsOf, SH.targetObjectsOf)
        if self._is_class() or any(self.one(name) is not None for name in others):
            return None
        return [term(value) for value in self._values(SH.targetClass)]

    def _values(self, predicate: Iri) -> list[Node]:
        return sorted(self.graph.objects(self.node, predicate), key=str)

    def _is_class(self) -> bool:
        kinds = set(self.graph.objects(self.node, RDF.type))
        return bool(kinds & {RDFS.Class, OWL.Class}) and isinstance(self.node, Iri)


TYPE_OF = f"<{RDF.type}>/<{RDFS.subClassOf}>*"
"""From a thing to its classes and theirs (SHACL, section 1.1: SHACL instance)."""


def read_shapes(graph: Shapes) -> list[Shape]:
    """List the shapes that have a target, in the order of their names."""
    nodes = {node for target in _TARGETS for node in graph.subjects(target)}
    for kind in (SH.NodeShape, SH.PropertyShape):
        for node in graph.subjects(RDF.type, kind):
            if Shape(graph, node)._is_class():
                nodes.add(node)
    nodes |= set(graph.subjects(SH.target))
    return [Shape(graph, node) for node in sorted(nodes, key=str)]


def only_shapes(graph: Shapes, names: Collection[str]) -> Shapes:
    """Copy a shapes graph so that only the named shapes still have targets."""
    gone = set[tuple[Node, Node, Node]]()
    for shape in read_shapes(graph):
        if shape.iri not in names:
            for target in (*_TARGETS, SH.target):
                gone.update(
                    (shape.node, target, value) for value in graph.objects(shape.node, target)
                )
            gone.update((shape.node, RDF.type, kind) for kind in (RDFS.Class, OWL.Class))
    return graph.without(gone)


def _path(graph: Shapes, node: Node) -> str:
    """Write a path in SPARQL (SHACL, section 2.3.1)."""
    if isinstance(node, Iri):
        return node.n3()
    if graph.objects(node, RDF.first):
        return "(" + "/".join(_path(graph, part) for part in graph.members(node)) + ")"
    inverse = graph.value(node, SH.inversePath)
    if inverse is not None:
        return f"^({_path(graph, inverse)})"
    choices = graph.value(node, SH.alternativePath)
    if choices is not None:
        return "(" + "|".join(_path(graph, part) for part in graph.members(choices)) + ")"
    for predicate, sign in (
        (SH.zeroOrMorePath, "*"),
        (SH.oneOrMorePath, "+"),
        (SH.zeroOrOnePath, "?"),
    ):
        inner = graph.value(node, predicate)
        if inner is not None:
            return f"({_path(graph, inner)}){sign}"
    raise Unsupported("a path of an unknown kind")


def written_query(shape: Shape, constraint: Shape) -> str:
    """Write the query of a SPARQL constraint with its prefixes, ``$`` turned into ``?``.

    Raises:
        Unsupported: it is deactivated, or has no ``sh:select``.
    """
    if not constraint.is_active:
        raise Unsupported("a deactivated SPARQL constraint")
    select = constraint.one(SH.select)
    if select is None:
        raise Unsupported("a SPARQL constraint without sh:select")
    text = _prologue(constraint) + _PREBOUND.sub("?", str(select))
    return text.replace("?PATH", shape.path) if "?PATH" in text else text


def _prologue(constraint: Shape) -> str:
    """Write the prefixes that a SPARQL constraint declares (SHACL, section 5.2.1)."""
    lines = []
    for holder in constraint.graph.objects(constraint.node, SH.prefixes):
        for declared in constraint.graph.objects(holder, SH.declare):
            prefix = constraint.graph.value(declared, SH.prefix)
            namespace = constraint.graph.value(declared, SH.namespace)
            lines.append(f"PREFIX {prefix}: <{namespace}>\n")
    return "".join(sorted(lines))
