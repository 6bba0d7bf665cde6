"""The site as a whole: which paths there are, and the page of each."""

from __future__ import annotations

from collections.abc import Iterator

from policygraph.graph.store import GraphStore
from policygraph.publish.site.ask import Ask
from policygraph.publish.site.described import Described
from policygraph.publish.site.documents import Documents
from policygraph.publish.site.explore import Explore
from policygraph.publish.site.home import Home
from policygraph.publish.site.hosts import Hosts
from policygraph.publish.site.lists import Lists
from policygraph.publish.site.ontology import Ontology
from policygraph.publish.site.page import Page, media_type
from policygraph.publish.site.room import House, Room
from policygraph.publish.site.searched import Searched
from policygraph.publish.site.things import Things
from policygraph.workspace import Place


class Site:
    """The pages of one built graph, opened once.

    Attributes:
        house: what the rooms share.
        ask: makes the pages of questions, for a server that has the answers.
        searched: makes the pages of searches, likewise.
    """

    def __init__(
        self, store: GraphStore, place: Place, base_url: str = "", *, served: bool = False
    ) -> None:
        """Open the site of a graph.

        Args:
            store: the graph.
            place: the workspace it was built from; where its data is not there, documents are
                shown without their originals.
            base_url: where the site is published; empty where that is not known.
            served: whether a server answers ``search`` and ``sparql`` beside the pages.
        """
        self.house = House(store, place, base_url, served=served)
        self.ask = Ask(self.house)
        self.searched = Searched(self.house)
        self.rooms: tuple[Room, ...] = (
            Home(self.house),
            Lists(self.house),
            Explore(self.house),
            self.ask,
            Ontology(self.house),
            Documents(self.house),
            Things(self.house),
            Described(self.house),
            Hosts(self.house),
        )

    def paths(self) -> Iterator[str]:
        """Give every path of the static site, in an order that depends on the graph alone."""
        yield from self.house.assets
        for room in self.rooms:
            yield from room.paths()

    def page(self, path: str, seen_at: str = "") -> Page | None:
        """Make the page of a path; None where there is none.

        Args:
            path: without a slash in front: ``zh/doc/goal/KEY.html``, ``doc/goal/KEY.ttl``.
            seen_at: the path under which the reader sees it, if another: links start from there.
        """
        if path in self.house.assets:
            return Page(self.house.assets[path], media_type(path))
        made = (room.page(path, seen_at or path) for room in self.rooms)
        return next((page for page in made if page), None)

    def path_of(self, iri: str, lang: str) -> str:
        """Give the path of the page of a thing in a language; empty where it has none."""
        return self.house.addresses.page(iri, lang) if self.house.has_page(iri) else ""
