"""Questions that a page asks: a named query with what was filled in, or a query of the reader's.

In: the name of a query and the values of its parameters, or its text. Out: all of the answer in one
form, to take away; or its first rows, for a page, with how many there are.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cached_property
from itertools import islice
from pathlib import Path
from typing import Any

from pyoxigraph import (
    Literal,
    NamedNode,
    QueryBoolean,
    QueryResultsFormat,
    QuerySolutions,
    Triple,
    parse_query_results,
)

from policygraph.graph.query import Answer, Asker, Heading, read_queries
from policygraph.graph.store import GraphStore
from policygraph.namespaces import XSD
from policygraph.publish.site.results import Outcome
from policygraph.serve.frames import Frame
from policygraph.serve.refusal import refusing
from policygraph.serve.sparql.answers import Answerer, Bounded, Result, failing, kind_of

TRIPLES = ("subject", "predicate", "object")
"""Columns of what a CONSTRUCT or DESCRIBE gives."""


class Questions:
    """Answers the questions of pages.

    Args:
        graph: what named queries are asked of.
        queries: the folder of them.
        answerer: what answers queries of readers, with the limits of any answer.
    """

    def __init__(self, graph: GraphStore, queries: Path, answerer: Answerer) -> None:
        self._graph, self._folder, self._answerer = graph, queries, answerer

    def jobs(self) -> dict[str, Callable[[Mapping[str, Any]], Frame]]:
        """Give what can be asked, by its name."""
        return {"ask": refusing(self.ask)}

    @cached_property
    def _asker(self) -> Asker:
        return Asker(self._graph, read_queries(self._folder))

    def ask(self, asked: Mapping[str, Any]) -> Frame:
        """Answer.

        Args:
            asked: ``name`` and ``values``, or ``text``; ``forms``, by kind of result, for all of
                the answer, or ``most``, how many rows a page shows.

        Raises:
            Refusal: it cannot be answered.
        """
        result = self._result(asked)
        if "forms" in asked:
            return self._answerer.whole(result, asked["forms"])
        with failing():
            return self._begun(result, asked["most"])

    def _result(self, asked: Mapping[str, Any]) -> Result:
        if not asked["name"]:
            return self._answerer.result(asked["text"])
        query = self._asker.named(asked["name"])
        return self._asker.run(query.text, self._asker.bind(query, asked["values"]))

    def _begun(self, result: Result, most: int) -> Frame:
        """Write the first rows and count the others, as far as an answer may go."""
        columns, rows = self._table(result)
        into = Bounded(self._answerer.size)
        body = into.filled(lambda: _written(into, columns, islice(rows, most)))
        shown = body.count(b"\n") - 1
        count = shown + sum(1 for _ in islice(rows, max(0, self._answerer.rows + 1 - shown)))
        more = count > self._answerer.rows
        return Frame({"kind": kind_of(result), "count": count - more, "more": more}, body)

    def _table(self, result: Result) -> tuple[tuple[str, ...], Iterator[tuple[Any, ...]]]:
        if isinstance(result, QuerySolutions):
            return tuple(each.value for each in result.variables), map(tuple, result)
        if isinstance(result, QueryBoolean):
            truth = Literal(str(bool(result)).lower(), datatype=NamedNode(XSD + "boolean"))
            return ("answer",), iter([(truth,)])
        triples = set(islice(result, self._answerer.rows + 1))
        return TRIPLES, iter(sorted(map(tuple, triples), key=str))


def _written(into: Bounded, columns: Iterable[str], rows: Iterable[tuple[Any, ...]]) -> None:
    """Write rows as SPARQL 1.1 has it in TSV; terms of N-Triples are terms of that, too."""
    into.write(("\t".join(f"?{name}" for name in columns) + "\n").encode())
    for row in rows:
        into.write(("\t".join(map(_term, row)) + "\n").encode())


def _term(term: Any) -> str:
    if isinstance(term, Triple):  # a page shows it as it is written
        term = Literal(f"<<( {term} )>>")
    return "" if term is None else str(term)


def outcome_of(frame: Frame, headings: Mapping[str, Heading]) -> Outcome:
    """Read the beginning of an answer, as ``Questions`` writes it."""
    read = parse_query_results(frame.body, format=QueryResultsFormat.TSV)
    assert isinstance(read, QuerySolutions)  # noqa: S101 - for the type checker: never an ASK
    columns = tuple(variable.value for variable in read.variables)
    answer = Answer(columns, tuple(map(tuple, read)), headings)
    return Outcome(answer, frame.head["kind"], frame.head["count"], more=frame.head["more"])
