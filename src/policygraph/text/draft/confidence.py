"""How far a rule can be trusted: what people decided about the rows it made.

In: reviewed rows of ``statements.yaml`` that name their rule; out: for each rule the lower bound of
its precision with the number of decisions behind it. Where nobody decided anything, a rule is
unrated; nothing is made up. This room knows no RDF.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import sqrt

from policygraph.text.model import Document
from policygraph.text.statements import walk

_Z = 1.645  # one-sided 95 %
_CLASSES = ((0.85, "high"), (0.6, "medium"), (0.0, "low"))
UNRATED = "unrated"


@dataclass(frozen=True)
class Rating:
    """The decisions about the rows of one rule."""

    accepted: int
    decided: int

    @property
    def bound(self) -> float:
        """Lower end of the one-sided 95 % Wilson interval of the rule's precision."""
        return wilson(self.accepted, self.decided)

    def __str__(self) -> str:
        if not self.decided:
            return UNRATED
        name = next(name for least, name in _CLASSES if self.bound >= least)
        return f"{name} ({self.accepted} of {self.decided} accepted)"


def wilson(accepted: int, decided: int) -> float:
    """Give the lower bound of a share at one-sided 95 % (Wilson 1927).

    Args:
        accepted: cases that were right, 0 to ``decided``.
        decided: all cases; for 0 the bound is 0.

    >>> round(wilson(70, 74), 2), wilson(0, 0)
    (0.88, 0.0)
    """
    if not decided:
        return 0.0
    share, squared = accepted / decided, _Z * _Z
    centre = share + squared / (2 * decided)
    spread = _Z * sqrt(share * (1 - share) / decided + squared / (4 * decided * decided))
    return max(0.0, (centre - spread) / (1 + squared / decided))


def ratings(documents: Iterable[Document]) -> dict[str, Rating]:
    """Count the decisions about drafted rows, rule by rule."""
    decided: Counter[str] = Counter()
    accepted: Counter[str] = Counter()
    for document in documents:
        for section in document.sections:
            for row in walk(section.rows):
                if row.rule and row.review != "draft":
                    decided[row.rule] += 1
                    accepted[row.rule] += row.review == "accepted"
    return {rule: Rating(accepted[rule], count) for rule, count in decided.items()}


def rated(rule: str, known: Mapping[str, Rating]) -> Rating:
    """Give the rating of a rule, unrated where nothing is known of it."""
    return known.get(rule, Rating(0, 0))
