"""Texts: the encoding is told from the bytes, or refused where they do not tell.

In: bytes; out: the text and the name of the encoding. A byte order mark decides, then UTF-8, for
hardly any other text is valid UTF-8. Of the others those are tried that charset-normalizer knows;
the one whose characters are the usual ones of Chinese is taken, if no other comes near.
"""

from __future__ import annotations

import codecs
import re

from policygraph.errors import UnreadableInput, Where
from policygraph.text.places import mark_of
from policygraph.text.restore.script import is_common

_MARKED = ("utf-8", "utf-32-le", "utf-32-be", "utf-16-le", "utf-16-be", "gb18030")
_CHINESE = ("gb18030", "cp950", "big5hkscs")
_SAMPLE = 20_000  # characters looked at
# Signs of Chinese text and letters of readings in brackets.
_USUAL = re.compile("[\t\n\r\x20-\x7e，。、；：？！“”‘’（）《》—…·\u3000\u00e0-\u01dc]")
# Running Chinese consists of common characters nearly throughout, Big5 read as GB 18030 hardly.
_ENOUGH = 0.85
_AHEAD = 0.1


def decode(data: bytes, name: str, encoding: str = "") -> tuple[str, str]:
    """Decode a text.

    Args:
        data: the bytes of the whole file.
        name: of the file, for messages.
        encoding: the one to take; empty to let the bytes decide.

    Raises:
        UnreadableInput: the encoding is unknown, or none fits, or several do.
    """
    if encoding:
        return _as_said(data, name, encoding)
    if shifting := _shifting(data):
        raise UnreadableInput("reading/shifting", Where(name), encoding=shifting)
    taken = next((each for each in _MARKED if mark_of(data, each)), "") or _without_mark(data)
    text = _decoded(data, taken) if taken else None
    if text is None:
        raise UnreadableInput("reading/no-encoding", Where(name), tried=", ".join(_CHINESE))
    return text, taken


def _shifting(data: bytes) -> str:
    """Name the encoding of bytes that are ASCII throughout and mean Chinese; empty for others."""
    if not data.isascii():
        return ""
    if re.search(rb"\x1b\$[@AB()]", data):
        return "ISO-2022"
    return "HZ" if b"~{" in data and _share(data, "hz") >= _ENOUGH else ""


def _as_said(data: bytes, name: str, encoding: str) -> tuple[str, str]:
    try:
        taken = codecs.lookup(encoding).name
    except LookupError as error:
        raise UnreadableInput("reading/unknown-encoding", Where(name), name=encoding) from error
    taken = {"utf-8-sig": "utf-8", "gbk": "gb18030", "gb2312": "gb18030"}.get(taken, taken)
    if taken in ("utf-16", "utf-32"):
        big = bool(mark_of(data, f"{taken}-be"))
        taken = f"{taken}-be" if big else f"{taken}-le"
    text = _decoded(data, taken)
    if text is None:
        raise UnreadableInput("reading/other-encoding", Where(name), name=encoding)
    return text, taken


def _decoded(data: bytes, encoding: str) -> str | None:
    try:
        return data[mark_of(data, encoding) :].decode(encoding)
    except (UnicodeDecodeError, LookupError):
        return None


def _without_mark(data: bytes) -> str:
    if b"\0" in data[:_SAMPLE]:
        # ASCII characters in UTF-16 have a zero byte: the second one in little-endian order
        little = data[1:_SAMPLE:2].count(0) >= data[:_SAMPLE:2].count(0)
        first, second = ("utf-16-le", "utf-16-be") if little else ("utf-16-be", "utf-16-le")
        return next((each for each in (first, second) if _share(data, each) >= _ENOUGH), "")
    if _decoded(data, "utf-8") is not None:
        return "utf-8"
    return _chinese(data) or _other(data)


def _chinese(data: bytes) -> str:
    """Find the Chinese encoding that fits alone; the last two differ in rare characters only."""
    shares = sorted(((_share(data, each), -at, each) for at, each in enumerate(_CHINESE)))[::-1]
    (best, _, taken), *others = shares
    rivals = [share for share, _, each in others if (each == "gb18030") != (taken == "gb18030")]
    return taken if best >= _ENOUGH and best - max(rivals) >= _AHEAD else ""


def _other(data: bytes) -> str:
    """Ask charset-normalizer, for texts of other languages and UTF-16 without a mark."""
    from charset_normalizer import from_bytes

    found = from_bytes(data[:_SAMPLE]).best()
    ascii_share = sum(byte < 0x80 for byte in data[:_SAMPLE]) / len(data[:_SAMPLE])
    if found is None or found.chaos > _AHEAD or (found.coherence == 0 and ascii_share < _ENOUGH):
        return ""
    taken = codecs.lookup(found.encoding).name
    chinese = {"gbk", "gb2312", "hz", "big5", *_CHINESE}
    return "" if taken in chinese or _decoded(data, taken) is None else taken


def _share(data: bytes, encoding: str) -> float:
    """Tell the share of usual characters, if the bytes are that encoding; else 0."""
    text = _decoded(data, encoding)
    if text is None:
        return 0.0
    sample = text[:_SAMPLE]
    foreign = [c for c in sample if not "\x20" <= c <= "\x7e"] or list(sample)
    return sum(bool(_USUAL.match(c)) or is_common(c) for c in foreign) / max(1, len(foreign))
