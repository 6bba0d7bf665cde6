"""Constraint components judged without a query: one look at a node serves all its rules.

In: a shape, a parameter, a node's values. Out: the values that violate it. Only what is plain
enough to be judged exactly as SPARQL would is taken on; for the rest a query is asked.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Container, Iterable, Iterator
from datetime import date
from typing import cast

from pyoxigraph import DefaultGraph, Literal, NamedNode, Store

from policygraph.graph.shacl.shapes import Shape
from policygraph.graph.shacl.terms import RDF, SH, XSD, Blank, Iri, Node, Text, Unsupported
from policygraph.graph.terms import TYPE, Term

Values = list[Term]
"""The values of a node at a path, each once."""

Judge = Callable[["Look", Term, Values], Iterable[Term | None]]
"""Gives the values of a node that violate a parameter; None where it is the node itself."""

_REMEMBERED = 200_000
"""Things whose classes are kept at hand."""
_INTEGER = re.compile(r"[+-]?\d+")
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_TEXTS = {str(XSD.string), str(RDF.langString)}


class Look:
    """A store, looked at a node at a time."""

    def __init__(self, store: Store, below: Callable[[str], Iterable[str]]) -> None:
        """Look at a store.

        Args:
            store: its default graph is looked at.
            below: gives a class and those below it, as SPARQL terms.
        """
        self._store, self._below = store, below
        self._types: dict[object, frozenset[str]] = {}

    def about(self, node: Term, wanted: Container[str]) -> dict[str, Values]:
        """Give the values of a node by predicate, for the predicates that are wanted."""
        found: dict[str, Values] = {}
        if isinstance(node, NamedNode):
            for quad in self._store.quads_for_pattern(node, None, None, DefaultGraph()):
                predicate = quad.predicate.value
                if predicate in wanted:
                    found.setdefault(predicate, []).append(cast("Term", quad.object))
        return found

    def back(self, node: Term, predicate: str) -> Values:
        """Give the nodes that have a node as the value of a predicate."""
        found = self._store.quads_for_pattern(None, NamedNode(predicate), node, DefaultGraph())
        return [cast("Term", quad.subject) for quad in found]

    def is_instance(self, thing: Term, kind: str) -> bool:
        """Tell whether a thing is of a class or of one below it."""
        if not isinstance(thing, NamedNode):
            return False
        if thing not in self._types:
            if len(self._types) > _REMEMBERED:
                self._types.clear()
            found = self._store.quads_for_pattern(thing, TYPE, None, DefaultGraph())
            self._types[thing] = frozenset(str(quad.object) for quad in found)
        return not self._types[thing].isdisjoint(self._below(kind))

    def asks(self, condition: str) -> bool:
        """Let the store judge a condition on constants."""
        return bool(self._store.query(f"ASK {{ FILTER({condition}) }}"))


SPEAK_OF_NONE = frozenset({SH.minCount, SH.hasValue, SH.qualifiedValueShape})
"""Parameters that a node may violate by having no value."""


def judge(shape: Shape, predicate: Iri, value: Node) -> Judge | None:
    """Give what judges one parameter of a shape; None where a query must be asked."""
    try:
        return _judge(shape, predicate, value, (shape.node,))
    except Unsupported:
        return None


def path_of(shape: Shape) -> tuple[str, bool] | None:
    """Give the predicate of a path and whether it leads forward; None for any other path."""
    path = shape.one(SH.path)
    if isinstance(path, Iri):
        return str(path), True
    inverse = shape.graph.value(path, SH.inversePath) if path is not None else None
    return (str(inverse), False) if isinstance(inverse, Iri) else None


def _judge(shape: Shape, predicate: Iri, value: Node, above: tuple[Node, ...]) -> Judge:
    if predicate in _OF_SETS:
        return _OF_SETS[predicate](value)
    if predicate == SH.qualifiedValueShape:
        return _qualified(shape, value, above)
    holds = _holds(shape, predicate, value, above)

    def judged(look: Look, _node: Term, values: Values) -> Iterator[Term]:
        return (each for each in values if not holds(look, each))

    return judged


# parameters that speak of all values together


def _min_count(value: Node) -> Judge:
    least = int(str(value))
    return lambda _look, _node, values: [None] if len(values) < least else []


def _max_count(value: Node) -> Judge:
    most = int(str(value))
    return lambda _look, _node, values: [None] if len(values) > most else []


def _unique_lang(value: Node) -> Judge:
    if str(value) != "true":
        return lambda _look, _node, _values: []

    def judged(_look: Look, _node: Term, values: Values) -> Iterator[None]:
        tagged = [each for each in values if isinstance(each, Literal) and each.language]
        used = Counter((each.language or "").lower() for each in tagged)
        return (None for count in used.values() if count > 1)

    return judged


def _has_value(value: Node) -> Judge:
    wanted = _term(value)
    return lambda _look, _node, values: [] if wanted in values else [None]


_OF_SETS: dict[Iri, Callable[[Node], Judge]] = {
    SH.minCount: _min_count,
    SH.maxCount: _max_count,
    SH.uniqueLang: _unique_lang,
    SH.hasValue: _has_value,
}


def _qualified(shape: Shape, value: Node, above: tuple[Node, ...]) -> Judge:
    """Count the values that conform (SHACL, section 4.7.3); one bound at a time."""
    least, most = shape.one(SH.qualifiedMinCount), shape.one(SH.qualifiedMaxCount)
    if most is not None or least is None or shape.one(SH.qualifiedValueShapesDisjoint) is not None:
        raise Unsupported("sh:qualifiedMaxCount")
    number = int(str(least))
    conforms = _conforms(shape.at(value), above)

    def judged(look: Look, _node: Term, values: Values) -> list[None]:
        fitting = sum(conforms(look, each) for each in values)
        return [None] if fitting < number else []

    return judged


# parameters that speak of each value

_Holds = Callable[[Look, Term], bool]


def _holds(shape: Shape, predicate: Iri, value: Node, above: tuple[Node, ...]) -> _Holds:
    if predicate in _OF_EACH:
        return _OF_EACH[predicate](shape, value)
    if predicate == SH.node:
        return _conforms(shape.at(value), above)
    if predicate == SH["not"]:
        inner = _conforms(shape.at(value), above)
        return lambda look, thing: not inner(look, thing)
    if predicate in (SH["and"], SH["or"]):
        members = [_conforms(shape.at(member), above) for member in shape.members(value)]
        wanted = all if predicate == SH["and"] else any
        return lambda look, thing: wanted(member(look, thing) for member in members)
    raise Unsupported(str(predicate))


def _conforms(shape: Shape, above: tuple[Node, ...]) -> _Holds:
    """Say whether a value conforms to a shape that looks at nothing but the value and its class."""
    if shape.node in above or shape.one(SH.path) is not None:
        raise Unsupported("a shape that looks further")
    if not shape.is_active:
        return lambda _look, _thing: True
    inner = (*above, shape.node)
    parts = [_holds(shape, predicate, value, inner) for predicate, value in shape.parameters]
    return lambda look, thing: all(part(look, thing) for part in parts)


def _class(_: Shape, value: Node) -> _Holds:
    kind = Iri(str(value)).n3()
    return lambda look, thing: look.is_instance(thing, kind)


def _datatype(_: Shape, value: Node) -> _Holds:
    """The datatype is the one given and the lexical form is one of it (SHACL, section 4.1.2)."""
    wanted = str(value)
    if wanted in _TEXTS:
        return lambda _look, thing: isinstance(thing, Literal) and thing.datatype.value == wanted
    is_plain = {str(XSD.integer): _is_integer, str(XSD.date): _is_day}.get(wanted)
    if is_plain is None:
        raise Unsupported(wanted)

    def holds(look: Look, thing: Term) -> bool:
        if not isinstance(thing, Literal) or thing.datatype.value != wanted:
            return False
        quoted = Literal(thing.value)
        return is_plain(thing.value) or look.asks(f"STRLEN(STR(<{wanted}>({quoted}))) > 0")

    return holds


def _is_integer(text: str) -> bool:
    return _INTEGER.fullmatch(text) is not None and len(text) < 18


def _is_day(text: str) -> bool:
    if not _DAY.fullmatch(text):
        return False
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def _node_kind(_: Shape, value: Node) -> _Holds:
    kinds = {
        SH.IRI: (NamedNode,),
        SH.Literal: (Literal,),
        SH.IRIOrLiteral: (NamedNode, Literal),
        SH.BlankNodeOrIRI: (NamedNode,),
        SH.BlankNodeOrLiteral: (Literal,),
        SH.BlankNode: (),
    }[Iri(str(value))]
    return lambda _look, thing: isinstance(thing, kinds)


def _in(shape: Shape, value: Node) -> _Holds:
    allowed = {_term(member) for member in shape.members(value)}
    return lambda _look, thing: thing in allowed


def _min_length(_: Shape, value: Node) -> _Holds:
    least = int(str(value))
    return lambda _look, thing: len(thing.value) >= least


def _max_length(_: Shape, value: Node) -> _Holds:
    most = int(str(value))
    return lambda _look, thing: len(thing.value) <= most


def _language_in(shape: Shape, value: Node) -> _Holds:
    """Match language ranges (RFC 4647, section 3.3.1)."""
    tags = [str(tag).lower() for tag in shape.members(value)]

    def holds(_look: Look, thing: Term) -> bool:
        language = (thing.language or "").lower() if isinstance(thing, Literal) else ""
        return bool(language) and any(
            tag in ("*", language) or language.startswith(f"{tag}-") for tag in tags
        )

    return holds


_OF_EACH: dict[Iri, Callable[[Shape, Node], _Holds]] = {
    SH["class"]: _class,
    SH.datatype: _datatype,
    SH.nodeKind: _node_kind,
    SH["in"]: _in,
    SH.minLength: _min_length,
    SH.maxLength: _max_length,
    SH.languageIn: _language_in,
}


def _term(node: Node) -> Term:
    """Turn a term of a shape into one of the store."""
    if isinstance(node, Blank):
        raise Unsupported("a blank node as a value")
    if not isinstance(node, Text):
        return NamedNode(str(node))
    if node.language:
        return Literal(str(node), language=node.language.lower())
    if node.datatype:
        raise Unsupported("a typed literal as a value")
    return Literal(str(node))
