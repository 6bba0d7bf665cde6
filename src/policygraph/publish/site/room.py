"""What every part of the site has: what it needs to know, and how a page is filled in."""

from __future__ import annotations

import hashlib
import posixpath
from collections.abc import Iterator, Mapping
from functools import cached_property, lru_cache
from importlib.resources import files
from itertools import islice
from typing import Protocol, cast

from pyoxigraph import DefaultGraph, NamedNode, QuerySolution, QuerySolutions

from policygraph.graph.store import GraphStore
from policygraph.graph.terms import TYPE, text_of
from policygraph.identifiers import Identifiers
from policygraph.namespaces import OWL, PG, SKOS
from policygraph.publish.pages import page as fill
from policygraph.publish.site.addresses import LANGUAGES, Addresses, term_anchor
from policygraph.publish.site.links import Links
from policygraph.publish.site.page import MEDIA_TYPES, Page, media_type
from policygraph.publish.site.reader import Reader
from policygraph.publish.site.words import has, sayer, several
from policygraph.workspace import Place

UNPAGED = frozenset({"Passage", "Text", "Mapping"})
"""Classes whose members have no page: they are shown on the page of a document or thing."""

_SOME = 50
"""Things by which it is told whether those of a class have a list."""

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'"
)
"""What a page may load: its own files, nothing written into it, nothing from elsewhere."""

_TERMS = ("Class", "ObjectProperty", "DatatypeProperty")
_IN_SCHEME = NamedNode(SKOS + "inScheme")
_ASSETS, _SERVED = ("site.css", "site.js", "icon.svg"), ("editor.js",)


class Room(Protocol):
    """A part of the site."""

    def paths(self) -> Iterator[str]:
        """Give the paths of its pages, in order."""
        ...

    def page(self, path: str, seen_at: str) -> Page | None:
        """Make the page of a path, with links for where it is seen; None for paths of others."""
        ...


