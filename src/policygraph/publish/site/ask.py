"""The pages to ask: named queries as forms with their answers, and SPARQL.

In: the queries of the workspace. Out: a page each. A static site shows the answer for the example
of every query, with files to take away; a server asks for itself and hands the answer in.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import islice
from urllib.parse import urlencode

from pyoxigraph import NamedNode, QueryBoolean, QuerySolutions, QueryTriples

from policygraph.errors import PolicyGraphError
from policygraph.graph.query import (
    Asker,
    NamedQuery,
    Parameter,
    answer_of,
    read_queries,
    serialize_result,
)
from policygraph.graph.terms import TYPE, text_of
from policygraph.namespaces import prefixes, shorten
from policygraph.publish.site.addresses import LANGUAGES
from policygraph.publish.site.drawn import Views, views
from policygraph.publish.site.links import Links
from policygraph.publish.site.page import Page, media_type
from policygraph.publish.site.results import MOST, Limits, Outcome, Results, results
from policygraph.publish.site.room import House

SPARQL = "ask/sparql.html"
TERMS = "search/terms.js"
"""What the editor offers: terms with their names."""

FORMS = {"rows": ("csv", "tsv", "json"), "truth": ("json",), "triples": ("ttl",)}
"""What each kind of answer can be taken away as, besides what only the endpoint gives."""

_SUGGESTED = 200
_EXAMPLE = """SELECT ?goal ?label WHERE {
  ?goal a pg:Goal ; rdfs:label ?label .
  FILTER(langMatches(lang(?label), "zh"))
} ORDER BY ?goal LIMIT 50"""


@dataclass(frozen=True)
class Suggestion:
    """A value that a parameter may have, with its names."""

    key: str
    name: str


@dataclass(frozen=True)
class Download:
    """An answer to take away: its form, the name of the file, where it is."""

    form: str
    name: str
    href: str


@dataclass(frozen=True)
class Laid:
    """An outcome as a page shows it.

    Attributes:
        outcome: what came of the question.
        table: its rows; None where there are none to show.
        views: what else they are drawn as.
        downloads: of all of the answer.
        permalink: to this very page; empty where the page is a file.
        most: rows that are shown.
    """

    outcome: Outcome
    table: Results | None
    views: Views | None
    downloads: tuple[Download, ...]
    permalink: str
    most: int = MOST


class Ask:
    """The list of queries, a page for each, and the editor."""

    def __init__(self, house: House) -> None:
        self.house = house
        self.suggestions = lru_cache(64)(self._suggestions)
        self._example = lru_cache(64)(self._answered)

    @cached_property
    def queries(self) -> Mapping[str, NamedQuery]:
        """The named queries of the workspace."""
        return read_queries(self.house.place.queries)

    @cached_property
    def asker(self) -> Asker:
        """What asks them of the graph."""
        return Asker(self.house.store, self.queries)

    def paths(self) -> Iterator[str]:
        """Give its paths; those of data where a query has an answer for its examples."""
        for lang in LANGUAGES:
            yield f"{lang}/ask.html"
            yield from (f"{lang}/ask/{name}.html" for name in self.queries)
            yield f"{lang}/{SPARQL}"
        if self.house.served:
            yield TERMS
            return
        for name in self.queries:
            yield from (f"ask/{name}.{form}" for form in self._forms(name))

    def page(self, path: str, seen_at: str) -> Page | None:
        """Make a page; of a query, with the answer for its examples, unless a server asks."""
        lang, _, rest = path.partition("/")
        if lang not in LANGUAGES:
            return self._data(path)
        if rest == "ask.html":
            return self.house.html("ask", path, seen_at, queries=self.queries)
        if rest == SPARQL:
            return self.sparql(lang, seen_at)
        name = rest.removeprefix("ask/").removesuffix(".html")
        if rest != f"ask/{name}.html" or name not in self.queries:
            return None
        outcome = Outcome() if self.house.served else self._example(name)
        return self.answered(lang, name, self.examples(self.queries[name]), outcome, seen_at)

    def _data(self, path: str) -> Page | None:
        """Write the terms that the editor offers, or the answer for the examples of a query."""
        if self.house.served:
            return Page(self._terms, media_type(path)) if path == TERMS else None
        stem, _, form = path.rpartition(".")
        name = stem.removeprefix("ask/")
        if path != f"ask/{name}.{form}" or form not in self._forms(name):
            return None
        return Page(serialize_result(self._asked(name), form), media_type(path))

    def _forms(self, name: str) -> tuple[str, ...]:
        """Give the forms of the answer for the examples of a query; none where there is none."""
        outcome = self._example(name) if name in self.queries else Outcome()
        return FORMS[outcome.kind] if outcome.answer else ()

    def _asked(self, name: str) -> QuerySolutions | QueryBoolean | QueryTriples:
        query = self.queries[name]
        return self.asker.run(query.text, self.asker.bind(query, self.examples(query)))

    def _answered(self, name: str) -> Outcome:
        """Ask a query for its examples."""
        try:
            result = self._asked(name)
        except PolicyGraphError:  # the example of a query may name what this graph does not have
            return Outcome()
        kind = "triples" if isinstance(result, QueryTriples) else "rows"
        kind = "truth" if isinstance(result, QueryBoolean) else kind
        answer = answer_of(result, self.queries[name].columns)
        return Outcome(answer, kind, len(answer))

    def examples(self, query: NamedQuery) -> dict[str, str]:
        """Give the example of each parameter, where the graph knows it; else what it does know."""
        found: dict[str, str] = {}
        for parameter in query.parameters:
            known = [each.key for each in self.suggestions(parameter.kind, "en")]
            if parameter.type != "iri" or parameter.example in known or not known:
                found[parameter.name] = parameter.example
            elif parameter.required:
                found[parameter.name] = known[0]
        return found

    def answered(
        self,
        lang: str,
        name: str,
        values: Mapping[str, str],
        outcome: Outcome,
        seen_at: str = "",
        limits: Limits | None = None,
    ) -> Page:
        """Make the page of a named query with what came of it.

        Args:
            lang: of the page.
            name: of the query.
            values: what was filled in.
            outcome: the answer, or what to tell instead.
            seen_at: where the reader sees the page.
            limits: of a server.
        """
        path = f"{lang}/ask/{name}.html"
        links = Links(self.house, lang, seen_at or path)
        asked = f"?{urlencode(values)}" if values and self.house.served else ""

        def taken(form: str) -> str:
            return links.path(f"ask/{name}.{form}") + asked

        return self.house.html(
            "query",
            path,
            seen_at or path,
            state=asked,
            links=links,
            query=self.queries[name],
            values=values,
            suggest=lambda parameter: self._suggest(parameter, lang),
            laid=self._laid(outcome, links, name, links.path(path) + asked, taken),
            limits=limits,
        )

    def sparql(
        self,
        lang: str,
        seen_at: str = "",
        query: str = "",
        outcome: Outcome | None = None,
        limits: Limits | None = None,
    ) -> Page:
        """Make the page of the editor, with an answer where a server has one; see ``answered``."""
        path = f"{lang}/{SPARQL}"
        links = Links(self.house, lang, seen_at or path)
        outcome = outcome or Outcome()
        asked = urlencode({"query": query})

        def taken(form: str) -> str:
            return f"{links.path('sparql')}?{asked}&format={form}"

        return self.house.html(
            "sparql",
            path,
            seen_at or path,
            state=f"?{asked}" if query else "",
            links=links,
            text=query or _EXAMPLE,
            laid=self._laid(outcome, links, "answer", f"{links.path(path)}?{asked}", taken),
            limits=limits,
            prefixes=prefixes(),
        )

    def _laid(
        self,
        outcome: Outcome,
        links: Links,
        name: str,
        permalink: str,
        taken: Callable[[str], str],
    ) -> Laid:
        """Lay an outcome out: as a table, as what else it can be drawn as, to take away."""
        table = results(outcome.answer, links) if outcome.answer else None
        drawn = views(table, links, self.house) if table else None
        forms = FORMS[outcome.kind] if outcome.answer and not outcome.more else ()
        downloads = tuple(Download(form, f"{name}.{form}", taken(form)) for form in forms)
        return Laid(outcome, table, drawn, downloads, permalink if self.house.served else "")

    @cached_property
    def _terms(self) -> bytes:
        """Write the terms of the ontology and the prefixes, each with its names."""
        rows = [
            [shorten(iri), " · ".join(self.house.reader.name(iri, lang).text for lang in LANGUAGES)]
            for iri, group in self.house.terms.values()
            if group != "Concept"
        ]
        rows += [[f"{name}:", iri] for name, iri in prefixes().items()]
        data = json.dumps(sorted(rows), ensure_ascii=False, separators=(",", ":"))
        return f"window.policygraphTerms = {data};\n".replace("<", "\\u003c").encode()

    def _suggest(self, parameter: Parameter, lang: str) -> list[Suggestion]:
        return self.suggestions(parameter.kind, lang) if parameter.type == "iri" else []

    def _suggestions(self, kind: str, lang: str) -> list[Suggestion]:
        """List things of a class by key and name; the first of too many."""
        if not kind:
            return []
        pattern = (None, TYPE, NamedNode(kind), None)
        quads = islice(self.house.store.engine.quads_for_pattern(*pattern), 10 * _SUGGESTED)
        iris = sorted({text_of(quad.subject) for quad in quads})[:_SUGGESTED]
        return [
            Suggestion(self.house.ids.key(iri), self.house.reader.name(iri, lang).text)
            for iri in iris
        ]
