"""The requests of the review page: rows, context, search, decide, undo.

In: JSON of a few lines. Out: JSON with the rows as they are after it, or a message in both
languages. Errors of ours become answers; nothing of a request becomes a path.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from policygraph.errors import CannotWrite, PolicyGraphError, WrongUsage
from policygraph.serve.review.desk import Desk
from policygraph.serve.review.door import Door
from policygraph.text.restore import Span
from policygraph.text.review.decisions import Decision

_PAGE = Path(__file__).parent / "page"
_LARGEST = 64 * 1024
"""Bytes of a request; a decision has a few hundred."""


def review_app(desk: Desk, token: str, port: int) -> Door:
    """Make the application for one document.

    Args:
        desk: the document.
        token: the secret in every path.
        port: where the server will listen.
    """

    async def rows(_: Request) -> Response:
        return await _answer(desk, lambda: None)

    async def context(_: Request) -> Response:
        return JSONResponse(await run_in_threadpool(desk.context))

    async def search(request: Request) -> Response:
        asked = [request.query_params.get(name, "") for name in ("q", "field", "row")]
        return JSONResponse(await run_in_threadpool(desk.search, *asked))

    async def decide(request: Request) -> Response:
        asked = await _asked(request)
        decision = _decision(asked)
        return await _answer(desk, lambda: desk.decide(decision, str(asked.get("version", ""))))

    async def undo(request: Request) -> Response:
        asked = await _asked(request)
        return await _answer(desk, lambda: desk.undo(str(asked.get("version", ""))))

    routes = [
        Route("/rows", rows),
        Route("/context", context),
        Route("/search", search),
        Route("/decide", decide, methods=["POST"]),
        Route("/undo", undo, methods=["POST"]),
        Mount("/", StaticFiles(directory=_PAGE, html=True)),
    ]
    return Door(Starlette(routes=routes, exception_handlers={PolicyGraphError: _told}), token, port)


async def _answer(desk: Desk, act: Callable[[], None]) -> Response:
    await run_in_threadpool(act)
    return JSONResponse(await run_in_threadpool(desk.show))


async def _told(_: Request, error: Exception) -> Response:
    if not isinstance(error, PolicyGraphError):
        raise error
    status = 409 if isinstance(error, CannotWrite) else 422
    told = {lang: [error.message(lang), error.mend(lang)] for lang in ("en", "zh")}
    return JSONResponse(told, status)


async def _asked(request: Request) -> dict[str, Any]:
    """Read a request.

    Raises:
        WrongUsage: it is too large or no JSON object.
    """
    body = b""
    async for piece in request.stream():
        body += piece
        if len(body) > _LARGEST:
            raise WrongUsage("review/bad-request")
    try:
        asked = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise WrongUsage("review/bad-request") from error
    if not isinstance(asked, dict):
        raise WrongUsage("review/bad-request")
    return asked


def _decision(asked: dict[str, Any]) -> Decision:
    words = {name: asked.get(name, "") for name in ("row", "action", "value", "field", "lang")}
    span = asked.get("span")
    if any(not isinstance(word, str) for word in words.values()):
        raise WrongUsage("review/bad-request")
    if span is None:
        return Decision(**words)
    if not (isinstance(span, list) and len(span) == 2 and all(type(end) is int for end in span)):
        raise WrongUsage("review/bad-request")
    return Decision(**words, span=Span(*span))
