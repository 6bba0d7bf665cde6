"""Answers as a page shows them: names instead of IRIs, sentences that open their document.

In: an answer and the links of a page. Out: headings and rows of ``Shown``, and what of them is a
number or a day.
"""

from __future__ import annotations

import datetime
import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from pyoxigraph import Literal, NamedNode

from policygraph.graph.query import NO_HEADING, Answer, Heading, word_for
from policygraph.graph.terms import language_of, text_of
from policygraph.identifiers import passage_span
from policygraph.namespaces import XSD
from policygraph.publish.site.links import Links, Shown
from policygraph.study.said import Words
from policygraph.text.days import is_date

MOST = 500
"""Rows that a page shows."""

_DRAWN = 200
"""Rows whose things may be drawn with what joins them."""

_OTHER = {"en": "_zh", "zh": "_en"}
_NUMBERS = tuple(XSD + name for name in ("integer", "decimal", "double", "float"))
_DAYS = tuple(XSD + name for name in ("date", "dateTime", "gYear", "gYearMonth"))
_DAY = re.compile(r"(\d{4})(?:-(\d\d))?(?:-(\d\d))?(?:[TZ+-].*)?", re.ASCII)


@dataclass(frozen=True)
class Outcome:
    """What came of a question.

    Attributes:
        answer: the rows that are shown; None where there is none.
        kind: ``rows``, ``truth`` or ``triples``.
        count: how many rows there are, as far as they were counted.
        more: whether there are more than an answer may have.
        error: what to tell instead of an answer, line by line.
    """

    answer: Answer | None = None
    kind: str = "rows"
    count: int = 0
    more: bool = False
    error: tuple[str, ...] = ()


@dataclass(frozen=True)
class Limits:
    """What a server gives to one question: seconds of the clock, and rows of its answer."""

    seconds: float
    rows: int


@dataclass(frozen=True)
class Cell:
    """A cell.

    Attributes:
        shown: its words; None where nothing is bound.
        iri: of a thing.
        number: of a number, its value.
        day: of a date, the first day that it may be.
    """

    shown: Shown | None
    iri: str = ""
    number: float | None = None
    day: datetime.date | None = None


@dataclass(frozen=True)
class Results:
    """A table.

    Attributes:
        headings: of the columns.
        rows: those that are shown.
        things: of each row, what has an IRI; also where a column is left out.
    """

    headings: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    things: tuple[tuple[Cell, ...], ...]

    def numbers(self) -> list[int]:
        """Give the columns that hold numbers only."""
        return self._columns(lambda cell: cell.number is not None)

    def days(self) -> list[int]:
        """Give the columns that hold days only."""
        return self._columns(lambda cell: cell.day is not None)

    def names(self) -> list[int]:
        """Give the columns that hold neither, and of which something is shown."""
        others = {*self.numbers(), *self.days()}
        return [at for at in self._columns(lambda _: True) if at not in others]

    def _columns(self, fits: Callable[[Cell], bool]) -> list[int]:
        def is_such(at: int) -> bool:
            cells = [row[at] for row in self.rows if row[at].shown]
            return bool(cells) and all(map(fits, cells))

        return list(filter(is_such, range(len(self.headings))))


def results(answer: Answer, links: Links) -> Results:
    """Lay an answer out in the language of the page."""
    own = bool(answer.headings)  # a named query names things in both languages
    names = [each for each in answer.columns if not (own and each.endswith(_OTHER[links.lang]))]
    places = [answer.columns.index(name) for name in names]
    firsts = {row[places[0]] for row in answer.terms} if len(answer.terms) > 1 < len(places) else ()
    if len(firsts) == 1 and own:  # it repeats what was asked for
        names, places = names[1:], places[1:]
    headings = tuple(answer.headings.get(name, {}).get(links.lang, name) for name in names)
    heads = [answer.headings.get(name, {}) for name in names]
    rows = tuple(
        tuple(_cell(row[at], links, head) for at, head in zip(places, heads, strict=True))
        for row in answer.terms[:MOST]
    )
    things = (tuple(_cell(term, links) for term in row) for row in answer.terms[:_DRAWN])
    joined = tuple(tuple(cell for cell in row if cell.iri) for row in things)
    return Results(headings, rows, joined)


def _cell(term: Any, links: Links, heading: Heading = NO_HEADING) -> Cell:
    if term is None:
        return Cell(None)
    word = word_for(term, heading, links.lang)
    if word:
        return Cell(Shown(word))
    if isinstance(term, NamedNode):
        span = passage_span(term.value)
        if span:
            return Cell(Shown(f"{span[1]}–{span[2]}", href=links.to(term.value)))
        return Cell(links.named(term.value, both=False), term.value)
    if isinstance(term, Literal):
        kind = term.datatype.value
        number = _number(term.value) if kind in _NUMBERS else None
        day = first_day(term.value) if kind in _DAYS else None
        return Cell(links.words(Words(term.value, language_of(term))), "", number, day)
    return Cell(Shown(text_of(term) or str(term)))


def _number(text: str) -> float | None:
    """Read a number; None where it is none that can be drawn."""
    try:
        number = float(text)
    except ValueError:
        return None
    return number if math.isfinite(number) else None


def first_day(text: str) -> datetime.date | None:
    """Give the first day of a date, a month or a year; None where it is none.

    >>> first_day("2024-03"), first_day("2024-02-31")
    (datetime.date(2024, 3, 1), None)
    """
    found = _DAY.fullmatch(text)
    day = "-".join(part or "01" for part in found.groups()) if found else ""
    return datetime.date.fromisoformat(day) if is_date(day) and day < "9999" else None
