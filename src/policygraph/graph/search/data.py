"""What was found as plain values: for JSON, for tables, for programs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from policygraph.graph.search.find import Found, Hit

COLUMNS = ("kind", "why", "text", "lang", "iri", "document", "begin", "end")


def data_of(found: Found) -> dict[str, Any]:
    """Give what was found as JSON has it; offsets are code points, end exclusive."""
    facets = {
        name: [{"value": value, "count": count} for value, count in values]
        for name, values in found.facets.items()
    }
    return {
        "query": found.query,
        "total": found.total,
        "offset": found.offset,
        "hits": [_hit(hit) for hit in found.hits],
        "facets": facets,
    }


def rows_of(found: Found) -> Iterator[tuple[object, ...]]:
    """Give a row for each hit, with the cells of ``COLUMNS``."""
    for hit in found.hits:
        begin, end = hit.span or ("", "")
        document = hit.documents[0] if hit.span and hit.documents else ""
        yield hit.kind, hit.why, hit.text, hit.lang, hit.iri, document, begin, end


def _hit(hit: Hit) -> Mapping[str, Any]:
    where = dict(zip(("begin", "end"), hit.span or (), strict=False))
    return {
        "iri": hit.iri,
        "kind": hit.kind,
        "why": hit.why,
        "text": hit.text,
        "lang": hit.lang,
        "marks": [list(mark) for mark in hit.marks],
        "labels": dict(hit.labels),
        "documents": list(hit.documents),
        **where,
    }
