"""The tables that steer restoration: tab-separated files an analyst can edit.

In: a file of ``data/lexicon/zh/restoration``; out: its rows. A malformed row is refused with its
file and line. This room knows no RDF.
"""

from __future__ import annotations

import functools
from pathlib import Path

from policygraph.assets import asset
from policygraph.errors import UnreadableInput, Where
from policygraph.text.schema import check_row


@functools.cache
def rows(name: str) -> tuple[dict[str, str], ...]:
    """Read a table of the package: one mapping of column name to field for each row.

    Raises:
        UnreadableInput: a row has not as many fields as the header, or one that is not allowed.
    """
    return read_rows(asset("data", "lexicon", "zh", "restoration", f"{name}.tsv"))


def read_rows(path: Path) -> tuple[dict[str, str], ...]:
    """Read a table from a file, as ``rows`` does; ``#`` begins a remark, and empty lines are none.

    Raises:
        UnreadableInput: a row has not as many fields as the header, or one that is not allowed.
    """
    header, *lines = path.read_text(encoding="utf-8").splitlines()
    columns = header.split("\t")
    table = []
    for number, line in enumerate(lines, start=2):
        if not line or line.startswith("#"):
            continue
        fields = line.split("\t")
        where = Where(str(path), number)
        if len(fields) != len(columns):
            facts = {"expected": len(columns), "found": len(fields)}
            raise UnreadableInput("restore/lexicon-row", where, **facts)
        row = dict(zip(columns, fields, strict=True))
        check_row(path, row, where)
        table.append(row)
    return tuple(table)
