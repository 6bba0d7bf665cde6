"""Tables of other vocabularies: CSV or TSV with a column of identifiers and one of names.

In: a file and what the user says of its columns. Out: a concept for each row. What a column is for
is told by its name, in English or Chinese, where the user does not say it.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from policygraph.errors import UnreadableInput, Where
from policygraph.graph.link.concept import Concept, Name
from policygraph.identifiers import is_identifier

ROLES = ("id", "label", "code", "type", "wider")
"""What a column may be for."""

_NAMED = {
    "id": r"(id|iri|uri|url|identifier|item|concept|标识符|网址|链接)",
    "wider": r"(wider|broader|parent|part_of|within|上位.*|上级.*|所属.*)",
    "label": r"((pref|alt)?_?label|name|title|alias|item(alt)?label|.*名称?|标签|标题).*",
    "code": r"(code|iso|notation|代码|编码).*",
    "type": r"(types?|class|kind|category|instance_of|feature_class|类型|类别)",
}
"""How columns of each role are called, in small letters with ``_`` for spaces."""

_LANGUAGES = {"zh": ("zh", "中文"), "en": ("en", "英文")}
_FURTHER = re.compile(r"(item)?al(ias|t)|别名")


@dataclass(frozen=True)
class _Column:
    """What a column is for; of a label, in which language, and whether it is the preferred one."""

    role: str
    lang: str
    preferred: bool


def concepts_of_table(
    path: Path,
    file: BinaryIO,
    delimiter: str,
    columns: Mapping[str, str],
    whole: Callable[[str], str],
) -> Iterator[Concept]:
    """Read the rows of a table.

    Args:
        path: of the file, for messages.
        file: open for reading.
        delimiter: what stands between cells.
        columns: what columns are for, by name: one of ``ROLES``.
        whole: gives the identifier that a short one means; others as they are.

    Raises:
        UnreadableInput: a needed column is missing, or a row is malformed; its line is named.
    """
    text = io.TextIOWrapper(file, encoding="utf-8-sig", newline="")
    rows = csv.reader(text, delimiter=delimiter, strict=True)
    try:
        head = next(rows, [])
        use = _use_of(path, head, columns)
        known = [_Column(use.get(n, ""), _language_in(n), not _is_further(n)) for n in head]
        for row in rows:
            concept = _concept(known, row, whole, path, rows.line_num)
            if concept.names or concept.codes:
                yield concept
    except csv.Error as error:
        where = Where(str(path), rows.line_num)
        raise UnreadableInput("links/malformed-table", where, why=str(error)) from error


def _use_of(path: Path, head: list[str], columns: Mapping[str, str]) -> dict[str, str]:
    """Tell what each column is for: as the caller says, else by the name it has."""
    use = {name: _guess(name) for name in head}
    for name, what in columns.items():
        if name not in head:
            facts = {"name": name, "known": ", ".join(head)}
            raise UnreadableInput("links/no-such-column", Where(str(path), 1), **facts)
        use = {n: w for n, w in use.items() if w != what or what != "id"} | {name: what}
    for what in ("id", "label"):
        if what not in use.values():
            facts = {"what": what, "known": ", ".join(head) or "-"}
            raise UnreadableInput("links/no-column-for", Where(str(path), 1), **facts)
    return use


def _guess(name: str) -> str:
    folded = name.strip().casefold().replace(" ", "_")
    return next((role for role, form in _NAMED.items() if re.fullmatch(form, folded)), "")


def _concept(
    columns: list[_Column], row: list[str], whole: Callable[[str], str], path: Path, line: int
) -> Concept:
    if len(row) != len(columns):
        facts = {"count": len(row), "expected": len(columns)}
        raise UnreadableInput("links/table-cells", Where(str(path), line), **facts)
    concept = Concept("")
    for column, told in zip(columns, row, strict=True):
        cell = told.strip()
        if column.role == "label" and cell:
            concept.names.append(Name(cell, column.lang, column.preferred))
        elif column.role == "code" and cell:
            concept.codes.add(cell)
        elif column.role == "type" and cell:
            concept.types.add(cell)
        elif column.role == "wider" and cell:
            concept.wider.add(whole(cell))
        elif column.role == "id":
            concept.iri = concept.iri or whole(cell)
    if not is_identifier(concept.iri):
        where = Where(str(path), line)
        raise UnreadableInput("links/no-identifier", where, value=concept.iri)
    return concept


def _is_further(name: str) -> bool:
    return _FURTHER.match(name.strip().casefold()) is not None


def _language_in(name: str) -> str:
    parts = re.split(r"[\W_]+", name.casefold())[1:]
    named = (lang for lang, signs in _LANGUAGES.items() if signs[0] in parts or signs[1] in name)
    return next(named, "")
