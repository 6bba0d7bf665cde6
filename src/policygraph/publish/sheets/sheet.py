"""A table before it has a format: columns, rows in groups, counts, remarks, in one language.

In: texts and links. Out: what the writers beside this file turn into CSV, XLSX, HTML, JSON or a
table for a terminal. A cell holds pieces; a piece may be a link, a number, or a gap, which says
that nothing is stated. The fixed words are in ``words.toml``.
"""

from __future__ import annotations

import functools
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

from policygraph.study.said import Passage, Thing, Words

_HTML_TAGS = {"zh-hans": "zh-Hans", "zh-hant": "zh-Hant"}


@dataclass(frozen=True)
class Piece:
    """A piece of a cell.

    Attributes:
        text: what is shown.
        href: where it leads, if anywhere.
        lang: language of the text, where it may differ from that of the table.
        number: the number it is, if it is one.
        gap: whether it only says that nothing is stated; such a piece is left out of data files.
    """

    text: str
    href: str = ""
    lang: str = ""
    number: int | float | None = None
    gap: bool = False


Cell = tuple[Piece, ...]


@dataclass(frozen=True)
class Column:
    """A column.

    Attributes:
        key: its name in data files.
        heading: its heading.
        width: in characters.
        choices: what may be filled in, where a workbook is to offer that.
    """

    key: str
    heading: str
    width: int = 16
    choices: tuple[str, ...] = ()


@dataclass(frozen=True)
class Group:
    """Rows under one heading; the heading may be empty."""

    heading: str
    rows: tuple[tuple[Cell, ...], ...]


@dataclass(frozen=True)
class Sheet:
    """A table.

    Attributes:
        title: what it is.
        lang: language of its headings.
        columns: its columns, in order.
        groups: its rows.
        counts: what was counted: a label and a number each.
        remarks: what a reader must know.
        grouping: heading of the column that data files give the groups; empty where there are none.
        told: keys of columns that the title, the headings of groups or the marks of gaps tell
            already; pages and terminals leave them out, data files do not.
    """

    title: str
    lang: str
    columns: tuple[Column, ...]
    groups: tuple[Group, ...]
    counts: tuple[tuple[str, int], ...] = ()
    remarks: tuple[str, ...] = ()
    grouping: str = ""
    told: frozenset[str] = frozenset()

    def shown(self) -> list[int]:
        """List the places of the columns for people: what is told already or empty is left out."""
        filled = {at for _, row in self.rows() for at, cell in enumerate(row) if cell}
        return [at for at in sorted(filled) if self.columns[at].key not in self.told]

    def rows(self) -> Iterator[tuple[str, tuple[Cell, ...]]]:
        """Give every row with the heading of its group."""
        for group in self.groups:
            for row in group.rows:
                yield group.heading, row


def data_text(cell: Cell) -> str:
    """Give a cell as text for data files: its pieces, gaps left out."""
    return "; ".join(piece.text for piece in cell if not piece.gap)


@functools.cache
def fixed_words() -> dict[str, Any]:
    """Read the fixed words of tables."""
    text = files("policygraph.publish.sheets").joinpath("words.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


def fixed(lang: str, *path: str) -> str:
    """Give a fixed word in a language: ``fixed("zh", "matrix", "goal")``."""
    found: Any = fixed_words()
    for step in path:
        found = found[step]
    return str(found[lang])


def named(thing: Thing, lang: str) -> Piece:
    """Show a thing by its name, leading to it."""
    return worded(thing.name(lang), thing.iri)


def worded(words: Words, href: str = "") -> Piece:
    """Show words in their language."""
    return Piece(words.text, href, html_language(words.lang))


def sentence(passage: Passage) -> Piece:
    """Show the sentence around a passage, leading to the passage."""
    return worded(passage.sentence, passage.iri)


def place(passage: Passage, lang: str) -> Piece:
    """Show where a passage stands: its document and its characters, leading to it."""
    span = f"{passage.begin}–{passage.end}"
    return Piece(f"{passage.document.name(lang).text} {span}", passage.iri)


def counted(number: int) -> Piece:
    """Show a number."""
    return Piece(str(number), number=number)


def html_language(tag: str) -> str:
    """Write a language tag as pages want it."""
    return _HTML_TAGS.get(tag, tag)
