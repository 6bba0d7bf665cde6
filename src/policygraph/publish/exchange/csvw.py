"""CSV on the Web: the answers to the named questions as tables, and what their columns mean.

In: a built graph. Out: a CSV file for each question that needs no parameter, and the metadata of
all (Metadata Vocabulary for Tabular Data, section 5.3). Columns have the names, the datatypes and
the languages that the answers have; their headings for people stand beside, in both languages.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from pyoxigraph import Literal, NamedNode, QuerySolutions

from policygraph.graph.query import (
    Answer,
    Asker,
    Heading,
    NamedQuery,
    answer_of,
    read_queries,
    serialize_result,
)
from policygraph.graph.store import GraphStore
from policygraph.namespaces import XSD
from policygraph.publish.catalog.questions import form_of
from policygraph.settings import About
from policygraph.workspace import Place

METADATA = "csv-metadata.json"
_DATATYPES = {"integer", "decimal", "boolean", "date", "dateTime", "gYear", "gYearMonth"}
_LANGUAGES = ("zh", "en")


def csvw(store: GraphStore, place: Place) -> dict[str, bytes]:
    """Write tables and their metadata, by the name of the file."""
    asker = Asker(store, read_queries(place.queries))
    files: dict[str, bytes] = {}
    tables = []
    for query in asker.queries.values():
        if form_of(query.text) == "select" and not any(p.required for p in query.parameters):
            answer = answer_of(asker.run(query.text), query.columns)
            files[f"{query.name}.csv"] = _rows(asker, query)
            tables.append(_table(query, answer))
    return files | {METADATA: _json(_group(tables, place.about))}


def _rows(asker: Asker, query: NamedQuery) -> bytes:
    result = asker.run(query.text)
    assert isinstance(result, QuerySolutions)  # noqa: S101 - the form was looked at
    return serialize_result(result, "csv")


def _group(tables: list[dict[str, Any]], said: About) -> dict[str, Any]:
    """Describe all tables together."""
    known = {
        "dc:title": _texts(said.title),
        "dc:description": _texts(said.description),
        "dc:publisher": _texts(said.publisher),
        "dc:license": {"@id": said.license} if said.license else None,
    }
    told = {name: value for name, value in known.items() if value}
    return {
        "@context": "http://www.w3.org/ns/csvw",
        "@type": "TableGroup",
        **told,
        "tables": tables,
    }


def _table(query: NamedQuery, answer: Answer) -> dict[str, Any]:
    return {
        "url": f"{query.name}.csv",
        "dc:title": _texts(query.title),
        "dc:description": _texts(query.question),
        "tableSchema": {
            "columns": [
                _column(name, answer.headings.get(name, {}), values)
                for name, values in zip(answer.columns, _columns(answer), strict=True)
            ]
        },
    }


def _columns(answer: Answer) -> list[list[Any]]:
    return [[row[place] for row in answer.terms] for place in range(len(answer.columns))]


def _column(name: str, heading: Heading, values: Iterable[Any]) -> dict[str, Any]:
    column: dict[str, Any] = {
        "name": name,
        "titles": name,
        "datatype": _datatype([value for value in values if value is not None]),
        "rdfs:label": _texts({lang: heading[lang] for lang in _LANGUAGES if lang in heading}),
    }
    language = name.rpartition("_")[2]
    return column | ({"lang": language} if language in _LANGUAGES else {})


def _datatype(values: list[Any]) -> str:
    """Name the one datatype of a column; text where it has several or none."""
    kinds = {_kind(value) for value in values}
    return kinds.pop() if len(kinds) == 1 else "string"


def _kind(value: Any) -> str:
    if isinstance(value, NamedNode):
        return "anyURI"
    kind = value.datatype.value.removeprefix(XSD) if isinstance(value, Literal) else ""
    return kind if kind in _DATATYPES else "string"


def _texts(by_language: Mapping[str, str]) -> list[dict[str, str]]:
    """Give a text in each language, as JSON-LD has it."""
    return [
        {"@value": text, "@language": lang} if lang else {"@value": text}
        for lang, text in sorted(by_language.items())
    ]


def _json(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, indent=1).encode() + b"\n"
