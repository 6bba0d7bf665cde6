"""Tables as web pages, for the screen, the phone and the printer."""

from __future__ import annotations

from policygraph.publish.pages import page
from policygraph.publish.sheets.sheet import Sheet


def html_bytes(sheet: Sheet) -> bytes:
    """Write a table as one page that needs nothing else."""
    return page("sheet.html.j2", title=sheet.title, lang=sheet.lang, sheet=sheet).encode()
