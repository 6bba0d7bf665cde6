"""Lines that a site put before the text to sell something.

In: a text; out: proposals to remove them. Only lines before the first one of the text itself, and
only those that nothing but the words of ``inserted_lines.tsv`` and addresses make up: a title may
speak of gambling. A line that merely holds such words is kept and listed. This room knows no RDF.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator

from policygraph.text.restore import lexicon
from policygraph.text.restore.ledger import Note, Proposal, facts, leave
from policygraph.text.restore.trace import Change, Span

_END = "。"  # what sells is no sentence
_ADDRESS = re.compile(
    r"(?:https?://|www\.)[!-~]+|[a-z0-9-]+(?:\.[a-z0-9-]+)*\.(?:com|cn|net|cc|top|vip)\b[!-~]*",
    re.IGNORECASE,
)
_OTHERS = 0.2  # share of a line's letters that no listed word holds; a title has more


def proposals(text: str) -> Iterator[Proposal]:
    """Propose to remove the lines before the text that only sell something."""
    removed: list[Proposal] = []
    start = 0
    for line in text.splitlines(keepends=True):
        span = Span(start, start := start + len(line))
        words = _words_in(line)
        said = facts(words="、".join(words))
        if _only_sells(line, words):
            note = Note("inserted-line", "inferred", "restore/inserted-line", said, span)
            removed.append(Proposal(Change(*span, ""), (note,)))
        elif line.strip():
            yield from removed  # before a text; a line alone is the text
            if _may_sell(line, words):
                yield leave("inserted-line", "restore/line-that-sells", said, span)
            return


def _only_sells(line: str, words: list[str]) -> bool:
    """Tell whether a line can be no title and no sentence: it calls upon the reader, in list words.

    The words have to call (``call`` in the table), or an address has to; what they sell alone
    (``thing``) may be the subject of a title.
    """
    if not _may_sell(line, words):
        return False
    calls = _ADDRESS.search(line) or any(_uses()[word] == "call" for word in words)
    bare = _ADDRESS.sub("", line)
    letters = sum(map(str.isalpha, bare))
    others = sum(map(str.isalpha, _listed().sub("", bare)))
    return bool(calls) and others <= _OTHERS * letters


def _may_sell(line: str, words: list[str]) -> bool:
    several = len(words) > 1 or (words and _ADDRESS.search(line))
    return bool(several) and _END not in line


def _words_in(line: str) -> list[str]:
    return [word for word in _uses() if word in line]


@functools.cache
def _listed() -> re.Pattern[str]:
    """Find the listed words and what runs on from one into the next."""
    longest_first = sorted(_uses(), key=len, reverse=True)
    return re.compile("|".join(map(re.escape, longest_first)))


@functools.cache
def _uses() -> dict[str, str]:
    return {row["word"]: row["use"] for row in lexicon.rows("inserted_lines")}
