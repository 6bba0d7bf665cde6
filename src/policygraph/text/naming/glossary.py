"""The glossary: English names that somebody vouches for.

In: ``glossary.tsv`` of a language; out: its terms by name and type. Nothing is translated here: a
name that no row has gets no English. This room knows no RDF.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from policygraph.assets import asset
from policygraph.errors import Where
from policygraph.report import Finding
from policygraph.text.days import is_date
from policygraph.text.draft.tables import TableRow, read_optional, table_at
from policygraph.text.naming.folding import folded

COLUMNS = ("zh", "en", "type", "status", "source", "reviewer", "date")
STATUSES = ("official", "established", "proposed")
FILES = {
    "institution": "institutions",
    "place": "places",
    "initiative": "initiatives",
    "document": "instruments",
    "event": "events",
}
"""The registry's file for the things that each type of mention names."""


@dataclass(frozen=True)
class Term:
    """A name with its English.

    Attributes:
        zh: the name.
        en: its English.
        type: what it names, one of ``FILES``.
        status: ``official`` (the body or the state says so), ``established`` (it is in common use)
            or ``proposed`` (printed with a mark only).
        source: where the English stands.
    """

    zh: str
    en: str
    type: str
    status: str
    source: str


@dataclass(frozen=True)
class Glossary:
    """All terms of a language."""

    terms: dict[tuple[str, str], Term]

    def find(self, name: str, type_: str) -> Term | None:
        """Give the term for a name of some type; None where no row has it."""
        return self.terms.get((type_, folded(name)))


@functools.cache
def read_glossary(folder: Path | None = None) -> Glossary:
    """Read the glossary of a language.

    Args:
        folder: that of the language; without it, the Chinese one that travels with the package.

    Raises:
        UnreadableInput: the table is missing or malformed.
    """
    terms = (
        Term(*(row[name] for name in COLUMNS[:5]))
        for row in read_optional(
            table_at(folder or asset("data", "lexicon", "zh"), "glossary.tsv"), *COLUMNS
        )
    )
    return Glossary({(term.type, folded(term.zh)): term for term in terms})


def lint_glossary(folder: Path) -> Iterator[Finding]:
    """Find rows that nobody vouches for, that are no English, or that stand twice."""
    seen: dict[tuple[str, str], Where] = {}
    for row in read_optional(table_at(folder, "glossary.tsv"), *COLUMNS):
        wrong = ", ".join(_wrong(row))
        if wrong:
            yield Finding("names/glossary-row", row.where, facts={"columns": wrong})
        key = (row["type"], folded(row["zh"]))
        if key in seen:
            facts = {"form": row["zh"], "line": seen[key].line}
            yield Finding("draft/twice", row.where, facts=facts)
        seen.setdefault(key, row.where)


def _wrong(row: TableRow) -> Iterator[str]:
    """Name the columns of a row that do not hold what they should."""
    good = {
        "zh": not row["zh"].isascii(),
        "en": row["en"].isascii() and bool(row["en"]),
        "type": row["type"] in FILES,
        "status": row["status"] in STATUSES,
        "source": bool(row["source"]),
        "reviewer": bool(row["reviewer"]),
        "date": is_date(row["date"]),
    }
    return (name for name, fine in good.items() if not fine)
