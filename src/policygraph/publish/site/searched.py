"""The page of a search, for a server that has the answer: hits, and what they can be sifted by.

In: words, what is chosen, and what was found, as JSON has it. Out: a page whose every choice is a
link, so that it needs no scripts.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from policygraph.graph.search.find import Hit
from policygraph.namespaces import PG
from policygraph.publish.sheets.sheet import html_language
from policygraph.publish.site.links import Links, Shown
from policygraph.publish.site.page import Page
from policygraph.publish.site.room import House

SEARCH = "search.html"
ON_A_PAGE = 20
"""Hits that a page shows."""

_FACETS = ("kind", "year", "document")
_OFFERED = 12
"""Values of a facet that are shown at once."""


@dataclass(frozen=True)
class Choice:
    """A value to sift by: its words, how many hits it leaves, where it leads, whether it holds."""

    shown: Shown
    count: int
    href: str
    chosen: bool


@dataclass(frozen=True)
class Facet:
    """What hits can be sifted by: the first values, and the others."""

    name: str
    first: tuple[Choice, ...]
    others: tuple[Choice, ...]


@dataclass(frozen=True)
class Row:
    """A hit as the page shows it.

    Attributes:
        pieces: its name in the language of the page, or a sentence; True says that one matches.
        lang: of them.
        href: where it leads.
        kind: the name of its class; ``css``, its local name.
        matched: pieces of the wording that matches, where that is another; ``matched_lang``.
        other: its name in the other language, unless that matches.
        document: of a sentence; ``span``, its characters there.
    """

    pieces: list[tuple[str, bool]]
    lang: str
    href: str
    kind: Shown
    css: str
    matched: Sequence[tuple[str, bool]]
    matched_lang: str
    other: Shown | None
    document: Shown | None
    span: str


class Searched:
    """Makes pages of searches."""

    def __init__(self, house: House) -> None:
        self._house = house

    def page(
        self, lang: str, asked: Mapping[str, str], found: Mapping[str, Any], error: Sequence[str]
    ) -> Page:
        """Make the page.

        Args:
            lang: of the page.
            asked: ``q``, ``kind``, ``year``, ``document`` and ``offset``, as far as given.
            found: what was found, as ``graph.search.data`` writes it; empty where nothing was.
            error: what to tell instead, line by line.
        """
        path = f"{lang}/{SEARCH}"
        links = Links(self._house, lang, path)
        hits = [self._row(hit, links) for hit in found.get("hits", ())]
        return self._house.html(
            "search",
            path,
            path,
            links=links,
            state=_query(asked),
            words=asked.get("q", ""),
            found=found,
            first=found.get("offset", 0) + 1,
            hits=hits,
            facets=list(self._facets(asked, found, links)),
            pages=_pages(asked, found),
            twin=links.path("search.json") + _query(asked),
            error=error,
        )

    def _row(self, data: Mapping[str, Any], links: Links) -> Row:
        marks = tuple((begin, end) for begin, end in data["marks"])
        hit = Hit(
            **{name: data[name] for name in ("iri", "kind", "why", "text", "lang", "labels")},
            marks=marks,
            documents=tuple(data["documents"]),
        )
        told = hit.documents[0] if hit.span and hit.documents else ""
        name = links.named(hit.iri) if hit.labels else Shown(hit.text)
        pieces = hit.snippet()
        as_named = not hit.labels or name.text == hit.text
        other = name.also if name.also and name.also.text != hit.text else None
        return Row(
            pieces if as_named else [(name.text, False)],
            html_language(hit.lang) if as_named else name.lang,
            links.to(hit.iri),
            links.named(PG + hit.kind, both=False),
            hit.kind,
            () if as_named else pieces,
            html_language(hit.lang),
            other,
            links.named(told, both=False) if told else None,
            f"{hit.span[0]}–{hit.span[1]}" if hit.span else "",
        )

    def _facets(
        self, asked: Mapping[str, str], found: Mapping[str, Any], links: Links
    ) -> Iterator[Facet]:
        for name in _FACETS:
            counted = found.get("facets", {}).get(name, ())
            values = [(each["value"], each["count"]) for each in counted]
            if name == "year":
                values.sort(reverse=True)
            choices = [self._choice(name, *value, asked, links) for value in values]
            choices.sort(key=lambda choice: not choice.chosen)
            if choices:
                yield Facet(name, tuple(choices[:_OFFERED]), tuple(choices[_OFFERED:]))

    def _choice(
        self, name: str, value: str, count: int, asked: Mapping[str, str], links: Links
    ) -> Choice:
        shown = Shown(value)
        if name != "year":
            shown = links.named(PG + value if name == "kind" else value, both=False)
        key = self._house.ids.key(value) if name == "document" else value
        chosen = asked.get(name, "").casefold() in (value.casefold(), key.casefold())
        others = {each: given for each, given in asked.items() if each not in (name, "offset")}
        href = SEARCH + _query(others if chosen else {**others, name: key})
        return Choice(Shown(shown.text, shown.lang), count, href, chosen)


def _pages(asked: Mapping[str, str], found: Mapping[str, Any]) -> dict[str, str]:
    """Give the links to the hits before and after."""
    if not found:
        return {}
    offset, total = found["offset"], found["total"]
    places = {"before": max(0, offset - ON_A_PAGE), "after": offset + ON_A_PAGE}
    there = {"before": offset > 0, "after": places["after"] < total}
    return {
        name: SEARCH + _query({**asked, "offset": str(place) if place else ""})
        for name, place in places.items()
        if there[name]
    }


def _query(asked: Mapping[str, str]) -> str:
    known = {name: value for name, value in asked.items() if value}
    return f"?{urlencode(known)}" if known else ""
