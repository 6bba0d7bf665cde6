"""Rows as CSV (SPARQL 1.1 Query Results CSV, over RFC 4180), every cell quoted that needs it.

In: solutions. Out: bytes. Oxigraph's own writer leaves IRIs as they are, and those of passages hold
a comma (``#char=35,89``), which made two cells of one.
"""

from __future__ import annotations

import csv
import io
from typing import Any, Protocol

from pyoxigraph import BlankNode, QuerySolutions


class Sink(Protocol):
    """What takes bytes, as a file does."""

    def write(self, data: bytes, /) -> object:
        """Take a piece."""


def write_csv(result: QuerySolutions, into: Sink) -> None:
    """Write a head and a line for each solution; what is not bound is an empty cell."""
    line = io.StringIO()
    writer = csv.writer(line)
    into.write(_taken(line, writer, [variable.value for variable in result.variables]))
    for solution in result:
        into.write(_taken(line, writer, [_cell(term) for term in solution]))


def _taken(line: io.StringIO, writer: Any, cells: list[str]) -> bytes:
    line.seek(0)
    line.truncate()
    writer.writerow(cells)
    return line.getvalue().encode()


def _cell(term: Any) -> str:
    if term is None:
        return ""
    if isinstance(term, BlankNode):
        return str(term)
    return str(getattr(term, "value", term))
