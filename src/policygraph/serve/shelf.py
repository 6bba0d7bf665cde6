"""Answers that are kept: the graph they are made from does not change while it is served."""

from __future__ import annotations

import zlib
from collections import OrderedDict
from collections.abc import Hashable

from policygraph.serve.frames import Frame


class Shelf:
    """Keeps so many bytes of answers, packed; what was not asked for longest goes first.

    Args:
        most: bytes.
    """

    def __init__(self, most: int) -> None:
        self._most, self._size = most, 0
        self._kept: OrderedDict[Hashable, Frame] = OrderedDict()

    def find(self, key: Hashable) -> Frame | None:
        """Give what is kept under a key."""
        if key not in self._kept:
            return None
        self._kept.move_to_end(key)
        head, packed = self._kept[key]
        return Frame(head, zlib.decompress(packed))

    def keep(self, key: Hashable, frame: Frame) -> None:
        """Keep an answer, unless it is so large that it would push out many others."""
        packed = zlib.compress(frame.body, 1)
        if len(packed) > self._most // 16 or key in self._kept:
            return
        self._kept[key] = Frame(frame.head, packed)
        self._size += len(packed)
        while self._size > self._most:
            _, gone = self._kept.popitem(last=False)
            self._size -= len(gone.body)
