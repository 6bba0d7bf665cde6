"""Workers, and who is asked next: one question a worker at a time, ended when it takes too long.

In: a question as plain values. Out: the frame that answers it, or a refusal. A worker that is ended
or ends by itself is replaced; questions wait in line for a free one, so many and so long.
"""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from policygraph.errors import WorkLost
from policygraph.serve.frames import PREFIX, Frame, lengths, packed
from policygraph.serve.limits import Allowance
from policygraph.serve.refusal import BUSY, TOO_LONG, TOO_MUCH, Refusal

_COMMAND = (sys.executable, "-P", "-m", "policygraph.serve.worker")
_OPENING = 60
"""Seconds in which a worker must have opened the store."""
_PAUSE = 1
"""Seconds until a worker that did not start is tried again."""
_LATER = "30"
"""Seconds after which what is not ready yet may be."""
_AHEAD = 1 << 20
"""Bytes of an answer that are read before somebody wants them."""


class Worker:
    """The near side of a worker process."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process
        self.sealed = False

    @classmethod
    async def started(cls, settings: Mapping[str, Any]) -> Worker:
        """Start a process and have it open the store.

        Raises:
            EOFError: it ended.
        """
        pipe = asyncio.subprocess.PIPE
        nowhere = asyncio.subprocess.DEVNULL
        process = await asyncio.create_subprocess_exec(
            *_COMMAND, stdin=pipe, stdout=pipe, stderr=nowhere, limit=_AHEAD
        )
        worker = cls(process)
        try:
            async with asyncio.timeout(_OPENING):
                worker.sealed = (await worker.ask(Frame(dict(settings)))).head["sealed"]
        except BaseException:
            await worker.end()
            raise
        return worker

    async def ask(self, frame: Frame) -> Frame:
        """Send a frame and read the one that answers it.

        Raises:
            EOFError: the process ended.
        """
        into, out = self._process.stdin, self._process.stdout
        if into is None or out is None:  # never: both are pipes
            raise EOFError
        try:
            into.write(packed(frame))
            await into.drain()
            head, body = lengths(await out.readexactly(PREFIX))
            return Frame(json.loads(await out.readexactly(head)), await out.readexactly(body))
        except ConnectionError as error:
            raise EOFError from error

    async def end(self) -> None:
        """End the process, whatever it is doing."""
        with suppress(ProcessLookupError):
            self._process.kill()
        await self._process.wait()


class Pool:
    """Workers over one store.

    Args:
        settings: what a worker is told first: ``store``, ``base`` and its limits.
        allowance: limits of questions.
    """

    def __init__(self, settings: Mapping[str, Any], allowance: Allowance) -> None:
        self._settings = {
            **settings,
            "memory": allowance.memory,
            "rows": allowance.rows,
            "size": allowance.size,
        }
        self._allowance = allowance
        self._idle: asyncio.LifoQueue[Worker] = asyncio.LifoQueue()
        self._all: set[Worker] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._waiting = 0
        self._open = False

    async def open(self) -> bool:
        """Start all workers; tell whether they are sealed.

        Raises:
            WorkLost: they cannot open the store.
        """
        self._open = True
        try:
            workers = await asyncio.gather(
                *(Worker.started(self._settings) for _ in range(self._allowance.workers))
            )
        except (EOFError, TimeoutError) as error:
            raise WorkLost("serve/no-worker", store=self._settings["store"]) from error
        for worker in workers:
            self._take_in(worker)
        return all(worker.sealed for worker in workers)

    async def close(self) -> None:
        """End all workers at once."""
        self._open = False
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*(worker.end() for worker in self._all))

    async def ask(self, asked: Mapping[str, Any]) -> Frame:
        """Have a question answered.

        Raises:
            Refusal: there is no free worker in time, or the question takes too long or too much.
        """
        worker = await self._free()
        try:
            async with asyncio.timeout(self._allowance.seconds):
                answer = await worker.ask(Frame(dict(asked)))
        except TimeoutError as error:
            self._replace(worker)
            seconds = f"{self._allowance.seconds:g}"
            raise Refusal(TOO_LONG, "serve/too-long", seconds=seconds) from error
        except EOFError as error:
            self._replace(worker)
            memory = f"{self._allowance.memory / 2**20:g}"
            raise Refusal(TOO_MUCH, "serve/too-much", mebibytes=memory) from error
        except BaseException:  # the client went away, or the server ends
            self._replace(worker)
            raise
        if answer.head.get("tired"):
            self._replace(worker)
        else:
            self._idle.put_nowait(worker)
        if "refused" in answer.head:
            head = answer.head
            later = {"Retry-After": _LATER} if head["status"] == BUSY else {}
            raise Refusal(head["status"], head["refused"], later, **head["facts"])
        return answer

    async def _free(self) -> Worker:
        later = {"Retry-After": "5"}
        if not self._open or self._waiting >= self._allowance.waiting:
            raise Refusal(BUSY, "serve/busy", later)
        self._waiting += 1
        try:
            async with asyncio.timeout(self._allowance.patience):
                return await self._idle.get()
        except TimeoutError as error:
            raise Refusal(BUSY, "serve/busy", later) from error
        finally:
            self._waiting -= 1

    def _take_in(self, worker: Worker) -> None:
        self._all.add(worker)
        self._idle.put_nowait(worker)

    def _replace(self, worker: Worker) -> None:
        task = asyncio.get_running_loop().create_task(self._replaced(worker))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _replaced(self, worker: Worker) -> None:
        await worker.end()
        self._all.discard(worker)
        while self._open:
            try:
                fresh = await Worker.started(self._settings)
            except (EOFError, TimeoutError, OSError):
                await asyncio.sleep(_PAUSE)
                continue
            self._take_in(fresh)
            return
