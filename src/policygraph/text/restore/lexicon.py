"""The tables that steer restoration: tab-separated files an analyst can edit.

In: a file of ``data/lexicon/zh/restoration``; out: its rows. A malformed row is refused with its
file and line. This room knows no RDF.
"""

from __future__ import annotations

import functools

from policygraph.assets import asset
from policygraph.errors import UnreadableInput, Where


@functools.cache
def rows(name: str) -> tuple[dict[str, str], ...]:
    """Read a table: one mapping of column name to field for each row.

    Raises:
        UnreadableInput: a row has not as many fields as the header.
    """
    path = asset("data", "lexicon", "zh", "restoration", f"{name}.tsv")
    header, *lines = path.read_text(encoding="utf-8").splitlines()
    columns = header.split("\t")
    table = []
    for number, line in enumerate(lines, start=2):
        fields = line.split("\t")
        if len(fields) != len(columns):
            where = Where(str(path), number)
            facts = {"expected": len(columns), "found": len(fields)}
            raise UnreadableInput("restore/lexicon-row", where, **facts)
        table.append(dict(zip(columns, fields, strict=True)))
    return tuple(table)
