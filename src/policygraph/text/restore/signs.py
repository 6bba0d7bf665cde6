"""The punctuation table: which full-width signs sites fold, and which ones their tools search.

In: ``signs.tsv``; out: its uses. This room knows no RDF.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping

from policygraph.text.restore import lexicon


@functools.cache
def folded() -> dict[str, str]:
    """Map the ASCII form of each sign that may be unfolded to its full-width form."""
    return {row["ascii"]: row["sign"] for row in lexicon.rows("signs") if row["unfold"] == "yes"}


@functools.cache
def foldable() -> dict[str, str]:
    """Map each full-width sign that sites fold to its ASCII form."""
    return {row["sign"]: row["ascii"] for row in lexicon.rows("signs") if row["ascii"]}


def full_form(sign: str) -> str:
    """Give the full-width form of a folded sign, and any other sign as it is."""
    return next((full for full, ascii_form in foldable().items() if ascii_form == sign), sign)


def fold(text: str, folds: Mapping[str, str]) -> str:
    """Write the given full-width signs of a text as ASCII."""
    return text.translate({ord(sign): ascii_form for sign, ascii_form in folds.items()})


@functools.cache
def splitting() -> tuple[str, ...]:
    """Give the signs whose two bytes the page tool searches for, in its order."""
    searched = [row for row in lexicon.rows("signs") if row["searched"]]
    return tuple(row["sign"] for row in sorted(searched, key=lambda row: row["searched"]))
