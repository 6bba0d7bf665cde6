"""The door for searches: words in the address, hits as JSON."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from policygraph.graph.search.find import DEEPEST, MOST
from policygraph.serve.asking import answered, given, number
from policygraph.serve.house import House

_PARAMETERS = ("q", "kind", "year", "document", "limit", "offset")


def routes(house: House) -> list[Route]:
    """Give the paths of searches."""

    async def search(request: Request) -> Response:
        values = given(request, *_PARAMETERS, strict=True)
        asked = {
            "job": "search",
            "words": values.get("q", ""),
            **{name: values.get(name, "") for name in ("kind", "year", "document")},
            "limit": number(values, "limit", 20, 1, MOST),
            "offset": number(values, "offset", 0, 0, DEEPEST),
        }
        return await answered(house, request, asked)

    return [Route("/search.json", search)]
