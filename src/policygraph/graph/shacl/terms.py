"""Shapes graphs and their terms, as the fast engine reads them: nothing of rdflib is loaded.

In: triples of a shapes graph. Out: ``Shapes``, which is asked as an rdflib graph is, and gives one
to who needs it. Terms are strings, so that code that asks for the words of a term need not care
for its kind; two terms are the same only if they are of one kind.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from functools import cached_property
from typing import TYPE_CHECKING, Self

from pyoxigraph import BlankNode, Literal, RdfFormat, Triple, parse

from policygraph import namespaces
from policygraph.graph.terms import text_of

if TYPE_CHECKING:
    import rdflib


class Node(str):
    """A term of a shapes graph."""

    __slots__ = ()

    def __eq__(self, other: object) -> bool:
        """Tell whether two terms are of one kind and have the same words."""
        return type(self) is type(other) and str.__eq__(self, str(other))

    def __ne__(self, other: object) -> bool:
        """Tell whether two terms differ."""
        return not self == other

    __hash__ = str.__hash__


class Iri(Node):
    """An IRI."""

    __slots__ = ()

    def n3(self) -> str:
        """Write it as SPARQL and Turtle do."""
        return f"<{self}>"


class Blank(Node):
    """A node without a name, by its label."""

    __slots__ = ()


class Text(Node):
    """A literal.

    Attributes:
        language: its language tag, or empty.
        datatype: IRI of its datatype; empty for plain text.
    """

    language: str
    datatype: str

    def __new__(cls, words: str, language: str = "", datatype: str = "") -> Self:
        """Make a literal of words."""
        made = super().__new__(cls, words)
        made.language, made.datatype = language, datatype
        return made

    def __eq__(self, other: object) -> bool:
        """Tell whether two literals have the same words, language and datatype."""
        return (
            isinstance(other, Text)
            and super().__eq__(other)
            and (self.language, self.datatype) == (other.language, other.datatype)
        )

    __hash__ = str.__hash__

    def n3(self) -> str:
        """Write it as SPARQL and Turtle do."""
        quoted = str(Literal(str(self)))
        if self.language:
            return f"{quoted}@{self.language}"
        return f"{quoted}^^<{self.datatype}>" if self.datatype else quoted


class Namespace:
    """Gives the terms of a vocabulary as attributes, or as items where Python has the name."""

    def __init__(self, begin: str) -> None:
        self._begin = begin

    def __getattr__(self, name: str) -> Iri:
        """Give a term."""
        if name.startswith("__"):
            raise AttributeError(name)
        return Iri(self._begin + name)

    __getitem__ = __getattr__

    def __str__(self) -> str:
        """Give what the IRIs of its terms begin with."""
        return self._begin


OWL = Namespace(namespaces.OWL)
RDF = Namespace(namespaces.RDF)
RDFS = Namespace(namespaces.RDFS)
SH = Namespace(namespaces.SH)
XSD = Namespace(namespaces.XSD)


class Unsupported(Exception):
    """A shape uses a feature that is not compiled to SPARQL, or is malformed: pyshacl decides."""


class Shapes:
    """The triples of a shapes graph, in the order in which they were given."""

    def __init__(self, triples: Iterable[Triple], source: str = "") -> None:
        """Hold triples.

        Args:
            triples: the shapes graph.
            source: the file that they come from, for messages.
        """
        self.source = source
        self._given = list(triples)
        self._about: dict[Node, dict[Node, list[Node]]] = {}
        self._back: dict[Node, dict[Node, list[Node]]] = {}
        for triple in dict.fromkeys(map(_terms, self._given)):
            subject, predicate, value = triple
            self._about.setdefault(subject, {}).setdefault(predicate, []).append(value)
            self._back.setdefault(predicate, {}).setdefault(value, []).append(subject)

    @classmethod
    def of(cls, graph: rdflib.Graph) -> Shapes:
        """Take the triples of an rdflib graph; nodes without a name keep their labels."""
        lines = graph.serialize(format="nt", encoding="utf-8")
        return cls(quad.triple for quad in parse(lines, format=RdfFormat.N_TRIPLES))

    @cached_property
    def rdflib(self) -> rdflib.Graph:
        """The same triples as an rdflib graph."""
        from policygraph.graph.face import rdflib_graph

        return rdflib_graph(self._given)

    def objects(self, subject: Node | None, predicate: Node) -> list[Node]:
        """List the values of a predicate, of one subject or of all."""
        if subject is None:
            return list(self._back.get(predicate, ()))
        return self._about.get(subject, {}).get(predicate, [])

    def value(self, subject: Node, predicate: Node) -> Node | None:
        """Give a value of a predicate; None where there is none."""
        return next(iter(self.objects(subject, predicate)), None)

    def subjects(self, predicate: Node, value: Node | None = None) -> list[Node]:
        """List the nodes that have a value, or any, of a predicate."""
        found = self._back.get(predicate, {})
        if value is not None:
            return found.get(value, [])
        return list(dict.fromkeys(subject for those in found.values() for subject in those))

    def predicate_objects(self, subject: Node) -> Iterator[tuple[Node, Node]]:
        """List what is said of a node."""
        for predicate, values in self._about.get(subject, {}).items():
            yield from ((predicate, value) for value in values)

    def members(self, head: Node) -> list[Node]:
        """Give the members of a list.

        Raises:
            Unsupported: the list comes back to itself.
        """
        found: list[Node] = []
        passed: set[Node] = set()
        rest: Node | None = head
        while rest is not None and rest != RDF.nil:
            if rest in passed:
                raise Unsupported(f"the list {head} comes back to itself")
            passed.add(rest)
            found += self.objects(rest, RDF.first)[:1]
            rest = self.value(rest, RDF.rest)
        return found

    def without(self, gone: Collection[tuple[Node, Node, Node]]) -> Shapes:
        """Copy the shapes, some triples left out."""
        left = (triple for triple in self._given if _terms(triple) not in gone)
        return Shapes(left, self.source)


def _terms(triple: Triple) -> tuple[Node, Node, Node]:
    return _term(triple.subject), _term(triple.predicate), _term(triple.object)


def _term(term: object) -> Node:
    if isinstance(term, BlankNode):
        return Blank(term.value)
    if not isinstance(term, Literal):
        return Iri(text_of(term))
    if term.language:
        return Text(term.value, language=term.language)
    datatype = term.datatype.value
    return Text(term.value, datatype="" if datatype == str(XSD.string) else datatype)
