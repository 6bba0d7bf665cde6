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

from policygraph.text.restore import lexicon
from policygraph.text.restore.ledger import Proposal, change, facts, leave
from policygraph.text.restore.script import is_common, is_traditional
from policygraph.text.restore.trace import Span

# ASCII brackets only, an author sets full-width ones; one syllable, its tone perhaps a combining
# character, perhaps with the phonetic letters (script a and g) that some fonts use.
_SYLLABLE = "[a-z\u00e0-\u01dc\u0251\u0261\u1e3f\u1ebf\u1ec1\u0300-\u030c]{1,9}"
_SPACE = "[ \u00a0\u3000]?"
_BRACKET = re.compile(rf"\(({_SPACE})({_SYLLABLE})({_SPACE})\)")
WITHOUT_BRACKET = rf"{_SPACE}{_SYLLABLE}{_SPACE}\)"
"""Matches a reading whose opening bracket a lost byte has eaten."""
_PHONETIC = str.maketrans("\u0251\u0261", "ag")
_TONES = re.compile("[\u0300\u0301\u0304\u030c]")

# Forms that prove nothing alone (no tone, a character that both scripts share) are noise only in a
# document full of them: at least so many (some after traditional characters, which nobody glosses,
# many after others), so large a share of them default readings.
_SOME = 6
_MANY = 20
_AGREEING = 0.9
# An author may gloss one rare character of a traditional text; a tool glosses many characters.
_FEW = 3


class Form(NamedTuple):
    """How a bracket is written and what it follows: the grounds on which a document is judged."""

    toned: bool
    spaced: bool
    traditional: bool

    @property
    def needed(self) -> int:
        """How many hits show that a document is full of it."""
        return _SOME if self.traditional else _MANY


class Reading(NamedTuple):
    """A bracket that holds a syllable, after a character.

    Attributes:
        forms: the form it has; two where its reading has no tone to write (們, men).
        is_known: it is one of the character's readings, is_default: it is the usual one.
    """

    span: Span
    character: str
    syllable: str
    forms: tuple[Form, ...]
    is_known: bool
    is_default: bool

    @property
    def toned(self) -> bool:
        """Tell whether it may be a full reading, written with its tone."""
        return self.forms[0].toned


def proposals(text: str) -> Iterator[Proposal]:
    """Propose to remove the readings that are noise, and note those that may not be."""
    found = list(readings_in(text))
    noisy = _noisy_forms(found)
    carried = Counter(reading.character for reading in found if reading.is_default)
    occurrences = Counter(text) if found else Counter()
    proofs = sum(map(_looks_inserted, found))
    with_space = _space_is_noise(text, found)
    for reading in found:
        count = carried[reading.character]
        plain = occurrences[reading.character] - count  # places without a reading
        proved = _looks_inserted(reading) and (proofs >= _FEW or is_common(reading.character))
        by_document = not noisy.isdisjoint(reading.forms)
        habitual = by_document and plain < count and (count > 1 or not _may_be_meant(reading))
        if reading.is_default and (proved or habitual):
            start, end = reading.span
            end += with_space and text.startswith(" ", end)
            yield _removal(reading._replace(span=Span(start, end)))
        else:
            yield from _doubt(reading, by_document=by_document)


def _noisy_forms(found: Sequence[Reading]) -> set[Form]:
    """Find the forms that this document is full of; a reading of two forms speaks for neither."""
    certain = [r for r in found if _of_character(r.character) and len(r.forms) == 1]
    hits = Counter(form for reading in certain for form in reading.forms)
    agreeing = Counter(r.forms[0] for r in certain if r.is_default)
    noisy = {form for form in hits if _is_habit(agreeing[form], hits[form], form.needed)}
    return noisy | {form._replace(traditional=True) for form in noisy}


def _may_be_meant(reading: Reading) -> bool:
    """Tell whether an author may have written it: after a rare character, or as a name."""
    if reading.toned:
        return not (reading.forms[0].traditional or is_common(reading.character))
    return (reading.character, reading.syllable) in _meant()


@functools.cache
def _meant() -> frozenset[tuple[str, str]]:
    return frozenset((row["character"], row["letters"]) for row in lexicon.rows("meant_brackets"))


def without_readings(text: str) -> str:
    """Take every default reading out of a text, whatever its form."""
    pieces, done = [], 0
    for reading in readings_in(text):
        if reading.is_default:
            pieces.append(text[done : reading.span.start])
            done = reading.span.end
    return "".join(pieces) + text[done:]


def reading_at(text: str, start: int, character: str) -> Reading | None:
    """Read the bracket that opens at ``start`` as a reading of ``character``."""
    found = _BRACKET.match(text, start)
    return _reading(found, character) if found else None


def readings_in(text: str, start: int = 0, stop: int | None = None) -> Iterator[Reading]:
    """Read every bracket of a stretch that may hold a reading."""
    character, end = "", -1
    for found in _BRACKET.finditer(text, start, len(text) if stop is None else stop):
        if found.start() != end:  # else it is a second bracket after the same character
            character = text[max(0, found.start() - 1) : found.start()]
        end = found.end()
        yield _reading(found, character)


def _reading(found: re.Match[str], character: str) -> Reading:
    space_before, written, space_after = found.groups()
    syllable = unicodedata.normalize("NFC", written.translate(_PHONETIC))
    known = _of_character(character)
    toned = bool(_TONES.search(unicodedata.normalize("NFD", written)))
    # a neutral tone has no mark: (men) is the full default reading of 們
    neutral = not toned and syllable in known[:1]
    if not toned:
        syllable, known = _toneless(syllable), tuple(map(_toneless, known))
    spaced, traditional = bool(space_before or space_after), is_traditional(character)
    forms = [Form(tone, spaced, traditional) for tone in ((True, False) if neutral else (toned,))]
    is_default = syllable in known[:1]
    return Reading(
        Span(*found.span()), character, syllable, tuple(forms), syllable in known, is_default
    )


def _looks_inserted(reading: Reading) -> bool:
    # Nobody glosses 會 for a reader of Chinese; the tool glosses little but such characters.
    return reading.is_default and reading.toned and reading.forms[0].traditional


def _is_habit(cases: int, of_all: int, needed: int = _MANY) -> bool:
    return cases >= needed and cases >= _AGREEING * of_all


def _space_is_noise(text: str, found: Sequence[Reading]) -> bool:
    """Tell whether the document writes a space behind its readings, as some tools do."""
    defaults = [reading for reading in found if reading.is_default]
    spaced = sum(text.startswith(" ", r.span.end) for r in defaults)
    return _is_habit(spaced, len(defaults), needed=1)


def _removal(reading: Reading) -> Proposal:
    said = facts(character=reading.character, reading=reading.syllable)
    return change("reading", "restore/reading", said, reading.span, "")


def _doubt(reading: Reading, *, by_document: bool) -> Iterator[Proposal]:
    """Say why a reading stays; a word in brackets that is no reading needs no remark."""
    toned = reading.toned
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
