"""``statements.yaml``: the reviewed statements of one document, with every quote found in the text.

In: the file and the restored text. Out: sections and rows with spans, and findings for whatever is
wrong. A quote is never looked for by guess: it stands in its section exactly once, or the row says
which occurrence it means.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from policygraph.errors import UnreadableInput, Where
from policygraph.identifiers import KEY
from policygraph.report import Finding
from policygraph.text.fields import Fields, Word, fact
from policygraph.text.model import Fact, Row, Section
from policygraph.text.restore import Span
from policygraph.text.rows import read_yaml

STATUSES = ("stated", "achieved", "planned")
REVIEWS = ("accepted", "draft", "rejected", "lost")
_PROVENANCE = frozenset(
    {"confidence", "reason", "by", "on", "note", "drafted", "was", "unresolved"}
)
"""Keys of a row that tell how it came about; they are no facts."""


def read_statements(
    path: Path, document: str, text: str, sha256: str, findings: list[Finding]
) -> tuple[Section, ...]:
    """Read the statements of a document.

    Args:
        path: the file.
        document: id of the document they must be about.
        text: its restored text.
        sha256: hash of that text.
        findings: collects what is wrong.

    Raises:
        UnreadableInput: the file cannot be read, or was written for another text or document.
    """
    return read_sections(read_yaml(path, findings), document, text, sha256, findings)


def read_sections(
    top: Fields, document: str, text: str, sha256: str, findings: list[Finding]
) -> tuple[Section, ...]:
    """Read the statements that a YAML file holds; as ``read_statements``."""
    _check_owner(top, document, sha256)
    reader = _Reader(text, findings)
    sections = tuple(reader.sections(top.rows("sections")))
    top.nothing_else()
    _refuse_repeated_ids(sections, findings)
    return sections


def _check_owner(top: Fields, document: str, sha256: str) -> None:
    where = top.where
    named, written_for = top.text("document", required=True), top.text("text", required=True)
    if named != document:
        raise UnreadableInput("statements/other-document", where, found=named, expected=document)
    if written_for != sha256:
        raise UnreadableInput("statements/other-text", where, found=written_for, expected=sha256)


class _Reader:
    """Reads rows against a text."""

    def __init__(self, text: str, findings: list[Finding]) -> None:
        self.text = text
        self.findings = findings

    def sections(self, rows: list[Fields]) -> Iterator[Section]:
        """Read the sections; each reaches to the heading of the next that still stands."""
        standing = [row for row in rows if row.get("review") != "lost"]
        headings = [self._heading(row, first=place == 0) for place, row in enumerate(standing)]
        starts = [heading.start if heading else 0 for heading in headings]
        ends = [*starts[1:], len(self.text)][: len(standing)]
        extents = iter(zip(headings, starts, ends, strict=True))
        extent = Span(0, starts[0] if starts else len(self.text))
        for row in rows:
            if row.get("review") == "lost":
                yield self._lost_section(row, extent)
                continue
            heading, start, end = next(extents)
            if end < start:
                row.complain("statements/sections-out-of-order", id=row.get("id", ""))
            extent = Span(start, max(start, end))
            yield self._section(row, heading, extent)

    def _lost_section(self, row: Fields, extent: Span) -> Section:
        """Read a section whose opening words are gone: it claims no status and no period."""
        self._tell_lost(row)
        for name in ("review", "was", "quote", "occurrence", "status", "period"):
            row.pop(name, None)
        return self._section(row, None, extent)

    def _heading(self, row: Fields, *, first: bool) -> Span | None:
        if "quote" in row:
            return self._find(row, Span(0, len(self.text)))
        if not first:
            row.complain("yaml/missing-key", key="quote")
        return None

    def _section(self, row: Fields, heading: Span | None, extent: Span) -> Section:
        key = self._id(row)
        where = row.where.of(key)
        labels = tuple(row.facts("label"))
        status = row.choice("status", STATUSES, "stated")
        period = row.text("period")
        rows = tuple(self._rows(row.rows("statements"), extent))
        row.nothing_else()
        return Section(key, labels, heading, extent, status, period, rows, where)

    def _rows(self, rows: list[Fields], extent: Span, review: str = "accepted") -> Iterator[Row]:
        """Read rows; one without ``review`` is what the row above it is."""
        for row in rows:
            if row.get("review") == "lost":
                self._tell_lost(row)
                yield from self._rows(row.rows("parts"), extent, review)
                continue
            span = self._find(row, extent)
            if span:
                yield self._row(row, span, extent, review)

    def _tell_lost(self, row: Fields) -> None:
        """Tell of a decision whose words are gone; it stays in the file and out of the graph."""
        where = row.where.of(str(row.get("id", "")))
        facts = {"quote": row.get("quote", ""), "was": row.get("was", "")}
        self.findings.append(Finding("statements/lost", where, "warning", facts))

    def _row(self, row: Fields, span: Span, extent: Span, above: str) -> Row:
        of = row.text("of")
        key = "" if of else self._id(row)
        row.pop("id", None)  # a row of facts may be named too, for those who review it
        kind = row.text("type", required=not of)
        review = row.choice("review", REVIEWS, above)
        rule = row.text("rule")
        corrected = _corrected(row)
        below = row.rows("parts")
        parts = tuple(self._rows(below, extent, review)) if below else ()
        facts = self._facts(row, extent)
        where = row.where.of(key or of)
        return Row(key, kind, of, span, facts, parts, review, where, rule, corrected)

    def _facts(self, row: Fields, extent: Span) -> tuple[Fact, ...]:
        found: list[Fact] = []
        for name, value in row.items():
            if name in _PROVENANCE:
                continue
            if isinstance(value, Word):
                found.append(fact(name, value))
            elif isinstance(value, Fields) and "value" in value:
                span = self._find(value, extent)
                found += [each._replace(name=name, span=span) for each in value.facts("value")]
                value.nothing_else()
            else:
                found += row.facts_of(name, value)
        return tuple(found)

    def _id(self, row: Fields) -> str:
        key = row.text("id", required=True)
        if key and not KEY.fullmatch(key):
            row.complain("statements/bad-id", value=key)
        return key

    def _find(self, row: Fields, extent: Span) -> Span | None:
        """Find the quote of a row; a finding says why where there is none."""
        quote = row.pop("quote", None)
        occurrence = row.text("occurrence")
        if not isinstance(quote, Word) or not quote:
            row.complain("yaml/missing-key", key="quote")
            return None
        places = list(occurrences(self.text, quote, extent))
        if len(places) == 1 and not occurrence:
            return places[0]
        where = quote.where.of(str(row.get("id", "")))
        if not places:
            row.complain("statements/quote-not-in-text", where, quote=quote)
        elif not occurrence:
            row.complain("statements/quote-twice", where, quote=quote, count=len(places))
        elif not _names_one_of(occurrence, places):
            row.complain(
                "statements/no-such-occurrence", where, value=occurrence, count=len(places)
            )
        else:
            return places[int(occurrence) - 1]
        return None


def occurrences(text: str, quote: str, extent: Span) -> Iterator[Span]:
    """Find every place of a quote inside a stretch of text, overlapping ones too."""
    start = text.find(quote, extent.start, extent.end)
    while start >= 0:
        yield Span(start, start + len(quote))
        start = text.find(quote, start + 1, extent.end)


def _corrected(row: Fields) -> bool:
    """Tell whether a row says something else than what was drafted."""
    drafted = row.get("drafted")
    if not isinstance(drafted, dict):
        return False
    return any(str(row.get(name) or "") != str(was or "") for name, was in drafted.items())


def _names_one_of(occurrence: str, places: list[Span]) -> bool:
    return occurrence.isdecimal() and 1 <= int(occurrence) <= len(places)


def walk(rows: tuple[Row, ...]) -> Iterator[Row]:
    """Go through rows and all their parts, in order."""
    for row in rows:
        yield row
        if row.parts:
            yield from walk(row.parts)


def _refuse_repeated_ids(sections: tuple[Section, ...], findings: list[Finding]) -> None:
    seen: dict[str, Where] = {}
    for section in sections:
        named = [(section.id, section.where), *((row.id, row.where) for row in walk(section.rows))]
        for key, where in named:
            if key in seen:
                facts = {"id": key, "line": seen[key].line}
                findings.append(Finding("statements/duplicate-id", where, facts=facts))
            elif key:
                seen[key] = where
