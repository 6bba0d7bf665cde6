"""Places: where in a file a stretch of its text stands.

In: the stretch, as code points of the text. Out: a page, a paragraph or an element with an offset
in its own text, or bytes. This room knows no RDF.
"""

from __future__ import annotations

import codecs
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple


class Piece(NamedTuple):
    """A stretch of extracted text that stands as it is in one part of the document.

    Attributes:
        start: where it starts in the text; end: where it ends, exclusive.
        part: which part: ``page 3``, ``paragraph 12``, or the path of an element.
        at: where it starts in the text of that part.
    """

    start: int
    end: int
    part: str
    at: int


class Place(NamedTuple):
    """A stretch of a document.

    Attributes:
        part: ``bytes``, or the part of the document.
        start: its first byte, or its first code point in the text of the part.
        end: where it ends, exclusive.
    """

    part: str
    start: int
    end: int


@dataclass(frozen=True)
class Extract:
    """The text of a document and where its stretches stand.

    Attributes:
        text: the text.
        form: ``text``, ``html``, ``word`` or ``pdf``.
        encoding: that of a text or an HTML page; empty for the others.
        pieces: in text order; what lies between them (ends of lines) is in no part. None for a
            text: its places are bytes.
    """

    text: str
    form: str = "text"
    encoding: str = "utf-8"
    pieces: tuple[Piece, ...] = ()

    def places(self, start: int, end: int) -> Iterator[Place]:
        """Find the places of a stretch of the text, in order."""
        at = bisect_right([piece.end for piece in self.pieces], start)
        for piece in self.pieces[at:]:
            if piece.start >= end:
                return
            first, last = max(start, piece.start), min(end, piece.end)
            shift = piece.at - piece.start
            yield Place(piece.part, first + shift, last + shift)


def bytes_at(data: bytes, encoding: str, start: int, end: int) -> Place:
    """Find the bytes of a stretch of a decoded text, a byte order mark counted.

    Args:
        data: the bytes of the whole file.
        encoding: what they were decoded with.
        start: first code point of the stretch.
        end: where it ends, exclusive.
    """
    mark = mark_of(data, encoding)
    decoder = codecs.getincrementaldecoder(encoding)()
    bounds, count = {}, 0
    for at in range(mark, len(data)):
        if count >= start and start not in bounds:
            bounds[start] = at
        if count >= end:
            break
        count += len(decoder.decode(data[at : at + 1]))
        if count >= end:
            bounds[end] = at + 1
    bounds.setdefault(start, len(data) if count <= start else mark)
    return Place("bytes", bounds[start], max(bounds.get(end, bounds[start]), bounds[start]))


def mark_of(data: bytes, encoding: str) -> int:
    """Tell how many bytes the byte order mark of a file takes."""
    marks = {
        "utf-8": codecs.BOM_UTF8,
        "utf-16-le": codecs.BOM_UTF16_LE,
        "utf-16-be": codecs.BOM_UTF16_BE,
        "utf-32-le": codecs.BOM_UTF32_LE,
        "utf-32-be": codecs.BOM_UTF32_BE,
        "gb18030": b"\x84\x31\x95\x33",
    }
    mark = marks.get(encoding, b"")
    return len(mark) if mark and data.startswith(mark) else 0
