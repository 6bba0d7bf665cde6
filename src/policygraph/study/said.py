"""What documents say, as values that know no store: statements, things, passages, documents.

``study/reading`` makes them; studies put them together; ``publish/`` shows them.
"""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass

PLANNED, ACHIEVED, STATED = "planned", "achieved", "stated"
"""The status of a statement."""

_TAGS = {"zh": ("zh-hans", "zh-cn", "zh-hant", "zh"), "en": ("en",)}


@dataclass(frozen=True, order=True)
class Words:
    """Words and the language they are in; empty where that is not known."""

    text: str
    lang: str = ""


@dataclass(frozen=True)
class Thing:
    """A thing by its IRI, with its names by language."""

    iri: str
    labels: tuple[Words, ...] = ()

    @property
    def key(self) -> str:
        """The part of the IRI that people type."""
        return re.split("[/#]", self.iri)[-1]

    def name(self, lang: str) -> Words:
        """Give its name in a language, else in another, else its key."""
        tags = _TAGS[lang]
        ranked = sorted(
            self.labels,
            key=lambda words: (tags.index(words.lang) if words.lang in tags else len(tags), words),
        )
        return ranked[0] if ranked else Words(self.key)


@dataclass(frozen=True)
class Document(Thing):
    """A policy document, with the day it is of."""

    issued: datetime.date | None = None


@dataclass(frozen=True)
class Passage:
    """Words of a document.

    Attributes:
        iri: names the text and the offsets (code points, end exclusive).
        document: whose words they are.
        begin: offset of the first of them.
        end: offset behind the last of them.
        quote: the words.
        sentence: the whole sentence around them, with its language.
        sentence_iri: the passage that this sentence is.
        repair: weakest proof among repairs inside them: empty for none, ``proved``, ``inferred``
            or ``undecided``.
    """

    iri: str
    document: Document
    begin: int
    end: int
    quote: str
    sentence: Words
    sentence_iri: str
    repair: str


@dataclass(frozen=True)
class Value:
    """A value that is said of a thing.

    Attributes:
        value: a thing, a day, or a text.
        graphs: names of the graphs that say it: passages, sources, judgements.
    """

    value: Thing | datetime.date | Words
    graphs: tuple[str, ...]


@dataclass(frozen=True)
class Said:
    """A statement of a document.

    Attributes:
        thing: the statement itself; its names are its words and their renderings.
        kind: local name of its class.
        status: ``planned``, ``achieved`` or ``stated``, as its class says.
        periods: those it is said of.
        document: whose it is.
        passages: those that state it, in order.
        wholes: IRIs of the statements it is part of.
        values: what is said of it, by local name of the property.
    """

    thing: Thing
    kind: str
    status: str
    periods: tuple[Thing, ...]
    document: Document
    passages: tuple[Passage, ...]
    wholes: tuple[str, ...]
    values: dict[str, tuple[Value, ...]]

    def things(self, *properties: str) -> tuple[Thing, ...]:
        """List the things that some properties point to, each once."""
        values = (each.value for name in properties for each in self.values.get(name, ()))
        return tuple(dict.fromkeys(value for value in values if isinstance(value, Thing)))

    def days(self, name: str) -> tuple[datetime.date, ...]:
        """List the days that a property gives."""
        values = (each.value for each in self.values.get(name, ()))
        return tuple(sorted({value for value in values if isinstance(value, datetime.date)}))

    def dates(self, name: str) -> tuple[str, ...]:
        """List the days, months or years that a property gives, as ISO 8601 writes them."""
        values = (each.value for each in self.values.get(name, ()))
        return tuple(sorted({written(value) for value in values if not isinstance(value, Thing)}))

    @property
    def words(self) -> Words:
        """Its words in the language of the document."""
        quote = self.passages[0].quote if self.passages else ""
        return Words(quote, self.passages[0].sentence.lang) if quote else self.thing.name("zh")


@dataclass(frozen=True)
class LeftOut:
    """What a question leaves out, and why.

    Attributes:
        why: ``later`` (of a later day than asked), ``undated`` (of no day that is known) or
            ``no-period`` (statements of it are said of no period).
        document: the document.
        count: how many statements.
    """

    why: str
    document: Document
    count: int


def in_order(said: Said) -> tuple[object, ...]:
    """Order statements by document and place in it."""
    begin = said.passages[0].begin if said.passages else 0
    return (*by_day(said.document), begin, said.kind != "Goal", said.thing.iri)


def by_day(document: Document) -> tuple[str, str]:
    """Order documents by their days; those of no date come first."""
    return str(document.issued or ""), document.iri


def written(value: Thing | datetime.date | Words) -> str:
    """Write a value as a text: a day as ISO 8601 writes it, a thing by its IRI."""
    if isinstance(value, Thing):
        return value.iri
    return value.text if isinstance(value, Words) else value.isoformat()
