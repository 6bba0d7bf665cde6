"""What texts name, gathered: known things, undecided names, and proposals for the registry.

In: drafts of texts; out: one row for each name, with where it stands. A proposal has a key made of
its name and the English of the glossary, or none. This room knows no RDF.
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from policygraph.text.draft.reading import Named
from policygraph.text.draft.write import Draft
from policygraph.text.naming.folding import folded, slug, with_digits
from policygraph.text.naming.glossary import FILES, Glossary, Term
from policygraph.text.naming.meaning import Meaning, Reader, Register
from policygraph.text.restore import Span

PLACES = 5
"""How many places of a name are kept; the others are only counted."""


class Place(NamedTuple):
    """Where a name stands: a span of the restored text of a document."""

    document: str
    span: Span
    quote: str


@dataclass
class Found:
    """A name of one type, in all texts.

    Attributes:
        type: that of its mentions.
        name: as it was first met.
        meaning: what it means.
        short: what texts call it in short.
        times: how often it stands there.
        places: the first few of them.
    """

    type: str
    name: str
    meaning: Meaning
    short: list[str] = field(default_factory=list)
    times: int = 0
    places: list[Place] = field(default_factory=list)


@dataclass(frozen=True)
class Proposal:
    """A thing that the registry might have.

    Attributes:
        key: the key it would get.
        english: the glossary's term; None where it has none.
        found: the name and where it stands.
    """

    key: str
    english: Term | None
    found: Found


@dataclass
class Gathering:
    """The names of many texts.

    Attributes:
        register: the names of the registry.
        glossary: the English there is.
        found: type and folded name → what was found, in the order of first mention.
    """

    register: Register
    glossary: Glossary
    found: dict[tuple[str, str], Found] = field(default_factory=dict)

    def add(self, draft: Draft, year: int = 0) -> None:
        """Take in the names of one text.

        Args:
            draft: what was found in it.
            year: of the document; 0 where it is unknown.
        """
        reader = Reader.of(draft.text, draft.mentions, self.register, year)
        for mention in draft.mentions:
            if is_name(mention, draft.text):
                self._take(draft, mention, reader)

    def _take(self, draft: Draft, mention: Named, reader: Reader) -> None:
        quote, whole = draft.text[slice(*mention.span)], reader.whole(mention)
        key = (mention.type, folded(whole))
        if key not in self.found:
            self.found[key] = Found(mention.type, whole, reader.meaning(mention))
        row = self.found[key]
        row.times += 1
        if len(row.places) < PLACES:
            row.places.append(Place(draft.document, mention.span, quote))
        if whole != quote and quote not in row.short:
            row.short.append(quote)

    def known(self) -> list[Found]:
        """List the names that mean one thing of the registry."""
        return [row for row in self.found.values() if row.meaning.key]

    def undecided(self) -> list[Found]:
        """List the names that several things of the registry bear."""
        return [row for row in self.found.values() if row.meaning.options]

    def proposals(self, taken: Mapping[tuple[str, str], str] | None = None) -> Iterator[Proposal]:
        """Propose an entry for each name that the registry does not know.

        Args:
            taken: keys that are fixed already, by type and folded name.
        """
        rows = [row for row in self.found.values() if row.meaning == Meaning()]
        fixed = taken or {}
        slugs = {(row.type, row.name): slug(row.name) for row in rows}
        often = Counter([*slugs.values(), *self.register.keys, *fixed.values()])
        for row in rows:
            key = fixed.get((row.type, folded(row.name)))
            if key is None:
                key = slugs[row.type, row.name]
                key = key if often[key] == 1 else with_digits(key, f"{row.type} {row.name}")
            yield Proposal(key, self.glossary.find(row.name, row.type), row)


def is_name(mention: Named, text: str) -> bool:
    """Tell whether a mention names one thing that a registry can have.

    Bodies in general are none, nor is a paper that is named by what it is: of papers, only those
    in title marks and those that a list of names has.
    """
    if mention.type not in FILES or getattr(mention, "generic", False):
        return False
    opens = unicodedata.category(text[mention.span.start]) in ("Ps", "Pi")
    return mention.type != "document" or opens or getattr(mention, "rule", "") == "list"
