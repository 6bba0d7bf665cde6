"""Whether a sentence opens a topic: the sentences after it share its words, those before do not.

In: the sentences of a text; out: how much more of some words comes back behind a sentence than
stands before it (lexical cohesion, M. A. Hearst, TextTiling, Computational Linguistics 23, 1997).
Words are compared by their pairs of letters, so that they need not be cut. This room knows no
language.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence

from policygraph.text.draft.grams import pairs_of

_REACH = 8  # sentences that are heard on either side, each less the further away it is
_LEAST = 0.05  # weight of what every sentence has


class Topics:
    """Tells which sentences open a topic.

    Args:
        sentences: the words of each sentence of a text, in order.
    """

    def __init__(self, sentences: Sequence[str]) -> None:
        self._pairs = [_pairs_of(words) for words in sentences]
        self._spread = Counter(pair for pairs in self._pairs for pair in pairs)

    def gain(self, number: int, words: str) -> float:
        """Tell how much more of the words of a sentence is found behind it than before.

        Args:
            number: of the sentence.
            words: those of it that name its topic.

        Returns:
            The difference as a share of the weight of the words; rare words weigh more than those
            that many sentences have. 0 where they are found on neither side.
        """
        own = _pairs_of(words)
        whole = self._weight(own)
        behind = sum(self._shared(own, number + step) / step for step in range(1, _REACH + 1))
        before = sum(self._shared(own, number - step) / step for step in range(1, _REACH + 1))
        return (behind - before) / whole if whole else 0.0

    def _shared(self, own: set[str], number: int) -> float:
        """Give the weight of what a sentence shares; 0 beyond the ends of the text."""
        inside = 0 <= number < len(self._pairs)
        return self._weight(own & self._pairs[number]) if inside else 0.0

    def _weight(self, pairs: set[str]) -> float:
        if not pairs:
            return 0.0
        sentences = len(self._pairs)
        spread = sorted(self._spread[pair] for pair in pairs)  # a set has no order to add in
        return sum(math.log(sentences / times) + _LEAST for times in spread if times)


def _pairs_of(words: str) -> set[str]:
    return set(filter(str.isalpha, pairs_of(words)))
