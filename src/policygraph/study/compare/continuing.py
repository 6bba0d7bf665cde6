"""What a document may carry on from last year: pairs for a person to decide on.

In: a reading, a document and the one before it in its series. Out: pairs of statements that seem to
be of the same thing: planned in both, or done then and planned now. What was reported done is no
continuation. Pairs are proposals; nothing here becomes a fact of the graph.
"""

from __future__ import annotations

from collections.abc import Iterable

from policygraph.study.compare import CARRIED, REWORDED, Matcher, Pair, Thresholds
from policygraph.study.compare.sides import Sides, items_of
from policygraph.study.reading import Reading
from policygraph.study.said import ACHIEVED, PLANNED, Document
from policygraph.text.pairs import Decision


def continuing(
    reading: Reading, document: Document, before: Document | None, decisions: Iterable[Decision]
) -> list[Pair]:
    """Propose what statements of a document carry on.

    Args:
        reading: what is read.
        document: the document whose statements may continue others.
        before: the document before it in its series, if there is one.
        decisions: what reviewers said: accepted pairs are kept, rejected ones left out.

    Returns:
        pairs within the document (done in the year it looks back on, planned now) and with the
        document before, by score, the greatest first.
    """
    known = list(decisions)
    now = items_of(reading.of_document(document.iri))
    planned = tuple(item for item in now if item.first.status == PLANNED)
    achieved = tuple(item for item in now if item.first.status == ACHIEVED)
    asked = [Sides(document, document, achieved, planned)]
    if before:
        asked.append(Sides(before, document, items_of(reading.of_document(before.iri)), planned))
    found = [
        pair
        for sides in asked
        for pair in Matcher(reading, sides, Thresholds(), None, known).pairs()
        if pair.outcome in (CARRIED, REWORDED)
    ]
    return sorted(found, key=lambda pair: (-pair.likeness.score, pair.later.first.thing.iri))
