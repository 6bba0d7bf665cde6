"""Tables as data: CSV and JSON."""

from __future__ import annotations

import csv
import io
import json

from policygraph.publish.sheets.sheet import Cell, Sheet, data_text


def csv_bytes(sheet: Sheet) -> bytes:
    """Write a table as CSV (RFC 4180, UTF-8): headings, then every row; gaps are empty."""
    target = io.StringIO(newline="")
    writer = csv.writer(target)
    head = [column.heading for column in sheet.columns]
    writer.writerow([sheet.grouping, *head] if sheet.grouping else head)
    for heading, row in sheet.rows():
        cells = [data_text(cell) for cell in row]
        writer.writerow([heading, *cells] if sheet.grouping else cells)
    return target.getvalue().encode()


def json_bytes(sheet: Sheet) -> bytes:
    """Write a table as JSON: title, columns, rows by the keys of columns, counts, remarks.

    A cell is a list: of numbers, of texts, or of ``{"text", "iri", "lang"}`` for what leads
    somewhere; an empty list is a gap.
    """
    keys = [column.key for column in sheet.columns]
    rows = []
    for heading, row in sheet.rows():
        cells = {key: _values(cell) for key, cell in zip(keys, row, strict=True)}
        rows.append({"group": heading, **cells} if sheet.grouping else cells)
    whole = {
        "title": sheet.title,
        "lang": sheet.lang,
        "columns": [{"key": each.key, "heading": each.heading} for each in sheet.columns],
        "rows": rows,
        "counts": dict(sheet.counts),
        "remarks": list(sheet.remarks),
    }
    return (json.dumps(whole, ensure_ascii=False, indent=2) + "\n").encode()


def _values(cell: Cell) -> list[object]:
    values: list[object] = []
    for piece in cell:
        if piece.gap:
            continue
        if piece.number is not None:
            values.append(piece.number)
        elif piece.href or piece.lang:
            about = {"text": piece.text, "iri": piece.href, "lang": piece.lang}
            values.append({name: value for name, value in about.items() if value})
        else:
            values.append(piece.text)
    return values
