"""Where any of some pairs of neighbouring characters stand in words, found in one pass.

In: words and pairs; out: places. This room knows no language.
"""

from __future__ import annotations

from collections.abc import Container, Iterator
from itertools import compress
from operator import add


def pairs_of(words: str) -> Iterator[str]:
    """Give each two neighbouring characters of some words.

    >>> list(pairs_of("abc"))
    ['ab', 'bc']
    """
    return map(add, words, words[1:])


def places_of(pairs: Container[str], words: str) -> Iterator[int]:
    """Give the places in some words where one of some pairs begins.

    >>> list(places_of({"ab", "bc"}, "abc ab"))
    [0, 1, 4]
    """
    return compress(range(len(words)), map(pairs.__contains__, pairs_of(words)))
