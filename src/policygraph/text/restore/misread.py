"""Misread bytes: ``?。▍^(qū)、市)`` becomes 省（區(qū)、市) again.

A page tool searched the GBK bytes for a sign without regard to where characters begin, found it
across two of them and decoded the pieces alone. So the first byte of one character is lost and
what follows is read one byte late, until an ASCII byte that is a second byte catches up.
In: a text; out: proposals and doubts. The bytes give every character but the first, if none fell
into the user-defined area, where bytes vanish unseen. A listed phrase that covers the whole run
decides it; else known words do, if those of one reading are far more usual than those of any other.
This room knows no RDF.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator
from typing import NamedTuple

from policygraph.text.restore import decoding, gbk, lexicon, page, runs, signs
from policygraph.text.restore.ledger import Facts, Note, Proposal, change, facts, leave
from policygraph.text.restore.readings import (
    Reading,
    reading_at,
    readings_in,
    without_readings,
)
from policygraph.text.restore.script import HAN, is_common, is_traditional, simplified
from policygraph.text.restore.trace import Change, Span

_NEAR = 10  # characters: room for a bracketed reading and the one before it
_TELLING = 6  # characters of misread text: some of so many are unusual ones
_SHOWN = 20  # readings that a message lists; of more it says how many there are
_UNKNOWN = b"?"  # the byte that was lost; its value is never looked at
_USUAL_SIGNS = frozenset("、。，；：！？“”《》（）·—…")

# How much more usual the words of a reading have to be than those of any other, as logarithms: e^2
# times, where the other one consists of known words as well. Measured: docs/decisions/0084.
_CLEARLY = 2.0
_BARELY = 1.0
_LISTED = 6.0  # the same for the readings that the ledger names


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
    """Propose to restore the runs that bytes and words decide, and note the other ones."""
    at = 0
    while found := runs.pattern().search(text, at):
        start, at = found.start(), _end_of(found, text)
        if not HAN.search(text[max(0, start - _NEAR) : at + 1]):
            continue  # a question in Latin text
        run = _read(found, Span(start, at), text)
        if found["mark"] and not _is_misread(run, found["body"]):
            at = found.start("body") if found["body"] else at
            yield leave("misread-bytes", "restore/lost-byte", facts(), Span(start, at))
        else:
            yield from _explain(run, found, text)


def _explain(run: _Run, found: re.Match[str], text: str) -> Iterator[Proposal]:
    decided = _decided_by_phrase(run, text) if run.origins else {}
    contradicted = len(decided) > 1 or (run.reading and not run.reading.is_default)
    if decided and not contradicted:
        yield _repair(run, *decided.popitem())
        return
    likely = [] if contradicted else _likely(found, text)
    if _is_clear(likely, run.span):
        yield _infer(run, likely[0])
        return
    covered = [reading for reading in likely if reading.words]
    if run.origins:
        yield _undecided(run, covered)
    else:
        yield from _pieces(run.span, text, covered)
    yield from _reading_behind(found, text)


def _likely(found: re.Match[str], text: str) -> list[decoding.Reading]:
    """Find the readings of a run that words speak for, the most usual one first."""
    shown = page.of(text)
    run = runs.take_apart(found, shown)
    return decoding.readings(run, text, shown, _LISTED) if run else []


def _is_clear(likely: list[decoding.Reading], span: Span) -> bool:
    """Tell whether the words of the first reading are more usual than those of all others.

    A sign in the place of the first character is never chosen: no word speaks for it. Nor is a
    reading of more characters than the run, for each of them needs its own place.
    """
    if not likely:
        return False
    first, *others = likely
    return (
        bool(first.words and HAN.match(first.text))
        and len(first.text) <= span.end - span.start
        and all(
            other.cost >= first.cost + (_CLEARLY if other.words else _BARELY) for other in others
        )
    )


def _pieces(span: Span, text: str, likely: list[decoding.Reading]) -> Iterator[Proposal]:
    """Leave a run, but for readings that were put behind a character of the misread text itself."""
    reason = "restore/misread-likely" if likely else "restore/lost-byte"
    said = _listed(likely) if likely else facts()
    done = span.start
    for bracket in readings_in(text, *span):
        if bracket.is_default:
            yield leave("misread-bytes", reason, said, Span(done, bracket.span.start))
            removed = facts(character=bracket.character, reading=bracket.syllable)
            yield change("reading", "restore/reading", removed, bracket.span, "")
            done = bracket.span.end
    if done < span.end:
        yield leave("misread-bytes", reason, said, Span(done, span.end))


def _listed(likely: list[decoding.Reading]) -> Facts:
    """Say which readings words speak for: the most usual ones first."""
    shown = "、".join(reading.text for reading in likely[:_SHOWN])
    return facts(readings=shown, covered=len(likely))


def _read(found: re.Match[str], span: Span, text: str) -> _Run:
    """Read a run, as far as it reaches, with its bytes in their places."""
    mark, body, end = signs.full_form(found["mark"] or ""), found["body"] or "", found["end"] or ""
    pieces = [_UNKNOWN, *map(gbk.encode, (mark, *body, end) if mark else (*body, end))]
    data = b"".join(pieces)
    characters = [gbk.decode_pair(data[at : at + 2]) for at in range(2, len(data) - 1, 2)]
    known = "".join(character or "?" for character in characters)
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
    usual = _share_of_usual(unfolded)
    return len(body) < _TELLING or _share_of_usual(run.known) >= usual


def _end_of(found: re.Match[str], text: str) -> int:
    """Tell how far a run reaches: to what ends it, if need be behind other question marks."""
    end, is_open = found.end(), found["body"] and found.end() == found.end("body")
    while is_open and (more := runs.more().match(text, end)) and _goes_on(more["body"]):
        end, is_open = more.end(), not more["end"]
    return end


def _goes_on(body: str) -> bool:
    """Tell whether text behind a question mark makes more sense read one byte later.

    The mark is a sign whose bytes belong to the run, or a byte that was lost with its neighbour.
    """
    behind = "".join(map(signs.full_form, body[1:]))
    read = [_one_later(gbk.encode(signs.full_form("?") + behind)), _one_later(gbk.encode(behind))]
    told = len(behind) >= _TELLING
    return not told or max(map(_share_of_usual, read)) >= _share_of_usual(behind)


def _one_later(data: bytes) -> str:
    return "".join(gbk.decode_pair(data[at : at + 2]) or "?" for at in range(1, len(data) - 1, 2))


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


def _infer(run: _Run, reading: decoding.Reading) -> Proposal:
    """Propose the reading that words decide."""
    words = "、".join(reading.words)
    said = facts(after=reading.text, words=words, count=2 * reading.vanished, keys=reading.keys)
    reason = "restore/misread-words-vanished" if reading.vanished else "restore/misread-words"
    note = Note("misread-bytes", "inferred", reason, said, run.span)
    in_place = run.origins and not reading.vanished
    origins = run.origins if in_place else _spread(run.span, len(reading.text))
    return Proposal(Change(*run.span, reading.text, origins), (note,))


def _spread(span: Span, count: int) -> tuple[Span, ...]:
    """Give each of some characters its part of a run: which bytes are whose, it does not show."""
    start, length = span.start, span.end - span.start
    borders = [start + at * length // count for at in range(count + 1)]
    return tuple(map(Span, borders, borders[1:]))


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


def _undecided(run: _Run, covered: list[decoding.Reading]) -> Proposal:
    """Leave a run; name all its first characters, and the readings that words cover."""
    candidates = gbk.ending_in(run.data[1])
    reason = "restore/misread-several" if covered else "restore/misread-undecided"
    said = facts(
        bytes=_hex(run.data[1:]),
        after=run.known,
        byte=_hex(run.data[1:2]),
        count=len(candidates),
        candidates="".join(candidates),
    )
    return leave("misread-bytes", reason, (*said, *_listed(covered)), run.span)


def _hex(data: bytes) -> str:
    return data.hex(" ").upper()
