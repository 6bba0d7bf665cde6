"""Where the rows of a sheet stand in the text.

In: a sheet and the restored text it was written for. Out: for each row its span and the stretch of
its section. Offsets are code points, end exclusive. This room knows no RDF.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from policygraph.report import Finding
from policygraph.text.model import Row, Section
from policygraph.text.restore import Span
from policygraph.text.review.sheet import Item, Sheet
from policygraph.text.rows import parse_yaml
from policygraph.text.statements import occurrences, read_sections, walk


@dataclass(frozen=True)
class Places:
    """Rows of a sheet as the reader of statements understands them.

    Attributes:
        sections: what the reader gives.
        rows: the rows that stand in the text, by their key in the sheet.
        findings: what is wrong with the others.
    """

    sections: tuple[Section, ...]
    rows: Mapping[str, Row]
    findings: tuple[Finding, ...]

    def extent(self, item: Item) -> Span:
        """Give the stretch of text in which a row's quote is looked for."""
        return self.sections[item.section].extent


def places_of(sheet: Sheet, document: str, text: str, sha256: str) -> Places:
    """Find every row of a sheet in the text.

    Raises:
        UnreadableInput: the sheet was written for another text or document.
    """
    findings: list[Finding] = []
    top = parse_yaml(sheet.text, sheet.shown, findings)
    sections = read_sections(top, document, text, sha256, findings)
    found = {
        (row.where.line, row.id or row.of): row
        for section in sections
        for row in walk(section.rows)
    }
    rows = {}
    for key, item in sheet.rows.items():
        named = str(item.fields.get("of") or item.fields.get("id", ""))
        row = found.get((item.line, named))
        if row:
            rows[key] = row
    return Places(sections, rows, tuple(findings))


def quoted(text: str, span: Span, extent: Span) -> dict[str, str | None]:
    """Say the keys that quote a span: its words and, where they stand more than once, which.

    Raises:
        ValueError: the span does not lie in the extent.
    """
    places = list(occurrences(text, text[span.start : span.end], extent))
    which = str(places.index(span) + 1) if len(places) > 1 else None
    if span not in places:
        raise ValueError(f"{span} is not in {extent}")
    return {"quote": text[span.start : span.end], "occurrence": which}
