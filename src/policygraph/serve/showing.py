"""Pages and the data of things, made in a worker.

In: a path of the site, or a thing and a form. Out: bytes, as ``publish`` would write them, and the
forms that only a server gives.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from policygraph.graph.store import GraphStore
from policygraph.publish.rdf import export
from policygraph.publish.site import Site
from policygraph.publish.site.addresses import TWINS, document_of
from policygraph.publish.site.results import Limits, Outcome
from policygraph.publish.site.twins import part_of
from policygraph.serve.frames import Frame
from policygraph.serve.refusal import NOT_FOUND, Refusal
from policygraph.serve.sparql.answers import GRAPHS
from policygraph.serve.sparql.asked import outcome_of
from policygraph.serve.within import place_served

_CHOICES = {"nq": "all", "trig": "all", "ttl": "all"}


class Showing:
    """Shows one graph.

    Args:
        graph: open for reading.
        root: the folder of the workspace it was built from; empty where there is none.
        base: how the IRIs of its things begin.
    """

    def __init__(self, graph: GraphStore, root: str, base: str) -> None:
        place = place_served(Path(root) if root else None, base)
        self._site = Site(graph, place, served=True)

    def jobs(self) -> dict[str, Callable[[Mapping[str, Any]], Frame]]:
        """Give what can be asked, by its name."""
        return {
            "page": self.page,
            "document": self.document,
            "thing": self.thing,
            "examples": self.examples,
            "asked": self.asked,
            "searched": self.searched,
        }

    def page(self, asked: Mapping[str, Any]) -> Frame:
        """Make a page.

        Args:
            asked: ``path`` in the site; ``seen_at``, the path that the reader sees.

        Raises:
            Refusal: there is none.
        """
        page = self._site.page(asked["path"], asked["seen_at"])
        if page is None:
            raise Refusal(NOT_FOUND, "serve/nothing-here")
        return Frame({"media": page.media_type, "language": page.language}, page.body)

    def examples(self, asked: Mapping[str, Any]) -> Frame:
        """Tell the parameters of a named query, and what its form begins with.

        Raises:
            Refusal: there is none of that ``name``.
        """
        query = self._site.ask.queries.get(asked["name"])
        if query is None:
            raise Refusal(NOT_FOUND, "serve/nothing-here")
        told = {
            "parameters": [each.name for each in query.parameters],
            "examples": self._site.ask.examples(query),
        }
        return Frame({}, json.dumps(told).encode())

    def asked(self, asked: Mapping[str, Any]) -> Frame:
        """Make the page of a question with what came of it.

        Args:
            asked: ``name`` of a query and ``values``, or ``text``; ``lang``; ``outcome``, the frame
                of an answer or an ``error``; ``limits`` of questions.
        """
        told, ask, name = asked["outcome"], self._site.ask, asked["name"]
        outcome = Outcome(error=tuple(told.get("error", ())))
        if "body" in told:
            headings = ask.queries[name].columns if name else {}
            outcome = outcome_of(Frame(told["head"], told["body"].encode()), headings)
        limits, lang = Limits(**asked["limits"]), asked["lang"]
        if name:
            page = ask.answered(lang, name, asked["values"], outcome, limits=limits)
        else:
            page = ask.sparql(lang, "", asked["text"], outcome, limits)
        return Frame({}, page.body)

    def searched(self, asked: Mapping[str, Any]) -> Frame:
        """Make the page of a search: ``lang``, ``asked``, what was ``found``, an ``error``."""
        found = json.loads(asked["found"] or "{}")
        page = self._site.searched.page(asked["lang"], asked["asked"], found, asked["error"])
        return Frame({}, page.body)

    def thing(self, asked: Mapping[str, Any]) -> Frame:
        """Write what is said of a thing.

        Args:
            asked: ``rest``, what names it below ``doc/``; ``form``.

        Raises:
            Refusal: nothing is said of it, or it has no such form.
        """
        rest, form = asked["rest"], asked["form"]
        page = self._site.page(f"doc/{rest}.{form}") if form in TWINS else None
        if page:
            return Frame({}, page.body)
        iri = self._site.house.addresses.iri(rest)
        part = part_of(self._site.house.reader, iri) if iri and form in GRAPHS else GraphStore()
        if not len(part):
            raise Refusal(NOT_FOUND, "serve/nothing-here")
        return Frame({}, export(part, form, _CHOICES.get(form, "stated"), self._site.house.ids))

    def document(self, asked: Mapping[str, Any]) -> Frame:
        """Make the page of a thing, or tell on the page of which document it is shown.

        Args:
            asked: ``rest``, ``lang`` and ``seen_at``.

        Raises:
            Refusal: it is shown nowhere.
        """
        rest, lang = asked["rest"], asked["lang"]
        within = document_of(rest)
        if within:
            return Frame({"within": within})
        return self.page({"path": f"{lang}/doc/{rest}.html", "seen_at": asked["seen_at"]})
