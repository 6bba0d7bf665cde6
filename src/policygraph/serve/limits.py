"""How much a server gives: to one question, to one client, to all of them."""

from __future__ import annotations

import os
from dataclasses import dataclass


@dataclass(frozen=True)
class Allowance:
    """What the server gives.

    Attributes:
        workers: processes that answer questions.
        page_workers: processes that make pages.
        shelf: bytes of pages that are kept, packed.
        seconds: of the clock for one question.
        memory: bytes that answering may take beyond what a worker has anyway.
        rows: of one answer.
        size: bytes of one answer.
        body: bytes that a client may send.
        waiting: questions that may wait for a worker.
        patience: seconds that one may wait.
        held: bytes of answers that slow clients may keep here, all together.
        to_ask: seconds from the first byte of a request, or from a connection, to its last byte.
        to_take: seconds in which a client must take a piece of an answer.
    """

    workers: int = max(2, os.cpu_count() or 2)
    page_workers: int = 2
    shelf: int = 64 << 20
    seconds: float = 10
    memory: int = 1 << 30
    rows: int = 100_000
    size: int = 32 << 20
    body: int = 1 << 20
    waiting: int = 256
    patience: float = 10
    held: int = 256 << 20
    to_ask: float = 15
    to_take: float = 30
