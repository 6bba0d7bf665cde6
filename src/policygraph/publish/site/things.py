"""The pages of things, and the data beside them."""

from __future__ import annotations

from collections.abc import Iterator

from policygraph.publish.site.addresses import LANGUAGES, TWINS
from policygraph.publish.site.links import Links
from policygraph.publish.site.page import Page, media_type
from policygraph.publish.site.room import House
from policygraph.publish.site.thing_page import ThingView
from policygraph.publish.site.twins import twin


class Things:
    """A page in each language and the data of everything the graph speaks of."""

    def __init__(self, house: House) -> None:
        self.house = house

    def paths(self) -> Iterator[str]:
        """Give the paths of all things."""
        for iri in self.house.things():
            yield from (self.house.addresses.page(iri, lang) for lang in LANGUAGES)
            yield from (self.house.addresses.twin(iri, form) for form in TWINS)

    def page(self, path: str, seen_at: str) -> Page | None:
        """Make the page or the data of a thing."""
        found = self.house.addresses.thing_of(path)
        if not found or not self.house.has_page(found[0]):
            return None
        iri, lang, form = found
        subject = self.house.reader.subject(iri)
        if form != "html":
            return Page(twin(self.house.reader, subject, form), media_type(path))
        links = Links(self.house, lang, seen_at)
        return self.house.html(
            "thing", path, seen_at, links=links, view=ThingView(subject, links), twins=TWINS
        )
