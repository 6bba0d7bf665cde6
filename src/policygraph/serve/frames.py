"""What the server and its workers say to each other: a head in JSON and a body of bytes.

Each frame begins with the lengths of the two, 4 bytes each, the highest first.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Callable
from typing import Any, NamedTuple

_LENGTHS = struct.Struct(">II")
PREFIX = _LENGTHS.size
"""Bytes before the head."""


class Frame(NamedTuple):
    """A message.

    Attributes:
        head: what is asked or told, plain values.
        body: the bytes of an answer.
    """

    head: dict[str, Any]
    body: bytes = b""


def packed(frame: Frame) -> bytes:
    """Write a frame."""
    head = json.dumps(frame.head).encode()
    return _LENGTHS.pack(len(head), len(frame.body)) + head + frame.body


def lengths(prefix: bytes) -> tuple[int, int]:
    """Read how long the head and the body are that follow."""
    head, body = _LENGTHS.unpack(prefix)
    return head, body


def read_frame(read: Callable[[int], bytes]) -> Frame | None:
    """Read a frame; None at the end.

    Args:
        read: gives so many bytes, fewer only at the end.
    """
    prefix = read(PREFIX)
    if len(prefix) < PREFIX:
        return None
    head, body = lengths(prefix)
    return Frame(json.loads(read(head)), read(body))
