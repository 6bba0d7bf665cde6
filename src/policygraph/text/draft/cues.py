"""Cues: words of the text that decide what a clause is or what its section reports.

In: the tables ``kinds.tsv``, ``sections.tsv``, ``votes.tsv`` and the folder ``genres``; out: cues
with their pattern, an example and a counter-example each. This room knows no RDF.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from policygraph.errors import UnreadableInput, Where
from policygraph.text.draft.forms import finder
from policygraph.text.draft.record import record
from policygraph.text.draft.sieve import Sieve
from policygraph.text.draft.tables import TableRow, read_table, table_at, tables_of
from policygraph.text.schema import GENRE, check_field

_ENDS = ("pattern", "example", "not", "why")
KINDS = ("name", "kind", "status", "parts", *_ENDS)
SECTIONS = ("name", "place", "status", "period", *_ENDS)
VOTES = ("name", "points", *_ENDS)
YEARS = ("name", "adds", *_ENDS)
_FITTING = {
    "governing": ("any", "parts"),
    "other": ("any", "parts", "telling"),
    "none": ("any", "none", "telling"),
    "governing-denied": ("any", "parts", "denied"),
    "other-denied": ("any", "parts", "telling", "denied"),
}
"""Which cues count for the forms of clauses."""


@dataclass(frozen=True)
class Cue:
    """Words that decide something, found by ``search`` in a clause.

    Attributes:
        name: unique in its table.
        gives: what it decides: a kind, a status, or points.
        scope: where it counts: a status, ``any``, ``heading``, ``clause``, or ``line`` and
            ``sentence`` for a clause whose own line or sentence alone it decides.
        parts: ``parts`` if it counts only for clauses with parts, ``none`` for those without,
            ``telling`` for those that are no verb with what it governs, ``denied`` for those whose
            verb has a negation.
        period: what it says of the years spoken about, relative to the document's.
    """

    name: str
    form: re.Pattern[str]
    gives: str
    example: str
    counter: str
    where: Where
    scope: str = "any"
    parts: str = "any"
    period: str = ""

    @functools.cached_property
    def find(self) -> Callable[[str], re.Match[str] | None]:
        """Find its words in a clause."""
        return finder(self.form)


@dataclass(frozen=True)
class Genre:
    """A kind of document.

    Attributes:
        detect: how its opening words tell it.
        status: what its sections report unless they say so: ``planned``, ``achieved`` or ``vote``.
        lasts: how long a lead-in counts: to the end of its ``line`` or of its ``section``.
    """

    name: str
    detect: re.Pattern[str]
    status: str
    lasts: str


_SCOPES = {
    "first": ("first",),
    **{status: ("any", status) for status in ("achieved", "planned", "stated")},
}
"""Which cues count for clauses of a section, and for those of the opening line."""


@dataclass(frozen=True)
class Cues:
    """All cues of a language.

    Attributes:
        years: how opening words tell the year of a text; each gives what to add to the year named.
        plans: words for a plan of several years → its first and last year.
    """

    kinds: tuple[Cue, ...]
    sections: tuple[Cue, ...]
    votes: tuple[Cue, ...]
    years: tuple[Cue, ...]
    genres: tuple[Genre, ...]
    plans: dict[str, tuple[int, int]]

    def heard_in(self, words: str) -> Heard:
        """Listen to the words of a clause for all cues at once."""
        return Heard(self, words, self.sieve.awake(words))

    @functools.cached_property
    def sieve(self) -> Sieve[Cue]:
        """Tell which cues are worth trying on a clause."""
        return Sieve((*self.kinds, *self.sections, *self.votes), lambda cue: cue.form)

    @functools.cached_property
    def of_sections(self) -> int:
        """The bits of the cues of sections."""
        return self.sieve.bits(self.sections)

    @functools.cached_property
    def of_votes(self) -> int:
        """The bits of the cues that vote."""
        return self.sieve.bits(self.votes)

    @functools.cached_property
    def of_kinds(self) -> dict[tuple[str, str], int]:
        """Status and form → the bits of the cues of kinds that count there."""
        return {
            (status, form): self.sieve.bits(
                cue for cue in self.kinds if cue.scope in scopes and cue.parts in fitting
            )
            for status, scopes in _SCOPES.items()
            for form, fitting in _FITTING.items()
        }


@record
class Heard:
    """The words of a clause, and the cues that may be in them.

    Attributes:
        cues: those of the language.
        words: of the clause.
        awake: the bits of the cues worth trying.
    """

    cues: Cues
    words: str
    awake: int

    def kinds(self, status: str, form: str) -> Iterator[Cue]:
        """Find the cues of kinds that count in a section for clauses of a form.

        Args:
            status: what the section reports; ``first`` for those of the opening line alone.
            form: ``governing`` for a verb with what it governs, ``other`` for other clauses with
                parts, ``none`` for those without; ``-denied`` behind it where the verb is denied.
        """
        return self._found(self.cues.of_kinds[status, form])

    def sections(self) -> Iterator[Cue]:
        """Find the cues that say what a section reports."""
        return self._found(self.cues.of_sections)

    def leads_in(self) -> bool:
        """Tell whether the clause opens a report or a plan of some years."""
        return any(cue.scope == "clause" and cue.period for cue in self.sections())

    def votes(self) -> Iterator[Cue]:
        """Find the cues that vote on what a line reports."""
        return self._found(self.cues.of_votes)

    def _found(self, among: int) -> Iterator[Cue]:
        awake = self.awake & among
        if not awake:
            return iter(())
        return (cue for cue in self.cues.sieve.these(awake) if cue.find(self.words))


@functools.cache
def read_cues(folder: Path) -> Cues:
    """Read the cues of a language.

    Args:
        folder: that of the language.

    Raises:
        UnreadableInput: a table is missing or malformed.
    """
    kinds = read_table(table_at(folder, "kinds.tsv"), *KINDS)
    sections = read_table(table_at(folder, "sections.tsv"), *SECTIONS)
    votes = read_table(table_at(folder, "votes.tsv"), *VOTES)
    return Cues(
        tuple(_cue(row, row["kind"], scope=row["status"], parts=row["parts"]) for row in kinds),
        tuple(
            _cue(row, row["status"], scope=row["place"], period=row["period"]) for row in sections
        ),
        tuple(_cue(row, row["points"]) for row in votes),
        tuple(_year(row) for row in read_table(table_at(folder, "years.tsv"), *YEARS)),
        tuple(_genre(path) for path in tables_of(folder, "genres")),
        _plans(table_at(folder, "names", "dates.tsv")),
    )


def _year(row: TableRow) -> Cue:
    cue = _cue(row, row["adds"])
    if "year" not in cue.form.groupindex or not row["adds"].lstrip("-").isdecimal():
        raise UnreadableInput("draft/year", row.where)
    return cue


def _plans(path: Path) -> dict[str, tuple[int, int]]:
    if not path.is_file():
        return {}
    rows = read_table(path, "form", "first", "last", "flags", "comment")
    plans = (row for row in rows if "plan" in row.words("flags"))
    return {row["form"]: (int(row["first"]), int(row["last"])) for row in plans}


def _cue(
    row: TableRow, gives: str, *, scope: str = "any", parts: str = "any", period: str = ""
) -> Cue:
    form = _compiled(row["pattern"], row.where)
    return Cue(
        row["name"], form, gives, row["example"], row["not"], row.where, scope, parts, period
    )


def _genre(path: Path) -> Genre:
    values = {row["key"]: row for row in read_table(path, "key", "value", "comment")}
    if set(values) != {"detect", "status", "lasts"}:
        raise UnreadableInput("draft/genre", Where(str(path)))
    for key, row in values.items():
        check_field(key, row["value"], GENRE[key], row.where)
    detect = _compiled(values["detect"]["value"], values["detect"].where)
    return Genre(path.stem, detect, values["status"]["value"], values["lasts"]["value"])


def _compiled(pattern: str, where: Where) -> re.Pattern[str]:
    try:
        return re.compile(pattern)
    except re.error as error:
        raise UnreadableInput("draft/pattern", where, why=str(error)) from error
