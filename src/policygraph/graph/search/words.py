"""Words of a text, folded so that what looks different and means the same is the same.

In: a text. Out: words with their places in it (code points, end exclusive). A Chinese character is
a word of its own, so a query of one or two characters finds what a query of ten does; letters and
digits run together. Traditional characters are read as simplified ones, one by one, in texts and
in queries alike; width, case and accents do not matter, nor do signs, controls and emoji.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import cache, lru_cache
from itertools import groupby
from typing import Any, NamedTuple

_WORD = re.compile("[\u2e80-\ud7ff\U00020000-\U0003ffff]|[^ \u2e80-\ud7ff\U00020000-\U0003ffff]+")
_MOST = 40
"""Words of a name that are spelt in Latin letters; longer ones are sentences."""


class Word(NamedTuple):
    """A word, folded, and where it stands in the text."""

    text: str
    start: int
    end: int


def words_of(text: str) -> list[Word]:
    """Cut a text into words.

    >>> [word.text for word in words_of("國家數據局 NDA，São Tomé")]
    ['国', '家', '数', '据', '局', 'nda', 'sao', 'tome']
    """
    words: list[Word] = []
    run, start, end = "", 0, 0
    for place, sign in enumerate(text):
        for letter in _folded(sign):
            if is_chinese(letter) or letter == " ":
                words += [Word(run, start, end)] if run else []
                words += [] if letter == " " else [Word(letter, place, place + 1)]
                run = ""
                continue
            start = start if run else place
            run, end = run + letter, place + 1
    return [*words, Word(run, start, end)] if run else words


def key_of(text: str) -> str:
    """Give the words of a text, joined by spaces: names with the same key are the same name.

    >>> key_of("《“一带一路”倡议》") == key_of("一帶一路倡議")
    True
    """
    return " ".join(_words("".join(map(_folded, text))))


def _words(folded: str) -> list[str]:
    return _WORD.findall(folded)


def spellings(name: str) -> tuple[str, str] | None:
    """Spell a Chinese name in Latin letters: whole syllables, and their initials.

    >>> spellings("国家数据局")
    ('guojiashujuju', 'gjsjj')

    Args:
        name: in whatever script; None is given where it has no Chinese character, or very many.
    """
    words = key_of(name).split()
    if len(words) > _MOST or not any(map(is_chinese, words)):
        return None
    syllables = [part for word in _runs(words) for part in _read(word)]
    initials = (each[0] if each.isalpha() else each for each in syllables)
    return "".join(syllables), "".join(initials)


def _runs(words: list[str]) -> Iterator[str]:
    """Join characters that stand together; words of letters stand alone."""
    for chinese, run in groupby(words, is_chinese):
        if chinese:
            yield "".join(run)
        else:
            yield from run


def is_chinese(letter: str) -> bool:
    """Tell whether a sign is written without spaces: Chinese characters, kana, hangul."""
    return "\u2e80" <= letter <= "\ud7ff" or "\U00020000" <= letter <= "\U0003ffff"


@lru_cache(maxsize=1 << 17)
def _folded(sign: str) -> str:
    """Fold a sign: letters, digits and characters, a space for what parts words, or nothing."""
    if unicodedata.category(sign) == "Cf":  # direction marks and joiners, which nobody sees
        return ""
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", sign).casefold())
    letters = unicodedata.normalize("NFC", "".join(filter(_is_no_mark, plain)))
    return "".join(_simplified(letter) if letter.isalnum() else " " for letter in letters)


def _simplified(letter: str) -> str:
    return str(_converter().convert(letter)) if is_chinese(letter) else letter


def _is_no_mark(sign: str) -> bool:
    return not unicodedata.category(sign).startswith("M")


def _read(name: str) -> Iterator[str]:
    """Read a name word by word, as the dictionary of readings has them."""
    from pypinyin.seg.mmseg import seg

    for word in seg.cut(name):
        yield from _syllables(word)


@lru_cache(maxsize=1 << 17)
def _syllables(word: str) -> tuple[str, ...]:
    from pypinyin import lazy_pinyin

    read = ("".join(filter(str.isalnum, each)) for each in lazy_pinyin(word))
    return tuple(filter(None, read))


@cache
def _converter() -> Any:
    from opencc import OpenCC

    return OpenCC("t2s")
