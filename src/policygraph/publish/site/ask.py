"""The pages to ask: named queries as forms with their answers, and SPARQL.

In: the queries of the workspace. Out: a page each. A static site shows the answer for the example
of every query; a server asks for itself and hands the answer in.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import islice

from pyoxigraph import NamedNode

from policygraph.errors import PolicyGraphError
from policygraph.graph.query import Answer, Asker, NamedQuery, Parameter, read_queries
from policygraph.graph.terms import TYPE, text_of
from policygraph.namespaces import prefixes, shorten
from policygraph.publish.site.addresses import LANGUAGES
from policygraph.publish.site.links import Links
from policygraph.publish.site.page import Page, media_type
from policygraph.publish.site.results import MOST, results
from policygraph.publish.site.room import House

SPARQL = "ask/sparql.html"
TERMS = "search/terms.js"
"""What the editor offers: terms with their names."""

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


class Ask:
    """The list of queries, a page for each, and the editor."""

    def __init__(self, house: House) -> None:
        self.house = house
        self.suggestions = lru_cache(64)(self._suggestions)

    @cached_property
    def queries(self) -> Mapping[str, NamedQuery]:
        """The named queries of the workspace."""
        return read_queries(self.house.place.queries)

    @cached_property
    def asker(self) -> Asker:
        """What asks them of the graph."""
        return Asker(self.house.store, self.queries)

    def paths(self) -> Iterator[str]:
        """Give its paths."""
        for lang in LANGUAGES:
            yield f"{lang}/ask.html"
            yield from (f"{lang}/ask/{name}.html" for name in self.queries)
            yield f"{lang}/{SPARQL}"
        if self.house.served:
            yield TERMS

    def page(self, path: str, seen_at: str) -> Page | None:
        """Make a page; of a query, with the answer for its examples, unless a server asks."""
        lang, _, rest = path.partition("/")
        if path == TERMS and self.house.served:
            return Page(self._terms, media_type(path))
        if lang not in LANGUAGES:
            return None
        if rest == "ask.html":
            return self.house.html("ask", path, seen_at, queries=self.queries)
        if rest == SPARQL:
            return self.sparql(lang, seen_at)
        name = rest.removeprefix("ask/").removesuffix(".html")
        known = rest == f"ask/{name}.html" and name in self.queries
        return self._example(lang, name, seen_at) if known else None

    def _example(self, lang: str, name: str, seen_at: str) -> Page:
        """Make the page of a query with the answer for its examples; a server asks for itself."""
        values = self.examples(self.queries[name])
        answer = None if self.house.served else self._answer(name, values)
        return self.answered(lang, name, values, answer, seen_at)

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

    def _answer(self, name: str, values: Mapping[str, str]) -> Answer | None:
        try:
            return self.asker.ask(name, values)
        except PolicyGraphError:  # the example of a query may name what this graph does not have
            return None

    def answered(
        self,
        lang: str,
        name: str,
        values: Mapping[str, str],
        answer: Answer | None,
        seen_at: str = "",
        error: str = "",
    ) -> Page:
        """Make the page of a named query with an answer.

        Args:
            lang: of the page.
            name: of the query.
            values: what was filled in.
            answer: the rows; None where nothing was asked.
            seen_at: where the reader sees the page.
            error: what to tell instead of an answer.
        """
        path = f"{lang}/ask/{name}.html"
        links = Links(self.house, lang, seen_at or path)
        return self.house.html(
            "query",
            path,
            seen_at or path,
            links=links,
            query=self.queries[name],
            values=values,
            suggest=lambda parameter: self._suggest(parameter, lang),
            results=results(answer, links) if answer else None,
            most=MOST,
            error=error,
        )

    def sparql(
        self,
        lang: str,
        seen_at: str = "",
        query: str = "",
        answer: Answer | None = None,
        error: str = "",
    ) -> Page:
        """Make the page of the editor, with an answer where a server has one; see ``answered``."""
        path = f"{lang}/{SPARQL}"
        links = Links(self.house, lang, seen_at or path)
        return self.house.html(
            "sparql",
            path,
            seen_at or path,
            links=links,
            text=query or _EXAMPLE,
            results=results(answer, links) if answer else None,
            most=MOST,
            error=error,
            prefixes=prefixes(),
        )

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
