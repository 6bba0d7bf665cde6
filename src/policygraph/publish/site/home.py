"""The front pages: the choice of a language, and what the graph holds."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from policygraph.identifiers import kind_of_class
from policygraph.namespaces import PG
from policygraph.publish.site.addresses import LANGUAGES
from policygraph.publish.site.links import Links, Shown
from policygraph.publish.site.page import Page
from policygraph.publish.site.room import House

BEGIN_WITH = ("PolicyDocument", "Initiative", "Goal")
"""Classes whose members the front page names."""

ROOT = "index.html"
"""Where a reader chooses a language."""

_MOST = 24


_COUNTED = (
    *("PolicyDocument", "Aim", "Goal", "Action", "Achievement", "Figure", "Initiative"),
    *("Institution", "Instrument", "Event", "Topic", "Place", "Passage"),
)


@dataclass(frozen=True)
class Count:
    """How many things of a class there are, and whether they have a list."""

    kind: str
    number: int
    listed: bool

    @property
    def path(self) -> str:
        """The list of them, below the language."""
        return f"things/{kind_of_class(self.kind)}.html"


class Home:
    """The front page of each language."""

    def __init__(self, house: House) -> None:
        self.house = house

    def paths(self) -> Iterator[str]:
        """Give its paths."""
        yield ROOT
        yield from (f"{lang}/index.html" for lang in LANGUAGES)

    def page(self, path: str, seen_at: str) -> Page | None:
        """Make a front page."""
        if path == ROOT:
            return self.house.html("root", "en/index.html", seen_at)
        if path not in self.paths():
            return None
        links = Links(self.house, path[:2], seen_at)
        begin = [(kind, self._members(kind, links)) for kind in BEGIN_WITH]
        return self.house.html(
            "home", path, seen_at, links=links, counts=self.counts, facts=self.facts, begin=begin
        )

    def _members(self, kind: str, links: Links) -> list[Shown]:
        return [links.named(iri) for iri in self._first[kind]]

    @cached_property
    def _first(self) -> dict[str, list[str]]:
        return {kind: self.house.first(kind, _MOST) for kind in BEGIN_WITH}

    @cached_property
    def counts(self) -> tuple[Count, ...]:
        """How many things there are of the main classes, and how many facts; counted once."""
        kinds = [kind for kind in _COUNTED if kind in self.house.classes]
        counted = [
            Count(kind, self.house.count(f"?s a <{PG}{kind}>"), self.house.is_listed(kind))
            for kind in kinds
        ]
        return tuple(each for each in counted if each.number)

    @cached_property
    def facts(self) -> dict[str, int]:
        """How many triples somebody says, how many only follow."""
        inferred = f"GRAPH <{self.house.ids.graph('inferred')}> {{ ?s ?p ?o }}"
        every = "GRAPH ?g { ?s ?p ?o }"
        found = {"inferred": self.house.count(inferred), "quads": self.house.count(every)}
        return {"said": found["quads"] - found["inferred"], "inferred": found["inferred"]}
