"""Rows under review as a table (``draft --table``), and what it decides (``review --table``)."""

from __future__ import annotations

import hashlib
from pathlib import Path

from policygraph.cli.console import language, tell
from policygraph.cli.drafting import Drafted
from policygraph.errors import Where
from policygraph.publish.folder import write_file, write_over
from policygraph.publish.sheets.reviews import cells_of, headings, review_bytes
from policygraph.text.review.decisions import KINDS, Decision, Signature
from policygraph.text.review.places import Places, places_of
from policygraph.text.review.sheet import Sheet
from policygraph.text.review.table import DECIDED, TOLD, Table, lines_of, rows_of
from policygraph.text.source import read_source
from policygraph.workspace import Place

_CHOICES = {"decision": ("accept", "reject", "draft"), "new_kind": KINDS}


def write_table(target: Path, statements: str, document: str, text: str) -> None:
    """Write the rows of a file as a table, with empty columns for what is decided.

    Raises:
        WrongUsage: its name ends neither with .csv nor with .xlsx, or openpyxl is not installed.
        CannotWrite: it cannot be written.
    """
    sheet = Sheet(statements)
    places = places_of(sheet, document, text, _sha256(text))
    rows = list(rows_of(sheet, places))
    data = review_bytes(rows, (*TOLD, *DECIDED), _CHOICES, target.name, language())
    write_file(target, data)
    tell("review/table-written", {"count": len(rows), "path": target})


def apply_table(path: Path, document: str, found: Drafted, signature: Signature) -> None:
    """Write what a table decides into the statements of a document: all of it, or nothing.

    Raises:
        DataError: lines of the table are wrong; nothing is written.
        UnreadableInput: the table or a file of the document cannot be read.
        CannotWrite: somebody changed the file meanwhile.
    """
    from policygraph.serve.review.library import Library

    lines, called = lines_of(cells_of(path), headings(), str(path))
    was = read_source(found.statements)
    text = read_source(found.restored).text if found.restored else ""
    library = Library.at(Place.at(found.workspace), document)

    def find(sheet: Sheet) -> Places:
        return places_of(sheet, document, text, _sha256(text))

    def check(decision: Decision, sheet: Sheet) -> None:
        words = str(sheet.rows[decision.row].fields.get("quote", ""))
        library.refuse_unnamed(decision.value, decision.field, words, Where(str(path)))

    sheet = Sheet(was.text, str(found.statements))
    table = Table(sheet, text, find, signature, str(path), called, check)
    changed = table.apply(lines)
    if changed:
        write_over(found.statements, table.sheet.text.encode(), was.sha256)
    tell("review/table-applied", {"count": changed, "path": path})


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
