"""``links/*.sssom.tsv``: links from things of the workspace to other vocabularies, and refusals.

In: the folder. Out: mapping sets as plain values with whole IRIs, and findings. The form is SSSOM
1.1, TSV with its metadata in the lines that begin with ``#`` (SSSOM specification, "TSV").
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from policygraph.errors import UnreadableInput, Where
from policygraph.identifiers import is_address, is_identifier
from policygraph.namespaces import prefixes
from policygraph.report import Finding
from policygraph.text.days import DAYS, is_date
from policygraph.text.fields import Fields, Word
from policygraph.text.model import Link, LinkSet
from policygraph.text.rows import parse_yaml
from policygraph.text.source import read_source

SUFFIX = ".sssom.tsv"

UNDECIDED = "undecided"
"""Folder below ``links/`` for what was looked at and left open; a build does not read it."""

_REQUIRED = ("subject_id", "predicate_id", "object_id", "mapping_justification")
_IRIS = (*_REQUIRED, "author_id", "reviewer_id", "object_source", "license")
_TEXTS = (
    "subject_label",
    "predicate_modifier",
    "object_label",
    "object_source_version",
    "confidence",
    "author_label",
    "reviewer_label",
    "mapping_date",
    "mapping_tool",
    "match_string",
    "see_also",
    "comment",
)
COLUMNS = (*_REQUIRED, *(name for name in (*_TEXTS, *_IRIS) if name not in _REQUIRED))
"""The columns that are read: slots of a mapping (SSSOM specification, "Mapping")."""

_SET_KEYS = (
    "sssom_version",
    "curie_map",
    "mapping_set_id",
    "mapping_set_version",
    "mapping_set_title",
    "license",
    "comment",
)
_BUILT_IN = ("owl", "rdf", "rdfs", "semapv", "skos", "sssom")
"""Prefixes that need no declaration (SSSOM specification, "CURIE map")."""

_CONFIDENCE = re.compile(r"0(\.\d+)?|1(\.0+)?")


@dataclass
class _Sheet:
    """A file while it is read."""

    path: Path
    prefixes: dict[str, str] = field(
        default_factory=lambda: {name: prefixes()[name] for name in _BUILT_IN}
    )
    findings: list[Finding] = field(default_factory=list)

    def complain(self, line: int, name: str, /, **facts: object) -> None:
        self.findings.append(Finding(name, Where(str(self.path), line), facts=facts))


def read_links(folder: Path, findings: list[Finding]) -> tuple[LinkSet, ...]:
    """Read every file of links in a folder; none where there is no folder.

    Raises:
        UnreadableInput: a file is empty or not UTF-8.
    """
    paths = sorted(folder.glob("*")) if folder.is_dir() else []
    for path in paths:
        if path.is_file() and not path.name.startswith(".") and not path.name.endswith(SUFFIX):
            findings.append(Finding("links/unknown-file", Where(str(path))))
    return tuple(read_link_set(p, findings) for p in paths if p.name.endswith(SUFFIX))


def read_link_set(path: Path, findings: list[Finding]) -> LinkSet:
    """Read one file of links.

    Raises:
        UnreadableInput: the file is missing, empty or not UTF-8.
    """
    sheet = _Sheet(path, findings=findings)
    lines = [line.rstrip("\r") for line in read_source(path).text.rstrip("\r\n").split("\n")]
    count = next((i for i, line in enumerate(lines) if not line.startswith("#")), len(lines))
    metadata = _metadata(sheet, lines[:count])
    links = tuple(_links(sheet, lines[count:], count + 1))
    return LinkSet(
        path.name.removesuffix(SUFFIX),
        metadata.text("mapping_set_title"),
        metadata.text("license"),
        metadata.text("mapping_set_version"),
        sheet.prefixes,
        links,
        Where(str(path)),
    )


def _metadata(sheet: _Sheet, lines: list[str]) -> Fields:
    text = "\n".join(line.removeprefix("#") for line in lines)
    metadata = parse_yaml(text, str(sheet.path), sheet.findings)
    declared = metadata.fields("curie_map")
    sheet.prefixes.update({str(k): str(v) for k, v in declared.items() if isinstance(v, Word)})
    for key in metadata:
        if key not in _SET_KEYS:
            metadata.complain("links/unknown-slot", key=key, known=", ".join(_SET_KEYS))
    if not is_address(str(metadata.get("license", ""))):
        sheet.complain(1, "links/no-licence")
    return metadata


def _links(sheet: _Sheet, lines: list[str], first: int) -> Iterator[Link]:
    """Read the table: its head names the columns."""
    try:
        rows = list(csv.reader(lines, delimiter="\t", strict=True))
    except csv.Error as error:
        raise UnreadableInput("links/malformed", Where(str(sheet.path)), why=str(error)) from error
    head = rows[0] if rows else []
    if not _is_head(sheet, head, first):
        return
    seen: dict[str, int] = {}
    for line, row in enumerate(rows[1:], first + 1):
        if len(row) != len(head):
            sheet.complain(line, "links/cells", count=len(row), expected=len(head))
            continue
        link = _link(sheet, dict(zip(head, row, strict=True)), line)
        if link and seen.setdefault(link.key, line) != line:
            sheet.complain(line, "links/twice", first=seen[link.key])
        elif link:
            yield link


def _is_head(sheet: _Sheet, head: list[str], line: int) -> bool:
    missing = [name for name in _REQUIRED if name not in head]
    if missing:
        sheet.complain(line, "links/missing-column", names=", ".join(missing))
    unknown = [name for name in head if name not in COLUMNS]
    for name in unknown:
        sheet.complain(line, "links/unknown-slot", key=name, known=", ".join(COLUMNS))
    return not missing and not unknown


def _link(sheet: _Sheet, row: dict[str, str], line: int) -> Link | None:
    before = len(sheet.findings)
    iris = {name: _iri(sheet, name, row.get(name, ""), line) for name in _IRIS}
    texts = {name: row.get(name, "").strip() for name in _TEXTS}
    modifier, confidence, day = (
        texts[name] for name in ("predicate_modifier", "confidence", "mapping_date")
    )
    if modifier not in ("", "Not"):
        sheet.complain(line, "links/modifier", value=modifier)
    if confidence and not _CONFIDENCE.fullmatch(confidence):
        sheet.complain(line, "links/confidence", value=confidence)
    if day and not is_date(day):
        sheet.complain(line, "data/not-a-date", key="mapping_date", value=day, **DAYS)
    if len(sheet.findings) > before:
        return None
    said = {**texts, **iris}
    slots = {name: value for name, value in said.items() if value and name not in _REQUIRED[:3]}
    slots.pop("predicate_modifier", None)
    where = Where(str(sheet.path), line, row["subject_id"])
    subject, predicate, target = (iris[name] for name in _REQUIRED[:3])
    return Link(subject, predicate, target, modifier == "Not", slots, where)


def _iri(sheet: _Sheet, column: str, value: str, line: int) -> str:
    """Give the IRI that a cell means: whole, or a prefix that the file declares and the rest."""
    if not value:
        if column in _REQUIRED:
            sheet.complain(line, "links/empty", name=column)
        return ""
    prefix, colon, rest = value.partition(":")
    whole = value if rest.startswith("//") else sheet.prefixes.get(prefix, "") + rest
    if not rest.startswith("//") and (not colon or prefix not in sheet.prefixes):
        sheet.complain(line, "links/undeclared-prefix", value=value)
    elif not is_identifier(whole):
        sheet.complain(line, "links/not-an-iri", name=column, value=whole)
    return whole
