"""The signs of a language: what ends sentences and clauses, and how list items begin."""

from __future__ import annotations

import functools
import re
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

from policygraph.text.draft.forms import Grams, begins_of
from policygraph.text.draft.tables import read_table, table_at


@dataclass(frozen=True)
class Signs:
    """Punctuation and list markers.

    Attributes:
        cuts: any sign that cuts, opens or closes, to be found in one pass.
        sets: name of a list → its signs: ``sentence``, ``clause``, ``soft``, ``open``, ``close``,
            ``speech``, ``unspeech``, ``aside``.
        marker: a list marker; its group ``m<n>`` tells which row.
        levels: rank of each row of markers, 1 the highest.
    """

    cuts: re.Pattern[str]
    sets: dict[str, frozenset[str]]
    marker: re.Pattern[str]
    levels: tuple[int, ...]

    def marker_at(self, text: str, start: int, end: int) -> re.Match[str] | None:
        """Read the list marker at a place, if one is there."""
        begins = self._begins
        if begins is not None and text[start : start + 1] not in begins:
            return None
        return self.marker.match(text, start, end)

    @functools.cached_property
    def _begins(self) -> Grams | None:
        return begins_of(self.marker)

    def level(self, marker: re.Match[str]) -> int:
        """Give the rank of a marker that was found."""
        return self.levels[int((marker.lastgroup or "m0")[1:])]


@functools.cache
def read_signs(folder: Path) -> Signs:
    """Read the signs of a language.

    Args:
        folder: that of the language.

    Raises:
        UnreadableInput: a table is missing or malformed.
    """
    sets: dict[str, set[str]] = defaultdict(set)
    for row in read_table(table_at(folder, "signs.tsv"), "list", "form", "comment"):
        sets[row["list"]].add(row["form"])
    table = read_table(
        table_at(folder, "markers.tsv"), "name", "level", "pattern", "example", "not", "comment"
    )
    markers = list(table)
    signs = "".join(sorted(set().union(*sets.values())))
    groups = "|".join(f"(?P<m{place}>{row['pattern']})" for place, row in enumerate(markers))
    return Signs(
        re.compile(f"[{re.escape(signs)}\n]"),
        {name: frozenset(forms) for name, forms in sets.items()},
        re.compile(groups),
        tuple(int(row["level"]) for row in markers),
    )
