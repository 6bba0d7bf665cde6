"""Constraint components as SPARQL conditions on one node (SHACL, section 4).

In: a shape and the name of a variable. Out: an expression that is true exactly where the node
conforms. Conditions nest, so ``sh:not``, ``sh:or`` and the like are conditions like any other.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Iterator

from policygraph.graph.shacl.shapes import TYPE_OF, Shape, term
from policygraph.graph.shacl.terms import SH, XSD, Iri, Node, Unsupported

_fresh = itertools.count()

Condition = Callable[[Shape, Node, str], str]


def fresh(name: str = "v") -> str:
    """Give a variable that no other condition uses."""
    return f"?{name}{next(_fresh)}"


def conforms(shape: Shape, variable: str, above: tuple[Node, ...] = ()) -> str:
    """Say in SPARQL that a node conforms to a shape.

    Raises:
        Unsupported: a parameter is not known, or the shape refers to itself.
    """
    if shape.node in above:
        raise Unsupported("a shape that refers to itself")
    if not shape.is_active:
        return "true"
    parts = list(_parts(shape, variable, (*above, shape.node)))
    return "(" + " && ".join(parts) + ")" if parts else "true"


def _parts(shape: Shape, variable: str, above: tuple[Node, ...]) -> Iterator[str]:
    for predicate, value in shape.parameters:
        if predicate in SPEAK_OF_VALUES:
            yield _of_every_value(shape, predicate, value, variable, above)
        elif predicate in OF_SETS:
            yield OF_SETS[predicate](shape, value, variable)
        elif predicate == SH.property:
            inner = fresh()
            own = shape.property_at(value)
            nested = conforms(own, inner if shape.path else variable, above)
            yield _every(shape, variable, inner, nested) if shape.path else nested
        elif predicate == SH.qualifiedValueShape:
            yield qualified(shape, value, variable, above)
        else:
            raise Unsupported(str(predicate))


def _of_every_value(
    shape: Shape, predicate: Iri, value: Node, variable: str, above: tuple[Node, ...]
) -> str:
    if not shape.path:
        return valid(shape, predicate, value, variable, above)
    inner = fresh()
    return _every(shape, variable, inner, valid(shape, predicate, value, inner, above))


def _every(shape: Shape, variable: str, inner: str, condition: str) -> str:
    return f"NOT EXISTS {{ {variable} {shape.path} {inner} FILTER(!{condition}) }}"


def valid(
    shape: Shape, predicate: Iri, value: Node, variable: str, above: tuple[Node, ...] = ()
) -> str:
    """Say that one value node satisfies one parameter; an error counts as no."""
    if predicate in _LOGICAL:
        return _LOGICAL[predicate](shape, value, variable, above)
    return f"COALESCE({OF_VALUES[predicate](shape, value, variable)}, false)"


# conditions on one value


def _class(_: Shape, value: Node, variable: str) -> str:
    return f"EXISTS {{ {variable} {TYPE_OF} {term(value)} }}"


_STORED_AS_INTEGER = {
    *("nonNegativeInteger", "positiveInteger", "nonPositiveInteger", "negativeInteger"),
    *("byte", "short", "int", "long"),
    *("unsignedByte", "unsignedShort", "unsignedInt", "unsignedLong"),
}
_CASTS = {"boolean", "double", "float", "decimal", "integer", "dateTime", "date", "time"}


def _datatype(_: Shape, value: Node, variable: str) -> str:
    """The datatype is the one given and the lexical form is one of it (SHACL, section 4.1.2)."""
    same = f"isLiteral({variable}) && DATATYPE({variable}) = {term(value)}"
    local = str(value).removeprefix(str(XSD))
    if local in _CASTS:
        return f"({same} && BOUND({variable}) && {_castable(variable, local)})"
    if local in _STORED_AS_INTEGER:
        raise Unsupported(f"xsd:{local}, which the store keeps as xsd:integer")
    return f"({same})"


def _castable(variable: str, local: str) -> str:
    cast = f"<{XSD}{local}>(STR({variable}))"
    # a double may be NaN, which equals nothing; any value at all will do
    return f"STRLEN(STR({cast})) > 0"


_KINDS = {
    SH.IRI: "isIRI({0})",
    SH.BlankNode: "isBlank({0})",
    SH.Literal: "isLiteral({0})",
    SH.BlankNodeOrIRI: "!isLiteral({0})",
    SH.BlankNodeOrLiteral: "!isIRI({0})",
    SH.IRIOrLiteral: "!isBlank({0})",
}


def _node_kind(_: Shape, value: Node, variable: str) -> str:
    return _KINDS[Iri(str(value))].format(variable)


def _length(sign: str) -> Condition:
    return lambda _, value, variable: (
        f"(!isBlank({variable}) && STRLEN(STR({variable})) {sign} {int(str(value))})"
    )


def _pattern(shape: Shape, value: Node, variable: str) -> str:
    _check_pattern(str(value))
    flags = shape.one(SH.flags)
    options = f", {term(flags)}" if flags is not None else ""
    return f"(!isBlank({variable}) && REGEX(STR({variable}), {term(value)}{options}))"


def _check_pattern(pattern: str) -> None:
    """Refuse a pattern that cannot be read: a store would only find it unequal to every text."""
    try:
        re.compile(pattern)
    except re.error as reason:
        raise Unsupported(f"a pattern that cannot be read: {reason}") from reason


def _language_in(shape: Shape, value: Node, variable: str) -> str:
    tags = shape.members(value)
    found = " || ".join(f'langMatches(LANG({variable}), "{tag}")' for tag in tags) or "false"
    return f'(isLiteral({variable}) && LANG({variable}) != "" && ({found}))'


def _compared(sign: str) -> Condition:
    return lambda _, value, variable: f"({variable} {sign} {term(value)})"


def _in(shape: Shape, value: Node, variable: str) -> str:
    same = (f"sameTerm({variable}, {term(member)})" for member in shape.members(value))
    return "(" + (" || ".join(same) or "false") + ")"


OF_VALUES: dict[Iri, Condition] = {
    SH["class"]: _class,
    SH.datatype: _datatype,
    SH.nodeKind: _node_kind,
    SH.minLength: _length(">="),
    SH.maxLength: _length("<="),
    SH.pattern: _pattern,
    SH.languageIn: _language_in,
    SH.minInclusive: _compared(">="),
    SH.maxInclusive: _compared("<="),
    SH.minExclusive: _compared(">"),
    SH.maxExclusive: _compared("<"),
    SH["in"]: _in,
}
"""Parameters that speak of each value node by itself."""


# conditions that hold other shapes


def _node(shape: Shape, value: Node, variable: str, above: tuple[Node, ...]) -> str:
    return conforms(shape.at(value), variable, above)


def _not(shape: Shape, value: Node, variable: str, above: tuple[Node, ...]) -> str:
    return f"(!{conforms(shape.at(value), variable, above)})"


def _joined(sign: str) -> Callable[[Shape, Node, str, tuple[Node, ...]], str]:
    def condition(shape: Shape, value: Node, variable: str, above: tuple[Node, ...]) -> str:
        parts = [conforms(shape.at(member), variable, above) for member in shape.members(value)]
        return "(" + sign.join(parts) + ")"

    return condition


def _xone(shape: Shape, value: Node, variable: str, above: tuple[Node, ...]) -> str:
    parts = [conforms(shape.at(member), variable, above) for member in shape.members(value)]
    ones = " + ".join(f"IF({part}, 1, 0)" for part in parts)
    return f"(({ones}) = 1)"


_LOGICAL = {
    SH.node: _node,
    SH["not"]: _not,
    SH["and"]: _joined(" && "),
    SH["or"]: _joined(" || "),
    SH.xone: _xone,
}
SPEAK_OF_VALUES = frozenset({*OF_VALUES, *_LOGICAL})
"""All parameters that ``valid`` can judge of one value node."""


# conditions on the set of values


def at_least(number: int, variable: str, path: str, condition: str = "") -> str:
    """Say that a node has at least so many different values (that fulfil a condition)."""
    if number <= 0:
        return "true"
    values = [fresh() for _ in range(number)]
    triples = " . ".join(f"{variable} {path} {value}" for value in values)
    different = [f"!sameTerm({a}, {b})" for a, b in itertools.combinations(values, 2)]
    wanted = [condition.replace("?value", value) for value in values] if condition else []
    filters = " ".join(f"FILTER({test})" for test in (*different, *wanted))
    return f"EXISTS {{ {triples} . {filters} }}"


def _min_count(shape: Shape, value: Node, variable: str) -> str:
    return at_least(int(str(value)), variable, shape.path)


def _max_count(shape: Shape, value: Node, variable: str) -> str:
    return f"(!{at_least(int(str(value)) + 1, variable, shape.path)})"


def _unique_lang(shape: Shape, value: Node, variable: str) -> str:
    if str(value) != "true":
        return "true"
    one, other = fresh(), fresh()
    return (
        f"NOT EXISTS {{ {variable} {shape.path} {one} , {other} "
        f'FILTER(!sameTerm({one}, {other}) && LANG({one}) != "" && '
        f"LCASE(LANG({one})) = LCASE(LANG({other}))) }}"
    )


def _has_value(shape: Shape, value: Node, variable: str) -> str:
    if not shape.path:
        return f"sameTerm({variable}, {term(value)})"
    return f"EXISTS {{ {variable} {shape.path} {term(value)} }}"


def _disjoint(shape: Shape, value: Node, variable: str) -> str:
    inner = fresh()
    if not shape.path:
        return f"NOT EXISTS {{ {variable} {term(value)} {variable} }}"
    return f"NOT EXISTS {{ {variable} {shape.path} {inner} . {variable} {term(value)} {inner} }}"


def _equals(shape: Shape, value: Node, variable: str) -> str:
    one, other = fresh(), fresh()
    if not shape.path:
        differs = f"FILTER(!sameTerm({other}, {variable}))"
        only = f"NOT EXISTS {{ {variable} {term(value)} {other} {differs} }}"
        return f"(EXISTS {{ {variable} {term(value)} {variable} }} && {only})"
    return (
        f"(NOT EXISTS {{ {variable} {shape.path} {one} "
        f"FILTER NOT EXISTS {{ {variable} {term(value)} {one} }} }} && "
        f"NOT EXISTS {{ {variable} {term(value)} {other} "
        f"FILTER NOT EXISTS {{ {variable} {shape.path} {other} }} }})"
    )


def _less(sign: str) -> Condition:
    def condition(shape: Shape, value: Node, variable: str) -> str:
        one, other = fresh(), fresh()
        return (
            f"NOT EXISTS {{ {variable} {shape.path} {one} . {variable} {term(value)} {other} "
            f"FILTER(!COALESCE({one} {sign} {other}, false)) }}"
        )

    return condition


def allowed_predicates(shape: Shape) -> list[Node]:
    """List the predicates a closed shape allows (SHACL, section 4.8.1)."""
    own = (shape.at(value).one(SH.path) for name, value in shape.parameters if name == SH.property)
    ignored = shape.one(SH.ignoredProperties)
    more = shape.members(ignored) if ignored is not None else []
    return [*(node for node in own if isinstance(node, Iri)), *more]


def _closed(shape: Shape, value: Node, variable: str) -> str:
    if str(value) != "true":
        return "true"
    predicate, inner = fresh("p"), fresh()
    allowed = ", ".join(map(term, allowed_predicates(shape)))
    return f"NOT EXISTS {{ {variable} {predicate} {inner} FILTER({predicate} NOT IN ({allowed})) }}"


OF_SETS: dict[Iri, Condition] = {
    SH.minCount: _min_count,
    SH.maxCount: _max_count,
    SH.uniqueLang: _unique_lang,
    SH.hasValue: _has_value,
    SH.disjoint: _disjoint,
    SH.equals: _equals,
    SH.lessThan: _less("<"),
    SH.lessThanOrEquals: _less("<="),
    SH.closed: _closed,
}
"""Parameters that speak of all value nodes together."""


def qualified(shape: Shape, value: Node, variable: str, above: tuple[Node, ...]) -> str:
    """Say that enough and not too many values conform to another shape (section 4.7.3)."""
    if str(shape.one(SH.qualifiedValueShapesDisjoint)) == "true":
        raise Unsupported("sh:qualifiedValueShapesDisjoint")
    condition = conforms(shape.at(value), "?value", above)
    least, most = shape.one(SH.qualifiedMinCount), shape.one(SH.qualifiedMaxCount)
    parts = []
    if least is not None:
        parts.append(at_least(int(str(least)), variable, shape.path, condition))
    if most is not None:
        parts.append(f"(!{at_least(int(str(most)) + 1, variable, shape.path, condition)})")
    return "(" + (" && ".join(parts) or "true") + ")"
