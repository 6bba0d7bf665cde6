"""What the text half hands on: documents, statements and registry entries as plain values.

Nothing here knows RDF. Offsets are code points of the restored text, end exclusive.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from policygraph.errors import Where
from policygraph.text.restore import Restoration, Span
from policygraph.text.source import Source


def covers(outer: Span, inner: Span) -> bool:
    """Tell whether the inner span lies inside the outer one."""
    return outer.start <= inner.start and inner.end <= outer.end


def overlap(one: Span, other: Span) -> bool:
    """Tell whether two spans share a character."""
    return one.start < other.end and other.start < one.end


def join(one: Span, other: Span) -> Span:
    """Give the shortest span that covers both."""
    return Span(min(one.start, other.start), max(one.end, other.end))


class Fact(NamedTuple):
    """One value of one property, as a YAML file gives it.

    Attributes:
        name: the key in the file, for example ``held_on``.
        value: a literal, or the key of the thing it points to.
        lang: the language of the value; empty where it has none.
        span: the words that state it, where they are not those of the whole row.
    """

    name: str
    value: str
    where: Where
    lang: str = ""
    span: Span | None = None


class Row(NamedTuple):
    """One row of ``statements.yaml``: a statement or figure, or facts about a known thing.

    Attributes:
        kind: class name, for example ``Goal``; may be empty where ``of`` is given.
        of: reference to the thing the facts are about; empty for a statement of its own.
        review: ``accepted``, ``draft`` or ``rejected``.
        rule: what proposed the row, where a program did; empty for rows that people wrote.
        corrected: a person changed what the program proposed.
    """

    id: str
    kind: str
    of: str
    span: Span
    facts: tuple[Fact, ...]
    parts: tuple[Row, ...]
    review: str
    where: Where
    rule: str = ""
    corrected: bool = False


class Section(NamedTuple):
    """A part of a document whose statements share a status and a period.

    Attributes:
        heading: the words that open it; None where it opens with the text itself.
        extent: from its heading to the next section's heading or the end.
        status: ``stated``, ``achieved`` or ``planned``.
        period: key of the period, or empty.
    """

    id: str
    labels: tuple[Fact, ...]
    heading: Span | None
    extent: Span
    status: str
    period: str
    rows: tuple[Row, ...]
    where: Where


@dataclass(frozen=True)
class Record:
    """What ``document.yaml`` says of a document.

    Attributes:
        encoding: that of the source, where it was said.
        extracted_file: the text taken out of the source before; empty to take it out each time.
    """

    id: str
    language: str
    titles: tuple[Fact, ...]
    facts: tuple[Fact, ...]
    source_file: str
    source_sha256: str
    source_address: str
    derived_from: str
    text_sha256: str
    translation: tuple[tuple[str, str], ...]
    where: Where
    encoding: str = ""
    extracted_file: str = ""
    extracted_sha256: str = ""


@dataclass(frozen=True)
class Document:
    """A document with its source, its restored text and its reviewed statements."""

    record: Record
    source: Source
    restoration: Restoration
    sections: tuple[Section, ...]

    @property
    def text(self) -> str:
        """The restored text."""
        return self.restoration.text


@dataclass(frozen=True)
class Claim:
    """What one source says of one registry entry."""

    source: str
    facts: tuple[Fact, ...]
    where: Where


@dataclass(frozen=True)
class Entry:
    """A thing that outlives a document.

    Attributes:
        kind: the class its file stands for, for example ``Event``.
        type: a narrower class, for example ``Conference``, or the same.
    """

    key: str
    kind: str
    type: str
    claims: tuple[Claim, ...]
    where: Where

    def names(self, lang: str = "zh-Hans") -> tuple[str, ...]:
        """List the labels and aliases in a language, labels first."""
        facts = [fact for claim in self.claims for fact in claim.facts]
        return tuple(
            fact.value
            for name in ("label", "alias")
            for fact in facts
            if fact.name == name and fact.lang == lang
        )


@dataclass(frozen=True)
class Judgement:
    """What the editors add, on what grounds."""

    key: str
    facts: tuple[Fact, ...]
    states: tuple[JudgedRow, ...]
    where: Where


@dataclass(frozen=True)
class JudgedRow:
    """Facts that a judgement states of one thing; ``kind`` is set where it makes the thing."""

    subject: str
    kind: str
    facts: tuple[Fact, ...]
    where: Where


@dataclass(frozen=True)
class Link:
    """One row: a link between a thing of ours and one of another vocabulary, or its refusal.

    Attributes:
        subject: IRI of our thing; ``predicate`` and ``object`` likewise whole.
        refused: whether the row says that the link must not be made.
        slots: what else the row says, by column; IRIs whole.
    """

    subject: str
    predicate: str
    object: str
    refused: bool
    slots: Mapping[str, str]
    where: Where

    @property
    def key(self) -> str:
        """Name the link by what it says, in 12 hexadecimal digits."""
        said = "\n".join((self.subject, self.predicate, str(self.refused), self.object))
        return hashlib.sha256(said.encode()).hexdigest()[:12]


@dataclass(frozen=True)
class LinkSet:
    """A file of links.

    Attributes:
        key: its file name without the ending.
        title: what it holds, for people.
        licence: IRI of the licence of its rows; empty where the file names none.
        version: of the set.
        prefixes: prefix → namespace, as its ``curie_map`` declares them.
    """

    key: str
    title: str
    licence: str
    version: str
    prefixes: Mapping[str, str]
    links: tuple[Link, ...]
    where: Where


@dataclass(frozen=True)
class Registry:
    """Everything the editors know besides the documents."""

    entries: tuple[Entry, ...] = ()
    sources: tuple[Entry, ...] = ()
    judgements: tuple[Judgement, ...] = ()
    links: tuple[LinkSet, ...] = ()


@dataclass(frozen=True)
class Workspace:
    """All inputs of a build, read and checked as far as text goes."""

    documents: tuple[Document, ...] = ()
    registry: Registry = field(default_factory=Registry)
