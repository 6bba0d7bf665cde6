"""The SPARQL 1.1 Graph Store HTTP Protocol (W3C, 21 March 2013), as far as it only reads.

A graph is named by ``?graph=IRI`` or ``?default``, or by its own address below ``/graph/``.
"""

from __future__ import annotations

from urllib.parse import parse_qsl

from starlette.requests import Request
from starlette.responses import Response

from policygraph.serve.accept import GRAPH, Choice, chosen
from policygraph.serve.house import House, unchanged
from policygraph.serve.refusal import BAD, NOT_ACCEPTABLE, Refusal


class GraphStoreEndpoint:
    """Gives whole graphs."""

    def __init__(self, house: House) -> None:
        self._house = house

    async def named(self, request: Request) -> Response:
        """Give the graph that the query of an address names.

        Raises:
            Refusal: it names none, or several, or one that is not there.
        """
        try:
            given = parse_qsl(request.url.query, keep_blank_values=True, errors="strict")
        except ValueError as error:
            raise Refusal(BAD, "serve/bad-form") from error
        graphs = [value for name, value in given if name == "graph"]
        default = any(name == "default" for name, _ in given)
        if len(graphs) + default != 1 or graphs == [""]:
            raise Refusal(BAD, "serve/one-graph")
        return await self._give(request, "" if default else graphs[0])

    async def direct(self, request: Request) -> Response:
        """Give the graph whose own address is asked; a reader of pages is led to its page."""
        choice = chosen(request.headers.get("accept"), {**GRAPH, "text/html": "html"})
        if choice and choice.form == "html":
            headers = {"Location": f"/doc{request.url.path}", "Vary": "Accept"}
            return Response(status_code=303, headers=headers)
        return await self._give(request, self._house.served.base + request.url.path[1:])

    async def _give(self, request: Request, graph: str) -> Response:
        choice = _choice(request)
        tag = self._house.tag("graph", graph, choice.media)
        same = unchanged(request, tag)
        if same:
            return same
        asked = {"job": "graph", "graph": graph, "form": choice.form}
        found = await self._house.ask(self._house.questions, asked, request)
        return self._house.answer(found.body, choice, tag)


def _choice(request: Request) -> Choice:
    choice = chosen(request.headers.get("accept"), GRAPH)
    if choice is None:
        raise Refusal(NOT_ACCEPTABLE, "serve/no-form", offered=", ".join(GRAPH))
    return choice
