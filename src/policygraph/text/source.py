"""The door for source texts: the bytes of one file in, the same text as code points out.

Nothing is repaired or normalised here, line ends included, so that every offset points into the
file as it is. This room knows no RDF.
"""

from __future__ import annotations

import codecs
import hashlib
from dataclasses import dataclass
from pathlib import Path

from policygraph.errors import UnreadableInput, Where

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
    """

    path: Path
    data: bytes
    sha256: str
    text: str


def read_source(path: Path | str) -> Source:
    """Read a UTF-8 file, with or without a byte order mark.

    Raises:
        UnreadableInput: the file is missing, a folder, not readable, empty or not UTF-8.
    """
    path = Path(path)
    name = str(path)
    data = _bytes_of(path, name)
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


def _bytes_of(path: Path, name: str) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError as error:
        raise UnreadableInput("source/missing", Where(name), path=name) from error
    except IsADirectoryError as error:
        raise UnreadableInput("source/folder", Where(name), path=name) from error
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise UnreadableInput("source/unreadable", Where(name), reason=reason) from error


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
