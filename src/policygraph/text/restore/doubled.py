"""Doubled punctuation: ``，，`` becomes ``，`` where a document doubles that sign everywhere.

In: a text; out: proposals to remove the second one. Three and more of a sign are an author's.
This room knows no RDF.
"""

from __future__ import annotations

import functools
import re
from collections import Counter
from collections.abc import Iterator

from policygraph.text.restore import lexicon
from policygraph.text.restore.ledger import Note, Proposal, facts
from policygraph.text.restore.script import HAN
from policygraph.text.restore.trace import Change, Span

# A site that doubles a sign doubles it everywhere; a slip of the hand happens once or twice.
_MANY = 4
_SHARE = 0.9


def proposals(text: str) -> Iterator[Proposal]:
    """Propose to remove the second of two signs where that is the habit of the document."""
    found = list(_pattern().finditer(text)) if HAN.search(text) else []
    doubled = Counter(match[1] for match in found if len(match[0]) == 2)
    if not doubled:
        return
    runs = Counter(match[1] for match in found)
    habit = {s for s, n in doubled.items() if n >= _MANY and n >= _SHARE * runs[s]}
    for match in found:
        sign, end = match[1], match.end()
        if sign in habit and len(match[0]) == 2:
            said = facts(sign=sign, doubled=doubled[sign], single=runs[sign] - doubled[sign])
            span = Span(end - 1, end)
            note = Note("punctuation", "inferred", "restore/doubled", said, span)
            yield Proposal(Change(end - 1, end, ""), (note,))


@functools.cache
def _pattern() -> re.Pattern[str]:
    """Match each run of one sign, among those that no author writes twice."""
    signs = "".join(row["sign"] for row in lexicon.rows("signs") if row["doubled"])
    return re.compile(rf"([{re.escape(signs)}])\1*")
