"""Answers as tables of a page: names instead of IRIs, sentences that open their document.

In: an answer and the links of a page. Out: headings and rows of ``Shown``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from pyoxigraph import Literal, NamedNode

from policygraph.graph.query import Answer
from policygraph.graph.terms import language_of, text_of
from policygraph.identifiers import passage_span
from policygraph.namespaces import XSD
from policygraph.publish.site.links import Links, Shown
from policygraph.study.said import Words

MOST = 500
"""Rows that a page shows."""

_OTHER = {"en": "_zh", "zh": "_en"}
_NUMBERS = tuple(XSD + name for name in ("integer", "decimal", "double"))


@dataclass(frozen=True)
class Cell:
    """A cell; of a number, its value."""

    shown: Shown | None
    number: float | None = None


@dataclass(frozen=True)
class Results:
    """A table.

    Attributes:
        headings: of the columns.
        rows: as many as are shown.
        all: how many there are.
    """

    headings: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    all: int

    def bars(self) -> list[tuple[Shown, float, int]]:
        """Give what a chart shows: the one column of numbers by the first of names, with widths.

        Empty where there is no such column, or more than one, or too much to see at once.
        """
        columns = [at for at in range(len(self.headings)) if self._is_number(at)]
        names = [at for at in range(len(self.headings)) if at not in columns]
        if len(columns) != 1 or not names or not 1 < len(self.rows) <= 40:
            return []
        pairs = [(row[names[0]].shown, row[columns[0]].number) for row in self.rows]
        known = [(shown, number) for shown, number in pairs if shown and number is not None]
        most = max((number for _, number in known), default=0)
        if most <= 0 or any(number < 0 for _, number in known):
            return []
        return [(shown, number, round(100 * number / most)) for shown, number in known]

    def _is_number(self, at: int) -> bool:
        cells = [row[at] for row in self.rows if row[at].shown]
        return bool(cells) and all(cell.number is not None for cell in cells)


def results(answer: Answer, links: Links) -> Results:
    """Lay an answer out in the language of the page."""
    names = [name for name in answer.columns if not name.endswith(_OTHER[links.lang])]
    places = [answer.columns.index(name) for name in names]
    firsts = {row[places[0]] for row in answer.terms} if len(answer.terms) > 1 < len(places) else ()
    if len(firsts) == 1:
        names, places = names[1:], places[1:]  # only repeats what was asked for
    headings = tuple(answer.headings.get(name, {}).get(links.lang, name) for name in names)
    rows = tuple(tuple(_cell(row[place], links) for place in places) for row in answer.terms[:MOST])
    return Results(headings, rows, len(answer.terms))


def _cell(term: Any, links: Links) -> Cell:
    if term is None:
        return Cell(None)
    if isinstance(term, NamedNode):
        span = passage_span(term.value)
        if span:
            return Cell(Shown(f"{span[1]}–{span[2]}", href=links.to(term.value)))
        return Cell(links.named(term.value, both=False))
    if isinstance(term, Literal):
        number = float(term.value) if term.datatype.value in _NUMBERS else None
        return Cell(links.words(Words(term.value, language_of(term))), number)
    return Cell(Shown(text_of(term) or str(term)))
