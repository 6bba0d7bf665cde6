"""How characters and words are read aloud: the readings that pypinyin's tables know.

In: characters; out: their readings in Latin letters with tone marks, the default one first. The
tables are loaded when a text first asks. This room knows no RDF.
"""

from __future__ import annotations

import functools
import re
import unicodedata
from collections.abc import Iterator

_TONES = re.compile("[\u0300\u0301\u0304\u030c]")
_BETWEEN = re.compile("[ '\u2019-]")  # what may stand between the syllables of a word


@functools.cache
def of_character(character: str) -> tuple[str, ...]:
    """Give all readings of a character, the default one first; none for anything else."""
    from pypinyin.constants import PINYIN_DICT  # loads its tables: 0.2 s that clean text saves

    known = PINYIN_DICT.get(ord(character), "") if len(character) == 1 else ""
    return tuple(known.split(",")) if known else ()


@functools.cache
def usual(characters: str) -> str:
    """Give the usual reading of a character or of a word; empty for anything else."""
    if len(characters) < 2:
        return "".join(of_character(characters)[:1])
    from pypinyin import Style, lazy_pinyin

    return "".join(lazy_pinyin(characters, style=Style.TONE))


def words() -> frozenset[str]:
    """Give the words that the tables know a reading of."""
    from pypinyin.phrases_dict import phrases_dict

    return frozenset(phrases_dict)


def defaults(characters: str, *, toned: bool) -> set[str]:
    """Give what a tool writes for a word: its usual reading, or that of each character."""
    each = "".join("".join(of_character(character)[:1]) for character in characters)
    return {reading if toned else toneless(reading) for reading in (each, usual(characters))}


def is_of_word(written: str, characters: str, *, toned: bool) -> bool:
    """Tell whether letters are readings of the characters of a word, one after the other."""
    if not characters:
        return not written
    return any(
        is_of_word(written[len(syllable) :], characters[1:], toned=toned)
        for syllable in _syllables(characters[0], toned=toned)
        if written.startswith(syllable)
    )


def _syllables(character: str, *, toned: bool) -> Iterator[str]:
    for reading in of_character(character):
        yield reading if toned else toneless(reading)


def joined(written: str) -> str:
    """Write the syllables of a word together."""
    return _BETWEEN.sub("", written)


def has_tone(written: str) -> bool:
    """Tell whether a tone is marked."""
    return bool(_TONES.search(unicodedata.normalize("NFD", written)))


@functools.cache
def toneless(syllable: str) -> str:
    """Write a reading without its tone, ü as v."""
    plain = _TONES.sub("", unicodedata.normalize("NFD", syllable))
    return unicodedata.normalize("NFC", plain).replace("ü", "v")
