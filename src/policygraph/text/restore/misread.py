"""Misread bytes: ``?。▍^(qū)、市)`` becomes 省（區(qū)、市) again.

A page tool searched the GBK bytes for a sign without regard to where characters begin, found it
across two of them and decoded the pieces alone. So the first byte of one character is lost and
what follows is read one byte late, until an ASCII byte that is a second byte catches up.
In: a text; out: proposals and doubts. The bytes give every character but the first, if none fell
into the user-defined area, where bytes vanish unseen. A listed phrase that covers the whole run
decides it; else known words do, if exactly one reading consists of them.
This room knows no RDF.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator
from typing import NamedTuple

from policygraph.text.restore import gbk, lexicon, signs, wording
from policygraph.text.restore.ledger import Note, Proposal, change, facts, leave
from policygraph.text.restore.readings import (
    WITHOUT_BRACKET,
    Reading,
    reading_at,
    readings_in,
    without_readings,
)
from policygraph.text.restore.script import HAN, is_common, is_traditional, simplified
from policygraph.text.restore.trace import Change, Span

_NEAR = 10  # characters: room for a bracketed reading and the one before it
_SHOWN = 20  # readings that a message lists; of more it says how many there are
_UNKNOWN = b"?"  # the byte that was lost; its value is never looked at
_USUAL_SIGNS = frozenset("、。，；：！？“”《》（）·—…")


class _Run(NamedTuple):
    """A stretch of misread text.

    Attributes:
        span: from the ``?`` to what ends it.
        data: its bytes, the lost one first; without those of the character that ends it, where it
            ends in another lost byte.
        known: the characters that the bytes give, all but the first.
        origins: for each original character the span of the text that holds its bytes; none if
            the bytes are no characters, or signs stand in between.
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
            yield from _explain(found, text)


def _explain(found: re.Match[str], text: str) -> Iterator[Proposal]:
    run = _read(found, text)
    if found["mark"] and not _is_misread(run, found["body"]):
        start = found.start()
        end = found.start("body") if found["body"] else found.end()
        yield leave("misread-bytes", "restore/lost-byte", facts(), Span(start, end))
        return
    decided = _decided_by_phrase(run, text) if run.origins else {}
    contradicted = run.reading and not run.reading.is_default
    if len(decided) == 1 and not contradicted:
        yield _repair(run, *decided.popitem())
        return
    if run.origins:
        covered = [] if contradicted else _covered_by_words(run, found, text)
        if len(covered) == 1 and HAN.match(covered[0].text):  # a sign alone proves nothing
            yield _infer(run, covered[0])
            return
        yield _undecided(run, covered)
    else:
        yield from _pieces(run.span, text)
    yield from _reading_behind(found, text)


def _pieces(span: Span, text: str) -> Iterator[Proposal]:
    """Leave a run, but for readings that were put behind a character of the misread text itself."""
    done = span.start
    for bracket in readings_in(text, *span):
        if bracket.is_default:
            yield leave(
                "misread-bytes", "restore/lost-byte", facts(), Span(done, bracket.span.start)
            )
            said = facts(character=bracket.character, reading=bracket.syllable)
            yield change("reading", "restore/reading", said, bracket.span, "")
            done = bracket.span.end
    if done < span.end:
        yield leave("misread-bytes", "restore/lost-byte", facts(), Span(done, span.end))


@functools.cache
def _pattern() -> re.Pattern[str]:
    """Match a lost byte and the text behind it that is read one byte off.

    It reaches to an ASCII letter that is a second byte, or to another lost byte: that one stands
    before a sign which the tool found at its place, or has eaten the bracket of a reading. A whole
    reading does not end it: the tool took misread text for a character.
    """
    full = "".join(signs.splitting())
    folded = "".join(signs.foldable().get(sign, "") for sign in full)
    marks = re.escape(full + folded)
    between = re.escape(folded.replace("?", ""))
    inserted = rf"{WITHOUT_BRACKET}(?: (?=[^\x00-\x7f]))?"  # some put a space behind it
    opened = rf"(?P<mark>[{marks}])|{inserted}"
    closed = rf"(?P<end>[@-~])|\?(?:{WITHOUT_BRACKET}|(?=[{marks}]))"
    body = rf"(?P<body>(?:[^\x00-\x7f]|[{between}]|\({inserted})*)"
    return re.compile(rf"\?(?:(?:{opened}){body}(?:{closed})?)?")


