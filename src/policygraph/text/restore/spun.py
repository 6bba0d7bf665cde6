"""Pages respelt with synonyms: 发展改革委 has become 生长改造委. They are refused, not restored.

In: a text; out: the words that give it away. Nothing tells which words of such a page are still
those of the author, so nothing it says may be cited. This room knows no RDF.
"""

from __future__ import annotations

import functools
import re
from collections import Counter

from policygraph.text.restore import lexicon
from policygraph.text.restore.script import simplified

# One strange word may be a slip or a quotation; a program replaces words all through a page.
_DIFFERENT = 2
_TIMES = 3


def words_of_spinning(text: str) -> dict[str, str]:
    """Find listed words that only a synonym program writes: word → what the author wrote.

    Gives none where there are too few to tell.
    """
    meant, pattern = _listed()
    counts = Counter(pattern.findall(text) or pattern.findall(simplified(text)))
    enough = len(counts) >= _DIFFERENT or counts.total() >= _TIMES
    return {word: meant[word] for word in sorted(counts)} if enough else {}


@functools.cache
def _listed() -> tuple[dict[str, str], re.Pattern[str]]:
    meant = {row["written"]: row["meant"] for row in lexicon.rows("spun_words")}
    longest_first = sorted(meant, key=len, reverse=True)
    return meant, re.compile("|".join(map(re.escape, longest_first)))
