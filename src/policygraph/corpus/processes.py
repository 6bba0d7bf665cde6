"""Processes of our own that begin clean: they never run the script that called us.

Python's own way of starting a process runs the main script again in it, so a script without
``if __name__ == "__main__":`` would build within its builds. Our processes need nothing of it.
"""

from __future__ import annotations

import os
import signal
import sys
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from itertools import islice
from multiprocessing import active_children, parent_process
from multiprocessing.context import SpawnContext, SpawnProcess
from multiprocessing.process import BaseProcess
from threading import Thread
from types import ModuleType
from typing import Any, TypeVar

from policygraph.errors import WorkLost

Given = TypeVar("Given")
Made = TypeVar("Made")


@contextmanager
def pool_of(
    jobs: int, begin: Callable[..., object] | None = None, *given: object
) -> Iterator[ProcessPoolExecutor]:
    """Use a pool of processes; they are ended at once when something goes wrong, or on Ctrl-C.

    Args:
        jobs: number of processes.
        begin: what each does first, if anything, after it has left Ctrl-C to its parent.
        given: what ``begin`` is called with.

    Raises:
        WorkLost: a process was ended from outside.
    """
    pool = ProcessPoolExecutor(jobs, _Clean(), _begin, (begin, given))
    try:
        yield pool
    except BaseException as error:
        pool.shutdown(wait=False, cancel_futures=True)
        for process in active_children():
            if isinstance(process, _CleanProcess):
                process.terminate()
        if isinstance(error, BrokenProcessPool):
            raise WorkLost("build/worker-died") from error
        raise
    finally:
        pool.shutdown()


def in_order(
    pool: ProcessPoolExecutor, work: Callable[[Given], Made], given: Iterable[Given], ahead: int
) -> Iterator[Made]:
    """Have work done by a pool, never more than ``ahead`` pieces at once; give results in order.

    ``Executor.map`` would cancel what waits when the pool is ended; a pool that has lost a process
    meanwhile stumbles over that, in a thread of its own that nobody can catch (CPython 3.11).
    """
    waiting: deque[Future[Made]] = deque()
    for piece in given:
        waiting.append(pool.submit(work, piece))
        if len(waiting) == ahead:
            yield waiting.popleft().result()
    while waiting:
        yield waiting.popleft().result()


def side_by_side(
    pool: Executor,
    work: Callable[[Given], Made],
    own: Callable[[Given], Made],
    given: Iterable[Given],
    under_way: int,
    ahead: int,
) -> Iterator[Made]:
    """Share work between a pool and this process, which works whenever it would have to wait.

    Args:
        pool: of processes.
        work: what they do with a piece.
        own: the same, done here.
        given: the pieces.
        under_way: how many pieces the pool has at once, 1 or more.
        ahead: how many are under way or wait to be taken, at most; not fewer.

    Returns:
        What was made, in order; what went wrong with a piece is raised when it is its turn.
    """
    pieces, waiting = iter(given), deque[Future[Made]]()
    while True:
        room = ahead - len(waiting)
        free = under_way - sum(not made.done() for made in waiting)
        waiting += [pool.submit(work, piece) for piece in islice(pieces, max(0, min(free, room)))]
        if not waiting:
            return
        idle = not waiting[0].done() and len(waiting) < ahead
        mine = [_done(own, piece) for piece in islice(pieces, int(idle))]
        waiting += mine
        if not mine:
            yield waiting.popleft().result()


def _done(work: Callable[[Given], Made], piece: Given) -> Future[Made]:
    done = Future[Made]()
    try:
        done.set_result(work(piece))
    except Exception as error:  # noqa: BLE001 - whatever it is, it waits for its turn
        done.set_exception(error)
    return done


def _begin(begin: Callable[..., object] | None, given: tuple[object, ...]) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    Thread(target=_end_with_parent, daemon=True).start()
    if begin:
        begin(*given)


def _end_with_parent() -> None:
    """Leave at once when the parent is gone: nobody is left to take what we make."""
    parent = parent_process()
    if parent:
        parent.join()
        os._exit(1)


class _CleanProcess(SpawnProcess):
    @staticmethod
    def _Popen(process_obj: BaseProcess) -> Any:  # noqa: N802 - named by multiprocessing
        with _nameless_main():
            return SpawnProcess._Popen(process_obj)


class _Clean(SpawnContext):
    Process = _CleanProcess


@contextmanager
def _nameless_main() -> Iterator[None]:
    """Hide the main script while a process is told where to begin."""
    main = sys.modules["__main__"]
    sys.modules["__main__"] = ModuleType("__main__")
    try:
        yield
    finally:
        sys.modules["__main__"] = main
