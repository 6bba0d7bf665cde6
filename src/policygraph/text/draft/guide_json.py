"""The annotation guide's JSON: clauses, mentions and relations of one text.

In: a draft; out: a mapping that ``json.dumps`` can write. Every offset is a code point of the text
it is given, and the quoted words are those of that text. This room knows no RDF.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from policygraph.text.draft.model import WITH_PARTS, Clause, Relation
from policygraph.text.restore import Span

Quote = Callable[[Span | None], dict[str, Any] | None]


def quoting(text: str, to_source: Callable[[int, int], Span] | None = None) -> Quote:
    """Make the function that turns a span into start, end and words.

    Args:
        text: the text that offsets shall count in.
        to_source: maps a span to that text; without it they coincide.
    """

    def quote(span: Span | None) -> dict[str, Any] | None:
        if span is None:
            return None
        start, end = to_source(*span) if to_source else span
        return {"start": start, "end": end, "text": text[start:end]}

    return quote


def clause_json(clause: Clause, quote: Quote) -> dict[str, Any]:
    """Write one clause."""
    row: dict[str, Any] = {"id": clause.id, "kind": clause.kind, **(quote(clause.span) or {})}
    if clause.kind in WITH_PARTS:
        parts = clause.parts
        row["verb"] = quote(parts.verb) if parts else None
        row["object"] = quote(parts.object) if parts else None
        row["subject"] = quote(parts.subject) if parts else None
        row["parent"] = clause.parent or None
    return row


def relations_json(relations: Iterable[Relation]) -> list[dict[str, str]]:
    """Write relations."""
    return [{"type": r.type, "from": r.source, "to": r.target} for r in relations]
