"""Whether drafting still says what people accepted: a change of the tables must not take it back.

In: reviewed documents and the drafter; out: a finding for each accepted row that the drafter made
and would not make again. Rows that people wrote or corrected say nothing about it. This room knows
no RDF.
"""

from __future__ import annotations

from collections.abc import Iterator

from policygraph.report import Finding
from policygraph.text.draft.drafter import Drafter
from policygraph.text.draft.write import TYPES
from policygraph.text.model import Document, Row
from policygraph.text.statements import walk


def taken_back(document: Document, drafter: Drafter) -> Iterator[Finding]:
    """Find the accepted rows of a document that would be drafted differently now.

    Args:
        document: with its reviewed statements.
        drafter: the tables as they are.
    """
    rows = [row for section in document.sections for row in walk(section.rows) if _counts(row)]
    if not rows:
        return
    issued = next((str(f.value) for f in document.record.facts if f.name == "issued_on"), "")
    year = int(issued[:4]) if issued else 0
    clauses = drafter.clauses(document.text, year=year)
    drafted = {clause.span: TYPES.get(clause.kind, "") for clause in clauses}
    for row in rows:
        found = drafted.get(row.span, "")
        if found != row.kind:
            facts = {
                "quote": document.text[slice(*row.span)],
                "accepted": row.kind,
                "found": found or "-",
                "rule": row.rule,
            }
            yield Finding("draft/taken-back", row.where, facts=facts)


def _counts(row: Row) -> bool:
    drafted = bool(row.rule) and row.kind in TYPES.values()
    return drafted and row.review == "accepted" and not row.corrected
