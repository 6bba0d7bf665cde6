"""Runs of misread text, taken apart: what is left of the two bytes of each original character.

In: a match of the pattern of such a run; out: one slot for each character, with what its bytes
leave open. A run opens with a lost byte before a sign that the tool found across two characters, or
before a reading that it put across two characters and whose bracket that byte has eaten. It ends at
an ASCII letter that is a second byte, or at another lost byte. This room knows no RDF.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator
from typing import NamedTuple

from policygraph.text.restore import gbk, pronunciation, signs
from policygraph.text.restore.page import Page
from policygraph.text.restore.readings import WITHOUT_BRACKET, reading_at, without_readings
from policygraph.text.restore.script import is_traditional
from policygraph.text.restore.trace import Span

_NEAR = 12  # characters: room for a bracketed reading
_AROUND = " \u00a0\u3000)"


class Slot(NamedTuple):
    """What is left of one original character.

    Attributes:
        leads: the first bytes that it may have; none if that byte is lost.
        trail: its second byte; none if it is lost.
        reading: the reading that stood behind it, where its bracket was eaten.
        parted: whether bytes may have vanished between its two bytes.
    """

    leads: tuple[int, ...]
    trail: int | None
    reading: str
    parted: bool


class Run(NamedTuple):
    """A run of misread text.

    Attributes:
        span: where it stands.
        slots: its characters.
        keys: the characters that its opening reading may be of, whose bytes it parted.
        brackets: the reading that opens it and the one that closes it, in whole brackets.
    """

    span: Span
    slots: tuple[Slot, ...]
    keys: tuple[str, ...]
    brackets: tuple[str, str]


@functools.cache
def pattern() -> re.Pattern[str]:
    """Match a lost byte and the text behind it that is read one byte off.

    A whole reading does not end it: the tool took misread text for a character.
    """
    marks, between = _marks_and_between()
    inserted = rf"{WITHOUT_BRACKET}(?: (?=[^\x00-\x7f]))?"  # some put a space behind it
    opened = rf"(?P<mark>[{marks}])(?P<again>[{marks}]*)|(?P<inserted>{inserted})"
    closed = rf"(?P<end>[@-~])|\?(?:(?P<eaten>{WITHOUT_BRACKET})|(?=[{marks}]))"
    body = rf"(?P<body>(?:[^\x00-\x7f]|\({inserted}|[{between}])*)"
    return re.compile(rf"\?(?:(?:{opened}){body}(?:{closed})?)?")


@functools.cache
def more() -> re.Pattern[str]:
    """Match what may be more of a run that did not end before a question mark."""
    marks, between = _marks_and_between()
    body = rf"(?P<body>\?(?![{marks}])(?:[^\x00-\x7f]|(?!\()[{between}])+)"
    return re.compile(rf"{body}(?P<end>[@-~]|\?{WITHOUT_BRACKET}|\?(?=[{marks}]))?")


def _marks_and_between() -> tuple[str, str]:
    """Give the signs that may open a run and the folded ones inside it, for a set of a pattern."""
    marks = re.escape("".join(sorted(_marks_shown())))
    return marks, re.escape("".join(sign for sign in signs.foldable().values() if sign != "?"))


@functools.cache
def _marks_shown() -> frozenset[str]:
    """Give the signs whose bytes page tools search for, full-width and folded."""
    full = frozenset(signs.splitting())
    return full | {signs.foldable()[sign] for sign in full & signs.foldable().keys()}


def take_apart(found: re.Match[str], page: Page) -> Run | None:
    """Take a run apart; none if nothing tells what its first bytes are or where it ends."""
    if found["again"]:  # a second sign was found across characters right behind the first
        return None
    keys = _keys_read_so(found, page) if found["inserted"] else ()
    body = [gbk.encode(shown) for shown in _body(found)]
    ends = found.end() > found.end("body")
    if not (found["mark"] or keys) or not ends or any(len(pair) != 2 for pair in body):
        return None
    known = [*_opened(found, keys), *((byte,) for pair in body for byte in pair)]
    brackets = _whole(found["inserted"]), _whole(found["eaten"])
    return Run(Span(*found.span()), tuple(_slots(known, found)), keys, brackets)


def _whole(bracket: str | None) -> str:
    return f"({bracket.rstrip()}" if bracket else ""


def _slots(known: list[tuple[int, ...]], found: re.Match[str]) -> Iterator[Slot]:
    """Pair the bytes; those shown as one character were together, others may have been parted."""
    whole = 1 if found["mark"] else 0  # between the bytes of the sign that was found is nothing
    reading = (found["eaten"] or "").strip(_AROUND)
    end = [ord(found["end"])] if found["end"] else [None]
    trails = [*(byte for (byte,) in known[1::2]), *end]
    for at, (leads, trail) in enumerate(zip(known[::2], trails, strict=True), start=1):
        is_last = at == len(trails)
        yield Slot(leads, trail, reading if is_last else "", parted=at > whole)


def _opened(found: re.Match[str], keys: tuple[str, ...]) -> list[tuple[int, ...]]:
    """Give what the first bytes may be: lost, and then those of a sign; or the end of a key."""
    if found["mark"]:
        return [(), *((byte,) for byte in gbk.encode(signs.full_form(found["mark"])))]
    return [tuple(gbk.encode(key)[1] for key in keys)]


def _keys_read_so(found: re.Match[str], page: Page) -> tuple[str, ...]:
    """Find the characters whose reading stands there, and whose first byte ends the one before."""
    before = without_readings(found.string[max(0, found.start() - _NEAR) : found.start()])[-1:]
    data = gbk.encode(before)
    if len(data) != 2:
        return ()
    reading = found["inserted"].strip(_AROUND)
    read_so = [c for c in gbk.beginning_with(data[1]) if pronunciation.usual(c) == reading]
    on_page = [character for character in read_so if character in page.keys]
    return tuple(on_page or filter(is_traditional, read_so))


def _body(found: re.Match[str]) -> Iterator[str]:
    """Give the characters of the body, signs full-width, without whole readings."""
    text, at = found.string, found.start("body")
    while at < found.end("body"):
        whole = reading_at(text, at, text[at - 1])
        if whole and whole.is_default:
            at = whole.span.end
        else:
            yield signs.full_form(text[at])
            at += 1
