"""Bracketed readings: 會(huì) becomes 會 where the reading is noise that a page's tool inserted.

In: a text; out: proposals to remove brackets, and notes on those that stay. The tool knows no
context and writes the default reading, so any other reading may be a genuine gloss and is kept.
Some tools read whole words, 发展(fāzhǎn), and some pages write full-width brackets. This room knows
no RDF.
"""

from __future__ import annotations

import functools
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from policygraph.text.restore import lexicon
from policygraph.text.restore import pronunciation as said_as
from policygraph.text.restore.ledger import Proposal, change, facts, leave
from policygraph.text.restore.script import HAN, is_common, is_traditional
from policygraph.text.restore.trace import Span

# One syllable, its tone perhaps a combining character, perhaps with the phonetic letters (script a
# and g) that some fonts use.
_LETTERS = "[a-z\u00e0-\u01dc\u0251\u0261\u1e3f\u1ebf\u1ec1\u0300-\u030c]"
_SYLLABLE = _LETTERS + "{1,9}"
_LONGEST_WORD = 6  # characters that are read together
_LETTERS_OF_WORD = rf"{_LETTERS}+(?:[ '\u2019-]{_LETTERS}+){{0,{_LONGEST_WORD - 1}}}"
_SPACE = "[ \u00a0\u3000]?"
_BRACKET = re.compile(rf"(?:(\()|（)({_SPACE})({_LETTERS_OF_WORD})({_SPACE})(?(1)\)|）)")
_ONE_SYLLABLE = re.compile(_SYLLABLE)
WITHOUT_BRACKET = rf"{_SPACE}{_SYLLABLE}{_SPACE}\)"
"""Matches a reading whose opening bracket a lost byte has eaten."""
_PHONETIC = str.maketrans("\u0251\u0261", "ag")

# Forms that prove nothing alone (no tone, a character that both scripts share) are noise only in a
# document full of them: at least so many (some after traditional characters, which nobody glosses,
# many after others), so large a share of them default readings.
_SOME = 6
_MANY = 20
_AGREEING = 0.9
# An author may gloss one rare character of a traditional text; a tool glosses many characters.
_FEW = 3
# Full-width brackets are what an author sets, and words are what an author transcribes, but once
# each; a tool does it wherever they stand. So such forms count where it is done again and again.
_AGAIN = 3


class Form(NamedTuple):
    """How a bracket is written and what it follows: the grounds on which a document is judged."""

    toned: bool
    spaced: bool
    traditional: bool
    full_width: bool
    of_word: bool

    @property
    def as_authors_do(self) -> bool:
        """Tell whether an author may write so in clean text."""
        return self.full_width or self.of_word

    @property
    def needed(self) -> int:
        """How many hits show that a document is full of it."""
        return _SOME if self.traditional else _MANY


