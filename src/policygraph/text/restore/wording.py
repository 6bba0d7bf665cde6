"""Known words: whether a line of Chinese is made up of them, and how usual it is.

In: a line as words are compared; out: the words that cover a part of it, and what the line costs.
Known are the word list of rjieba with how often each word was counted, the tables of the lexicon,
and what the same document says elsewhere. Words alone choose, so what is chosen is inferred, never
proved. This room knows no RDF.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Iterator, Sequence
from itertools import chain
from pathlib import Path

from policygraph.assets import asset
from policygraph.text.restore import lexicon
from policygraph.text.restore.page import STOPS
from policygraph.text.restore.script import HAN

LONGEST = 6  # characters of a word that is looked up
_SHORT = 4  # characters of a word where it matters only whether there is one
_LISTED = 50  # how often a word of our tables counts: it is one of the usual ones
_ALL = 60_000_000  # words that were counted for the list
_LONE = 60_000  # how often a character counts that is a usual word by itself
_ALONE = 10_000  # the same where it matters only whether it may be one
_SIGN = math.log(50)  # a sign or a Latin letter is one character in fifty
_STRANGE = 0.5  # how often a character counts that no list knows
_WORD_COLUMNS = frozenset({"form", "zh", "phrase"})


@functools.lru_cache(maxsize=1 << 17)
def times(word: str) -> float:
    """Tell how often a word was counted; 0 if it is none."""
    import rjieba  # loads its word list: 0.2 s that text without misread runs saves

    listed = _LISTED if word in listed_words() else 0
    return max(listed, rjieba.suggest_freq(word) if rjieba.has_word(word) else 0)


def cover(line: str, start: int, end: int, repeated: frozenset[str]) -> tuple[str, ...]:
    """Cut a line into words so that a part of it consists of known ones and of signs.

    So must what stands beside the part: else it ends in the wrong place. Gives the words, the most
    usual ones; none if a character stands alone that is no usual word by itself.
    """
    least: list[tuple[float, tuple[str, ...]]] = [(0.0, ())]
    for to in range(1, len(line) + 1):
        ways = []
        for first in range(max(0, to - LONGEST), to):
            cost, words = least[first]
            piece = line[first:to]
            is_said = first < end and to > start and piece in repeated
            if first > end or to < start:
                ways.append((cost + _weight(piece), words))
            else:
                further = () if piece in STOPS else (piece,)
                ways.append((cost + _weight_of_known(piece, is_said=is_said), words + further))
        least.append(min(ways))
    cost, words = least[-1]
    return words if cost < math.inf else ()


def _weight_of_known(piece: str, *, is_said: bool) -> float:
    if len(piece) > 1:
        return min(_weight(piece), math.log(_ALL / _LISTED) if is_said else math.inf)
    return _weight(piece) if piece in STOPS or times(piece) >= _LONE else math.inf


def may_stand(line: str, at: int) -> bool:
    """Tell whether one place of a line is a sign, of a known word, or a usual word by itself."""
    return line[at] in STOPS or times(line[at]) >= _ALONE or _is_in_word(line, at)


def _is_in_word(line: str, at: int) -> bool:
    for start in range(max(0, at - _SHORT + 1), at + 1):
        for end in range(max(at + 1, start + 2), min(start + _SHORT, len(line)) + 1):
            if times(line[start:end]):
                return True
    return False


def cheapest(line: str, costs: Sequence[float]) -> float:
    """Weigh a line by its words: the sum of the logarithms of their shares, least for usual ones.

    Args:
        line: not empty.
        costs: of the last beginnings of the line that are shorter by one and more, longest last.
    """
    lengths = range(1, min(LONGEST, len(costs)) + 1)
    return min([costs[-length] + _weight(line[-length:]) for length in lengths])


@functools.lru_cache(maxsize=1 << 17)
def _weight(word: str) -> float:
    counted = times(word)
    if len(word) > 1:
        return math.log(_ALL / counted) if counted else math.inf
    if HAN.match(word):
        return math.log(_ALL / (counted or _STRANGE))
    return _SIGN


@functools.cache
def listed_words() -> frozenset[str]:
    """Give the words of two and more characters that our tables list."""
    tables = ("verbs", "words", "glossary", "restoration/phrases")
    names = ("place", "institution", "initiative", "event", "document")
    files = [*tables, *(f"names/{name}" for name in names)]
    listed = chain.from_iterable(map(_words_of, files))
    return frozenset(word for word in listed if len(word) > 1)


def _words_of(table: str) -> Iterator[str]:
    """Give the column that holds the words."""
    *folders, name = Path(table).parts
    for row in lexicon.read_rows(asset("data", "lexicon", "zh", *folders, f"{name}.tsv")):
        yield next(field for column, field in row.items() if column in _WORD_COLUMNS)
