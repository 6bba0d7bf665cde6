"""What a worker is asked besides SPARQL: searches, reconciliation, things with their sentences.

In: plain values. Out: JSON. Everything is read from the store and the index, which nobody writes.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from functools import cached_property
from pathlib import Path
from typing import Any

from policygraph.graph.reconcile.answers import Answerer
from policygraph.graph.reconcile.asked import extension_of, questions_of
from policygraph.graph.reconcile.catalogue import Catalogue
from policygraph.graph.reconcile.preview import preview
from policygraph.graph.search.data import data_of
from policygraph.graph.search.find import Finder
from policygraph.graph.search.index import opened
from policygraph.graph.search.sifting import chosen
from policygraph.graph.store import GraphStore
from policygraph.identifiers import Identifiers
from policygraph.serve.frames import Frame
from policygraph.serve.refusal import BUSY, NOT_FOUND, Refusal, refusing
from policygraph.serve.telling import Telling

Asked = Mapping[str, Any]


class Finding:
    """Answers about one graph.

    Args:
        graph: its store.
        base: how the IRIs of its things begin.
        index: the file of its names and sentences.
    """

    def __init__(self, graph: GraphStore, base: str, index: Path) -> None:
        self._graph = graph
        self._ids = Identifiers(base)
        self._index = index

    def jobs(self) -> dict[str, Callable[[Asked], Frame]]:
        """Give what can be asked, by its name."""
        found = {
            "search": self.search,
            "reconcile": self.reconcile,
            "extend": self.extend,
            "propose": self.propose,
            "suggest": self.suggest,
            "types": self.types,
            "preview": self.preview,
        }
        found |= Telling(lambda: self.catalogue).jobs()
        return {name: refusing(job) for name, job in found.items()}

    @cached_property
    def finder(self) -> Finder:
        """The index, opened when it is first asked; a search may come before it."""
        if not self._index.is_file():
            raise Refusal(BUSY, "serve/no-index-yet")
        return Finder(opened(self._index))

    @cached_property
    def catalogue(self) -> Catalogue:
        """Types, properties and identifiers."""
        return Catalogue(self._graph, self._ids, lambda: self.finder)

    @cached_property
    def answerer(self) -> Answerer:
        """What weighs candidates."""
        return Answerer(self.catalogue)

    def search(self, asked: Asked) -> Frame:
        """Find things and sentences: ``words``, and what they are sifted by."""
        sifted = chosen(self.finder, asked["kind"], asked["year"], asked["document"])
        found = self.finder.find(
            asked["words"], sifted, limit=asked["limit"], offset=asked["offset"]
        )
        return _json(data_of(found))

    def reconcile(self, asked: Asked) -> Frame:
        """Answer a batch: ``queries``, JSON as the client sent it."""
        questions = questions_of(asked["queries"])
        return _json(
            {
                key: {"result": self.answerer.answer(question, asked["lang"])}
                for key, question in questions.items()
            }
        )

    def extend(self, asked: Asked) -> Frame:
        """Give what is said of things: ``extend``, JSON as the client sent it."""
        wanted = extension_of(asked["extend"])
        return _json(self.answerer.values.extended(wanted, asked["lang"]))

    def propose(self, asked: Asked) -> Frame:
        """List the properties that things of a ``type`` have."""
        names = self.catalogue.properties_of(asked["type"])[: asked["limit"]]
        described = [self.catalogue.described(name, asked["lang"]) for name in names]
        return _json({"type": asked["type"], "limit": asked["limit"], "properties": described})

    def suggest(self, asked: Asked) -> Frame:
        """Complete the ``prefix`` of a name of an ``entity``, a ``type`` or a ``property``."""
        if asked["of"] == "entity":
            return _json({"result": self._entities(asked)})
        known = self.catalogue.types if asked["of"] == "type" else self.catalogue.properties
        names = self.catalogue.suggested(known, asked["prefix"])[: asked["limit"]]
        return _json({"result": [self.catalogue.described(name, asked["lang"]) for name in names]})

    def _entities(self, asked: Asked) -> list[dict[str, Any]]:
        kinds, lang = self.catalogue.kinds(()), asked["lang"]
        found = self.finder.find(
            asked["prefix"], {"kind": kinds or "-"}, limit=asked["limit"], facets=False
        )
        return [
            {
                "id": self.catalogue.id_of(hit.iri),
                "name": self.catalogue.name(hit.iri, lang),
                "description": self.catalogue.name(hit.iri, "en" if lang == "zh" else "zh"),
                "notable": [self.catalogue.type(hit.kind, lang)],
            }
            for hit in found.hits
        ]

    def types(self, asked: Asked) -> Frame:
        """List all types."""
        lang = asked["lang"]
        return _json({"types": [self.catalogue.type(name, lang) for name in self.catalogue.types]})

    def preview(self, asked: Asked) -> Frame:
        """Show a thing, by its ``id``, in a few lines of HTML."""
        iri = self.catalogue.iri_of(asked["id"])
        if not iri:
            raise Refusal(NOT_FOUND, "serve/nothing-here")
        return Frame({}, preview(self.answerer.values, iri, asked["lang"]).encode())


def _json(value: object) -> Frame:
    return Frame({}, json.dumps(value, ensure_ascii=False).encode("utf-8", "replace"))
