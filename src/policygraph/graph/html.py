"""Tables for notebooks: everything escaped, every IRI a link that shows its short name.

In: headings and rows. Out: HTML without scripts or styles of its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape
from typing import Any

from pyoxigraph import NamedNode

from policygraph.identifiers import is_address, passage_span
from policygraph.namespaces import shorten

MOST_ROWS = 60
"""Rows that a notebook shows; the rest is counted."""


def table(headings: Sequence[str], rows: Sequence[Sequence[Any]], caption: str = "") -> str:
    """Give a table of terms; ``None`` is a dash.

    Args:
        headings: of the columns.
        rows: of RDF terms, or of ready cells from ``link`` and ``text``.
        caption: stands above it; empty for none.
    """
    head = "".join(f"<th>{escape(name)}</th>" for name in headings)
    body = "".join(f"<tr>{''.join(map(_cell, row))}</tr>\n" for row in rows[:MOST_ROWS])
    above = f"<caption>{escape(caption)}</caption>" if caption else ""
    left = len(rows) - MOST_ROWS
    below = f"<p>… {left} more</p>" if left > 0 else ""
    return f"<table>{above}<thead><tr>{head}</tr></thead>\n<tbody>{body}</tbody></table>{below}"


class Cell(str):
    """HTML that is ready."""

    __slots__ = ()


def text(words: str) -> Cell:
    """Give words as a cell."""
    return Cell(escape(words))


def link(iri: str, words: str = "") -> Cell:
    """Give a link; what is no address on the web is shown and does not lead anywhere."""
    shown = escape(words or short(iri))
    return Cell(f'<a href="{escape(iri)}">{shown}</a>' if is_address(iri) else shown)


def links(iris: Iterable[str]) -> Cell:
    """Give several links in one cell."""
    return Cell("<br>".join(map(link, iris)))


def short(iri: str) -> str:
    """Shorten an IRI: to a range of characters, a key with its kind, a prefixed name.

    >>> short("https://w3id.org/policygraph/id/goal/cn-ndwc-2024-g5")
    'goal/cn-ndwc-2024-g5'
    """
    span = passage_span(iri)
    if span:
        return f"{short(span[0]).partition('/text/')[0]}#{span[1]}–{span[2]}"
    for room in ("/id/", "/graph/"):
        _, found, rest = iri.partition(room)
        if found:
            return rest
    return shorten(iri)


def _cell(value: Any) -> str:
    if isinstance(value, Cell):
        return f"<td>{value}</td>"
    if isinstance(value, NamedNode):
        return f"<td>{link(value.value)}</td>"
    if value is None:
        return "<td>–</td>"
    language = getattr(value, "language", None)
    tag = f' lang="{escape(language)}"' if language else ""
    return f"<td{tag}>{escape(str(getattr(value, 'value', value)))}</td>"
