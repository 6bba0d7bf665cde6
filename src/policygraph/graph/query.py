"""Named queries and questions in SPARQL, asked of a built graph.

In: ``queries/<name>.rq`` with a ``#+`` YAML header, or SPARQL text. Out: rows. Parameters are bound
as terms, never pasted into the text; an unknown, missing or ill-typed one is refused. SERVICE is
refused: a question never leaves the machine.
"""

from __future__ import annotations

import datetime
import decimal
import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, cast

import yaml
from pyoxigraph import (
    Literal,
    NamedNode,
    QueryBoolean,
    QueryResultsFormat,
    QuerySolutions,
    QueryTriples,
    RdfFormat,
    Variable,
)

from policygraph.errors import UnreadableInput, Where, WrongUsage
from policygraph.graph import frames
from policygraph.graph.csv_rows import write_csv
from policygraph.graph.lookup import Lookup
from policygraph.graph.store import GraphStore
from policygraph.graph.terms import used_prefixes, write
from policygraph.namespaces import XSD, expand, prefixes
from policygraph.nearest import nearest
from policygraph.text.days import is_date

if TYPE_CHECKING:
    import pandas as pd
    import polars as pl
    import pyarrow as pa

_HEADER = re.compile(r"^#\+ ?(.*)$", re.MULTILINE)
_OPAQUE = re.compile(
    r"<[^<>\s]*>|\"\"\".*?\"\"\"|'''.*?'''|\"(?:\\.|[^\"\\])*\"|'(?:\\.|[^'\\])*'|#[^\r\n]*",
    re.DOTALL,
)
_SERVICE = re.compile(r"\bSERVICE\b", re.IGNORECASE)
_PLACE = re.compile(r"at (\d+):\d+")
FORMATS = ("table", "csv", "tsv", "json", "xml", "ttl")


Heading = Mapping[str, Any]
"""What a column is called: by language; under ``codes``, the words for its values by language."""

_BETWEEN = {"en": ", ", "zh": "、"}

NO_HEADING: Heading = MappingProxyType({})


@dataclass(frozen=True)
class Parameter:
    """A parameter of a named query.

    Attributes:
        type: ``iri``, ``string``, ``integer`` or ``date``.
        kind: IRI of the class that an ``iri`` must have; empty for any.
    """

    name: str
    type: str
    kind: str
    required: bool
    example: str


@dataclass(frozen=True)
class NamedQuery:
    """A question with a name.

    Attributes:
        title: by language; ``question`` likewise.
        columns: how each is called, by language, and what its codes are called, if it has any.
        text: the whole file; valid SPARQL for any engine.
    """

    name: str
    title: Mapping[str, str]
    question: Mapping[str, str]
    parameters: tuple[Parameter, ...]
    columns: Mapping[str, Heading]
    text: str


def read_queries(folder: Path) -> dict[str, NamedQuery]:
    """Read all named queries of a folder, by name.

    Raises:
        UnreadableInput: a header is not the YAML it should be.
    """
    return {path.stem: read_query(path) for path in sorted(folder.glob("*.rq"))}


def read_query(path: Path) -> NamedQuery:
    """Read one named query."""
    text = path.read_text(encoding="utf-8")
    try:
        header = yaml.load("\n".join(_HEADER.findall(text)), Loader=yaml.CSafeLoader)
        return NamedQuery(
            name=path.stem,
            title=header["title"],
            question=header["question"],
            parameters=tuple(_parameters(header.get("params") or {})),
            columns=header["columns"],
            text=text,
        )
    except (yaml.YAMLError, KeyError, TypeError) as error:
        raise UnreadableInput("query/bad-header", Where(str(path)), why=str(error)) from error


def _parameters(declared: Mapping[str, Mapping[str, Any]]) -> Iterator[Parameter]:
    for name, about in declared.items():
        kind = expand(str(about.get("class", ""))) or ""
        required = bool(about.get("required", False))
        yield Parameter(name, str(about["type"]), kind, required, str(about.get("example", "")))


