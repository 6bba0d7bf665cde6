"""Traditional characters: made simplified where the whole document is traditional.

In: a text; out: proposals, character by character, never a change of length. OpenCC decides, with
the words of ``script_words.tsv`` on top. This room knows no RDF.
"""

from __future__ import annotations

import functools
import operator
import re
from collections.abc import Callable, Iterator
from typing import cast

import opencc

from policygraph.text.restore import gbk, lexicon
from policygraph.text.restore.ledger import Proposal, change, facts, leave
from policygraph.text.restore.trace import Span

HAN = re.compile("[\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U000323af]")

# About every third character of running traditional text differs from its simplified form (33 to
# 40 of 100 in the texts measured); of simplified text OpenCC wants to change less than one in ten
# thousand, rare ones in names. Anything between is a text that quotes the other script.
_SHARE_IN_TRADITIONAL_TEXT = 0.1
_FEW = 4  # texts kept at hand: a whole text is looked at for two reasons, one after the other


def proposals(text: str) -> Iterator[Proposal]:
    """Propose simplified characters, if the document is traditional."""
    start, lines = 0, text.splitlines(keepends=True)
    for line in lines if is_traditional_text(text) else ():
        written = simplified(line)
        if len(written) == len(line):
            yield from _differences(line, written, start)
        else:  # which character became which can no longer be said
            span = Span(start, start + len(line))
            yield leave("script", "restore/script-refused", facts(), span)
        start += len(line)


@functools.lru_cache(_FEW)
def simplified(text: str) -> str:
    """Write a text in simplified characters, whatever it is written in now."""
    words, pattern = _words()
    return pattern.sub(lambda found: words[found[0]], _converter()(text))


@functools.cache
def is_traditional(character: str) -> bool:
    """Tell whether a character has a different simplified form."""
    return simplified(character) != character


def is_only_simplified(character: str) -> bool:
    """Tell whether no traditional text holds a character: others became it, and Big5 lacks it."""
    return character in _only_simplified()


@functools.cache
def _only_simplified() -> frozenset[str]:
    characters = list(map(chr, range(0x4E00, 0x9FA6)))
    became = simplified("\n".join(characters)).split("\n")
    new = {after for before, after in zip(characters, became, strict=True) if after != before}
    return frozenset(character for character in new if not character.encode("big5", "ignore"))


@functools.cache
def is_common(character: str) -> bool:
    """Tell whether its simplified form is one of the 3,755 common characters of GB 2312."""
    return gbk.is_common(simplified(character))


def is_traditional_text(text: str) -> bool:
    """Tell whether a text is in traditional characters, and does not merely quote some."""
    written = simplified(text)
    changed = 0 if written == text else sum(map(operator.ne, text, written))
    return changed > 0 and changed > _SHARE_IN_TRADITIONAL_TEXT * len(HAN.findall(text))


def _differences(line: str, written: str, offset: int) -> Iterator[Proposal]:
    for at, (before, after) in enumerate(zip(line, written, strict=True), start=offset):
        if before != after:
            forms = facts(before=before, after=after)
            yield change("script", "restore/script", forms, Span(at, at + 1), after)


@functools.cache
def _converter() -> Callable[[str], str]:
    return cast("Callable[[str], str]", opencc.OpenCC("t2s").convert)


@functools.cache
def _words() -> tuple[dict[str, str], re.Pattern[str]]:
    words = {row["written"]: row["simplified"] for row in lexicon.rows("script_words")}
    longest_first = sorted(words, key=len, reverse=True)
    return words, re.compile("|".join(map(re.escape, longest_first)))
