"""The tables that steer drafting: tab-separated files an analyst can edit.

In: a file of ``data/lexicon/<language>``; out: its rows, each knowing its line. A malformed row is
refused with its file and line. This room knows no RDF.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from policygraph.assets import asset
from policygraph.errors import UnreadableInput, Where
from policygraph.text.schema import check_row


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


def table_at(folder: Path, *parts: str) -> Path:
    """Find a table of a language: that of its folder, else the one that travels with the package.

    So a workspace holds only the tables that it changes, below ``data/lexicon/<language>``.

    Args:
        folder: that of the language.
        parts: path of the table in it.
    """
    own = folder.joinpath(*parts)
    shipped = asset("data", "lexicon", folder.name, *parts)
    return shipped if shipped.exists() and not own.exists() else own


def tables_of(folder: Path, under: str = "") -> list[Path]:
    """List the tables of a language, in the order of their paths in its folder.

    Args:
        folder: that of the language.
        under: a folder in it, to list those there only.
    """
    bases = (asset("data", "lexicon", folder.name), folder)
    names = {path.relative_to(base) for base in bases for path in (base / under).rglob("*.tsv")}
    return [table_at(folder, *name.parts) for name in sorted(names)]


def read_table(path: Path, *columns: str) -> Iterator[TableRow]:
    """Read a table row by row; lines that begin with ``#`` and empty ones are left out.

    Args:
        path: the file.
        columns: those its first line must name, in this order.

    Raises:
        UnreadableInput: the file is missing, its head is another one, a row has not as many
            fields as the head, or a field is none that ``policygraph.text.schema`` allows.
    """
    try:
        head, *lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError, ValueError) as error:
        raise UnreadableInput("draft/table-missing", Where(str(path))) from error
    if tuple(head.split("\t")) != columns:
        raise UnreadableInput("draft/table-head", Where(str(path), 1), expected=", ".join(columns))
    for number, line in enumerate(lines, start=2):
        if line and not line.startswith("#"):
            row = _row(columns, line.split("\t"), Where(str(path), number))
            check_row(path, row.fields, row.where)
            yield row


def read_optional(path: Path, *columns: str) -> Iterator[TableRow]:
    """Read a table as ``read_table`` does; where there is none, no rows."""
    return read_table(path, *columns) if path.is_file() else iter(())


def _row(columns: tuple[str, ...], fields: list[str], where: Where) -> TableRow:
    if len(fields) != len(columns):
        facts = {"expected": len(columns), "found": len(fields)}
        raise UnreadableInput("draft/table-row", where, **facts)
    return TableRow(dict(zip(columns, fields, strict=True)), where)