@dataclass(frozen=True, repr=False)
class Answer:
    """Rows that answer a question.

    Attributes:
        columns: names of the columns, in order.
        terms: the rows as RDF terms; None where nothing is bound.
        headings: names of the columns for people, by language; see ``word_for``.
    """

    columns: tuple[str, ...]
    terms: tuple[tuple[Any, ...], ...]
    headings: Mapping[str, Heading]

    @property
    def rows(self) -> list[dict[str, Any]]:
        """The rows as Python values: numbers, days, texts, IRIs as strings, None for a gap."""
        return [dict(zip(self.columns, map(to_python, row), strict=True)) for row in self.terms]

    def __len__(self) -> int:
        return len(self.terms)

    def __iter__(self) -> Iterator[dict[str, Any]]:
        return iter(self.rows)

    def to_pandas(self, *, languages: bool = False) -> pd.DataFrame:
        """Give the rows as a pandas frame with typed columns.

        >>> graph.query("accountability-gaps").to_pandas()["actions"].tolist()
        [22]

        Args:
            languages: after a column of texts with languages, give one of their tags, too.

        Raises:
            WrongUsage: pandas is not installed.
        """
        return frames.to_pandas(self._typed(languages=languages))

    def to_polars(self, *, languages: bool = False) -> pl.DataFrame:
        """Give the rows as a Polars frame with typed columns; see ``to_pandas``.

        >>> graph.query("events").to_polars().schema["held_on"]
        Date
        """
        return frames.to_polars(self._typed(languages=languages))

    def to_arrow(self, *, languages: bool = False) -> pa.Table:
        """Give the rows as an Arrow table with typed columns; see ``to_pandas``.

        >>> graph.query("figures").to_arrow().schema.field("as_of").type
        DataType(date32[day])
        """
        return frames.to_arrow(self._typed(languages=languages))

    def _typed(self, *, languages: bool) -> Iterator[frames.Column]:
        return frames.columns_of(self.columns, self.terms, languages=languages)

    def __repr__(self) -> str:
        return f"<Answer: {len(self)} rows of {', '.join(self.columns)}>"

    def _repr_html_(self) -> str:
        from policygraph.graph.html import table

        headings = [self.headings.get(name, {}).get("en", name) for name in self.columns]
        return table(headings, self.terms)


def to_python(term: Any) -> Any:
    """Turn an RDF term into the Python value a user expects."""
    if not isinstance(term, Literal):
        return getattr(term, "value", None)
    datatype = term.datatype.value.removeprefix(XSD)
    if datatype == "integer":
        return int(term.value)
    if datatype == "decimal":
        number = decimal.Decimal(term.value)
        return int(number) if number == number.to_integral_value() else number
    if datatype == "boolean":
        return term.value in ("true", "1")
    if datatype == "date" and is_date(term.value):
        return datetime.date.fromisoformat(term.value)
    return term.value


class Asker:
    """Asks questions of one store."""

    def __init__(self, store: GraphStore, queries: Mapping[str, NamedQuery]) -> None:
        self.store = store
        self.queries = queries
        self._lookup: Lookup | None = None

    @property
    def lookup(self) -> Lookup:
        """The index of names, made on first use."""
        if self._lookup is None:
            self._lookup = Lookup(self.store)
        return self._lookup

    def find(self, name: str, kind: str = "") -> str:
        """Give the IRI of the thing that a name means; see ``Lookup.find``."""
        return self.lookup.find(name, kind)

    def named(self, name: str) -> NamedQuery:
        """Give a query by its name.

        Raises:
            WrongUsage: there is none; the message names the nearest.
        """
        if name not in self.queries:
            options = nearest(name, sorted(self.queries))
            raise WrongUsage("query/unknown-query", name=name, nearest=options)
        return self.queries[name]

    def ask(self, name: str, values: Mapping[str, object]) -> Answer:
        """Ask a named query.

        Raises:
            WrongUsage: the query or a parameter is unknown, missing or of the wrong type.
        """
        query = self.named(name)
        result = self.run(query.text, self.bind(query, values))
        return answer_of(result, query.columns)

    def bind(self, query: NamedQuery, values: Mapping[str, object]) -> dict[Variable, Any]:
        """Turn what a user typed into terms for the parameters of a query."""
        known = {parameter.name: parameter for parameter in query.parameters}
        for name in values:
            if name not in known:
                options = ", ".join(known) or "-"
                raise WrongUsage(
                    "query/unknown-parameter", query=query.name, name=name, known=options
                )
        for parameter in query.parameters:
            if parameter.required and parameter.name not in values:
                facts = {"name": parameter.name, "example": parameter.example}
                raise WrongUsage("query/missing-parameter", query=query.name, **facts)
        return {
            Variable(name): self._term(known[name], str(value)) for name, value in values.items()
        }

    def _term(self, parameter: Parameter, value: str) -> NamedNode | Literal:
        if parameter.type == "iri":
            return NamedNode(self.find(value, parameter.kind))
        fits = {"string": bool(value), "integer": value.isdecimal(), "date": is_date(value)}
        if not fits[parameter.type]:
            facts = {"name": parameter.name, "value": value, "type": parameter.type}
            raise WrongUsage("query/ill-typed", example=parameter.example, **facts)
        return Literal(value, datatype=NamedNode(XSD + parameter.type))

    def run(
        self, text: str, bindings: Mapping[Variable, Any] | None = None
    ) -> QuerySolutions | QueryBoolean | QueryTriples:
        """Run SPARQL text over the merge of all graphs; named graphs answer to GRAPH.

        Raises:
            WrongUsage: the text is not a SPARQL query, or it wants to leave the machine.
        """
        if _SERVICE.search(without_opaque(text)):
            raise WrongUsage("query/service")
        try:
            return self.store.engine.query(
                text, prefixes=missing_prefixes(text), substitutions=dict(bindings or {})
            )
        except RuntimeError as error:  # Oxigraph binds only what a SELECT hands on
            raise WrongUsage("query/parameter-not-selected", why=str(error)) from error
        except SyntaxError as error:
            place = _PLACE.search(str(error))
            line = int(place[1]) if place else error.lineno or 1
            raise WrongUsage("query/syntax", line=line, why=_first_line(error)) from error


