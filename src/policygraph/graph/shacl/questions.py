"""The questions of shapes: a SPARQL query a rule, and what judges it without one where that can be.

In: a shape and a pattern for its focus nodes. Out: queries whose rows are violations.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from policygraph.graph.shacl.conditions import (
    OF_SETS,
    SPEAK_OF_VALUES,
    allowed_predicates,
    conforms,
    valid,
)
from policygraph.graph.shacl.native import SPEAK_OF_NONE, Judge, Look, Values, judge, path_of
from policygraph.graph.shacl.shapes import TYPE_OF, Shape, term, written_query
from policygraph.graph.shacl.terms import SH, Iri, Node, Unsupported
from policygraph.graph.terms import Term

_Written = Callable[[Shape, Node, str], str]
"""Writes the query of one parameter for some targets."""


class Question(NamedTuple):
    """A query whose rows are violations of one rule."""

    shape: Shape
    rule: str
    component: str
    text: str
    judge: Judge | None = None
    speaks_of_none: bool = False

    def judged(self, look: Look, focus: Term, values: Values) -> Iterable[Term | None]:
        """Judge the values of a focus node; ask only where there is a judge."""
        return self.judge(look, focus, values) if self.judge else ()


_COMPONENTS = {
    "class": "Class", "in": "In", "not": "Not", "and": "And", "or": "Or",
}  # fmt: skip
INSTANCE = re.compile(rf"(?P<node>\?\w+) {re.escape(TYPE_OF)} (?P<above><[^>]*>)")
_SELECT = re.compile(r"\bSELECT\b[^{]*", re.IGNORECASE)
_GROUP = re.compile(r"([^{}]*)\{")
_JOINED = re.compile(r"(EXISTS|GRAPH\s+\S+)\s*$", re.IGNORECASE)
_WHOLE = re.compile(r"\b(GROUP\s+BY|HAVING|LIMIT|OFFSET|ORDER\s+BY)\b", re.IGNORECASE)
_THIS = re.compile(r"\?this\b")


def questions_of(shape: Shape, focus: str) -> Iterator[Question]:
    """Write the questions of a shape about the nodes that a pattern binds to ``?this``."""
    for predicate, value in shape.parameters:
        if predicate == SH.property:
            yield from _nested(shape, shape.property_at(value), focus)
        elif predicate == SH.sparql:
            yield _own_query(shape, shape.at(value), focus)
        elif predicate in SPEAK_OF_VALUES:
            yield _question(shape, predicate, _values(shape, predicate, value, focus), value)
        elif predicate == SH.qualifiedValueShape:
            yield from _qualified(shape, value, focus)
        elif predicate in OF_SETS:
            yield _question(shape, predicate, _sets(shape, predicate, value, focus), value)
        else:
            raise Unsupported(str(predicate))


def _nested(shape: Shape, inner: Shape, focus: str) -> Iterator[Question]:
    """A property shape of a node shape speaks of the same focus nodes."""
    if shape.path:
        raise Unsupported("a property shape inside a property shape")
    if inner.is_active:
        yield from questions_of(inner, focus)


def component(predicate: Iri) -> str:
    """Name the constraint component of a parameter."""
    local = str(predicate).removeprefix(str(SH))
    return f"{SH}{_COMPONENTS.get(local, local[0].upper() + local[1:])}ConstraintComponent"


def _question(shape: Shape, predicate: Iri, text: str, value: Node | None = None) -> Question:
    plain = value is not None and (not shape.path or path_of(shape))
    judged = judge(shape, predicate, value) if plain and value is not None else None
    of_none = predicate in SPEAK_OF_NONE
    return Question(shape, shape.iri, component(predicate), text, judged, of_none)


def _values(shape: Shape, predicate: Iri, value: Node, focus: str) -> str:
    reach = f"?this {shape.path} ?value ." if shape.path else "BIND(?this AS ?value)"
    wrong = f"!{valid(shape, predicate, value, '?value', (shape.node,))}"
    return f"SELECT DISTINCT ?this ?value {{ {_once(focus)} {reach} FILTER({wrong}) }}"


def _once(focus: str) -> str:
    """Give each focus node once, whatever number of targets reach it."""
    return f"{{ SELECT DISTINCT ?this {{ {focus} }} }}"


def _sets(shape: Shape, predicate: Iri, value: Node, focus: str) -> str:
    targets = _once(focus)
    written = _SETS.get(predicate)
    if written:
        return written(shape, value, targets)
    holds = OF_SETS[predicate](shape, value, "?this")
    return f"SELECT DISTINCT ?this {{ {targets} FILTER(!{holds}) }}"


def _max_count(shape: Shape, value: Node, targets: str) -> str:
    return (
        f"SELECT ?this {{ {targets} ?this {shape.path} ?each }} GROUP BY ?this "
        f"HAVING(COUNT(DISTINCT ?each) > {int(str(value))})"
    )


def _min_count(shape: Shape, value: Node, targets: str) -> str:
    number = int(str(value))
    if number == 1:
        missing = f"FILTER NOT EXISTS {{ ?this {shape.path} ?each }}"
        return f"SELECT DISTINCT ?this {{ {targets} {missing} }}"
    return (
        f"SELECT ?this {{ {targets} OPTIONAL {{ ?this {shape.path} ?each }} }} GROUP BY ?this "
        f"HAVING(COUNT(DISTINCT ?each) < {number})"
    )


def _unique_lang(shape: Shape, value: Node, targets: str) -> str:
    """One result for each language used twice (SHACL, section 4.4.2)."""
    wanted = "true" if str(value) == "true" else "false"
    return (
        f"SELECT ?this ?lang {{ {targets} ?this {shape.path} ?each "
        f'BIND(LCASE(LANG(?each)) AS ?lang) FILTER(?lang != "" && {wanted}) }} '
        "GROUP BY ?this ?lang HAVING(COUNT(DISTINCT ?each) > 1)"
    )


def _disjoint(shape: Shape, value: Node, targets: str) -> str:
    reach = f"?this {shape.path} ?value ." if shape.path else "BIND(?this AS ?value)"
    return f"SELECT DISTINCT ?this ?value {{ {targets} {reach} ?this {term(value)} ?value }}"


def _equals(shape: Shape, value: Node, targets: str) -> str:
    other = term(value)
    if not shape.path:
        missing = f"BIND(?this AS ?value) FILTER NOT EXISTS {{ ?this {other} ?this }}"
        extra = f"?this {other} ?value FILTER(!sameTerm(?value, ?this))"
    else:
        missing = f"?this {shape.path} ?value FILTER NOT EXISTS {{ ?this {other} ?value }}"
        extra = f"?this {other} ?value FILTER NOT EXISTS {{ ?this {shape.path} ?value }}"
    either = f"{{ {targets} {missing} }} UNION {{ {targets} {extra} }}"
    return f"SELECT DISTINCT ?this ?value {{ {either} }}"


def _less(sign: str) -> _Written:
    def written(shape: Shape, value: Node, targets: str) -> str:
        return (
            f"SELECT ?this ?value ?other {{ {targets} ?this {shape.path} ?value . "
            f"?this {term(value)} ?other FILTER(!COALESCE(?value {sign} ?other, false)) }}"
        )

    return written


def _closed(shape: Shape, value: Node, targets: str) -> str:
    allowed = ", ".join(map(term, allowed_predicates(shape)))
    wanted = "true" if str(value) == "true" else "false"
    return (
        f"SELECT DISTINCT ?this ?path ?value {{ {targets} ?this ?path ?value "
        f"FILTER({wanted} && ?path NOT IN ({allowed})) }}"
    )


_SETS: dict[Iri, _Written] = {
    SH.minCount: _min_count,
    SH.maxCount: _max_count,
    SH.uniqueLang: _unique_lang,
    SH.disjoint: _disjoint,
    SH.equals: _equals,
    SH.lessThan: _less("<"),
    SH.lessThanOrEquals: _less("<="),
    SH.closed: _closed,
}


def _qualified(shape: Shape, value: Node, focus: str) -> Iterator[Question]:
    """Count the values that conform (SHACL, section 4.7.3)."""
    if str(shape.one(SH.qualifiedValueShapesDisjoint)) == "true":
        raise Unsupported("sh:qualifiedValueShapesDisjoint")
    targets = _once(focus)
    fits = conforms(shape.at(value), "?each", (shape.node,))
    counted = (
        f"SELECT ?this {{ {targets} OPTIONAL {{ ?this {shape.path} ?each FILTER({fits}) }} }} "
        "GROUP BY ?this HAVING(COUNT(DISTINCT ?each) {0} {1})"
    )
    for predicate, sign in ((SH.qualifiedMinCount, "<"), (SH.qualifiedMaxCount, ">")):
        bound = shape.one(predicate)
        if bound is not None:
            text = counted.replace("{0}", sign).replace("{1}", str(int(str(bound))))
            question = _question(shape, predicate, text)
            judged = judge(shape, SH.qualifiedValueShape, value) if path_of(shape) else None
            yield question._replace(judge=judged, speaks_of_none=True)


def _own_query(shape: Shape, constraint: Shape, focus: str) -> Question:
    text = written_query(shape, constraint)
    heads = _SELECT.findall(text)
    if len(heads) > 1 and not all(_THIS.search(head) or "?value" in head for head in heads):
        raise Unsupported("a subquery that does not hand $this on")
    targets = f"SELECT DISTINCT ?this {{ {focus} }}"
    name = str(SH.SPARQLConstraintComponent)
    return Question(shape, constraint.iri, name, f"{targets}\0{text}")


def has_subqueries(text: str) -> bool:
    """Tell whether a query has more than one SELECT."""
    return len(_SELECT.findall(text)) > 1


def together(targets: str, text: str) -> str:
    """Ask for all focus nodes at once, where ``$this`` is in the scope of every part; else nothing.

    A group of its own does not see what is bound outside it (SPARQL 1.1, section 18.2); that of
    GRAPH here is joined, and EXISTS is handed what is bound.
    """
    head, brace, body = text.partition("{")
    selected = _SELECT.findall(text)
    if len(selected) != 1 or not _THIS.search(selected[0]) or _WHOLE.search(text):
        return ""
    groups = _GROUP.findall(body)
    if not all(_JOINED.search(before) for before in groups):
        return ""
    return f"{head}{brace} {{ {targets} }} {body}"


def replaced(text: str, focus: str) -> str:
    """Put a node in the place of ``?this``; the projection keeps the name for the other columns."""
    (head,) = _SELECT.findall(text)
    kept = _THIS.sub("", head)
    if "?" not in kept and "*" not in kept:
        kept = re.sub(r"(?i)select", "SELECT (1 AS ?_one)", kept)
    before, _, body = text.partition(head)
    body = re.sub(r"(?i)bound\s*\(\s*\?this\s*\)", "(true)", body)
    return before + kept + _THIS.sub(lambda _: focus, body)
