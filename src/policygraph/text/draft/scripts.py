"""Whether a text is written in the script of the tables: no grammar reads another one.

In: a text and the words of a language; out: a refusal that names both scripts, or nothing. The
names of scripts are those with which Unicode's names of characters begin. This room knows no RDF.
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from pathlib import Path

from policygraph.errors import UnreadableInput, Where
from policygraph.text.draft.lexicon import Lexicon

_LEAST = 0.1
"""Share of a text's letters that must be of the tables' script: many texts quote others."""


def refuse_other_script(text: str, lexicon: Lexicon, path: Path) -> None:
    """Refuse a text hardly any letter of which is of the script of the tables.

    Args:
        text: the restored text.
        lexicon: the words of the language.
        path: of the text, for the message.

    Raises:
        UnreadableInput: it is written in another script.
    """
    words, letters = scripts("".join(lexicon.classes)), scripts(text)
    if not words or not letters:
        return
    ours, most = (found.most_common(1)[0][0] for found in (words, letters))
    if letters[ours] < _LEAST * letters.total():
        facts = {"language": lexicon.folder.name, "ours": ours, "found": most}
        raise UnreadableInput("draft/other-script", Where(str(path)), **facts)


def scripts(text: str) -> Counter[str]:
    """Count the letters of a text by script.

    >>> scripts("数据 data, 1")
    Counter({'LATIN': 4, 'CJK': 2})
    """
    counts: Counter[str] = Counter()
    for sign, count in sorted(Counter(text).items()):
        if sign.isalpha():
            counts[unicodedata.name(sign, "?").split()[0]] += count
    return counts
