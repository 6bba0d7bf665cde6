"""What all rooms of the application share: the graph, its workers, answers and their names."""

from __future__ import annotations

import asyncio
import hashlib
import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from policygraph.serve.accept import Choice
from policygraph.serve.frames import Frame
from policygraph.serve.limits import Allowance
from policygraph.serve.pool import Pool
from policygraph.serve.refusal import BAD, Refusal
from policygraph.serve.sending import Outgoing
from policygraph.serve.shelf import Shelf
from policygraph.serve.source import Served

_PAGE = 30
"""Seconds that a page may take; the first of a kind counts what is on it."""
_GRACE = 1
"""Seconds that a question may still take when nobody waits for its answer any more."""


class House:
    """What all rooms share.

    Attributes:
        served: the graph.
        allowance: its limits.
        questions: workers for questions of strangers.
        pages: workers for pages, so that these do not wait behind questions.
    """

    def __init__(self, served: Served, allowance: Allowance) -> None:
        self.served, self.allowance = served, allowance
        settings = settings_of(served)
        self.questions = Pool({**settings, "pages": False}, allowance)
        for_pages = replace(allowance, workers=allowance.page_workers, seconds=_PAGE)
        self.pages = Pool({**settings, "pages": True}, for_pages)
        self._outgoing = Outgoing(allowance.held)
        self._shelf = Shelf(allowance.shelf)

    async def open(self) -> bool:
        """Start all workers; tell whether they are sealed."""
        return all([await self.questions.open(), await self.pages.open()])

    async def close(self) -> None:
        """End all workers."""
        await asyncio.gather(self.questions.close(), self.pages.close())

    async def show(self, asked: Mapping[str, Any], request: Request) -> Frame:
        """Have a page made, or give it from the shelf.

        Raises:
            Refusal: there is none.
        """
        key = json.dumps(asked)
        found = self._shelf.find(key)
        if found is None:
            found = await self.ask(self.pages, asked, request)
            self._shelf.keep(key, found)
        return found

    async def ask(self, pool: Pool, asked: Mapping[str, Any], request: Request) -> Frame:
        """Have something asked of workers, for as long as the client is there.

        Raises:
            Refusal: it cannot be answered.
        """
        self._outgoing.check()
        task = asyncio.ensure_future(pool.ask(asked))
        gone = asyncio.ensure_future(_gone(request))
        try:
            await asyncio.wait({task, gone}, return_when=asyncio.FIRST_COMPLETED)
            if not task.done():
                await asyncio.wait({task}, timeout=_GRACE)
            if not task.done():
                raise Refusal(BAD, "serve/cut-off")
            return task.result()
        finally:
            gone.cancel()
            task.cancel()

    def tag(self, *parts: object) -> str:
        """Name an answer (RFC 9110, section 8.8.3): the same as long as graph and question are."""
        text = json.dumps([self.served.build, *parts])
        return f'"{hashlib.sha256(text.encode()).hexdigest()[:32]}"'

    def answer(
        self, body: bytes, choice: Choice, tag: str, headers: Mapping[str, str] | None = None
    ) -> Response:
        """Make the answer to a request.

        Args:
            body: its bytes.
            choice: form and media type of them.
            tag: its name; empty where the answer is another each time.
            headers: that go with it.
        """
        named = {"ETag": tag, "Cache-Control": "no-cache"} if tag else {"Cache-Control": "no-store"}
        about = {"Content-Type": choice.content_type, "Vary": "Accept"}
        return self._outgoing.answer(body, {**about, **named, **(headers or {})})


def settings_of(served: Served) -> dict[str, Any]:
    """Give what a worker is told of the graph."""
    return {
        "store": str(served.store),
        "asked": str(served.asked),
        "base": served.base,
        "root": str(served.root or ""),
        "index": str(served.index),
        "pages": False,
    }


def unchanged(request: Request, tag: str) -> Response | None:
    """Tell a client that what it has is what it would get (RFC 9110, section 13.1.2)."""
    held = request.headers.get("if-none-match", "")
    names = {name.strip().removeprefix("W/") for name in held.split(",")}
    if request.method == "POST" or not tag or not names & {tag, "*"}:
        return None
    return Response(
        status_code=304, headers={"ETag": tag, "Cache-Control": "no-cache", "Vary": "Accept"}
    )


async def _gone(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass
