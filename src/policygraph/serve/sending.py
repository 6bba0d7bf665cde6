"""Answers on their way out: in pieces, so many bytes of them held for slow clients.

In: a body. Out: pieces that a client must take one by one; how long it may take over one is the
business of ``server``. While clients hold back more than is allowed, new questions wait outside.
"""

from __future__ import annotations

from collections.abc import Mapping

from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from policygraph.serve.refusal import BUSY, Refusal

_PIECE = 256 << 10


class Outgoing:
    """Counts the bytes of answers that are on their way.

    Args:
        most: how many may be.
    """

    def __init__(self, most: int) -> None:
        self._most, self._held = most, 0

    def check(self) -> None:
        """Stop where too much is held already.

        Raises:
            Refusal: it is.
        """
        if self._held > self._most:
            raise Refusal(BUSY, "serve/busy", {"Retry-After": "5"})

    def answer(self, body: bytes, headers: Mapping[str, str]) -> Response:
        """Make an answer that is counted until it is sent."""
        return _Counted(self, body, headers)

    def hold(self, size: int) -> None:
        """Count bytes that are made, or, negative, that are gone."""
        self._held += size


class _Counted(Response):
    def __init__(self, outgoing: Outgoing, body: bytes, headers: Mapping[str, str]) -> None:
        super().__init__(body, headers=dict(headers))
        self._outgoing = outgoing

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002 - ASGI
        size = len(self.body)
        self._outgoing.hold(size)
        try:
            start = {"status": self.status_code, "headers": self.raw_headers}
            await send({"type": "http.response.start", **start})
            pieces = range(0, 1 if scope["method"] == "HEAD" else max(size, 1), _PIECE)
            for at in pieces:
                piece, more = bytes(self.body[at : at + _PIECE]), at + _PIECE < size
                await send({"type": "http.response.body", "body": piece, "more_body": more})
        finally:
            self._outgoing.hold(-size)
