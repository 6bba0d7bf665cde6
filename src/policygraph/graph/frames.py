"""Answers as data frames: typed columns for pandas, Polars and Arrow.

In: columns of RDF terms. Out: the frame of one of these libraries, imported when it is asked for. A
column has a type where all its values have the same: integers, decimals, booleans, days; else it is
text, each value as it is written.
"""

from __future__ import annotations

import datetime
import decimal
import importlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pyoxigraph import Literal

from policygraph.errors import WrongUsage
from policygraph.namespaces import XSD
from policygraph.text.days import is_date

if TYPE_CHECKING:
    import pandas as pd
    import polars as pl
    import pyarrow as pa

_LONGEST = 2**63
_READERS: dict[str, Callable[[str], Any]] = {
    "integer": int,
    "decimal": decimal.Decimal,
    "boolean": lambda text: text in ("true", "1"),
    "date": datetime.date.fromisoformat,
    "text": str,
}
_DECIMAL_DIGITS = 38


@dataclass(frozen=True)
class Column:
    """A column of one type.

    Attributes:
        name: its name.
        kind: ``integer``, ``decimal``, ``boolean``, ``date`` or ``text``.
        values: as Python values; None for a gap.
    """

    name: str
    kind: str
    values: tuple[Any, ...]


def columns_of(
    names: Sequence[str], rows: Sequence[Sequence[Any]], *, languages: bool = False
) -> Iterator[Column]:
    """Give the columns of some rows of RDF terms.

    Args:
        names: of the columns.
        rows: of terms; None for a gap.
        languages: after a column of texts with languages, give one of their tags, too.
    """
    for place, name in enumerate(names):
        terms = [row[place] for row in rows]
        kind = _kind_of([term for term in terms if term is not None])
        read = _READERS[kind]
        values = (None if term is None else read(term.value) for term in terms)
        yield Column(name, kind, tuple(values))
        tags = tuple(getattr(term, "language", None) for term in terms)
        if languages and any(tags):
            yield Column(f"{name}_language", "text", tags)


def _kind_of(terms: list[Any]) -> str:
    kinds = {_kind(term) for term in terms}
    if kinds == {"integer", "decimal"}:
        return "decimal"
    return kinds.pop() if len(kinds) == 1 else "text"


def _kind(term: Any) -> str:
    """Tell the type of one term; what its datatype does not allow, or no machine holds, is text."""
    if not isinstance(term, Literal):
        return "text"
    kind, text = term.datatype.value.removeprefix(XSD), term.value
    fits = {
        "integer": lambda: -_LONGEST <= int(text) < _LONGEST,
        "decimal": lambda: len(text.lstrip("+-").replace(".", "")) <= _DECIMAL_DIGITS,
        "boolean": lambda: text in ("true", "false", "1", "0"),
        "date": lambda: is_date(text),
    }
    try:
        return kind if kind in fits and fits[kind]() else "text"
    except ValueError:
        return "text"


def _library(name: str, extra: str) -> Any:
    """Import a library.

    Raises:
        WrongUsage: it is not installed; the message names the extra.
    """
    try:
        return importlib.import_module(name)
    except ImportError as error:
        raise WrongUsage("query/no-library", name=name, extra=extra) from error


def to_pandas(columns: Iterator[Column]) -> pd.DataFrame:
    """Give a pandas frame: ``Int64``, ``boolean``, ``datetime64``, exact decimals as objects."""
    pandas = _library("pandas", "pandas")
    types = {"integer": "Int64", "boolean": "boolean", "date": "datetime64[s]", "decimal": "object"}
    series = {
        column.name: pandas.Series(list(column.values), dtype=types.get(column.kind))
        for column in columns
    }
    frame: pd.DataFrame = pandas.DataFrame(series)
    return frame


def to_polars(columns: Iterator[Column]) -> pl.DataFrame:
    """Give a Polars frame: ``Int64``, ``Decimal``, ``Boolean``, ``Date``, ``String``."""
    polars = _library("polars", "polars")
    types = {"integer": polars.Int64, "boolean": polars.Boolean, "date": polars.Date}
    series = []
    for column in columns:
        kind = types.get(column.kind, polars.String)
        if column.kind == "decimal":
            kind = polars.Decimal(_DECIMAL_DIGITS, _places(column))
        series.append(polars.Series(column.name, list(column.values), dtype=kind))
    frame: pl.DataFrame = polars.DataFrame(series)
    return frame


def to_arrow(columns: Iterator[Column]) -> pa.Table:
    """Give an Arrow table: ``int64``, ``decimal128``, ``bool``, ``date32``, ``string``."""
    arrow = _library("pyarrow", "arrow")
    types = {"integer": arrow.int64(), "boolean": arrow.bool_(), "date": arrow.date32()}
    arrays = {}
    for column in columns:
        kind = types.get(column.kind, arrow.string())
        if column.kind == "decimal":
            kind = arrow.decimal128(_DECIMAL_DIGITS, _places(column))
        arrays[column.name] = arrow.array(list(column.values), type=kind)
    return arrow.table(arrays)


def _places(column: Column) -> int:
    """Count the digits behind the point of the longest number."""
    known = (value for value in column.values if value is not None)
    return max((-int(value.as_tuple().exponent) for value in known), default=0)
