"""Rows under review as a table for a spreadsheet, and the cells of such a table read back.

In: cells by column. Out: CSV that spreadsheets open as UTF-8 and in which nothing is a formula, or
a workbook whose choices drop down; and the lines of either. The headings are in ``words.toml``.
"""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from policygraph.bounded import Limits, bounded
from policygraph.errors import UnreadableInput, Where, WrongUsage
from policygraph.publish.sheets.data import csv_bytes
from policygraph.publish.sheets.excel import xlsx_bytes
from policygraph.publish.sheets.sheet import Column, Group, Piece, Sheet, fixed, fixed_words
from policygraph.text.reading import MOST_BYTES, read
from policygraph.text.source import bytes_of

_FORMULA = re.compile(r"'*[=+\-@\t\r]")
"""How a cell begins that a spreadsheet would take for a formula, with the signs put before it."""

_CELLS = {
    "state": "state",
    "kind": "kind",
    "new_kind": "kind",
    "decision": "decision",
    "new_continues": "decision",
}
"""Columns whose cells hold words of the program → their table in ``words.toml``."""

_TRUST = re.compile(
    r"(?P<name>high|medium|low|unrated)"
    r"(?:: at least (?P<bound>[0-9.]+) \((?P<right>\d+) of (?P<decided>\d+) right\))?"
)

_WIDTHS = {"words": 50, "reason": 26, "new_words": 40, "english": 30, "new_english": 30}
_WIDTHS |= {"continues": 40}
_LIMITS = Limits(60, 2**30, offline=True, too_long="reading/too-long", lost="reading/too-much")
_BOM = b"\xef\xbb\xbf"


def review_bytes(
    rows: Iterable[Mapping[str, str]],
    columns: Sequence[str],
    choices: Mapping[str, Sequence[str]],
    name: str,
    lang: str,
) -> bytes:
    """Write rows as CSV or XLSX, as the name of the file ends.

    Args:
        rows: cells by column.
        columns: in order.
        choices: by column, what may be filled in.
        name: of the file.
        lang: of the headings.

    Raises:
        WrongUsage: the name ends otherwise, or openpyxl is not installed.
    """
    ending = ending_of(name)
    rows = [{key: said_in(lang, key, cell) for key, cell in row.items()} for row in rows]
    choices = {key: [said_in(lang, key, each) for each in all_] for key, all_ in choices.items()}
    safe = _as_it_is if ending == ".xlsx" else _safe
    sheet = Sheet(
        title=fixed(lang, "review", "title"),
        lang=lang,
        columns=tuple(
            Column(
                key, fixed(lang, "review", key), _WIDTHS.get(key, 14), tuple(choices.get(key, ""))
            )
            for key in columns
        ),
        groups=(Group("", tuple(tuple((safe(row[key]),) for key in columns) for row in rows)),),
    )
    return xlsx_bytes(sheet) if ending == ".xlsx" else _BOM + csv_bytes(sheet)


def said_in(lang: str, column: str, cell: str) -> str:
    """Say a word of the program in a language; what people or texts say stays as it is.

    >>> said_in("zh", "confidence", "high: at least 0.88 (70 of 74 right)")
    '高：不低于 0.88（74 条中 70 条正确）'
    """
    table = _CELLS.get(column, "")
    if column == "confidence":
        return _trust_in(lang, cell)
    words = fixed_words()["cells"].get(table, {})
    return fixed(lang, "cells", table, cell) if cell in words else cell


def _trust_in(lang: str, cell: str) -> str:
    found = _TRUST.fullmatch(cell)
    if lang == "en" or found is None:
        return cell
    name = fixed(lang, "cells", "trust", found["name"])
    if not found["bound"]:
        return name
    return f"{name}：不低于 {found['bound']}（{found['decided']} 条中 {found['right']} 条正确）"


def keyed(cells: Mapping[str, str]) -> dict[str, str]:
    """Give the cells of a line with the words of the program as keys, whatever their language."""
    return {column: _key_of(column, cell) for column, cell in cells.items()}


def _key_of(column: str, cell: str) -> str:
    words = fixed_words()["cells"].get(_CELLS.get(column, ""), {})
    return next((key for key, said in words.items() if cell.strip() in said.values()), cell)


def ending_of(name: str) -> str:
    """Give the ending of a table's name.

    Raises:
        WrongUsage: it is neither ``.csv`` nor ``.xlsx``.
    """
    ending = Path(name).suffix.lower()
    if ending not in (".csv", ".xlsx"):
        raise WrongUsage("review/table-form", Where(name), ending=ending or name)
    return ending


def headings() -> dict[str, tuple[str, ...]]:
    """Give what each column is called, in every language."""
    words = fixed_words()["review"]
    return {key: tuple(called.values()) for key, called in words.items() if key != "title"}


def cells_of(path: Path) -> list[tuple[int, list[str]]]:
    """Read the cells of a table, each line with its number in the file.

    Raises:
        UnreadableInput: it is missing, too large, damaged, or holds formulas.
        WrongUsage: its name ends otherwise, or openpyxl is not installed.
    """
    if ending_of(path.name) == ".csv":
        try:
            return _csv_cells(read(path).text)
        except csv.Error as error:
            raise UnreadableInput("reading/damaged", Where(str(path)), reason=str(error)) from None
    try:
        import openpyxl  # noqa: F401 - so that the process split off has it
    except ImportError as error:
        raise WrongUsage("study/no-excel") from error
    data = bytes_of(path, str(path), MOST_BYTES)
    return bounded(lambda: _xlsx_cells(data, str(path)), replace(_LIMITS, about=str(path)))


def _as_it_is(words: str) -> Piece:
    return Piece(words)


def _safe(words: str) -> Piece:
    """Put a sign before what would be a formula; reading takes it off again."""
    return Piece(f"'{words}" if _FORMULA.match(words) else words)


def _csv_cells(text: str) -> list[tuple[int, list[str]]]:
    head = text.split("\n", 1)[0]
    delimiter = max(",;\t", key=head.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    lines, begins = [], 1
    for cells in reader:
        lines.append((begins, [c[1:] if _guarded(c) else c for c in cells]))
        begins = reader.line_num + 1
    return lines


def _guarded(cell: str) -> bool:
    return cell.startswith("'") and _FORMULA.match(cell) is not None


def _xlsx_cells(data: bytes, shown: str) -> list[tuple[int, list[str]]]:
    from openpyxl import load_workbook

    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            if sum(entry.file_size for entry in archive.infolist()) > MOST_BYTES:
                raise UnreadableInput("reading/too-much", Where(shown))
        page = load_workbook(io.BytesIO(data), read_only=True).worksheets[0]
        rows = [(n, list(row)) for n, row in enumerate(page.iter_rows(), 1)]
        for number, cells in rows:
            for cell in cells:
                if cell.data_type == "f":
                    where = Where(shown, number, cell.coordinate)
                    raise UnreadableInput("review/formula", where, value=str(cell.value))
        return [(number, [_said(cell.value) for cell in cells]) for number, cells in rows]
    except (UnreadableInput, MemoryError):
        raise
    except Exception as error:  # noqa: BLE001 - a damaged workbook raises anything
        reason = f"{type(error).__name__}: {error}"[:200]
        raise UnreadableInput("reading/damaged", Where(shown), reason=reason) from None


def _said(value: object) -> str:
    return "" if value is None else str(value)
