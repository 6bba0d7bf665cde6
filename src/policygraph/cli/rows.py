"""Rows for programs: CSV or JSON, written as they come."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator, Sequence


def csv_pieces(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> Iterator[bytes]:
    """Write rows as CSV, one piece a row."""
    yield _line(columns)
    yield from map(_line, rows)


def _line(row: Sequence[object]) -> bytes:
    target = io.StringIO(newline="")
    csv.writer(target, lineterminator="\n").writerow(row)
    return target.getvalue().encode()


def json_pieces(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> Iterator[bytes]:
    """Write rows as a JSON array of objects, one piece a row."""
    before = "[\n"
    for row in rows:
        data = json.dumps(dict(zip(columns, row, strict=True)), ensure_ascii=False)
        yield f"{before} {data}".encode()
        before = ",\n"
    yield b"\n]\n" if before == ",\n" else b"[]\n"