class House:
    """What the rooms share: the graph, its addresses, the frame around every page.

    Attributes:
        base_url: where the site is published, with a slash at its end; empty where not known.
        served: whether a server answers searches and questions.
    """

    sections = ("index", "things", "explore", "ask", "ontology")

    def __init__(
        self, store: GraphStore, place: Place, base_url: str = "", *, served: bool = False
    ) -> None:
        self.store = store
        self.place = place
        self.base_url = base_url
        self.served = served
        self.ids = Identifiers(place.base)
        self.addresses = Addresses(self.ids)
        self.reader = Reader(store, self.ids)
        self.has_page = lru_cache(50_000)(self._has_page)

    def _has_page(self, iri: str) -> bool:
        """Tell whether a thing has a page."""
        if not self.addresses.rest(iri) or not self.reader.known(iri):
            return False
        kinds = self.reader.kinds(iri)
        return bool(kinds) and UNPAGED.isdisjoint(kinds)

    def has_term(self, anchor: str) -> bool:
        """Tell whether the page of the ontology has an anchor."""
        return anchor in self.terms

    @cached_property
    def terms(self) -> dict[str, tuple[str, str]]:
        """The terms of the ontology by their anchors: IRI and group."""
        asked = [(TYPE, NamedNode(OWL + group), group) for group in _TERMS]
        found: dict[str, tuple[str, str]] = {}
        for predicate, value, group in (*asked, (_IN_SCHEME, None, "Concept")):
            pattern = (None, predicate, value, DefaultGraph())
            for quad in self.store.engine.quads_for_pattern(*pattern):
                iri = text_of(quad.subject)
                if term_anchor(iri):
                    found[term_anchor(iri)] = iri, group
        return found

    @cached_property
    def properties(self) -> frozenset[str]:
        """IRIs of the relations and values that the ontology of the graph declares."""
        return frozenset(iri for iri, group in self.terms.values() if group.endswith("Property"))

    @cached_property
    def classes(self) -> tuple[str, ...]:
        """Local names of the classes that the ontology of the graph declares."""
        return tuple(sorted(name for name, (_, group) in self.terms.items() if group == "Class"))

    def members(self, kind: str) -> list[str]:
        """List the IRIs of the things of a class, by its local name."""
        pattern = (None, TYPE, NamedNode(PG + kind), None)
        found = {text_of(quad.subject) for quad in self.store.engine.quads_for_pattern(*pattern)}
        return sorted(found)

    def first(self, kind: str, most: int, *, last: bool = False) -> list[str]:
        """List the first things of a class in the order of their IRIs, or the last, backwards."""
        order = "DESC(?s)" if last else "?s"
        text = f"SELECT DISTINCT ?s {{ ?s a <{PG}{kind}> }} ORDER BY {order} LIMIT {most}"
        return [text_of(row[0]) for row in self.rows(text)]

    def count(self, pattern: str) -> int:
        """Count what a pattern of SPARQL finds."""
        return int(text_of(next(self.rows(f"SELECT (COUNT(*) AS ?n) {{ {pattern} }}"))[0]))

    def rows(self, text: str) -> Iterator[QuerySolution]:
        """Ask a question that the site itself has."""
        return iter(cast("QuerySolutions", self.store.engine.query(text)))

    def things(self) -> list[str]:
        """List the IRIs of everything that has a page, in order."""
        return sorted(iri for iris in self.by_kind.values() for iri in iris)

    @cached_property
    def by_kind(self) -> dict[str, list[str]]:
        """The things of each class: of several, the narrowest."""
        kinds: dict[str, list[str]] = {}
        for kind in self.classes:
            for iri in self.members(kind) if kind not in UNPAGED else ():
                kinds.setdefault(iri, []).append(kind)
        found: dict[str, list[str]] = {}
        for iri in sorted(filter(self.addresses.rest, kinds)):
            found.setdefault(self.reader.narrowest(kinds[iri])[0], []).append(iri)
        return dict(sorted(found.items()))

    def is_listed(self, kind: str) -> bool:
        """Tell whether things of a class have a list: those that have none narrower."""
        if kind in UNPAGED:
            return False
        pattern = (None, TYPE, NamedNode(PG + kind), DefaultGraph())
        quads = islice(self.store.engine.quads_for_pattern(*pattern), _SOME)
        few = [text_of(quad.subject) for quad in quads]
        return any(self.has_page(iri) and self.reader.kinds(iri)[0] == kind for iri in few)

    # pages

    @cached_property
    def assets(self) -> Mapping[str, bytes]:
        """The files that pages load, by their paths, which hold a hash of what is in them."""
        folder = files("policygraph.publish.site").joinpath("assets")
        names = _ASSETS + _SERVED if self.served else _ASSETS
        found = {name: folder.joinpath(name).read_bytes() for name in names}
        return {f"assets/{_hashed(name, data)}": data for name, data in found.items()}

    def asset(self, name: str) -> str:
        """Give the path of an asset by its name."""
        stem, ending = posixpath.splitext(name)
        return next(
            path
            for path in self.assets
            if path.startswith(f"assets/{stem}.") and path.endswith(ending)
        )

    def html(
        self, template: str, path: str, seen_at: str, /, *, state: str = "", **values: object
    ) -> Page:
        """Fill the template of a page in that lies below ``en/`` or ``zh/``.

        Args:
            template: its name.
            path: of the page.
            seen_at: where the reader sees it.
            state: what stands after ``?`` in its address, for the page in the other language.
            values: of the template.
        """
        lang, _, rest = path.partition("/")
        links = values.pop("links", None) or Links(self, lang, seen_at)
        assert isinstance(links, Links)  # noqa: S101 - for the type checker
        text = fill(
            f"site/{template}.html.j2",
            lang={"zh": "zh-Hans"}.get(lang, lang),
            say=sayer(lang),
            links=links,
            room=rest.partition("/")[0].removesuffix(".html"),
            site=self,
            knows=has,
            several=several,
            policy=POLICY,
            media=MEDIA_TYPES.__getitem__,
            translations=[(each, links.path(f"{each}/{rest}") + state) for each in LANGUAGES],
            canonical=self.base_url and self.base_url + path,
            **values,
        )
        return Page(text.encode(), media_type(path), lang)


def _hashed(name: str, data: bytes) -> str:
    stem, ending = posixpath.splitext(name)
    return f"{stem}.{hashlib.sha256(data).hexdigest()[:10]}{ending}"
