"""Lines that a site put before the text to sell something.

In: a text; out: proposals to remove them. Only lines before the first one of the text itself, only
by the words of ``inserted_lines.tsv``, two of them or one with an address. This room knows no RDF.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator

from policygraph.text.restore import lexicon
from policygraph.text.restore.ledger import Note, Proposal, facts
from policygraph.text.restore.trace import Change, Span

_END = "。"  # what sells is no sentence
_ADDRESS = re.compile(r"https?://|www\.|[a-z0-9-]+\.(?:com|cn|net|cc|top|vip)\b", re.IGNORECASE)


def proposals(text: str) -> Iterator[Proposal]:
    """Propose to remove the lines before the text that listed words give away."""
    start = 0
    for line in text.splitlines(keepends=True):
        words = _words_in(line)
        given_away = _END not in line and (len(words) > 1 or (words and _ADDRESS.search(line)))
        if line.strip() and not given_away:
            return
        span = Span(start, start := start + len(line))
        if given_away:
            said = facts(words="、".join(words))
            note = Note("inserted-line", "inferred", "restore/inserted-line", said, span)
            yield Proposal(Change(*span, ""), (note,))


def _words_in(line: str) -> list[str]:
    return [row["word"] for row in _rows() if row["word"] in line]


@functools.cache
def _rows() -> tuple[dict[str, str], ...]:
    return lexicon.rows("inserted_lines")
