"""The server: uvicorn, with clients that dawdle shown out.

A request must be here whole within some seconds of its beginning, a piece of an answer must be
taken within some seconds; of those that have not asked yet, only so many may wait, and the longest
waiting goes first. So no number of idle connections keeps others out.
"""

from __future__ import annotations

import asyncio
import socket
from contextlib import suppress

import uvicorn
from starlette.types import ASGIApp
from uvicorn.protocols.http.h11_impl import H11Protocol

from policygraph.errors import CannotWrite, Where, reason
from policygraph.serve.limits import Allowance

_TO_END = 2
"""Seconds for answers that are being sent when the server is told to end."""
_FILES = 65_536
_LATE = b"HTTP/1.1 408 Request Timeout\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"


class Patience(H11Protocol):
    """A connection that is closed where its client takes too long."""

    _timer: asyncio.TimerHandle | None = None
    _stuck: asyncio.TimerHandle | None = None
    waiting: dict[Patience, None]
    most: int
    allowance: Allowance

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin to wait for a request; show out the one that has waited longest, if need be."""
        super().connection_made(transport)
        self._await_request()
        if len(self.waiting) > self.most:
            next(iter(self.waiting)).leave()

    def data_received(self, data: bytes) -> None:
        """Take bytes of a request."""
        if not self._in_hand():
            self._await_request()
        super().data_received(data)
        if self._in_hand() and not self.cycle.more_body:
            self._stop_waiting()

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget the client."""
        self._stop_waiting()
        self.resume_writing()
        super().connection_lost(exc)

    def pause_writing(self) -> None:
        """Note that a client does not take what it is sent."""
        super().pause_writing()
        self._stuck = self._stuck or self.loop.call_later(
            self.allowance.to_take, self.transport.abort
        )

    def resume_writing(self) -> None:
        """Note that it does."""
        super().resume_writing()
        if self._stuck:
            self._stuck.cancel()
            self._stuck = None

    def leave(self) -> None:
        """Close a connection whose request did not come."""
        self._stop_waiting()
        if self.transport.is_closing():
            return
        if self.cycle is None or not self.cycle.response_started or self.cycle.response_complete:
            self.transport.write(_LATE)
        self.transport.close()

    def _in_hand(self) -> bool:
        return self.cycle is not None and not self.cycle.response_complete

    def _await_request(self) -> None:
        if self._timer is None:
            self._timer = self.loop.call_later(self.allowance.to_ask, self.leave)
            self.waiting[self] = None

    def _stop_waiting(self) -> None:
        if self._timer:
            self._timer.cancel()
            self._timer = None
        self.waiting.pop(self, None)


def listening(host: str, port: int) -> socket.socket:
    """Open the socket of a server.

    Raises:
        CannotWrite: the address is none of this machine's, or taken.
    """
    where = Where(f"{host}:{port}")
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
        family, kind, protocol, _, address = found[0]
        opened = socket.socket(family, kind, protocol)
    except OSError as error:
        raise CannotWrite("serve/port", where, why=reason(error)) from error
    try:
        opened.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        opened.bind(address)
    except OSError as error:
        opened.close()
        raise CannotWrite("serve/port", where, why=reason(error)) from error
    return opened


def run(app: ASGIApp, opened: socket.socket, allowance: Allowance, *, log: bool) -> None:
    """Serve until told to end.

    Args:
        app: what is served.
        opened: a socket from ``listening``.
        allowance: how long clients may take.
        log: whether a line is written for each request.
    """
    files = _many_files()
    shared = {"waiting": {}, "most": files // 2, "allowance": allowance}
    connection = type("Connection", (Patience,), shared)
    config = uvicorn.Config(
        app,
        http=connection,
        ws="none",
        lifespan="on",
        log_level="info" if log else "critical",
        access_log=log,
        server_header=False,
        timeout_graceful_shutdown=_TO_END,
        limit_concurrency=files * 3 // 4,
    )
    uvicorn.Server(config).run(sockets=[opened])


def _many_files() -> int:
    """Let this process open as many files as it may; tell how many those are."""
    with suppress(ImportError, ValueError, OSError):
        import resource

        most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
        wanted = _FILES if most == resource.RLIM_INFINITY else min(most, _FILES)
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, most))
        return wanted
    return 512