def without_opaque(text: str) -> str:
    """Blank out IRIs, strings and comments, so that what is left can be searched for words."""
    return _OPAQUE.sub(lambda found: " " * len(found[0]), text)


def missing_prefixes(text: str) -> dict[str, str]:
    """Offer the project's prefixes to a query that does not declare them."""
    return {name: iri for name, iri in prefixes().items() if f"{name}:" in text}


def _first_line(error: SyntaxError) -> str:
    return (error.msg or str(error)).strip().splitlines()[0]


def answer_of(
    result: QuerySolutions | QueryBoolean | QueryTriples,
    headings: Mapping[str, Heading] | None = None,
) -> Answer:
    """Take a result whole: rows of a SELECT, triples of a CONSTRUCT, or the one value of an ASK."""
    if isinstance(result, QuerySolutions):
        columns = tuple(variable.value for variable in result.variables)
        terms = tuple(tuple(row) for row in result)
    elif isinstance(result, QueryTriples):
        columns = ("subject", "predicate", "object")
        terms = tuple(sorted((tuple(triple) for triple in result), key=str))
    else:
        truth = Literal(str(bool(result)).lower(), datatype=NamedNode(XSD + "boolean"))
        columns, terms = ("answer",), ((truth,),)
    return Answer(columns, terms, headings or {})


def word_for(term: object, heading: Heading, lang: str) -> str:
    """Say in a language what the codes of a column are called; empty for what is no code.

    Args:
        term: one code, or several with spaces between them.
        heading: of the column.
        lang: ``en`` or ``zh``.

    >>> from pyoxigraph import Literal
    >>> codes = {"goal": {"en": "goal", "zh": "目标"}, "aim": {"en": "aim", "zh": "总体要求"}}
    >>> word_for(Literal("goal aim"), {"codes": codes}, "zh")
    '目标、总体要求'
    """
    codes = heading.get("codes")
    if not codes or not isinstance(term, Literal):
        return ""
    found = [term.value] if term.value in codes else term.value.split()
    if not all(code in codes for code in found):
        return ""
    return _BETWEEN[lang].join(codes[code][lang] for code in found)


def serialize_result(result: QuerySolutions | QueryBoolean | QueryTriples, form: str) -> bytes:
    """Write a result in a SPARQL results format, or as Turtle.

    Raises:
        WrongUsage: rows cannot be Turtle, triples cannot be JSON, XML, CSV or TSV.
    """
    formats = {
        "csv": QueryResultsFormat.CSV,
        "tsv": QueryResultsFormat.TSV,
        "json": QueryResultsFormat.JSON,
        "xml": QueryResultsFormat.XML,
    }
    if isinstance(result, QueryTriples):
        if form != "ttl":
            raise WrongUsage("query/triples-need-ttl", form=form)
        triples = sorted(result, key=str)
        return write(triples, RdfFormat.TURTLE, used_prefixes(triples))
    if form not in formats or (isinstance(result, QueryBoolean) and form in ("csv", "tsv")):
        raise WrongUsage("query/rows-need-table", form=form)
    if form == "csv" and isinstance(result, QuerySolutions):
        written = io.BytesIO()
        write_csv(result, written)
        return written.getvalue()
    return cast("bytes", result.serialize(format=formats[form]))
