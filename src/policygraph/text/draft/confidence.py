"""How far a rule can be trusted: what people decided about the rows it made.

In: reviewed rows of ``statements.yaml`` that name their rule, or a table of their counts
(``calibration.tsv``); out: for each rule the lower bound of its precision with the number of
decisions behind it. A row counts as right if it was accepted as it was drafted; corrected and
rejected ones count as wrong. Where nobody decided anything, a rule is unrated; nothing is made up.
This room knows no RDF.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import sqrt
from pathlib import Path

from policygraph.errors import UnreadableInput
from policygraph.text.draft.tables import TableRow, read_table, table_at
from policygraph.text.model import Document
from policygraph.text.statements import walk

_Z = 1.645  # one-sided 95 %
_CLASSES = ((0.85, "high"), (0.6, "medium"), (0.0, "low"))
UNRATED = "unrated"
CALIBRATION = ("rule", "accepted", "corrected", "rejected")
"""The columns of the table of counts."""


@dataclass(frozen=True)
class Rating:
    """The decisions about the rows of one rule.

    Attributes:
        accepted: rows accepted as they were drafted.
        decided: all rows that somebody decided on.
        corrected: rows accepted after a correction.
    """

    accepted: int
    decided: int
    corrected: int = 0

    @property
    def bound(self) -> float:
        """Lower end of the one-sided 95 % Wilson interval of the rule's precision."""
        return wilson(self.accepted, self.decided)

    def __str__(self) -> str:
        if not self.decided:
            return UNRATED
        name = next(name for least, name in _CLASSES if self.bound >= least)
        return f"{name}: at least {self.bound:.2f} ({self.accepted} of {self.decided} right)"


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
    """Count the decisions about drafted rows, rule by rule, in the order of their names."""
    decided: Counter[str] = Counter()
    accepted: Counter[str] = Counter()
    corrected: Counter[str] = Counter()
    for document in documents:
        for section in document.sections:
            for row in walk(section.rows):
                if row.rule and row.review != "draft":
                    stays = row.review == "accepted"
                    decided[row.rule] += 1
                    accepted[row.rule] += stays and not row.corrected
                    corrected[row.rule] += stays and row.corrected
    return {
        rule: Rating(accepted[rule], decided[rule], corrected[rule]) for rule in sorted(decided)
    }


def calibration_tsv(known: Mapping[str, Rating]) -> str:
    """Write the counts of each rule as a table, the same bytes for the same decisions."""
    rows = [
        (
            rule,
            rating.accepted,
            rating.corrected,
            rating.decided - rating.accepted - rating.corrected,
        )
        for rule, rating in sorted(known.items())
    ]
    return "".join("\t".join(map(str, row)) + "\n" for row in (CALIBRATION, *rows))


def read_calibration(folder: Path) -> dict[str, Rating]:
    """Read the counts of each rule; none where the language has no such table.

    Args:
        folder: that of the language.

    Raises:
        UnreadableInput: the table is malformed.
    """
    path = table_at(folder, "calibration.tsv")
    if not path.is_file():
        return {}
    return {row["rule"]: _rating(row) for row in read_table(path, *CALIBRATION)}


def _rating(row: TableRow) -> Rating:
    counts = [row[name] for name in CALIBRATION[1:]]
    if not all(count.isascii() and count.isdecimal() for count in counts):
        raise UnreadableInput("draft/count", row.where, rule=row["rule"])
    accepted, corrected, rejected = map(int, counts)
    return Rating(accepted, accepted + corrected + rejected, corrected)


def rated(rule: str, known: Mapping[str, Rating]) -> Rating:
    """Give the rating of a rule, unrated where nothing is known of it."""
    return known.get(rule, Rating(0, 0))
