"""Linked data: the address of a thing leads to what is said of it, in the form a client wants.

``/id/goal/KEY`` is the thing itself and answers 303 with ``/doc/goal/KEY``, which is about it: a
page in the reader's language, or data by Accept or by the ending of the address (W3C, Cool URIs for
the Semantic Web, section 4.3). All other paths are those of the site.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from policygraph.publish.site.addresses import LANGUAGES
from policygraph.serve.accept import GRAPH, HTML, Choice, chosen, language
from policygraph.serve.asking import see
from policygraph.serve.house import House, unchanged
from policygraph.serve.refusal import NOT_ACCEPTABLE, Refusal
from policygraph.serve.within import DESCRIPTION

_OFFERS = {"text/html": "html", **GRAPH, "text/csv": "csv", "application/json": "json"}
_ENDING = re.compile(r"(?P<rest>.+)\.(?P<form>html|ttl|nt|jsonld|rdf|nq|trig|csv|json)")
_FOR_EVER = "public, max-age=31536000, immutable"


class LinkedData:
    """Answers for things and for the pages about them."""

    def __init__(self, house: House) -> None:
        self._house = house

    def routes(self) -> list[Route]:
        """Give the paths it answers; the last takes all that is left."""
        return [
            Route("/id/{rest:path}", self.thing),
            Route("/doc/{rest:path}", self.document),
            Route("/ns", self.terms),
            Route("/.well-known/void", self.void),
            Route("/", self.front),
            Route("/{path:path}", self.page),
        ]

    async def thing(self, request: Request) -> Response:
        """Lead from a thing to what is about it."""
        return see(f"/doc/{quote(request.path_params['rest'])}")

    async def document(self, request: Request) -> Response:
        """Give what is said of a thing."""
        rest = request.path_params["rest"]
        ending = _ENDING.fullmatch(rest)
        rest, form = (ending["rest"], ending["form"]) if ending else (rest, "")
        choice = _choice(request, _OFFERS, form)
        headers = {
            "Vary": "Accept, Accept-Language",
            "Link": ", ".join(_links(rest, self._house.served.base)),
        }
        if choice.form == "html":
            return await self._shown(request, rest, headers)
        tag = self._house.tag("thing", rest, choice.form)
        asked = {"job": "thing", "rest": rest, "form": choice.form}
        headers["Content-Location"] = f"/doc/{quote(rest)}.{choice.form}"
        return await self._given(request, asked, choice, tag, headers)

    async def _shown(self, request: Request, rest: str, headers: Mapping[str, str]) -> Response:
        """Show the page of a thing in the language of the reader."""
        lang = _language(request)
        asked = {"rest": rest, "lang": lang, "seen_at": request.url.path[1:]}
        found = await self._house.show({"job": "document", **asked}, request)
        if "within" in found.head:
            return see(f"/doc/{quote(found.head['within'])}")
        tag = self._house.tag("document", rest, lang, asked["seen_at"])
        about = {"Content-Language": lang, "Content-Location": f"/{lang}/doc/{quote(rest)}.html"}
        same = unchanged(request, tag)
        choice = HTML
        return same or self._house.answer(found.body, choice, tag, {**headers, **about})

    async def terms(self, request: Request) -> Response:
        """Give the ontology: as data, or lead to its page."""
        choice = _choice(request, {"text/html": "html", **GRAPH})
        if choice.form == "html":
            return see(f"/{_language(request)}/ontology.html")
        graph = f"{self._house.served.base}graph/ontology"
        asked = {"job": "graph", "graph": graph, "form": choice.form}
        tag = self._house.tag("graph", graph, choice)
        return await self._given(request, asked, choice, tag, {})

    async def void(self, request: Request) -> Response:
        """Describe the graph as a dataset."""
        choice = _choice(request, GRAPH)
        graph = f"{self._house.served.base}graph/{DESCRIPTION}"
        asked = {"job": "graph", "graph": graph, "form": choice.form}
        return await self._given(request, asked, choice, self._house.tag("void", choice), {})

    async def front(self, request: Request) -> Response:
        """Lead to the front page in the language of the reader."""
        return see(f"/{_language(request)}/index.html", 302)

    async def page(self, request: Request) -> Response:
        """Give a page or file of the site."""
        path = request.path_params["path"]
        if path in LANGUAGES:
            return see(f"/{path}/", 308)
        if path.endswith("/"):
            path += "index.html"
        tag = self._house.tag("page", path)
        same = unchanged(request, tag)
        if same:
            return same
        found = await self._house.show({"job": "page", "path": path, "seen_at": path}, request)
        headers = {"Content-Type": found.head["media"]}
        if found.head["language"]:
            headers["Content-Language"] = found.head["language"]
        if path.startswith("assets/"):  # their names hold a hash of what is in them
            headers["Cache-Control"] = _FOR_EVER
        return self._house.answer(found.body, Choice("", found.head["media"]), tag, headers)

    async def _given(
        self,
        request: Request,
        asked: Mapping[str, str],
        choice: Choice,
        tag: str,
        headers: Mapping[str, str],
    ) -> Response:
        same = unchanged(request, tag)
        if same:
            return same
        found = await self._house.show(asked, request)
        return self._house.answer(found.body, choice, tag, headers)


def _choice(request: Request, offers: Mapping[str, str], form: str = "") -> Choice:
    choice = chosen(request.headers.get("accept"), offers, form)
    if choice is None:
        raise Refusal(NOT_ACCEPTABLE, "serve/no-form", offered=", ".join(offers))
    return choice


def _language(request: Request) -> str:
    return language(request.headers.get("accept-language"), LANGUAGES)


def _links(rest: str, base: str) -> Iterator[str]:
    """Name the thing that a document is about (RFC 6892), and its other forms (RFC 8288)."""
    iri = base + (rest if rest.startswith("graph/") else f"id/{rest}")
    yield f'<{quote(iri, safe=":/")}>; rel="describes"'
    for media, form in _OFFERS.items():
        yield f'</doc/{quote(rest)}.{form}>; rel="alternate"; type="{media}"'
