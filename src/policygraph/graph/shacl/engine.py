"""The engine: one SPARQL query a rule, over a store with its ontology.

In: quads and shapes. Out: violations, and the shapes that must go to pyshacl.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from itertools import islice
from typing import Any, NamedTuple, TypeVar, cast

from pyoxigraph import BlankNode, DefaultGraph, NamedNode, Quad, QuerySolutions, Store, Variable

from policygraph.graph.shacl.conditions import fresh
from policygraph.graph.shacl.native import Look
from policygraph.graph.shacl.panel import Panel
from policygraph.graph.shacl.questions import (
    INSTANCE,
    Question,
    has_subqueries,
    questions_of,
    replaced,
    together,
)
from policygraph.graph.shacl.shapes import MALFORMED, Shape, read_shapes
from policygraph.graph.shacl.terms import RDF, RDFS, SH, Shapes, Unsupported
from policygraph.graph.terms import TYPE, Term

Thing = TypeVar("Thing")


class Violation(NamedTuple):
    """One result: what a SHACL report says of it."""

    focus: str
    rule: str
    component: str
    severity: str
    path: str
    value: str
    bindings: tuple[tuple[str, str], ...] = ()


class Share(NamedTuple):
    """One of several equal shares of some work.

    Attributes:
        number: counted from 0.
        shares: how many there are.
    """

    number: int
    shares: int

    def of(self, things: Iterable[Thing]) -> Iterable[Thing]:
        """Give the things of this share; all shares together give each thing once."""
        return islice(things, self.number, None, self.shares)


ALL = Share(0, 1)


class Engine:
    """Holds data and shapes; ``violations`` asks every rule."""

    def __init__(self, store: Store, shapes: Shapes, *, named: bool | None = None) -> None:
        """Hold a store, whose default graph is the merge of the others, and shapes.

        Args:
            store: the data with its ontology.
            shapes: the shapes graph.
            named: whether every node of the data has a name; looked up if not known.
        """
        self.store = store
        self.shapes = shapes
        self.unsupported: dict[str, str] = {}
        self._classes: dict[str, list[str]] = {}
        self._named = named
        self._look = Look(store, self._below)

    @classmethod
    def over(cls, quads: Iterable[Quad], shapes: Shapes) -> Engine:
        """Hold some quads and shapes."""
        given = list(quads)
        store = Store()
        store.extend(given)
        store.extend(Quad(*quad.triple) for quad in given)
        named = not any(BlankNode in (type(q.subject), type(q.object)) for q in given)
        return cls(store, shapes, named=named)

    def violations(self, share: Share = ALL) -> Iterator[Violation]:
        """Ask every rule of every shape; shapes that cannot be compiled are noted instead.

        Args:
            share: which of the focus nodes and queries are this engine's to look at.
        """
        for shape in read_shapes(self.shapes):
            if self._has_no_focus(shape):
                continue
            try:
                questions = [self._by_class(each) for each in self._questions(shape)]
                judged = [question for question in questions if self._is_judged(question)]
                asked = [question for question in questions if question not in judged]
                answers = self._answers(asked, share)
            except (Unsupported, *MALFORMED) as reason:
                self.unsupported[shape.iri] = str(reason)
                continue
            yield from self._judge(shape, judged, share)
            yield from answers

    def _is_judged(self, question: Question) -> bool:
        return bool(question.judge) and self._all_have_names

    @cached_property
    def _all_have_names(self) -> bool:
        """Tell whether every node has a name; only queries judge graphs with other nodes."""
        if self._named is not None:
            return self._named
        return not self.store.query("ASK { ?s ?p ?o FILTER(isBlank(?s) || isBlank(?o)) }")

    def _judge(self, shape: Shape, questions: list[Question], share: Share) -> Iterator[Violation]:
        """Look at each focus node once for all questions that need no query."""
        if not questions:
            return
        panel = Panel(questions)
        for focus in cast("Iterable[Term]", share.of(self._focus(shape))):
            for question, value in panel.judge(self._look, focus):
                found = {"this": focus} if value is None else {"this": focus, "value": value}
                yield _violation(question, found)

    def _has_no_focus(self, shape: Shape) -> bool:
        """Tell whether all targets of a shape are classes that nothing is a member of."""
        patterns = (
            self.store.quads_for_pattern(None, TYPE, kind, DefaultGraph())
            for kind in self._kinds(shape.classes or ())
        )
        return bool(shape.classes) and not any(any(True for _ in found) for found in patterns)

    def _kinds(self, classes: Iterable[str]) -> list[NamedNode]:
        """Give classes, written in SPARQL, and those below them."""
        below = {kind for each in classes for kind in self._below(each)}
        return [NamedNode(kind[1:-1]) for kind in sorted(below)]

    def _focus(self, shape: Shape) -> Iterable[object]:
        """Give the focus nodes of a shape, each once."""
        if shape.classes is None:
            focus = " UNION ".join(f"{{ {target} }}" for target in shape.targets())
            text = INSTANCE.sub(self._instances, f"SELECT DISTINCT ?this {{ {focus} }}")
            return (row["this"] for row in _rows(self.store, text))
        kinds = self._kinds(shape.classes)
        members = (
            quad.subject
            for kind in kinds
            for quad in self.store.quads_for_pattern(None, TYPE, kind, DefaultGraph())
        )
        return members if len(kinds) == 1 else dict.fromkeys(members)

    def _questions(self, shape: Shape) -> list[Question]:
        focus = " UNION ".join(f"{{ {target} }}" for target in shape.targets())
        return list(questions_of(shape, focus)) if focus and shape.is_active else []

    def _by_class(self, question: Question) -> Question:
        """Name the classes below a class, rather than let every query look for them again."""
        return question._replace(text=INSTANCE.sub(self._instances, question.text))

    def _instances(self, place: re.Match[str]) -> str:
        node, above = place["node"], place["above"]
        below = self._below(above)
        if len(below) == 1:
            return f"{node} <{RDF.type}> {above}"
        kind = fresh("kind")
        if node == "?this":
            return f"VALUES {kind} {{ {' '.join(below)} }} {node} <{RDF.type}> {kind}"
        return f"{node} <{RDF.type}> {kind} FILTER({kind} IN ({', '.join(below)}))"

    def _below(self, above: str) -> list[str]:
        if above not in self._classes:
            text = f"SELECT DISTINCT ?below {{ ?below <{RDFS.subClassOf}>* {above} }}"
            found = {str(row["below"]) for row in _rows(self.store, text)}
            self._classes[above] = sorted({above, *found})
        return self._classes[above]

    def _answers(self, questions: list[Question], share: Share) -> Iterable[Violation]:
        """Ask queries, none of which is believed before the store could read them all."""
        if share == ALL:
            return [violation for question in questions for violation in self._ask(question)]
        self._try_out(questions)
        return (each for question in share.of(questions) for each in self._ask(question))

    def _try_out(self, questions: list[Question]) -> None:
        """Let the store read every query of a shape before any is believed."""
        for question in questions:
            for text in question.text.split("\0"):
                self.store.query(text)

    def _ask(self, question: Question) -> Iterator[Violation]:
        if question.component == str(SH.SPARQLConstraintComponent):
            yield from self._ask_each(question)
            return
        for row in _rows(self.store, question.text):
            yield _violation(question, row)

    def _ask_each(self, question: Question) -> Iterator[Violation]:
        """Ask a query of the shape's own with ``$this`` bound (SHACL, section 5.3.1)."""
        targets, _, text = question.text.partition("\0")
        at_once = together(targets, text)
        if at_once:
            yield from (_violation(question, row) for row in _rows(self.store, at_once))
            return
        for row in _rows(self.store, targets):
            for answer in _named(self._bound(text, row["this"])):
                yield _violation(question, {**answer, "this": row["this"]})

    def _bound(self, text: str, focus: Any) -> QuerySolutions:
        """Ask with ``$this`` in place of the variable, or bound where the query has subqueries."""
        if has_subqueries(text):
            found = self.store.query(text, substitutions={Variable("this"): focus})
        else:
            found = self.store.query(replaced(text, str(focus)))
        return cast("QuerySolutions", found)


def _rows(store: Store, text: str) -> Iterator[dict[str, object]]:
    return _named(cast("QuerySolutions", store.query(text)))


def _named(solutions: QuerySolutions) -> Iterator[dict[str, object]]:
    names = [variable.value for variable in solutions.variables]
    for row in solutions:
        yield {name: value for name, value in zip(names, row, strict=True) if value is not None}


def _violation(question: Question, row: Mapping[str, object]) -> Violation:
    texts = {name: str(getattr(value, "value", value)) for name, value in row.items()}
    value = texts.get("value", "")
    own_path = texts.get("path", "")
    if question.component == str(SH.SPARQLConstraintComponent) and not value:
        value = texts["this"]
    return Violation(
        texts["this"],
        question.rule,
        question.component,
        question.shape.severity,
        own_path or question.shape.path_iri,
        value,
        tuple(sorted(texts.items())),
    )
