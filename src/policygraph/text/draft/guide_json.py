"""The annotation guide's JSON: clauses, mentions and relations of one text.

In: a draft; out: a mapping that ``json.dumps`` can write. Every offset is a code point of the text
it is given, and the quoted words are those of that text. This room knows no RDF.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from policygraph.text.draft.model import WITH_PARTS, Clause, Relation
from policygraph.text.draft.reading import Named
from policygraph.text.draft.write import Draft
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
        if parts and parts.negation:
            row["negation"] = quote(parts.negation)
        row["parent"] = clause.parent or None
    return row


def relations_json(relations: Iterable[Relation]) -> list[dict[str, str]]:
    """Write relations."""
    return [{"type": r.type, "from": r.source, "to": r.target} for r in relations]


def mentions_json(mentions: Sequence[Named], quote: Quote) -> list[dict[str, Any]]:
    """Write mentions."""
    rows = []
    for number, mention in enumerate(mentions):
        row = {"id": f"e{number + 1}", "type": mention.type, **(quote(mention.span) or {})}
        value = getattr(mention, "value", "")
        if mention.type == "date":
            row["value"] = value or None
        elif mention.type == "figure":
            of = quote(getattr(mention, "of", None))
            row |= {"value": value, "unit": getattr(mention, "unit", "")}
            row["of"] = of["text"] if of else None
        elif mention.type == "institution" and getattr(mention, "generic", False):
            row["generic"] = True
        rows.append(row)
    return rows


def guide_json(
    draft: Draft,
    sha256: str,
    source: str | None = None,
    to_source: Callable[[int, int], Span] | None = None,
) -> dict[str, Any]:
    """Write a draft in the form of the annotation guide.

    Args:
        draft: what was found.
        sha256: of the text file, in hexadecimal.
        source: the text of that file; without it, the restored text.
        to_source: maps spans of the restored text to it.
    """
    quote = quoting(draft.text if source is None else source, to_source)
    return {
        "document": draft.document,
        "sha256": sha256,
        "range": None,
        "annotator": "policygraph draft",
        "clauses": [clause_json(clause, quote) for clause in draft.clauses],
        "entities": mentions_json(draft.mentions, quote),
        "relations": relations_json(draft.relations),
    }