class Reading(NamedTuple):
    """A bracket that holds a syllable, after a character, or several, after a word.

    Attributes:
        character: the character, or the characters of the word.
        forms: the form it has; two where its reading has no tone to write (們, men).
        is_known: it is one of the readings of its character, is_default: it is the usual one.
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
    carried = Counter(reading.character for reading in found if reading.is_default)
    occurrences = Counter(text) if found else Counter()
    occurrences |= {word: text.count(word) for word in carried if len(word) > 1}
    noisy = _noisy_forms(found, occurrences)
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


def _noisy_forms(found: Sequence[Reading], occurrences: Mapping[str, int]) -> set[Form]:
    """Find the forms that this document is full of; a reading of two forms speaks for neither."""
    certain = [r for r in found if said_as.usual(r.character) and len(r.forms) == 1]
    hits = Counter(form for reading in certain for form in reading.forms)
    agreeing = Counter(r.forms[0] for r in certain if r.is_default)
    again = _done_again(certain, occurrences)
    noisy = {
        form
        for form in hits
        if _is_habit(agreeing[form], hits[form], form.needed)
        and (again[form] >= _AGAIN or not form.as_authors_do)
    }
    return noisy | {form._replace(traditional=True) for form in noisy}


def _done_again(readings: Sequence[Reading], occurrences: Mapping[str, int]) -> Counter[Form]:
    """Count for each form the characters that carry it at every place, and at more than one."""
    places = Counter((r.forms[0], r.character) for r in readings if r.is_default)
    return Counter(
        form for (form, character), n in places.items() if n > 1 and n == occurrences[character]
    )


def _may_be_meant(reading: Reading) -> bool:
    """Tell whether an author may have written it: after a rare character, or as a name."""
    if reading.toned or reading.forms[0].of_word:
        common = all(map(is_common, reading.character))
        return not (reading.forms[0].traditional or common)
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
    return _of_one(found, character) if found and _is_syllable(found) else None


def readings_in(text: str, start: int = 0, stop: int | None = None) -> Iterator[Reading]:
    """Read every bracket of a stretch that may hold a reading."""
    character, end = "", -1
    for found in _BRACKET.finditer(text, start, len(text) if stop is None else stop):
        if found.start() != end:  # else it is a second bracket after the same character
            character = text[max(0, found.start() - 1) : found.start()]
        end = found.end()
        reading = _of_one(found, character) if _is_syllable(found) else None
        if not (reading and reading.is_known):
            reading = _of_word(found, text) or reading
        if reading:
            yield reading


def _is_syllable(found: re.Match[str]) -> bool:
    return bool(_ONE_SYLLABLE.fullmatch(found[3]))


def _of_one(found: re.Match[str], character: str) -> Reading:
    syllable = unicodedata.normalize("NFC", found[3].translate(_PHONETIC))
    known = said_as.of_character(character)
    toned = said_as.has_tone(found[3])
    # a neutral tone has no mark: (men) is the full default reading of 們
    neutral = not toned and syllable in known[:1]
    if not toned:
        syllable, known = said_as.toneless(syllable), tuple(map(said_as.toneless, known))
    form = _form(found, character, toned=toned)
    forms = (form._replace(toned=True), form) if neutral else (form,)
    is_default = syllable in known[:1]
    return Reading(Span(*found.span()), character, syllable, forms, syllable in known, is_default)


def _of_word(found: re.Match[str], text: str) -> Reading | None:
    """Read a bracket as the reading of the characters before it: as many as it has syllables."""
    written = unicodedata.normalize("NFC", found[3].translate(_PHONETIC))
    syllables, toned = said_as.joined(written), said_as.has_tone(written)
    if not toned:
        syllables = said_as.toneless(syllables)
    for length in range(2, min(_LONGEST_WORD, found.start()) + 1):
        word = text[found.start() - length : found.start()]
        if not HAN.match(word):
            return None
        if said_as.is_of_word(syllables, word, toned=toned):
            form = _form(found, word, toned=toned)
            is_default = syllables in said_as.defaults(word, toned=toned)
            span = Span(*found.span())
            return Reading(span, word, syllables, (form,), is_known=True, is_default=is_default)
    return None


def _form(found: re.Match[str], characters: str, *, toned: bool) -> Form:
    return Form(
        toned,
        spaced=bool(found[2] or found[4]),
        traditional=any(map(is_traditional, characters)),
        full_width=not found[1],
        of_word=len(characters) > 1,
    )


def _looks_inserted(reading: Reading) -> bool:
    # Nobody glosses 會 for a reader of Chinese; the tool glosses little but such characters.
    form = reading.forms[0]
    return reading.is_default and form.toned and form.traditional and not form.as_authors_do


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
    usual = said_as.usual(reading.character)
    said = facts(character=reading.character, reading=reading.syllable, usual=usual)
    if reading.is_default:
        yield leave("reading", "restore/reading-alone", said, reading.span)
    elif reading.is_known and (toned or by_document):
        yield leave("reading", "restore/reading-rare", said, reading.span)
    elif toned:
        yield leave("reading", "restore/reading-orphan", said, reading.span)
