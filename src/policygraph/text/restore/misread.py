"""Misread bytes: ``?。▍^(qū)、市)`` becomes 省（區(qū)、市) again.

A page tool searched the GBK bytes for a sign without regard to where characters begin, found it
across two of them and decoded the pieces alone. So the first byte of one character is lost and
what follows is read one byte late, until an ASCII byte that is a second byte catches up.
In: a text; out: proposals and doubts. The bytes prove every character but the first; that one only
a listed phrase may decide, and the phrase must cover the whole run, because bytes that fell into
the user-defined area vanish unseen. This room knows no RDF.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator
from typing import NamedTuple

from policygraph.text.restore import gbk, lexicon, signs
from policygraph.text.restore.ledger import Note, Proposal, facts, leave
from policygraph.text.restore.readings import SYLLABLE, Reading, reading_at, without_readings
from policygraph.text.restore.script import HAN, simplified
from policygraph.text.restore.trace import Change, Span

_NEAR = 10  # characters: room for a bracketed reading and the one before it
_UNKNOWN = b"?"  # the byte that was lost; its value is never looked at


class _Run(NamedTuple):
    """A stretch of misread text.

    Attributes:
        span: from the ``?`` to the ASCII character that ends it.
        data: its bytes, the lost one first.
        known: the characters that the bytes give, all but the first.
        origins: for each original character the span of the text that holds its bytes.
        reading: the bracketed reading after the last character, if there is one.
    """

    span: Span
    data: bytes
    known: str
    origins: tuple[Span, ...]
    reading: Reading | None


def proposals(text: str) -> Iterator[Proposal]:
    """Propose to restore the runs that bytes and one phrase decide, and note the other ones."""
    for found in _pattern().finditer(text):
        start, end = found.span()
        if HAN.search(text[max(0, start - _NEAR) : end + 1]):  # else a question in Latin text
            run = _read(found, text)
            lost = leave("misread-bytes", "restore/lost-byte", facts(), Span(start, end))
            yield _decide(run, text) if run else lost


@functools.cache
def _pattern() -> re.Pattern[str]:
    full = "".join(signs.splitting())
    folded = "".join(signs.foldable().get(sign, "") for sign in full)
    marks = re.escape(full + folded)
    run = rf"(?P<mark>[{marks}])(?P<body>[^\x00-\x7f{full}]*)(?P<end>[@-~]?)"
    return re.compile(rf"\?(?:{run}|{SYLLABLE}\))?")  # a lone byte may have eaten a bracket


def _read(found: re.Match[str], text: str) -> _Run | None:
    """Read a run with its bytes in their places; nothing if they are no characters."""
    if not found["end"]:
        return None
    mark = signs.full_form(found["mark"])
    pieces = [_UNKNOWN, *map(gbk.encode, (mark, *found["body"], found["end"]))]
    data = b"".join(pieces)
    characters = [gbk.decode_pair(data[at : at + 2]) for at in range(2, len(data), 2)]
    if len(data) % 2 or not all(characters):
        return None
    owners = [found.start() + at for at, piece in enumerate(pieces) for _ in piece]
    origins = tuple(Span(owners[at], owners[at + 1] + 1) for at in range(0, len(data), 2))
    reading = reading_at(text, found.end(), characters[-1])
    return _Run(Span(*found.span()), data, "".join(characters), origins, reading)


def _decide(run: _Run, text: str) -> Proposal:
    decided = _decided_by_phrase(run, text)
    contradicted = run.reading and not run.reading.is_default
    if len(decided) != 1 or contradicted:
        return _undecided(run)
    [(first, phrase)] = decided.items()
    start, end = run.span
    return Proposal(
        Change(start, end, first + run.known, run.origins),
        (_inferred(run, first, phrase), _proved(run)),
    )


def _decided_by_phrase(run: _Run, text: str) -> dict[str, str]:
    """Find the first characters for which a phrase covers the run: character → phrase."""
    reach = max(map(len, _phrases()))
    if len(run.known) >= reach:
        return {}
    start, end = run.span
    far = _NEAR * reach  # every character may have its reading
    before = _plain(text[max(0, start - far) : start])
    after = _plain(run.known[-1] + text[end : end + far])[1:]
    known = _plain(run.known)
    return {
        candidate: listed
        for phrase, listed in _phrases().items()
        for at in range(len(phrase) - len(known))
        if phrase[at + 1 :].startswith(known)
        and before.endswith(phrase[:at])
        and after.startswith(phrase[at + 1 + len(known) :])
        for candidate in gbk.ending_in(run.data[1])
        if _plain(candidate) == phrase[at]
    }


def _plain(text: str) -> str:
    """Write a text as phrases are compared: without readings, simplified, signs folded."""
    return signs.fold(simplified(without_readings(text)), signs.foldable())


@functools.cache
def _phrases() -> dict[str, str]:
    """Map the listed phrases, as they are compared, to what the list says."""
    return {_plain(row["phrase"]): row["phrase"] for row in lexicon.rows("phrases")}


def _inferred(run: _Run, first: str, phrase: str) -> Note:
    count = len(gbk.ending_in(run.data[1]))
    said = facts(after=first, byte=_hex(run.data[1:2]), count=count, phrase=phrase)
    return Note("misread-bytes", "inferred", "restore/misread-phrase", said, run.origins[0])


def _proved(run: _Run) -> Note:
    reading = run.reading.syllable if run.reading else ""
    reason = "restore/misread-confirmed" if reading else "restore/misread-bytes"
    said = facts(bytes=_hex(run.data[2:]), after=run.known, last=run.known[-1], reading=reading)
    span = Span(run.origins[1].start, run.span.end)
    return Note("misread-bytes", "proved", reason, said, span)


def _undecided(run: _Run) -> Proposal:
    candidates = gbk.ending_in(run.data[1])
    said = facts(
        bytes=_hex(run.data[1:]),
        after=run.known,
        byte=_hex(run.data[1:2]),
        count=len(candidates),
        candidates="".join(candidates),
    )
    return leave("misread-bytes", "restore/misread-undecided", said, run.span)


def _hex(data: bytes) -> str:
    return data.hex(" ").upper()
