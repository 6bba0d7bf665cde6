"""Readings of misread bytes, weighed by words: which of them consist of known words.

In: what the bytes of a run leave open, and the text around it; out: the readings that known words
cover. Known are the tables of the lexicon, the words of the table of pronunciations, and what the
same document says elsewhere. Words alone choose, so what is chosen is inferred, never proved.
This room knows no RDF.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Iterator
from itertools import chain
from pathlib import Path
from typing import NamedTuple

from policygraph.assets import asset
from policygraph.text.restore import gbk, pronunciation, signs
from policygraph.text.restore.script import HAN, simplified

_LONGEST = 8  # characters of a word that is looked up
_REPEATED = 3  # characters that stand elsewhere in the document: two may meet by chance
_LONGEST_RUN = 12  # characters; longer ones hold too many places where bytes may have vanished
_STOPS = frozenset("。、，；：！？“”《》（）")
_WORD_COLUMNS = frozenset({"form", "zh", "phrase"})
_WORD = re.compile(f"{HAN.pattern}{{2,{_LONGEST}}}")


class Reading(NamedTuple):
    """One reading of a run.

    Attributes:
        text: its characters, the one whose first byte is lost first.
        words: the known words that cover it.
        vanished: whether the two bytes that part two of its characters have vanished.
    """

    text: str
    words: tuple[str, ...]
    vanished: bool


class Gap(NamedTuple):
    """What the bytes of a run give and what they leave open.

    Attributes:
        trail: the second byte of the first character.
        known: the characters behind it, if no bytes have vanished.
        mark: the sign that the page tool found across characters.
        shown: what the run shows behind that sign.
    """

    trail: int
    known: str
    mark: str
    shown: str


class Context(NamedTuple):
    """What a run stands in, as words are compared: simplified, without readings, signs folded.

    Attributes:
        before: some characters before the run.
        after: some characters behind it.
        repeated: all groups of three characters that the document holds.
    """

    before: str
    after: str
    repeated: frozenset[str]


def groups(text: str) -> frozenset[str]:
    """List the groups of three Chinese characters in a text."""
    found = (text[at : at + _REPEATED] for at in range(len(text) - _REPEATED + 1))
    return frozenset(group for group in found if all(map(HAN.match, group)))


def readings(gap: Gap, context: Context) -> list[Reading]:
    """Find the readings of a run that known words cover and that damage turns into it again."""
    if len(gap.known) > _LONGEST_RUN:
        return []
    firsts = [first for first in gbk.ending_in(gap.trail) if _may_begin(first, context)]
    found = []
    parted = ((rest, True) for rest in _with_vanished(gap.known, context))
    for rest, vanished in ((gap.known, False), *parted):
        for first in firsts:
            words = _cover(context, first + rest)
            if words and _is_damaged_so(first + rest, gap):
                found.append(Reading(first + rest, words, vanished))
    return found


def _may_begin(first: str, context: Context) -> bool:
    known = HAN.match(first) and simplified(first) in _characters()
    return bool(known) or (first in _STOPS and _ends_in_word(context))


def _with_vanished(known: str, context: Context) -> Iterator[str]:
    """Give the readings with two characters in the place of one: bytes between them vanished."""
    around = known + context.after[:1]
    for at, character in enumerate(known):
        front = around[at - 1] if at else ""
        for pair in _parted(*gbk.encode(character)):
            if _are_of_words(front, pair, around[at + 1 : at + 2], context):
                yield known[:at] + pair + known[at + 1 :]


def _are_of_words(front: str, pair: str, behind: str, context: Context) -> bool:
    """Tell whether each of two characters may be of a known word; at the front nothing is known."""
    one, other = [simplified(front + pair[0]), simplified(pair[1] + behind)]
    known = _pairs_in(context.repeated)
    return simplified(pair) in known or (other in known and (not front or one in known))


@functools.cache
def _parted(lead: int, trail: int) -> tuple[str, ...]:
    """List the known characters that begin and end so, two together, with bytes that vanish."""
    return tuple(
        one + other
        for one in _known(gbk.beginning_with(lead))
        for other in _known(gbk.ending_in(trail))
        if not gbk.decode(gbk.encode(one)[1:] + gbk.encode(other)[:1])
    )


def _known(characters: Iterable[str]) -> list[str]:
    return [character for character in characters if simplified(character) in _characters()]


def _is_damaged_so(reading: str, gap: Gap) -> bool:
    """Tell whether a reading, cut where the sign stands across characters, looks like the run."""
    data = gbk.encode(reading)
    others = (gbk.encode(sign) in data[3:] for sign in signs.splitting())
    found = data[1:3] == gbk.encode(gap.mark) and not any(others)
    return found and gbk.decode(data[3:]) == gap.shown


def _cover(context: Context, reading: str) -> tuple[str, ...]:
    """Cover each character of a reading by a known word; none if one stands alone."""
    first, last = len(context.before), len(context.before) + len(reading)
    line = context.before + simplified(reading) + context.after
    words: dict[str, None] = {}
    for at in range(first, last):
        if line[at] in _usual_stops():
            continue
        word = _word_over(line, at, context)
        if not word:
            return ()
        words[word] = None
    return tuple(words)


def _word_over(line: str, at: int, context: Context) -> str:
    """Find the longest known word that holds one place of a line."""
    for length in range(_LONGEST, 1, -1):
        for start in range(max(0, at - length + 1), at + 1):
            word = line[start : start + length]
            known = word in vocabulary() or (length == _REPEATED and word in context.repeated)
            if len(word) == length and known:
                return word
    return ""


def _ends_in_word(context: Context) -> bool:
    """Tell whether a clause may end before the run: the last character is of a known word."""
    before = context.before
    return any(before[-length:] in vocabulary() for length in range(2, _LONGEST + 1)) or (
        before[-_REPEATED:] in context.repeated
    )


@functools.cache
def _usual_stops() -> frozenset[str]:
    return _STOPS | frozenset(signs.fold("".join(_STOPS), signs.foldable()))


@functools.cache
def vocabulary() -> frozenset[str]:
    """Give all known words of two to eight Chinese characters."""
    tables = ("verbs", "words", "glossary", "restoration/phrases")
    names = ("place", "institution", "initiative", "event", "document")
    files = [*tables, *(f"names/{name}" for name in names)]
    listed = chain.from_iterable(map(_words_of, files))
    known = chain(listed, pronunciation.words())
    return frozenset(word for word in known if _WORD.fullmatch(word))


def _words_of(table: str) -> Iterator[str]:
    """Give the column that holds the words; rows of these tables may lack empty fields."""
    *folders, name = Path(table).parts
    path = asset("data", "lexicon", "zh", *folders, f"{name}.tsv")
    header, *lines = path.read_text(encoding="utf-8").splitlines()
    column = next(at for at, head in enumerate(header.split("\t")) if head in _WORD_COLUMNS)
    yield from (line.split("\t")[column] for line in lines if line)


@functools.cache
def _characters() -> frozenset[str]:
    return frozenset("".join(vocabulary()))


@functools.lru_cache(maxsize=1)
def _pairs_in(repeated: frozenset[str]) -> frozenset[str]:
    """List the neighbours in known words and in what a document says elsewhere."""
    return _pairs() | {group[at : at + 2] for group in repeated for at in (0, 1)}


@functools.cache
def _pairs() -> frozenset[str]:
    return frozenset(word[at : at + 2] for word in vocabulary() for at in range(len(word) - 1))
