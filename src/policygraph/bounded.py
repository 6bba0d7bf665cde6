"""Work in a process of its own, within limits of time and memory; Ctrl-C ends it at once.

In: a function. Out: what it returns, or what it raises. Questions are asked this way, and files of
strangers read: a hostile one harms only the process that reads it. A query that Oxigraph is busy
with cannot be stopped from within its process, but the process can be ended from outside. Where a
process cannot be split in two (Windows), the work is done here and without limits.
"""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar, cast

from policygraph.errors import PolicyGraphError, Where, WorkLost
from policygraph.sealed import seal

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

Result = TypeVar("Result")

_OFTEN = 0.2
"""Seconds between two looks at work that is not done."""


@dataclass(frozen=True)
class Limits:
    """How much a piece of work may take.

    Attributes:
        seconds: of the clock; 0 for any number.
        memory: bytes beyond what this process has already; 0 for any number.
        too_long: entry of the message catalogue for work that takes longer; fact ``seconds``.
        lost: the one for work that takes more memory, or whose process was ended.
        about: what is worked on, for messages; empty where they need not say it.
        offline: no socket may be opened, where the system can see to that (docs/decisions/0052).
    """

    seconds: float = 0
    memory: int = 0
    too_long: str = "query/too-long"
    lost: str = "query/worker-ended"
    about: str = ""
    offline: bool = False


def bounded(
    work: Callable[[], Result], limits: Limits, meanwhile: Callable[[], None] | None = None
) -> Result:
    """Do some work within limits.

    Args:
        work: what to do; its result must be fit to be pickled.
        limits: how much it may take.
        meanwhile: is called in this process a few times a second while the work is done.

    Raises:
        WorkLost: a limit was reached, or the process was ended from outside.
        PolicyGraphError: what the work itself raises.
    """
    import multiprocessing

    if "fork" not in multiprocessing.get_all_start_methods():
        return work()
    context = multiprocessing.get_context("fork")
    ours, theirs = context.Pipe(duplex=False)
    process = context.Process(target=_work, args=(work, limits, theirs), daemon=True)
    sys.stdout.flush()
    process.start()
    theirs.close()
    try:
        _wait(ours, limits, meanwhile)
        found = ours.recv()
    except EOFError as error:
        raise WorkLost(limits.lost, Where(limits.about)) from error
    finally:
        process.kill()
        process.join()
    if isinstance(found, BaseException):
        raise found
    return cast("Result", found)


def _wait(ours: Connection, limits: Limits, meanwhile: Callable[[], None] | None) -> None:
    """Wait for a result, and do something else from time to time if there is anything to do."""
    begun = time.monotonic()
    while not ours.poll(_OFTEN if meanwhile else limits.seconds or None):
        if limits.seconds and time.monotonic() - begun >= limits.seconds:
            seconds = f"{limits.seconds:g}"
            raise WorkLost(limits.too_long, Where(limits.about), seconds=seconds)
        if meanwhile:
            meanwhile()


def _work(work: Callable[[], object], limits: Limits, theirs: Connection) -> None:
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)  # where Rust says that it has no memory left
    if limits.offline:
        seal()
    if limits.memory:
        hold_to(limits.memory)
    found: object
    try:
        found = work()
    except PolicyGraphError as error:
        error.__cause__ = error.__context__ = None  # a library's error may not survive the way
        found = error
    except MemoryError:
        return
    theirs.send(found)


def hold_to(memory: int) -> None:
    """Let this process have so many bytes beyond those it has mapped, where that can be told."""
    if mapped():
        import resource

        most = mapped() + memory
        resource.setrlimit(resource.RLIMIT_AS, (most, most))


def mapped() -> int:
    """Count the bytes that this process has mapped; 0 where that cannot be told."""
    counted = Path("/proc/self/statm")
    if not counted.is_file():
        return 0
    return int(counted.read_text("ascii").split()[0]) * os.sysconf("SC_PAGESIZE")
