"""The door that every request comes through, and every answer goes out by.

Public data may be read by pages of any site, without credentials; nothing else is allowed to a
page. Errors become a few lines of text in the language of the client; no traceback goes out.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from policygraph.errors import PolicyGraphError
from policygraph.messages import advise, say
from policygraph.serve.accept import language
from policygraph.serve.headers import safety
from policygraph.serve.refusal import Refusal

METHODS = "GET, HEAD, POST, OPTIONS"
_ANY_SITE = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "ETag, Link, Location, Content-Location, Retry-After",
}
_ASKED_BEFORE = {
    "Allow": METHODS,
    "Access-Control-Allow-Methods": METHODS,
    "Access-Control-Allow-Headers": "Accept, Accept-Language, Content-Type, If-None-Match",
    "Access-Control-Max-Age": "86400",
}
_LOG = logging.getLogger("policygraph.serve")


class Door:
    """Answers OPTIONS, puts the headers on every answer, and lets no error out as it is.

    Args:
        app: what lies behind the door.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._headers = {**safety(forms=True, shared=True), **_ANY_SITE}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        begun = False

        async def guarded(message: Message) -> None:
            nonlocal begun
            if message["type"] == "http.response.start":
                begun = True
                headers = MutableHeaders(scope=message)
                for name, value in self._headers.items():
                    headers.setdefault(name, value)
            await send(message)

        if scope["method"] == "OPTIONS":
            await Response(status_code=204, headers=_ASKED_BEFORE)(scope, receive, guarded)
            return
        try:
            await self._app(scope, receive, guarded)
        except Exception as error:  # noqa: BLE001 - the last door: no traceback reaches a client
            _LOG.error("%s %s: %s: %s", scope["method"], scope["path"], type(error).__name__, error)
            if not begun:
                answer = told(Headers(scope=scope), Refusal(500, "serve/fault"))
                await answer(scope, receive, guarded)


async def refused(request: Request, error: Exception) -> Response:
    """Turn an error of ours into an answer."""
    if not isinstance(error, PolicyGraphError):
        raise error
    return told(request.headers, error)


def told(asked: Headers, error: PolicyGraphError) -> Response:
    """Say an error in the language that a client asked for."""
    lang = language(asked.get("accept-language"))
    lines: Iterable[str] = filter(
        None, (say(error.name, error.facts, lang), advise(error.name, error.facts, lang))
    )
    status, more = (error.status, error.headers) if isinstance(error, Refusal) else (500, {})
    headers: Mapping[str, str] = {
        "Cache-Control": "no-store",
        "Content-Language": lang,
        "Vary": "Accept-Language",
        **more,
    }
    return PlainTextResponse("\n".join(lines) + "\n", status, headers=dict(headers))
