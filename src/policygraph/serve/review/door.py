"""Who may come in: the page that was opened on this machine, and nothing else.

Other pages in the same browser can send requests to the loopback address, and a foreign name can be
made to point there. So the host, the origin and a secret in the path are checked, in this order.
"""

from __future__ import annotations

import secrets

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from policygraph.serve.headers import safety

HOST = "127.0.0.1"
_HEADERS = {**safety(forms=False, shared=False), "Cache-Control": "no-store"}


class Door:
    """Answers what must not come in, and puts the safety headers on every answer.

    Args:
        app: what lies behind the door; it sees paths without the token.
        token: the first segment of every path.
        port: where the server listens.
    """

    def __init__(self, app: ASGIApp, token: str, port: int) -> None:
        self._app, self._token, self._host = app, token, f"{HOST}:{port}"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or refuse it."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        if scope["type"] != "http":  # a socket is never ours: closed without a word
            return

        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(_HEADERS)
            await send(message)

        refusal = self._refusal(scope)
        if refusal:
            await PlainTextResponse("", refusal)(scope, receive, guarded)
            return
        inside = "/" + scope["path"].split("/", 2)[2]
        await self._app({**scope, "path": inside, "root_path": ""}, receive, guarded)

    def _refusal(self, scope: Scope) -> int:
        """Give the status of a refusal, 0 where the request may come in."""
        headers = Headers(scope=scope)
        if headers.getlist("host") != [self._host]:
            return 421
        origins = headers.getlist("origin")
        if scope["method"] not in ("GET", "HEAD") and origins != [f"http://{self._host}"]:
            return 403
        parts = scope["path"].split("/", 2)
        given = parts[1] if len(parts) == 3 else ""
        return 0 if secrets.compare_digest(given.encode(), self._token.encode()) else 404
