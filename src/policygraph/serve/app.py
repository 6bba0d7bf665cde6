"""The application: what is found under which path.

In: a graph that is served, and limits. Out: an application of ASGI with its own workers.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp

from policygraph.errors import PolicyGraphError
from policygraph.serve import described, reconcile
from policygraph.serve.door import Door, refused
from policygraph.serve.house import House
from policygraph.serve.limits import Allowance
from policygraph.serve.linked import LinkedData
from policygraph.serve.questions import Asking
from policygraph.serve.refusal import METHOD, NOT_FOUND, Refusal
from policygraph.serve.search import Searching
from policygraph.serve.source import Served
from policygraph.serve.sparql.endpoint import Endpoint
from policygraph.serve.sparql.graph_store import GraphStoreEndpoint


def application(
    served: Served, allowance: Allowance, ready: Callable[[bool], None] = lambda _: None
) -> ASGIApp:
    """Make the application for a graph.

    Args:
        served: the graph.
        allowance: its limits.
        ready: is told when workers answer, and whether they are sealed.
    """
    house = House(served, allowance)

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        ready(await house.open())
        yield
        await house.close()

    ask, graphs = Endpoint(house), GraphStoreEndpoint(house)
    routes = [
        Route("/healthz", _healthy(house)),
        Route("/sparql", ask.answer, methods=["GET", "POST"]),
        Route("/sparql/", ask.answer, methods=["GET", "POST"]),
        Route("/graph-store", graphs.named),
        Route("/graph/{rest:path}", graphs.direct),
        *Asking(house).routes(),
        *Searching(house).routes(),
        *reconcile.routes(house),
        *described.routes(),
        *LinkedData(house).routes(),
    ]
    handlers: Any = {PolicyGraphError: refused, HTTPException: _not_here, Exception: _fault}
    app = Starlette(routes=routes, lifespan=lifespan, exception_handlers=handlers)
    app.router.redirect_slashes = False
    return Door(app)


def _healthy(house: House) -> Callable[[Request], Awaitable[Response]]:
    async def healthy(_: Request) -> Response:
        """Say what is there; no worker is asked, so that busy ones do not matter."""
        ready = {"pages": True, "sparql": True, "search": house.served.index.is_file()}
        answer = {"status": "ok", "ready": ready}
        return JSONResponse(answer, headers={"Cache-Control": "no-store"})

    return healthy


async def _not_here(request: Request, error: Exception) -> Response:
    if isinstance(error, HTTPException) and error.status_code == METHOD:
        allowed = {"Allow": ", ".join(sorted({"OPTIONS", *_methods(error)}))}
        return await refused(request, Refusal(METHOD, "serve/method", allowed))
    return await refused(request, Refusal(NOT_FOUND, "serve/nothing-here"))


def _methods(error: HTTPException) -> list[str]:
    return (error.headers or {}).get("Allow", "").split(", ")


async def _fault(request: Request, _: Exception) -> Response:
    return await refused(request, Refusal(500, "serve/fault"))
