"""The requests of the review page: rows, context, search, decide, add, pairs, undo.

In: JSON of a few lines. Out: JSON with the rows as they are after it, or a message in both
languages. Errors of ours become answers; nothing of a request becomes a path.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from policygraph.corpus.continuing import Candidate
from policygraph.errors import CannotWrite, PolicyGraphError, WrongUsage
from policygraph.messages import LANGUAGES
from policygraph.serve.review.desk import Desk
from policygraph.serve.review.door import Door
from policygraph.text.restore import Span
from policygraph.text.review.additions import Addition
from policygraph.text.review.decisions import Decision

_PAGE = Path(__file__).parent / "page"
_DIGITS = 10
_LARGEST = 64 * 1024
"""Bytes of a request; a decision has a few hundred."""


def review_app(desk: Desk, token: str, port: int) -> Door:
    """Make the application for one document.

    Args:
        desk: the document.
        token: the secret in every path.
        port: where the server will listen.
    """
    asked = _Requests(desk)
    routes = [
        Route("/rows", asked.rows),
        Route("/context", asked.context),
        Route("/search", asked.search),
        Route("/guess", asked.guess),
        Route("/pairs", asked.pairs),
        Route("/decide", asked.decide, methods=["POST"]),
        Route("/add", asked.add, methods=["POST"]),
        Route("/section", asked.section, methods=["POST"]),
        Route("/pair", asked.pair, methods=["POST"]),
        Route("/undo", asked.undo, methods=["POST"]),
        Mount("/", StaticFiles(directory=_PAGE, html=True)),
    ]
    return Door(Starlette(routes=routes, exception_handlers={PolicyGraphError: _told}), token, port)


@dataclass(frozen=True)
class _Requests:
    """What the page asks, answered from the desk."""

    desk: Desk

    async def rows(self, _: Request) -> Response:
        return await self._done(lambda: None)

    async def context(self, _: Request) -> Response:
        return JSONResponse(await run_in_threadpool(self.desk.context))

    async def search(self, request: Request) -> Response:
        asked = [request.query_params.get(name, "") for name in ("q", "field", "row")]
        return JSONResponse(await run_in_threadpool(self.desk.search, *asked))

    async def guess(self, request: Request) -> Response:
        ends = [request.query_params.get(name, "") for name in ("start", "end")]
        if not all(end.isascii() and end.isdecimal() and len(end) < _DIGITS for end in ends):
            raise WrongUsage("review/bad-request")
        return JSONResponse(await run_in_threadpool(self.desk.guess, Span(*map(int, ends))))

    async def pairs(self, _: Request) -> Response:
        found = await run_in_threadpool(self.desk.pairs)
        return JSONResponse([_shown(each) for each in found])

    async def decide(self, request: Request) -> Response:
        asked = await _asked(request)
        decision, version = _decision(asked), _word(asked, "version")
        return await self._done(lambda: self.desk.decide(decision, version))

    async def add(self, request: Request) -> Response:
        asked = await _asked(request)
        addition, version = _addition(asked), _word(asked, "version")
        return await self._done(lambda: self.desk.add(addition, version))

    async def section(self, request: Request) -> Response:
        asked = await _asked(request)
        words = [_word(asked, name) for name in ("section", "status", "period", "version")]
        return await self._done(lambda: self.desk.mend_section(*words))

    async def pair(self, request: Request) -> Response:
        asked = await _asked(request)
        key, why = _word(asked, "key"), {lang: _word(asked, lang) for lang in LANGUAGES}
        accepted = asked.get("accepted")
        if not isinstance(accepted, bool):
            raise WrongUsage("review/bad-request")
        return await self._done(lambda: self.desk.decide_pair(key, accepted=accepted, why=why))

    async def undo(self, request: Request) -> Response:
        version = _word(await _asked(request), "version")
        return await self._done(lambda: self.desk.undo(version))

    async def _done(self, act: Callable[[], None]) -> Response:
        await run_in_threadpool(act)
        return JSONResponse(await run_in_threadpool(self.desk.show))


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
    names = ("row", "action", "value", "field", "lang", "seen")
    words = {name: _word(asked, name) for name in names}
    return Decision(**words, span=_span(asked))


def _addition(asked: dict[str, Any]) -> Addition:
    names = ("kind", "verb", "object", "subject", "above")
    words = {name: _word(asked, name) for name in names}
    return Addition(_span(asked) or Span(0, 0), **words)


def _word(asked: dict[str, Any], name: str) -> str:
    word = asked.get(name, "")
    if not isinstance(word, str):
        raise WrongUsage("review/bad-request")
    return word


def _span(asked: dict[str, Any]) -> Span | None:
    span = asked.get("span")
    if span is None:
        return None
    if not (isinstance(span, list) and len(span) == 2 and all(type(end) is int for end in span)):
        raise WrongUsage("review/bad-request")
    return Span(*span)


def _shown(candidate: Candidate) -> dict[str, Any]:
    """Give a candidate as plain values."""
    earlier, later = candidate.offer.words
    decision = candidate.decision
    return {
        "key": candidate.offer.key,
        "row": candidate.row,
        "earlier": earlier,
        "later": later,
        "earlier_row": candidate.earlier_row,
        "earlier_in": candidate.earlier_in,
        "score": candidate.offer.score,
        "grounds": dict(decision.why) if decision else candidate.grounds,
        "review": decision.review if decision else "",
        "judged": candidate.judged,
    }
