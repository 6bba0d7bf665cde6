"""What a damaged page shows of how it is written, where nothing is misread.

In: the text of a page; out: which characters it holds, which script it uses, which characters carry
readings, which words it says more than once. All of it is evidence for what misread bytes can be.
This room knows no RDF.
"""

from __future__ import annotations

import functools
from collections import Counter, defaultdict
from dataclasses import dataclass

from policygraph.text.restore import gbk, signs
from policygraph.text.restore.readings import readings_in, without_readings
from policygraph.text.restore.script import HAN, is_only_simplified, is_traditional_text, simplified

STOPS = frozenset("。、，；：！？“”《》（）")
"""Signs that may stand in misread text: others are too rare to be told from chance."""

_FEW = 3  # characters that may be misread text
_REPEATED = 3  # characters that stand elsewhere in the document: two may meet by chance


@dataclass(frozen=True)
class Page:
    """What a page shows of its own writing.

    Attributes:
        characters: all that it holds.
        script: ``traditional``, ``simplified``, or nothing where it does not show.
        keys: character → the bracketed reading that it carries wherever it stands.
        repeated: all groups of three characters, as words are compared.
    """

    characters: frozenset[str]
    script: str
    keys: dict[str, str]
    repeated: frozenset[str]

    def may_hold(self, character: str) -> bool:
        """Tell whether a character is of the script of the page, and of the usual ones."""
        if character in STOPS or (character in self.characters and HAN.match(character)):
            return True
        if not gbk.is_usual(simplified(character)):
            return False
        if self.script == "traditional":
            return not is_only_simplified(character)
        return not self.script or simplified(character) == character


@functools.lru_cache(maxsize=1)
def of(text: str) -> Page:
    """Gather what a text shows; misread text in it adds little that matters."""
    plain = without_readings(text)
    return Page(
        frozenset(plain),
        _script(plain),
        _keys(text),
        groups(as_words(plain)),
    )


def _script(plain: str) -> str:
    """Tell the script of a text; a few characters of the other one may be misread text."""
    if is_traditional_text(plain):
        return "traditional"
    return "simplified" if sum(map(is_only_simplified, frozenset(plain))) > _FEW else ""


def as_words(text: str) -> str:
    """Write a text as words are compared: simplified, folded signs full-width."""
    return "".join(map(signs.full_form, simplified(text)))


def groups(text: str) -> frozenset[str]:
    """List the groups of three Chinese characters in a text."""
    found = (text[at : at + _REPEATED] for at in range(len(text) - _REPEATED + 1))
    return frozenset(group for group in found if all(map(HAN.match, group)))


def _keys(text: str) -> dict[str, str]:
    """Find the characters that mostly carry a reading, each with the bracket it mostly has."""
    brackets: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for reading in readings_in(text):
        if reading.is_default and len(reading.character) == 1:
            brackets[reading.character][text[slice(*reading.span)]] += 1
    occurrences = Counter(text)
    return {
        character: counts.most_common(1)[0][0]
        for character, counts in brackets.items()
        if 2 * counts.total() >= occurrences[character]
    }
