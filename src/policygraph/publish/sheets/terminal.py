"""Tables for a terminal."""

from __future__ import annotations

from rich.table import Table
from rich.text import Text

from policygraph.publish.sheets.sheet import Cell, Sheet


def terminal_table(sheet: Sheet, *keys: str) -> Table:
    """Lay a table out for a terminal, the columns named only; a group is a line of its own."""
    shown = [at for at in sheet.shown() if sheet.columns[at].key in keys]
    caption = "   ".join(f"{label}: {number}" for label, number in sheet.counts)
    table = Table(title=sheet.title, caption=caption, show_lines=True, caption_justify="left")
    for at in shown:
        table.add_column(sheet.columns[at].heading, overflow="fold")
    for group in sheet.groups:
        if group.heading:
            table.add_row(Text(group.heading, style="bold"), *("" for _ in shown[1:]))
        for row in group.rows:
            table.add_row(*(_text(row[at]) for at in shown))
    return table


def _text(cell: Cell) -> Text:
    """Join the pieces of a cell, a line each; a gap is dim."""
    pieces = (Text(piece.text, style="dim" if piece.gap else "") for piece in cell)
    return Text("\n").join(pieces)
