"""Questions on pages: a named query as a form, the editor, and answers to take away.

Whole state stands in the address: ``/en/ask/figures.html?topic=…`` is a page with the answer, the
same parameters after ``/ask/figures.csv`` are all of it as data. Workers for questions answer, in
their limits; workers for pages lay the answer out.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from policygraph.publish.site.addresses import LANGUAGES
from policygraph.publish.site.results import MOST
from policygraph.serve.accept import GRAPH, HTML, OFFERS, ROWS, chosen
from policygraph.serve.asking import given, told_in
from policygraph.serve.house import House, unchanged
from policygraph.serve.refusal import NOT_FOUND, Refusal
from policygraph.serve.sparql.endpoint import is_fixed

_EDITOR = "sparql"


class Asking:
    """Answers the questions of pages."""

    def __init__(self, house: House) -> None:
        self._house = house

    def routes(self) -> list[Route]:
        """Give the paths it answers."""
        return [
            Route("/{lang}/ask/{name}.html", self.page),
            Route("/ask/{name}.{form}", self.data),
        ]

    async def page(self, request: Request) -> Response:
        """Show a query with its answer.

        Raises:
            Refusal: there is no such query, or a parameter stands twice.
        """
        lang, name = request.path_params["lang"], request.path_params["name"]
        if lang not in LANGUAGES:
            raise Refusal(NOT_FOUND, "serve/nothing-here")
        asked = await self._asked(request, "" if name == _EDITOR else name)
        limits = {"seconds": self._house.allowance.seconds, "rows": self._house.allowance.rows}
        fixed = is_fixed(asked["text"])
        tag = self._house.tag("asked", lang, name, asked, limits) if fixed else ""
        if same := unchanged(request, tag):
            return same
        outcome, status = await self._outcome(request, asked, lang)
        shown = {"job": "asked", **asked, "lang": lang, "outcome": outcome, "limits": limits}
        page = await self._house.ask(self._house.pages, shown, request)
        about = {"Content-Language": lang, "Vary": "Accept-Encoding"}
        answer = self._house.answer(page.body, HTML, tag if status == 200 else "", about)
        answer.status_code = status
        return answer

    async def _asked(self, request: Request, name: str) -> dict[str, Any]:
        """Read what is asked; of a query that nothing was filled in for, its examples."""
        if not name:
            text = given(request, "query").get("query", "").replace("\r\n", "\n")
            return {"name": "", "text": text, "values": {}}
        job = {"job": "examples", "name": name}
        known = json.loads((await self._house.show(job, request)).body)
        values = {
            each: value for each, value in given(request, *known["parameters"]).items() if value
        }
        if not request.url.query:
            values = known["examples"]
        return {"name": name, "text": "", "values": values}

    async def _outcome(
        self, request: Request, asked: Mapping[str, Any], lang: str
    ) -> tuple[dict[str, Any], int]:
        """Have it answered; give the beginning of the answer, or what to tell instead."""
        if not asked["name"] and not asked["text"].strip():
            return {}, 200
        job = {"job": "ask", **asked, "most": MOST}
        try:
            found = await self._house.ask(self._house.questions, job, request)
        except Refusal as refusal:
            if refusal.name == "serve/cut-off":
                raise
            return {"error": told_in(lang, refusal)}, refusal.status
        return {"head": found.head, "body": found.body.decode()}, 200

    async def data(self, request: Request) -> Response:
        """Give all of the answer to a named query, in one form.

        Raises:
            Refusal: there is no such query or form, or it cannot be answered.
        """
        name, form = request.path_params["name"], request.path_params["form"]
        choice = chosen(None, {**ROWS, **GRAPH}, form)
        if choice is None:
            raise Refusal(NOT_FOUND, "serve/nothing-here")
        asked = await self._asked(request, name)
        tag = self._house.tag("taken", name, form, asked)
        if same := unchanged(request, tag):
            return same
        forms = {kind: form for kind, offers in OFFERS.items() if form in offers.values()}
        job = {"job": "ask", **asked, "forms": forms}
        found = await self._house.ask(self._house.questions, job, request)
        saved = {"Content-Disposition": f'attachment; filename="{name}.{form}"'}
        return self._house.answer(found.body, choice, tag, saved)
