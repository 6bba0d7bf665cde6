"""Links and names as one page shows them: relative, in its language, each with its own language.

In: IRIs. Out: ``Shown`` values for templates. A link leads to a page that is there, to an address
on the web, or nowhere.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from policygraph.identifiers import is_address, passage_span
from policygraph.publish.sheets.sheet import html_language
from policygraph.publish.site.addresses import (
    Addresses,
    document_of,
    passage_anchor,
    relative,
    term_anchor,
)
from policygraph.publish.site.reader import Reader
from policygraph.study.said import Thing, Words


@dataclass(frozen=True)
class Shown:
    """Words as a page shows them.

    Attributes:
        text: the words.
        lang: their language, as HTML wants it; empty where it is not known.
        href: where they lead, if anywhere.
        also: the name in the other language, if there is one.
        outside: whether the link leads to another site.
    """

    text: str
    lang: str = ""
    href: str = ""
    also: Shown | None = None
    outside: bool = False


class Places(Protocol):
    """What links need to know of the site."""

    reader: Reader
    addresses: Addresses

    def has_page(self, iri: str) -> bool:
        """Tell whether a thing has a page."""
        ...

    def has_term(self, anchor: str) -> bool:
        """Tell whether the page of the ontology has an anchor."""
        ...


class Links:
    """Links of one page."""

    def __init__(self, places: Places, lang: str, seen_at: str) -> None:
        self.places = places
        self.lang = lang
        self.other_lang = "zh" if lang == "en" else "en"
        self.seen_at = seen_at

    def path(self, target: str) -> str:
        """Link to a path of the site."""
        return relative(target, self.seen_at)

    def here(self, target: str) -> str:
        """Link to a path below the language of the page."""
        return self.path(f"{self.lang}/{target}")

    def to(self, iri: str) -> str:
        """Link to the page of a thing, a term or a passage; empty where there is none."""
        target = self._target(iri)
        if target:
            return self.path(target)
        ours = self.places.addresses.ids.is_ours(iri)
        return iri if is_address(iri) and not ours else ""

    def _target(self, iri: str) -> str:
        anchor = term_anchor(iri)
        if anchor and self.places.has_term(anchor):
            return f"{self.lang}/ontology.html#{anchor}"
        text = passage_span(iri)
        if text or "/text/" in iri:
            return self._passage(iri)
        record = iri.removeprefix(self.places.addresses.ids.base + "graph/document/")
        if record != iri:
            iri = self.places.addresses.ids.thing("document", record)
        page = self.places.addresses.page(iri, self.lang)
        return page if page and self.places.has_page(iri) else ""

    def _passage(self, iri: str) -> str:
        """Link to a passage on the page of its document; to the text where it is not marked."""
        document = document_of(iri)
        page = self.places.addresses.page(document, self.lang)
        if not page or not self.places.has_page(document):
            return ""
        marked = self.places.reader.known(iri) and passage_anchor(iri)
        return f"{page}#{marked or 'text'}"

    def name(self, thing: Thing, *, both: bool = True) -> Shown:
        """Show a thing by its name, and its name in the other language beside it."""
        words = self.places.reader.name(thing.iri, self.lang)
        other = self.places.reader.name(thing.iri, self.other_lang)
        differs = both and other.text != words.text
        also = Shown(other.text, html_language(other.lang)) if differs else None
        href = self.to(thing.iri)
        outside = href.startswith(("http://", "https://"))
        return Shown(words.text or thing.iri, html_language(words.lang), href, also, outside)

    def named(self, iri: str, *, both: bool = True) -> Shown:
        """Show a thing by its IRI; see ``name``."""
        return self.name(self.places.reader.thing(iri), both=both)

    def words(self, words: Words, href: str = "") -> Shown:
        """Show words in their language; an address among them leads there."""
        found = href or (words.text if is_address(words.text) else "")
        outside = found.startswith(("http://", "https://"))
        return Shown(words.text, html_language(words.lang), found, None, outside)
