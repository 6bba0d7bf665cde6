"""The door for source texts: the bytes of one file in, the same text as code points out.

Nothing is repaired or normalised here, line ends included, so that every offset points into the
file as it is. This room knows no RDF.
"""

from __future__ import annotations

import codecs
import hashlib
from dataclasses import dataclass
from pathlib import Path

from policygraph.errors import UnreadableInput, Where, reason
from policygraph.text.places import Extract, Place, bytes_at

_MARKS = {  # byte order marks, the longer ones first: UTF-32-LE begins like UTF-16-LE
    codecs.BOM_UTF32_LE: "UTF-32",
    codecs.BOM_UTF32_BE: "UTF-32",
    codecs.BOM_UTF16_LE: "UTF-16",
    codecs.BOM_UTF16_BE: "UTF-16",
}


@dataclass(frozen=True)
class Source:
    """A source text with the bytes it was read from.

    Attributes:
        path: where it was read.
        data: the bytes of the file, complete.
        sha256: hash of ``data``, in hexadecimal.
        text: the text; offsets are code points of it. A byte order mark at the start of the file
            is part of ``data`` but not of ``text``.
        extract: how the text was taken out of the bytes, where it was not read as UTF-8.
    """

    path: Path
    data: bytes
    sha256: str
    text: str
    extract: Extract | None = None

    @property
    def form(self) -> str:
        """What was read: ``text``, ``html``, ``word`` or ``pdf``."""
        return self.extract.form if self.extract else "text"

    @property
    def encoding(self) -> str:
        """The encoding of a text or a page; empty for other documents."""
        return self.extract.encoding if self.extract else "utf-8"

    def places(self, start: int, end: int) -> tuple[Place, ...]:
        """Find where in the file a stretch of the text stands: bytes, or parts of the document.

        Raises:
            ValueError: the stretch does not lie in the text.
        """
        if not 0 <= start <= end <= len(self.text):
            raise ValueError(f"[{start}, {end}) does not lie in the text")
        if self.form == "text":
            return (bytes_at(self.data, self.encoding, start, end),)
        return tuple(self.extract.places(start, end)) if self.extract else ()


def read_source(path: Path | str) -> Source:
    """Read a UTF-8 file, with or without a byte order mark.

    Raises:
        UnreadableInput: the file is missing, a folder, not readable, empty or not UTF-8.
    """
    path = Path(path)
    name = str(path)
    data = bytes_of(path, name)
    text = _decoded(data, name)
    if not text.strip():
        raise UnreadableInput("source/empty", Where(name))
    return Source(path, data, hashlib.sha256(data).hexdigest(), text)


def check_hash(source: Source, expected: str) -> None:
    """Refuse a source whose bytes are not the recorded ones.

    Args:
        source: what was read.
        expected: the recorded sha256, in hexadecimal.

    Raises:
        UnreadableInput: the hashes differ.
    """
    if source.sha256 != expected.strip().lower():
        where = Where(str(source.path))
        raise UnreadableInput("source/altered", where, found=source.sha256, expected=expected)


def bytes_of(path: Path, name: str, most: int = 0) -> bytes:
    """Read the bytes of a file.

    Args:
        path: the file.
        name: how messages call it.
        most: the largest size that is read; 0 for any.

    Raises:
        UnreadableInput: the file is missing, a folder, too large or not readable.
    """
    try:
        size = path.stat().st_size if most else 0
        if size > most:
            raise UnreadableInput("source/too-large", Where(name), size=size, most=most)
        return path.read_bytes()
    except FileNotFoundError as error:
        raise UnreadableInput("source/missing", Where(name), path=name) from error
    except IsADirectoryError as error:
        raise UnreadableInput("source/folder", Where(name), path=name) from error
    except OSError as error:
        why = reason(error)
        raise UnreadableInput("source/unreadable", Where(name), reason=why) from error


def _decoded(data: bytes, name: str) -> str:
    position = data.find(0)  # Latin text in UTF-16 is valid UTF-8, but full of NULs
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        # the codec counts from behind a byte order mark; the position is meant in the file
        mark = len(codecs.BOM_UTF8) if data.startswith(codecs.BOM_UTF8) else 0
        position = error.start + mark
    else:
        if position < 0:
            return text
    facts = {"byte": f"0x{data[position]:02X}", "position": position, "guess": _guess(data)}
    raise UnreadableInput("source/not-utf8", Where(name), **facts)


def _guess(data: bytes) -> str:
    for mark, name in _MARKS.items():
        if data.startswith(mark):
            return name
    if b"\0" in data:  # ASCII characters in UTF-16 have a zero byte: the second one in LE
        return "UTF-16LE" if data[1::2].count(0) >= data[::2].count(0) else "UTF-16BE"
    try:
        data.decode("gb18030")
    except UnicodeDecodeError:
        return "unknown"
    return "GB18030"
