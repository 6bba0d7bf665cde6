"""The door for reconciliation: the Reconciliation Service API 0.2 over HTTP.

W3C Community Group report, 10 April 2023. GET without parameters gives the manifest; ``queries``
and ``extend`` come in an address or in a form.
"""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from policygraph.graph.reconcile.asked import BATCH, CANDIDATES
from policygraph.graph.reconcile.preview import HEIGHT, WIDTH
from policygraph.namespaces import PG
from policygraph.serve.accept import HTML
from policygraph.serve.asking import JSON, answered, given, lang_of, number
from policygraph.serve.house import House
from policygraph.serve.refusal import BAD, MEDIA, NOT_FOUND, Refusal
from policygraph.serve.sparql.protocol import FORM, body_of, parameters

_IN_A_FRAME = {
    "Content-Security-Policy": "default-src 'none'; base-uri 'none'; form-action 'none'",
}
"""A preview stands in a frame of another site's page, and does nothing there."""
_SUGGESTED = ("entity", "type", "property")
_SETTINGS = (
    {
        "name": "lang",
        "label": "Language of names",
        "type": "select",
        "default": "en",
        "help_text": "The language that things are named in.",
        "choices": [{"value": "en", "name": "English"}, {"value": "zh", "name": "中文"}],
    },
    {
        "name": "limit",
        "label": "Values",
        "type": "number",
        "default": 50,
        "help_text": "How many values of one thing are given at most.",
    },
)


class Reconciliation:
    """Answers tools that match tables with the graph."""

    def __init__(self, house: House) -> None:
        self._house = house

    async def service(self, request: Request) -> Response:
        """Give the manifest, or answer a batch.

        Raises:
            Refusal: it cannot be answered.
        """
        asked = await self._asked(request)
        if not asked:
            return await self._manifest(request)
        name, text = asked
        job = {"queries": "reconcile", "extend": "extend"}[name]
        return await self._answered(request, {"job": job, name: text})

    async def suggest(self, request: Request) -> Response:
        """Complete the name of an entity, a type or a property."""
        values = given(request, "prefix", "limit", "cursor")
        of = request.path_params["of"]
        if of not in _SUGGESTED:
            raise Refusal(NOT_FOUND, "serve/nothing-here")
        limit = number(values, "limit", 10, 1, CANDIDATES)
        asked = {"job": "suggest", "of": of, "prefix": values.get("prefix", ""), "limit": limit}
        return await self._answered(request, asked)

    async def propose(self, request: Request) -> Response:
        """List the properties that things of a type have."""
        values = given(request, "type", "limit")
        limit = number(values, "limit", CANDIDATES, 1, CANDIDATES)
        asked = {"job": "propose", "type": values.get("type", ""), "limit": limit}
        return await self._answered(request, asked)

    async def preview(self, request: Request) -> Response:
        """Show a thing in a few lines."""
        asked = {
            "job": "preview",
            "id": given(request, "id").get("id", ""),
            "lang": lang_of(request),
        }
        return await answered(self._house, request, asked, HTML, _IN_A_FRAME)

    async def view(self, request: Request) -> Response:
        """Lead from an id to the page of the thing."""
        kind, sign, key = given(request, "id").get("id", "").partition(":")
        if not sign or not kind or not key or "/" in kind + key:
            raise Refusal(NOT_FOUND, "serve/nothing-here")
        return RedirectResponse(f"/id/{quote(kind, safe='')}/{quote(key, safe='')}", 303)

    async def _answered(self, request: Request, asked: dict[str, Any]) -> Response:
        return await answered(self._house, request, {**asked, "lang": lang_of(request)})

    async def _asked(self, request: Request) -> tuple[str, str] | None:
        """Give what a client sends, ``queries`` or ``extend``; None where it sends nothing."""
        pairs = parameters(request.scope["query_string"])
        if request.method == "POST":
            media = request.headers.get("content-type", FORM).partition(";")[0].strip().lower()
            if media != FORM:
                raise Refusal(MEDIA, "serve/media-type", accepted=FORM)
            pairs += parameters(await body_of(request, self._house.allowance.body))
        sent = [(name, text) for name, text in pairs if name in ("queries", "extend")]
        if len(sent) > 1:
            raise Refusal(BAD, "reconcile/malformed", key=sent[0][0], part=sent[1][0])
        return sent[0] if sent else None

    async def _manifest(self, request: Request) -> Response:
        house, lang = self._house, lang_of(request)
        root = str(request.base_url).rstrip("/")
        found = await house.ask(house.questions, {"job": "types", "lang": lang}, request)
        whole = manifest(root, house.served.base, json.loads(found.body)["types"])
        body = json.dumps(whole, ensure_ascii=False, indent=1).encode()
        return house.answer(body, JSON, "", {"Vary": "Accept-Language"})


def manifest(root: str, base: str, types: list[dict[str, Any]]) -> dict[str, Any]:
    """Describe the service.

    Args:
        root: where it is served, without a slash at the end.
        base: how the IRIs of things begin.
        types: those there are, with their names.
    """
    suggest = {
        of: {"service_url": root, "service_path": f"/reconcile/suggest/{of}"} for of in _SUGGESTED
    }
    return {
        "versions": ["0.2"],
        "name": "policygraph",
        "identifierSpace": f"{base}id/",
        "schemaSpace": PG,
        "defaultTypes": types,
        "view": {"url": f"{root}/reconcile/view?id={{{{id}}}}"},
        "preview": {
            "url": f"{root}/reconcile/preview?id={{{{id}}}}",
            "width": WIDTH,
            "height": HEIGHT,
        },
        "suggest": suggest,
        "extend": {
            "propose_properties": {"service_url": root, "service_path": "/reconcile/properties"},
            "property_settings": list(_SETTINGS),
        },
        "batchSize": BATCH,
    }


def routes(house: House) -> list[Route]:
    """Give the paths of reconciliation."""
    service = Reconciliation(house)
    return [
        Route("/reconcile", service.service, methods=["GET", "POST"]),
        Route("/reconcile/", service.service, methods=["GET", "POST"]),
        Route("/reconcile/suggest/{of}", service.suggest),
        Route("/reconcile/properties", service.propose),
        Route("/reconcile/preview", service.preview),
        Route("/reconcile/view", service.view),
    ]
