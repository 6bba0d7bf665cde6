"""The pages to explore: the graph, the timeline, the matrix of tasks, the comparison of periods.

In: studies of the graph. Out: one page each, and one for every period, grouping and pair of
periods, so that each has an address of its own. Where a graph has too many statements for a
table, the page says with which command to ask.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property, lru_cache
from itertools import pairwise

from policygraph.errors import PolicyGraphError
from policygraph.namespaces import PG
from policygraph.publish.sheets.sheet import Sheet
from policygraph.publish.sheets.studies import comparison_sheet, matrix_sheet
from policygraph.publish.site.addresses import LANGUAGES
from policygraph.publish.site.links import Links
from policygraph.publish.site.page import Page
from policygraph.publish.site.plan_graph import PlanGraph, by_kind
from policygraph.publish.site.room import House
from policygraph.publish.site.timeline import Timeline
from policygraph.publish.site.words import say
from policygraph.study.compare import compare
from policygraph.study.decisions import decisions
from policygraph.study.matrix import GROUPINGS, matrix
from policygraph.study.reading import Reading
from policygraph.study.said import Thing

MOST_STATEMENTS = 5_000
"""Statements of a graph that is studied whole."""

_FIXED = ("explore.html", "explore/graph.html", "explore/timeline.html", "explore/matrix.html")
_PAIRS_OF = 5
"""Up to so many periods each is compared with each; of more, each with the next."""


class Explore:
    """Pages that show many things at once."""

    def __init__(self, house: House) -> None:
        self.house = house
        self.graph = PlanGraph(house)
        self.timeline = Timeline(house)
        self._made = lru_cache(256)(self._page)

    def paths(self) -> Iterator[str]:
        """Give the paths of all its pages."""
        for lang in LANGUAGES:
            yield from (f"{lang}/{rest}" for rest in (*_FIXED, *self.matrices, *self.comparisons))

    def page(self, path: str, seen_at: str) -> Page | None:
        """Make one of the pages."""
        lang, _, rest = path.partition("/")
        if lang not in LANGUAGES or not rest.startswith("explore"):
            return None
        return self._made(path, seen_at)

    def _page(self, path: str, seen_at: str) -> Page | None:
        lang, _, rest = path.partition("/")
        links = Links(self.house, lang, seen_at)
        if rest in ("explore.html", "explore/matrix.html"):
            return self._front(path, seen_at, links)
        if rest == "explore/graph.html":
            return self._graph(path, seen_at, links)
        if rest == "explore/timeline.html":
            picture = self.timeline.picture(links, say(lang, "explore.timeline_shows"))
            spans = self.timeline.spans
            return self.house.html(
                "timeline", path, seen_at, links=links, picture=picture, spans=spans
            )
        sheet = self._sheet(rest, lang)
        if sheet is None:
            return None
        return self.house.html("sheet", path, seen_at, links=links, sheet=sheet, explore=self)

    def _front(self, path: str, seen_at: str, links: Links) -> Page:
        template = "matrices" if path.endswith("matrix.html") else "explore"
        return self.house.html(template, path, seen_at, links=links, explore=self)

    def _graph(self, path: str, seen_at: str, links: Links) -> Page:
        label = say(links.lang, "explore.graph_shows")
        return self.house.html(
            "graph",
            path,
            seen_at,
            links=links,
            graph=self.graph,
            choices=self.graph.choices(),
            groups=by_kind(self.graph.nodes),
            picture=self.graph.picture(links, label) if self.graph.nodes else "",
        )

    # studies

    @cached_property
    def reading(self) -> Reading:
        """The statements as they are known now."""
        return Reading(self.house.store)

    @cached_property
    def studied(self) -> bool:
        """Whether the graph is small enough to be studied whole."""
        return self.house.count(f"?s a <{PG}Statement>") <= MOST_STATEMENTS

    @cached_property
    def periods(self) -> list[Thing]:
        """The periods that statements are said of."""
        return self.reading.periods() if self.studied else []

    @cached_property
    def matrices(self) -> dict[str, tuple[Thing | None, str]]:
        """The matrices by their paths: the period, and how rows are grouped."""
        if not self.studied:
            return {}
        found: dict[str, tuple[Thing | None, str]] = {}
        for period in (None, *self.periods):
            for by in GROUPINGS:
                key = period.key if period else "all"
                ending = "" if by == "goal" else f"-by-{by}"
                if self._has_tasks(period):
                    found[f"explore/matrix/{key}{ending}.html"] = period, by
        return found

    def _has_tasks(self, period: Thing | None) -> bool:
        try:
            return bool(matrix(self.reading, period).tasks)
        except PolicyGraphError:
            return False

    @cached_property
    def comparisons(self) -> dict[str, tuple[Thing, Thing]]:
        """The comparisons by their paths: the two periods."""
        every = [
            (one, other) for at, one in enumerate(self.periods) for other in self.periods[at + 1 :]
        ]
        pairs = every if len(self.periods) <= _PAIRS_OF else list(pairwise(self.periods))
        return {f"explore/compare/{a.key}-{b.key}.html": (a, b) for a, b in pairs}

    def _sheet(self, rest: str, lang: str) -> Sheet | None:
        try:
            if rest in self.matrices:
                return matrix_sheet(matrix(self.reading, *self.matrices[rest]), lang)
            if rest in self.comparisons:
                one, other = self.comparisons[rest]
                known = decisions(self.house.place)
                return comparison_sheet(compare(self.reading, one, other, decisions=known), lang)
        except PolicyGraphError:
            return None
        return None
