"""The tables that steer drafting: tab-separated files an analyst can edit.

In: a file of ``data/lexicon/<language>``; out: its rows, each knowing its line. A malformed row is
refused with its file and line. This room knows no RDF.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from policygraph.errors import UnreadableInput, Where


@dataclass(frozen=True)
class TableRow:
    """One row of a table: its fields by column, and where it stands."""

    fields: dict[str, str]
    where: Where

    def __getitem__(self, column: str) -> str:
        return self.fields[column]

    def words(self, column: str) -> list[str]:
        """Split a field at spaces."""
        return self.fields[column].split()


def read_table(path: Path, *columns: str) -> Iterator[TableRow]:
    """Read a table row by row; lines that begin with ``#`` and empty ones are left out.

    Args:
        path: the file.
        columns: those its first line must name, in this order.

    Raises:
        UnreadableInput: the file is missing, its head is another one, or a row has not as many
            fields as the head.
    """
    try:
        head, *lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError, ValueError) as error:
        raise UnreadableInput("draft/table-missing", Where(str(path))) from error
    if tuple(head.split("\t")) != columns:
        raise UnreadableInput("draft/table-head", Where(str(path), 1), expected=", ".join(columns))
    for number, line in enumerate(lines, start=2):
        if line and not line.startswith("#"):
            yield _row(columns, line.split("\t"), Where(str(path), number))


def _row(columns: tuple[str, ...], fields: list[str], where: Where) -> TableRow:
    if len(fields) != len(columns):
        facts = {"expected": len(columns), "found": len(fields)}
        raise UnreadableInput("draft/table-row", where, **facts)
    return TableRow(dict(zip(columns, fields, strict=True)), where)
