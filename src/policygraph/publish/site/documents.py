"""The pages of documents: the text with its statements, the original beside it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache

from policygraph.publish.site.addresses import TWINS
from policygraph.publish.site.document_page import DocumentView, TextReader
from policygraph.publish.site.links import Links
from policygraph.publish.site.original import Original, original
from policygraph.publish.site.page import Page
from policygraph.publish.site.reader import Subject
from policygraph.publish.site.room import House
from policygraph.publish.site.thing_page import ThingView
from policygraph.study.said import Thing


class Documents:
    """Makes the pages of things that have a text; their paths are among those of all things."""

    def __init__(self, house: House) -> None:
        self.house = house
        self._text = lru_cache(32)(self._read)
        self._original = lru_cache(32)(self._compared)

    def paths(self) -> Iterator[str]:
        """Give no paths: ``Things`` does."""
        return iter(())

    def page(self, path: str, seen_at: str) -> Page | None:
        """Make the page of a document."""
        found = self.house.addresses.thing_of(path)
        if not found or found[2] != "html" or not self.house.has_page(found[0]):
            return None
        iri, lang, _ = found
        text = self._text(iri)
        if not text.text:
            return None
        links = Links(self.house, lang, seen_at)
        thing = ThingView(_without(self.house.reader.subject(iri), text), links)
        view = DocumentView(text, links, self._original(iri, lang))
        return self.house.html(
            "document", path, seen_at, links=links, view=thing, document=view, twins=TWINS
        )

    def _read(self, iri: str) -> TextReader:
        return TextReader(self.house.reader, iri)

    def _compared(self, iri: str, lang: str) -> Original | None:
        key = self.house.ids.key(iri)
        folder = self.house.place.data / "documents" / key
        sha = self._text(iri).text_iri.rpartition("/text/")[2]
        found = original(folder, sha) if sha else None
        return Original(found, lang) if found else None


def _without(subject: Subject, text: TextReader) -> Subject:
    """Leave out of what is said of a document the statements that its text shows."""
    shown = {each.iri for each in text.statements}
    lines = (
        line
        for line in subject.lines
        if not (isinstance(line.other, Thing) and line.other.iri in shown)
    )
    return replace(subject, lines=tuple(lines))