def _read(found: re.Match[str], text: str) -> _Run:
    """Read a run with its bytes in their places."""
    mark, body, end = signs.full_form(found["mark"] or ""), found["body"] or "", found["end"] or ""
    pieces = [_UNKNOWN, *map(gbk.encode, (mark, *body, end) if mark else (*body, end))]
    data = b"".join(pieces)
    characters = [gbk.decode_pair(data[at : at + 2]) for at in range(2, len(data), 2)]
    span, known = Span(*found.span()), "".join(character or "?" for character in characters)
    whole = mark and end and len(data) % 2 == 0 and all(characters)
    if not whole or any(sign in body for sign in _splitting() + "("):
        return _Run(span, data, known, (), None)
    owners = [found.start() + at for at, piece in enumerate(pieces) for _ in piece]
    origins = tuple(Span(owners[at], owners[at + 1] + 1) for at in range(0, len(data), 2))
    reading = reading_at(text, found.end(), characters[-1])
    return _Run(span, data, known, origins, reading)


@functools.cache
def _splitting() -> str:
    full = "".join(signs.splitting())
    return full + signs.fold(full, signs.foldable())


def _is_misread(run: _Run, body: str) -> bool:
    """Tell whether text makes more sense read one byte later; else it is a folded question mark."""
    unfolded = "".join(map(signs.full_form, body))  # a folded sign is as usual as a full one
    return not body or _share_of_usual(run.known) >= _share_of_usual(unfolded)


def _share_of_usual(text: str) -> float:
    return sum(c in _USUAL_SIGNS or is_common(c) for c in text) / max(1, len(text))


def _reading_behind(found: re.Match[str], text: str) -> Iterator[Proposal]:
    """Propose to remove the reading of the character whose second byte ends an undecided run."""
    for last in gbk.ending_in(ord(found["end"])) if found["end"] else ():
        reading = reading_at(text, found.end(), last)
        if reading and reading.is_default and is_traditional(last):
            said = facts(character=last, reading=reading.syllable, byte=_hex(found["end"].encode()))
            yield change("reading", "restore/reading-of-run", said, reading.span, "")
            return


def _repair(run: _Run, first: str, phrase: str) -> Proposal:
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


def _covered_by_words(run: _Run, found: re.Match[str], text: str) -> list[wording.Reading]:
    """Find the readings of a run that known words cover."""
    start, end = run.span
    far = _NEAR * _NEAR
    before = _plain(text[max(0, start - far) : start])[-_NEAR:]
    after = _plain(run.known[-1] + text[end : end + far])[1 : _NEAR + 1]
    shown = "".join(map(signs.full_form, found["body"])) + found["end"]
    gap = wording.Gap(run.data[1], run.known, signs.full_form(found["mark"]), shown)
    return wording.readings(gap, wording.Context(before, after, _groups(text)))


@functools.lru_cache(maxsize=1)
def _groups(text: str) -> frozenset[str]:
    return wording.groups(_plain(text))


def _infer(run: _Run, reading: wording.Reading) -> Proposal:
    """Propose the one reading that words cover.

    With two vanished bytes it has as many characters as the run, so each has its own place.
    """
    start, end = run.span
    own = tuple(Span(at, at + 1) for at in range(start, end))
    said = facts(
        bytes=_hex(run.data[1:]),
        after=reading.text,
        words="、".join(reading.words),
        byte=_hex(run.data[1:2]),
        count=len(gbk.ending_in(run.data[1])),
    )
    reason = "restore/misread-words-vanished" if reading.vanished else "restore/misread-words"
    note = Note("misread-bytes", "inferred", reason, said, run.span)
    return Proposal(
        Change(start, end, reading.text, own if reading.vanished else run.origins), (note,)
    )


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


def _undecided(run: _Run, covered: list[wording.Reading]) -> Proposal:
    """Leave a run; name all its first characters, and the readings that words cover."""
    candidates = gbk.ending_in(run.data[1])
    reason = "restore/misread-several" if covered else "restore/misread-undecided"
    said = facts(
        bytes=_hex(run.data[1:]),
        after=run.known,
        byte=_hex(run.data[1:2]),
        count=len(candidates),
        candidates="".join(candidates),
        readings="、".join(sorted({reading.text for reading in covered})[:_SHOWN]),
        covered=len(covered),
    )
    return leave("misread-bytes", reason, said, run.span)


def _hex(data: bytes) -> str:
    return data.hex(" ").upper()
