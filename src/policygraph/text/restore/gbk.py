"""GBK at the level of bytes: what a page tool does that ignores where its characters begin.

In: characters or bytes; out: bytes, characters, candidates. Pure arithmetic on the code; this room
imports nothing of the project.
"""

from __future__ import annotations

import functools
import re

_USER_DEFINED = re.compile("[\ue000-\ue765]")  # where GB 18030 maps that area in Unicode
LEADS = range(0x81, 0xFF)
_COMMON = range(0xB0, 0xD8)  # lead bytes of the 3,755 common characters of GB 2312
_USUAL = range(0xB0, 0xF8)  # those of all its 6,763 characters


@functools.cache
def ending_in(trail: int) -> tuple[str, ...]:
    """Give the characters whose second byte is ``trail``, the common ones first."""
    leads = sorted(LEADS, key=lambda lead: lead not in _COMMON)
    return tuple(filter(None, (decode_pair(bytes((lead, trail))) for lead in leads)))


@functools.cache
def beginning_with(lead: int) -> tuple[str, ...]:
    """Give the characters whose first byte is ``lead``."""
    return tuple(filter(None, (decode_pair(bytes((lead, trail))) for trail in range(0x40, 0xFF))))


def with_bytes(lead: int | None, trail: int | None) -> tuple[str, ...]:
    """Give the characters with these two bytes, one of which may be unknown; none if both are."""
    if lead is None:
        return ending_in(trail) if trail is not None else ()
    if trail is None:
        return beginning_with(lead)
    character = decode_pair(bytes((lead, trail)))
    return (character,) if character else ()


def is_common(character: str) -> bool:
    """Tell whether a character is one of the 3,755 common ones of GB 2312."""
    data = encode(character)
    return len(data) == 2 and data[0] in _COMMON and data[1] >= 0xA1


def is_usual(character: str) -> bool:
    """Tell whether a character is one of the 6,763 of GB 2312."""
    data = encode(character)
    return len(data) == 2 and data[0] in _USUAL and data[1] >= 0xA1


def decode_pair(pair: bytes) -> str:
    """Decode two bytes as one character; empty if they are none."""
    try:
        text = pair.decode("gbk")
    except UnicodeDecodeError:
        return ""
    return text if len(text) == 1 else ""


def encode(text: str) -> bytes:
    """Encode a text; characters that GBK lacks become four bytes, which no pair can match."""
    return text.encode("gb18030", "replace")


def decode(piece: bytes) -> str:
    """Decode a piece of a page as the tools do.

    A pair in the user-defined area (AAA1-AFFE, F8A1-FEFE, A140-A7A0) vanishes; a first byte alone,
    or before a byte that cannot follow it, becomes ``?``.
    """
    try:
        text = piece.decode("gb18030")
    except UnicodeDecodeError:
        return _decode_step_by_step(piece)
    return _USER_DEFINED.sub("", text)


def _decode_step_by_step(piece: bytes) -> str:
    characters, at = [], 0
    while at < len(piece):
        if piece[at] < min(LEADS):
            characters.append(chr(piece[at]) if piece[at] < 0x80 else "?")
            at += 1
        else:
            pair = piece[at : at + 2]
            vanishes = bool(_USER_DEFINED.match(pair.decode("gb18030", "replace")))
            characters.append("" if vanishes else decode_pair(pair) or "?")
            at += 2
    return "".join(characters)
