"""An answer drawn: as a graph, a timeline or a chart, as its columns allow.

In: the table of an answer. Out: the pictures that fit it, each empty where it does not. The table
always stands beside them and says the same.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations

from markupsafe import Markup
from pyoxigraph import DefaultGraph, NamedNode

from policygraph.graph.terms import text_of
from policygraph.publish.site.links import Links, Shown
from policygraph.publish.site.results import Cell, Results
from policygraph.publish.site.room import House
from policygraph.publish.site.timeline import Dated, timeline
from policygraph.publish.site.web import Joined, web
from policygraph.publish.site.words import say

_BARS, _CHARTS = 60, 3


@dataclass(frozen=True)
class Bar:
    """A number with its name and its share of the largest, in percent."""

    shown: Shown
    number: float
    share: int


@dataclass(frozen=True)
class Chart:
    """Bars of one column."""

    heading: str
    bars: tuple[Bar, ...]


@dataclass(frozen=True)
class Views:
    """What an answer can be shown as, besides a table; empty is what does not fit.

    Attributes:
        graph: things and what joins them.
        timeline: dated things under their years.
        charts: bars, for each column of numbers.
    """

    graph: Markup
    timeline: Markup
    charts: tuple[Chart, ...]

    def names(self) -> list[str]:
        """Give what there is, by its name."""
        found = {"graph": self.graph, "timeline": self.timeline, "chart": self.charts}
        return [name for name, view in found.items() if view]


def views(results: Results, links: Links, house: House) -> Views:
    """Draw an answer in each way that its columns allow."""
    graph = web(_joined(results, links, house), say(links.lang, "ask.view.graph_shows"))
    days = timeline(_dated(results, house), say(links.lang, "ask.view.timeline_shows"))
    return Views(graph, days, tuple(_charts(results)))


def _charts(results: Results) -> Iterator[Chart]:
    """Make bars of numbers that are not below zero, by the first column of names or days."""
    labels = (results.names() or results.days())[:1]
    if not labels or not 1 < len(results.rows) <= _BARS:
        return
    for column in results.numbers()[:_CHARTS]:
        pairs = [(row[labels[0]].shown, row[column].number) for row in results.rows]
        known = [(shown, number) for shown, number in pairs if shown and number is not None]
        most = max((number for _, number in known), default=0)
        if len(known) > 1 and most > 0 and all(number >= 0 for _, number in known):
            bars = (Bar(shown, number, round(100 * number / most)) for shown, number in known)
            yield Chart(results.headings[column], tuple(bars))


def _dated(results: Results, house: House) -> list[Dated]:
    """Give the rows that have a day, with the first of their names; of two days, a span."""
    days, names = results.days()[:2], results.names()[:1]
    if not days or not names:
        return []
    found = []
    for row in results.rows:
        cell, known = row[names[0]], sorted(filter(None, (row[at].day for at in days)))
        if cell.shown and known:
            kind = next(iter(house.reader.kinds(cell.iri)), "") if cell.iri else ""
            found.append(Dated(cell.shown, kind, known[0], known[-1]))
    ordered = sorted(found, key=lambda each: (each.first, each.last, each.shown.text))
    return list(dict.fromkeys(ordered))


# graph


def _joined(results: Results, links: Links, house: House) -> list[Joined]:
    """Find what joins the things of a row: a relation in the row itself, or one in the graph.

    Of what joins two things only the first is drawn, so that no line stands twice for both ways.
    """
    found: dict[frozenset[str], Joined] = {}
    for row in results.things:
        relations = [cell.iri for cell in row if cell.iri in house.properties]
        things = [cell for cell in row if house.has_page(cell.iri)]
        for one, other in combinations(things, 2):
            pair = frozenset((one.iri, other.iri))
            told = None if pair in found or len(pair) < 2 else _told(one, other, relations, house)
            if told:
                start, relation, end = told
                name = links.named(relation, both=False).text
                found[pair] = Joined(_end(start, house), name, _end(end, house))
    return list(found.values())


def _told(
    one: Cell, other: Cell, relations: list[str], house: House
) -> tuple[Cell, str, Cell] | None:
    if relations:
        return one, relations[0], other
    for start, end in ((one, other), (other, one)):
        pattern = NamedNode(start.iri), None, NamedNode(end.iri), DefaultGraph()
        for quad in house.store.engine.quads_for_pattern(*pattern):
            if text_of(quad.predicate) in house.properties:
                return start, text_of(quad.predicate), end
    return None


def _end(cell: Cell, house: House) -> tuple[str, Shown, str]:
    assert cell.shown  # noqa: S101 - what has an IRI is shown
    return cell.iri, cell.shown, next(iter(house.reader.kinds(cell.iri)), "")
