"""Bracketed readings: 會(huì) becomes 會 where the reading is noise that a page's tool inserted.

In: a text; out: proposals to remove brackets, and notes on those that stay. The tool knows no
context and writes the default reading, so any other reading may be a genuine gloss and is kept.
This room knows no RDF.
"""

from __future__ import annotations

import functools
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from policygraph.text.restore.ledger import Proposal, change, facts, leave
from policygraph.text.restore.script import is_traditional
from policygraph.text.restore.trace import Span

# ASCII brackets only, an author sets full-width ones; one syllable, its tone perhaps a combining
# character, perhaps with the phonetic letters (script a and g) that some fonts use.
SYLLABLE = "[a-z\u00e0-\u01dc\u0251\u0261\u1e3f\u1ebf\u1ec1\u0300-\u030c]{1,9}"
_SPACE = "[ \u00a0\u3000]?"
_BRACKET = re.compile(rf"\(({_SPACE})({SYLLABLE})({_SPACE})\)")
_PHONETIC = str.maketrans("\u0251\u0261", "ag")
_TONES = re.compile("[\u0300\u0301\u0304\u030c]")

# Forms that prove nothing alone (no tone, spaces, a character that both scripts share) are noise
# only in a document full of them: at least so many, so large a share of them default readings.
_MANY = 20
_AGREEING = 0.9


class Reading(NamedTuple):
    """A bracket that holds a syllable, after a character."""

    span: Span
    character: str
    syllable: str
    form: tuple[bool, bool]  # (written with its tone, with spaces inside the bracket)
    is_known: bool
    is_default: bool


def proposals(text: str) -> Iterator[Proposal]:
    """Propose to remove the readings that are noise, and note those that may not be."""
    found = list(_readings(text))
    hits = Counter(reading.form for reading in found if _of_character(reading.character))
    agreeing = Counter(reading.form for reading in found if reading.is_default)
    noisy = {form for form in hits if _is_habit(agreeing[form], hits[form])}
    with_space = _space_is_noise(text, found)
    for reading in found:
        by_document = reading.form in noisy
        if reading.is_default and (by_document or _is_proof(reading)):
            start, end = reading.span
            end += with_space and text.startswith(" ", end)
            yield _removal(reading._replace(span=Span(start, end)))
        else:
            yield from _doubt(reading, by_document=by_document)


def without_readings(text: str) -> str:
    """Take every default reading out of a text, whatever its form."""
    pieces, done = [], 0
    for reading in _readings(text):
        if reading.is_default:
            pieces.append(text[done : reading.span.start])
            done = reading.span.end
    return "".join(pieces) + text[done:]


def reading_at(text: str, start: int, character: str) -> Reading | None:
    """Read the bracket that opens at ``start`` as a reading of ``character``."""
    found = _BRACKET.match(text, start)
    return _reading(found, character) if found else None


def _readings(text: str) -> Iterator[Reading]:
    character, end = "", -1
    for found in _BRACKET.finditer(text):
        if found.start() != end:  # else it is a second bracket after the same character
            character = text[max(0, found.start() - 1) : found.start()]
        end = found.end()
        yield _reading(found, character)


def _reading(found: re.Match[str], character: str) -> Reading:
    space_before, written, space_after = found.groups()
    syllable = unicodedata.normalize("NFC", written.translate(_PHONETIC))
    known = _of_character(character)
    # a neutral tone has no mark: (men) is the full reading of 們
    toned = syllable in known or bool(_TONES.search(unicodedata.normalize("NFD", written)))
    if not toned:
        syllable, known = _toneless(syllable), tuple(map(_toneless, known))
    form = toned, bool(space_before or space_after)
    is_default = syllable in known[:1]
    return Reading(Span(*found.span()), character, syllable, form, syllable in known, is_default)


def _is_proof(reading: Reading) -> bool:
    # Nobody glosses 會 for a reader of Chinese; the tool glosses little but such characters.
    return reading.form == (True, False) and is_traditional(reading.character)


def _is_habit(cases: int, of_all: int) -> bool:
    return cases >= _MANY and cases >= _AGREEING * of_all


def _space_is_noise(text: str, found: Sequence[Reading]) -> bool:
    """Tell whether the document writes a space behind its readings, as some tools do."""
    defaults = [reading for reading in found if reading.is_default]
    return _is_habit(sum(text.startswith(" ", r.span.end) for r in defaults), len(defaults))


def _removal(reading: Reading) -> Proposal:
    said = facts(character=reading.character, reading=reading.syllable)
    return change("reading", "restore/reading", said, reading.span, "")


def _doubt(reading: Reading, *, by_document: bool) -> Iterator[Proposal]:
    """Say why a reading stays; a word in brackets that is no reading needs no remark."""
    toned, _ = reading.form
    usual = _of_character(reading.character)[:1]
    said = facts(character=reading.character, reading=reading.syllable, usual="".join(usual))
    if reading.is_default:
        yield leave("reading", "restore/reading-alone", said, reading.span)
    elif reading.is_known and (toned or by_document):
        yield leave("reading", "restore/reading-rare", said, reading.span)
    elif toned:
        yield leave("reading", "restore/reading-orphan", said, reading.span)


@functools.cache
def _of_character(character: str) -> tuple[str, ...]:
    """Give all readings of a character, the default one first; none for anything else."""
    from pypinyin.constants import PINYIN_DICT  # loads its tables: 0.2 s that clean text saves

    known = PINYIN_DICT.get(ord(character), "") if character else ""
    return tuple(known.split(",")) if known else ()


@functools.cache
def _toneless(syllable: str) -> str:
    plain = _TONES.sub("", unicodedata.normalize("NFD", syllable))
    return unicodedata.normalize("NFC", plain).replace("ü", "v")
