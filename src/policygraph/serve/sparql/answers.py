"""Questions in SPARQL, answered in a worker: bytes in the form that was asked for, or a refusal.

In: the text of a query, its dataset, the forms that will do. Out: a whole answer within the limits
of rows and bytes; one that is larger is refused, never cut.
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from itertools import islice
from typing import TYPE_CHECKING, Any, cast

from pyoxigraph import (
    DefaultGraph,
    NamedNode,
    Quad,
    QueryBoolean,
    QueryResultsFormat,
    QuerySolutions,
    QueryTriples,
    RdfFormat,
    Store,
    Triple,
    serialize,
)

from policygraph.graph.csv_rows import write_csv
from policygraph.graph.query import missing_prefixes, without_opaque
from policygraph.graph.terms import used_prefixes
from policygraph.serve.frames import Frame
from policygraph.serve.refusal import BAD, FORBIDDEN, NOT_ACCEPTABLE, TOO_MUCH, Refusal

if TYPE_CHECKING:
    from typing_extensions import Buffer

TABLES = {
    "json": QueryResultsFormat.JSON,
    "xml": QueryResultsFormat.XML,
    "csv": QueryResultsFormat.CSV,
    "tsv": QueryResultsFormat.TSV,
}
GRAPHS = {
    "ttl": RdfFormat.TURTLE,
    "nt": RdfFormat.N_TRIPLES,
    "jsonld": RdfFormat.JSON_LD,
    "rdf": RdfFormat.RDF_XML,
    "nq": RdfFormat.N_QUADS,
    "trig": RdfFormat.TRIG,
}

_NO_FORM = {
    "rows": "serve/no-form-for-rows",
    "truth": "serve/no-form-for-truth",
    "triples": "serve/no-form-for-triples",
}
_DEPTH = 200
"""Brackets within brackets; a parser that goes down thousands of them has no way back."""
_BRACKET = re.compile(r"[(\[{]|[)\]}]")
_OUTSIDE = re.compile(r"\b(SERVICE|LOAD)\b", re.IGNORECASE)
_NOT_XML = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f]|\xef\xbf[\xbe\xbf]")
_IN_JSON, _IN_CSV = re.compile(rb'"(?:[^"\\]|\\.)*"', re.DOTALL), re.compile(rb'"[^"]*"')


Result = QuerySolutions | QueryBoolean | QueryTriples
"""What the engine gives, lazily."""


class Answerer:
    """Answers questions about one store.

    Args:
        store: what is asked.
        base: what relative IRIs in a question stand under.
        rows: that an answer may have.
        size: bytes that it may have.
        sealed: whether this process can reach no other; if not, words that might are refused.
    """

    def __init__(self, store: Store, base: str, rows: int, size: int, *, sealed: bool) -> None:
        self.store, self._base, self._sealed = store, base, sealed
        self.rows, self.size = rows, size

    def query(self, asked: Mapping[str, Any]) -> Frame:
        """Answer a query.

        Args:
            asked: ``text``; ``default`` and ``named``, the IRIs of the graphs to ask, empty for all
                there are; ``forms``: by kind of result, the form to write it in.

        Raises:
            Refusal: it is no query, wants to leave the machine, or its answer is too large.
        """
        result = self.result(asked["text"], asked["default"], asked["named"])
        return self.whole(result, asked["forms"])

    def result(self, text: str, default: Iterable[str] = (), named: Iterable[str] = ()) -> Result:
        """Begin to answer a query; see ``query``."""
        self._guard(text)
        return self._run(text, nodes(default), nodes(named))

    def whole(self, result: Result, forms: Mapping[str, str]) -> Frame:
        """Write all of a result in the form that its kind is wanted in; see ``query``."""
        kind = kind_of(result)
        form = forms.get(kind)
        if form is None:
            raise Refusal(NOT_ACCEPTABLE, _NO_FORM[kind])
        with failing():
            body = self._written(result, form)
        return Frame({"kind": kind, "form": form}, body)

    def graph(self, asked: Mapping[str, Any]) -> Frame:
        """Write one graph.

        Args:
            asked: ``graph``, its IRI, or empty for the default graph; ``form``.

        Raises:
            Refusal: there is no such graph, or it is too large.
        """
        name = nodes([asked["graph"]])[0] if asked["graph"] else DefaultGraph()
        quads = self.store.quads_for_pattern(None, None, None, name)
        found = [quad.triple for quad in islice(quads, self.rows + 1)]
        if not found and isinstance(name, NamedNode):
            raise Refusal(404, "serve/no-graph", name=name.value)
        return Frame({"form": asked["form"]}, self.written(found, asked["form"]))

    def written(self, statements: Iterable[Triple] | Iterable[Quad], form: str) -> bytes:
        """Write statements in order, each once.

        Raises:
            Refusal: there are too many of them, or their text is too large.
        """
        found: list[Triple | Quad] = list(islice(statements, self.rows + 1))
        self._few(len(found))
        ordered = cast("list[Triple]", sorted(set(found), key=str))
        names = used_prefixes(ordered)
        into = Bounded(self.size)
        return into.filled(lambda: serialize(ordered, into, format=GRAPHS[form], prefixes=names))

    def _guard(self, text: str) -> None:
        searched = without_opaque(text) if self._sealed else text
        found = _OUTSIDE.search(searched)
        if found and (found[0].upper() == "SERVICE" or not self._sealed):
            raise Refusal(FORBIDDEN, "serve/outside", word=found[0].upper())
        depth = 0
        for bracket in _BRACKET.finditer(text):
            depth += 1 if bracket[0] in "([{" else -1
            if depth > _DEPTH:
                raise Refusal(BAD, "serve/too-deep", depth=_DEPTH)

    def _run(self, text: str, default: list[NamedNode], named: list[NamedNode]) -> Result:
        graphs: dict[str, Any] = {}
        if default or named:
            graphs = {"default_graph": default, "named_graphs": named}
        try:
            return self.store.query(
                text, base_iri=self._base, prefixes=missing_prefixes(text), **graphs
            )
        except SyntaxError as error:
            raise Refusal(BAD, "serve/no-query", why=_line(error)) from error
        except (RuntimeError, OSError, ValueError) as error:
            raise Refusal(BAD, "serve/query-fails", why=_line(error)) from error

    def _written(self, result: Result, form: str) -> bytes:
        if isinstance(result, QueryTriples):
            return self.written(result, form)
        into = Bounded(self.size)
        if form == "csv" and isinstance(result, QuerySolutions):
            data = into.filled(lambda: write_csv(result, into))
        else:
            data = into.filled(lambda: result.serialize(into, format=TABLES[form]))
        if isinstance(result, QuerySolutions):
            self._few(rows_of(data, form, self.rows))
        if form == "xml" and _NOT_XML.search(data):
            raise Refusal(NOT_ACCEPTABLE, "serve/not-xml")
        return data

    def _few(self, count: int) -> None:
        if count > self.rows:
            raise Refusal(TOO_MUCH, "serve/too-many-rows", count=f"{self.rows:,}")


class Bounded(io.BytesIO):
    """A file in memory that takes so many bytes and no more."""

    def __init__(self, most: int) -> None:
        super().__init__()
        self._left = self._most = most

    def write(self, data: Buffer, /) -> int:
        """Take a piece; called by the writer of an answer."""
        taken = bytes(data)
        self._left -= len(taken)
        if self._left < 0:
            raise OSError("full")
        return super().write(taken)

    def filled(self, write: Callable[[], object]) -> bytes:
        """Let an answer be written, and give its bytes.

        Raises:
            Refusal: it has too many.
        """
        try:
            write()
        except OSError as error:
            if self._left >= 0:
                raise
            size = f"{self._most / 2**20:g}"
            raise Refusal(TOO_MUCH, "serve/too-large", mebibytes=size) from error
        return self.getvalue()


def nodes(names: Iterable[str]) -> list[NamedNode]:
    """Turn the names of graphs into terms.

    Raises:
        Refusal: one is no IRI.
    """
    found = []
    for name in names:
        try:
            found.append(NamedNode(name))
        except ValueError as error:
            raise Refusal(BAD, "serve/no-iri", name=name) from error
    return found


def rows_of(data: bytes, form: str, most: int) -> int:
    """Count the rows of a table that was written; exactly, where there may be more than ``most``.

    Counting is quick, since what separates rows is counted first, and strings, which may hold the
    same, are only looked at where that count is too high.
    """
    if form == "xml":
        return data.count(b"<result>")
    if form == "tsv":
        return data.count(b"\n") - 1
    strings = _IN_JSON if form == "json" else _IN_CSV
    between = b"},{" if form == "json" else b"\r\n"
    count = data.count(between)
    if count >= most:
        count = strings.sub(b"", data).count(between)
    if form == "csv":
        return count - 1
    return count + (b'"bindings":[]' not in data[-20:])


def kind_of(result: Result) -> str:
    """Tell what a result is: ``rows``, ``truth`` or ``triples``."""
    if isinstance(result, QueryBoolean):
        return "truth"
    return "rows" if isinstance(result, QuerySolutions) else "triples"


@contextmanager
def failing() -> Iterator[None]:
    """Turn what the engine raises while it answers into a refusal."""
    try:
        yield
    except (RuntimeError, OSError, ValueError) as error:
        raise Refusal(BAD, "serve/query-fails", why=_line(error)) from error


def _line(error: Exception) -> str:
    """Give what the engine says, on one line and not too long."""
    words = " ".join(str(error).split())
    return words if len(words) <= 300 else words[:300] + "…"
