"""Tables as XLSX: a frozen header, filters, links to the passages, the same bytes every time."""

from __future__ import annotations

import io
import re
import zipfile
from typing import TYPE_CHECKING, Any

from policygraph.errors import WrongUsage
from policygraph.publish.packed import EPOCH, legal, repacked
from policygraph.publish.sheets.sheet import Cell, Sheet, fixed

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.worksheet.worksheet import Worksheet

_LONGEST = 32_767  # characters of a cell (Excel specifications and limits)
_HEAD, _GAP, _LINK = "FF1F3A5F", "FFFDF1DC", "FF0B57A4"


def xlsx_bytes(sheet: Sheet) -> bytes:
    """Write a table as a workbook: the rows, and the counts on a page of their own.

    Raises:
        WrongUsage: openpyxl is not installed.
    """
    try:
        from openpyxl import Workbook
        from openpyxl.writer.excel import ExcelWriter
    except ImportError as error:
        raise WrongUsage("study/no-excel") from error
    book = Workbook()
    _rows(book, sheet)
    if sheet.counts or sheet.remarks:
        _counts(book, sheet)
    book.properties.creator = "policygraph"
    book.properties.title = sheet.title
    book.properties.created = book.properties.modified = EPOCH
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        ExcelWriter(book, archive).save()
    return repacked(target.getvalue())


def _rows(book: Workbook, sheet: Sheet) -> None:
    from openpyxl.styles import Alignment, Font, PatternFill

    page: Worksheet = book.active
    page.title = _page_title(sheet.title)
    widths = [column.width for column in sheet.columns]
    headings = [column.heading for column in sheet.columns]
    if sheet.grouping:
        widths, headings = [18, *widths], [sheet.grouping, *headings]
    page.append([_legal(heading) for heading in headings])
    for cell in page[1]:
        cell.font = Font(bold=True, color="FFFFFFFF")
        cell.fill = PatternFill("solid", fgColor=_HEAD)
        cell.alignment = Alignment(vertical="center", wrap_text=True)
    for line, (heading, row) in enumerate(sheet.rows(), 2):
        first = 1
        if sheet.grouping:
            _write(page.cell(line, 1), _legal(heading))
            first = 2
        for at, cell in enumerate(row, first):
            _fill(page.cell(line, at), cell)
    for letter, width in zip(_letters(len(widths)), widths, strict=True):
        page.column_dimensions[letter].width = width
    _offer(page, sheet)
    page.freeze_panes = "A2"
    page.auto_filter.ref = page.dimensions
    page.print_title_rows = "1:1"
    page.page_setup.orientation = "landscape"
    page.page_setup.fitToWidth, page.page_setup.fitToHeight = 1, 0
    page.sheet_properties.pageSetUpPr.fitToPage = True


def _offer(page: Worksheet, sheet: Sheet) -> None:
    """Let the choices of a column drop down in its cells."""
    from openpyxl.worksheet.datavalidation import DataValidation

    letters = _letters(len(sheet.columns) + bool(sheet.grouping))[bool(sheet.grouping) :]
    for letter, column in zip(letters, sheet.columns, strict=True):
        if column.choices and page.max_row > 1:
            listed = DataValidation("list", formula1=f'"{",".join(column.choices)}"')
            listed.add(f"{letter}2:{letter}{page.max_row}")
            page.add_data_validation(listed)


def _fill(target: Any, cell: Cell) -> None:
    """Write one cell: a number as a number, a link as a link, a gap marked by its colour."""
    from openpyxl.styles import Font, PatternFill

    numbers = [piece.number for piece in cell if piece.number is not None]
    text = "\n".join(piece.text for piece in cell)
    _write(target, numbers[0] if len(cell) == len(numbers) == 1 else _legal(text))
    links = [piece.href for piece in cell if piece.href]
    if links:
        target.hyperlink = links[0]
        target.font = Font(color=_LINK, underline="single")
    if any(piece.gap for piece in cell):
        target.fill = PatternFill("solid", fgColor=_GAP)


def _write(target: Any, value: object) -> None:
    from openpyxl.styles import Alignment

    target.value = value
    if isinstance(value, str):
        target.data_type = "s"  # never a formula, whatever it begins with
    target.alignment = Alignment(vertical="top", wrap_text=True)


def _counts(book: Workbook, sheet: Sheet) -> None:
    page = book.create_sheet(_page_title(fixed(sheet.lang, "page", "summary")))
    for line, (label, number) in enumerate(sheet.counts, 1):
        _write(page.cell(line, 1), _legal(label))
        _write(page.cell(line, 2), number)
    for line, remark in enumerate(sheet.remarks, len(sheet.counts) + 2):
        _write(page.cell(line, 1), _legal(remark))
    page.column_dimensions["A"].width = 48


def _letters(count: int) -> list[str]:
    from openpyxl.utils import get_column_letter

    return [get_column_letter(number) for number in range(1, count + 1)]


def _page_title(title: str) -> str:
    """Shorten a title to what Excel allows as the name of a page."""
    return re.sub(r"[\[\]:*?/\\]", " ", _legal(title))[:31].strip() or "1"


def _legal(text: str) -> str:
    """Leave out what no workbook may hold, and what is longer than a cell."""
    return legal(text)[:_LONGEST]
