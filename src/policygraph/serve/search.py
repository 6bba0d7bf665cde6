"""The doors for searches: a page with words in its address, and its twin in JSON."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from policygraph.graph.search.find import DEEPEST, MOST
from policygraph.publish.site.addresses import LANGUAGES
from policygraph.publish.site.searched import ON_A_PAGE, SEARCH
from policygraph.serve.accept import HTML, chosen
from policygraph.serve.asking import answered, given, lang_of, number, see, told_in
from policygraph.serve.house import House, unchanged
from policygraph.serve.refusal import NOT_FOUND, Refusal

_PARAMETERS = ("q", "kind", "year", "document", "offset")
_FORMS = {"text/html": "html", "application/json": "json"}


class Searching:
    """Answers searches."""

    def __init__(self, house: House) -> None:
        self._house = house

    def routes(self) -> list[Route]:
        """Give the paths it answers."""
        return [
            Route("/search", self.search),
            Route("/search.json", self.data),
            Route(f"/{{lang}}/{SEARCH}", self.page),
        ]

    async def search(self, request: Request) -> Response:
        """Lead to the page in the language of the reader, or answer as JSON."""
        choice = chosen(request.headers.get("accept"), _FORMS)
        if choice and choice.form == "json":
            return await self.data(request)
        asked = f"?{request.url.query}" if request.url.query else ""
        return see(f"/{lang_of(request)}/{SEARCH}{asked}")

    async def data(self, request: Request) -> Response:
        """Give hits as JSON."""
        values = given(request, *_PARAMETERS, "limit", strict=True)
        asked = {**_job(values), "limit": number(values, "limit", 20, 1, MOST)}
        return await answered(self._house, request, asked)

    async def page(self, request: Request) -> Response:
        """Show hits.

        Raises:
            Refusal: there are no pages in that language.
        """
        lang = request.path_params["lang"]
        if lang not in LANGUAGES:
            raise Refusal(NOT_FOUND, "serve/nothing-here")
        values = {name: value for name, value in given(request, *_PARAMETERS).items() if value}
        tag = self._house.tag("searched", lang, values)
        if same := unchanged(request, tag):
            return same
        shown: dict[str, Any] = {"lang": lang, "asked": values, "found": "", "error": ()}
        status, more = 200, dict[str, str]()
        try:
            if values.get("q"):
                job = {**_job(values), "limit": ON_A_PAGE}
                found = await self._house.ask(self._house.questions, job, request)
                shown["found"] = found.body.decode()
        except Refusal as refusal:
            shown["error"], status, more = told_in(lang, refusal), refusal.status, refusal.headers
        made = await self._house.ask(self._house.pages, {"job": "searched", **shown}, request)
        about = {"Content-Language": lang, **more}
        answer = self._house.answer(made.body, HTML, tag if status == 200 else "", about)
        answer.status_code = status
        return answer


def _job(values: Mapping[str, str]) -> dict[str, Any]:
    return {
        "job": "search",
        "words": values.get("q", ""),
        **{name: values.get(name, "") for name in ("kind", "year", "document")},
        "offset": number(values, "offset", 0, 0, DEEPEST),
    }
