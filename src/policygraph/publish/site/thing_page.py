"""What the page of a thing shows, put together for its template.

In: a ``Subject`` and the links of the page. Out: ``Row`` values: what is said, what follows, what
is only proposed, each with the sentence, the source or the proof behind it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

from markupsafe import Markup

from policygraph.graph.explain import Evidence, Explanation
from policygraph.graph.proofs import ProofRow, rows_of
from policygraph.identifiers import passage_span
from policygraph.namespaces import DCTERMS, NIF, PG, PROV, RDF, RDFS, SKOS, shorten
from policygraph.publish.sheets.sheet import html_language
from policygraph.publish.site.links import Links, Shown
from policygraph.publish.site.reader import PLAIN, Line, OutsideLink, Subject
from policygraph.publish.site.star import Spoke, star
from policygraph.publish.site.words import say
from policygraph.study.said import Thing, Words

_DRAWN = (PG, SKOS + "broader")

_NAMED = {
    RDF + "type": "type",
    RDFS + "label": "label",
    SKOS + "altLabel": "alias",
    SKOS + "broader": "broader",
    SKOS + "note": "note",
    DCTERMS + "language": "language",
    DCTERMS + "source": "source",
    DCTERMS + "title": "title",
    DCTERMS + "description": "description",
    DCTERMS + "issued": "issued",
    PROV + "wasDerivedFrom": "derived",
    PROV + "wasAttributedTo": "by",
    NIF + "beginIndex": "begin",
    NIF + "endIndex": "end",
}
"""Relations of other vocabularies that have a name on these pages."""

_ABOUT = ("type", "label", "alias", "language", "title", "by", "derived", "begin", "end")
_NAMES = tuple(iri for iri, name in _NAMED.items() if name in _ABOUT)
"""Relations that tell what a thing is called and how it is kept, not what a text says of it."""

_DEEDS = {"done": ("Achievement",), "planned": ("Goal", "Action")}
"""What was done and what is planned, by the classes of statements."""


@dataclass(frozen=True)
class Quote:
    """Words that state something, and the sentence around them.

    Attributes:
        origin: what kind of evidence it is.
        href: to the passage, source or judgement.
        where: which characters, or which day.
        repair: status of a repair inside the words that is less than proved; else empty.
    """

    origin: str
    before: str
    words: str
    after: str
    lang: str
    href: str
    by: Shown
    where: str
    repair: str = ""


@dataclass(frozen=True)
class Premise:
    """One line of a proof: a triple, and the rule it follows by or the words that state it."""

    depth: int
    subject: Shown
    relation: Shown
    value: Shown
    rule: str
    axiom: str
    sentence: str
    href: str


@dataclass(frozen=True)
class Row:
    """One line about a thing."""

    other: Shown
    origin: str
    quotes: tuple[Quote, ...]
    proof: tuple[Premise, ...]


@dataclass(frozen=True)
class Group:
    """Lines of one relation."""

    relation: Shown
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class Block:
    """Groups under one heading, by its name in the words of the site."""

    name: str
    groups: tuple[Group, ...]


@dataclass(frozen=True)
class Deed:
    """A statement of what was done or is planned about a thing.

    Attributes:
        shown: its name and link.
        inferred: whether nobody says that it is about the thing.
        quotes: the words that say so.
    """

    shown: Shown
    inferred: bool
    quotes: tuple[Quote, ...]


@dataclass(frozen=True)
class OutsideRow:
    """A link to another graph."""

    relation: Shown
    target: Shown
    link: OutsideLink


class ThingView:
    """What a page shows of one subject."""

    def __init__(self, subject: Subject, links: Links) -> None:
        self.subject = subject
        self.links = links
        self.reader = links.places.reader

    def name(self) -> Shown:
        """Give the title."""
        return self.links.name(self.subject.thing)

    def kinds(self) -> list[Shown]:
        """List the classes of the policy ontology it belongs to."""
        return [self.links.named(PG + kind, both=False) for kind in self.subject.kinds]

    def quotes(self) -> list[Quote]:
        """List the passages it is quoted from."""
        found = (self.reader.evidence(iri) for iri in self.subject.passages)
        return [self._quote(each) for each in found if each]

    def said(self) -> list[Block]:
        """Lay out what is said of it: stated and recorded, proposed, inferred, in other words."""
        return [block for block in self._blocks(self.subject.lines) if block.name != "named"]

    def named(self) -> list[Block]:
        """Lay out what it is called and how it is kept; see ``said``."""
        return [block for block in self._blocks(self.subject.lines) if block.name == "named"]

    def deeds(self) -> list[tuple[str, list[Deed]]]:
        """List the statements joined to it: what was done, what is planned, with their words."""
        found: dict[str, dict[str, Deed]] = {name: {} for name in _DEEDS}
        lines = [*self.subject.mentions, *self.subject.lines]
        for line in sorted(lines, key=lambda line: line.origin == "inferred"):
            other = line.other
            if isinstance(other, Thing) and line.origin != "candidate":
                kinds = self.reader.kinds(other.iri)
                name = next((each for each in _DEEDS if not {*kinds}.isdisjoint(_DEEDS[each])), "")
                if name and other.iri not in found[name]:
                    found[name][other.iri] = self._deed(other, line)
        return [(name, list(deeds.values())) for name, deeds in found.items() if deeds]

    def _deed(self, thing: Thing, line: Line) -> Deed:
        stated = (each for each in line.explanation.evidence if each.origin == "stated")
        quotes = tuple(self._quote(each) for each in stated)[:1]
        return Deed(self.links.name(thing), line.origin == "inferred", quotes)

    def mentions(self) -> list[Block]:
        """Lay out what points to it, in the same way."""
        return self._blocks(self.subject.mentions)

    def picture(self) -> Markup:
        """Draw what is joined to it, in the terms of the policy ontology; see ``star``."""
        kind = next(iter(self.subject.kinds), "")
        label = say(self.links.lang, "thing.picture", thing=self.name().text)
        inward, outward = self._spokes(self.subject.mentions), self._spokes(self.subject.lines)
        for iri in inward.keys() & outward.keys():  # an inverse that only follows says nothing new
            del (inward if inward[iri].origin == "inferred" else outward)[iri]
        centre = self.links.name(self.subject.thing, both=False)
        return star(centre, kind, [*inward.values()], [*outward.values()], label)

    def _spokes(self, lines: Iterable[Line]) -> dict[str, Spoke]:
        """Choose what a picture shows of lines: each thing once, what somebody says first."""
        found: dict[str, Spoke] = {}
        for line in sorted(lines, key=lambda line: line.origin in ("inferred", "candidate")):
            other = line.other
            if not isinstance(other, Thing) or not line.relation.iri.startswith(_DRAWN):
                continue
            if other.iri not in found and self.links.places.has_page(other.iri):
                kind = next(iter(self.reader.kinds(other.iri)), "")
                relation = self.links.name(line.relation, both=False).text
                shown = self.links.name(other, both=False)
                found[other.iri] = Spoke(relation, shown, kind, line.origin)
        return found

    def outside(self) -> list[OutsideRow]:
        """List the links to other graphs, with those refused."""
        return [
            OutsideRow(
                relation=self.links.name(link.relation, both=False),
                target=self.links.words(Words(link.target)),
                link=link,
            )
            for link in self.subject.links
        ]

    def _blocks(self, lines: Iterable[Line]) -> list[Block]:
        parts: dict[str, list[Line]] = {
            "said": [],
            "candidate": [],
            "inferred": [],
            "elsewhere": [],
            "named": [],
        }
        for line in lines:
            parts[_part(line)].append(line)
        return [Block(name, self._groups(part)) for name, part in parts.items() if part]

    def _groups(self, lines: list[Line]) -> tuple[Group, ...]:
        return tuple(
            Group(self._relation(relation), tuple(map(self._row, group)))
            for relation, group in groupby(lines, key=lambda line: line.relation)
        )

    def _relation(self, relation: Thing) -> Shown:
        known = _NAMED.get(relation.iri)
        if known:
            return Shown(say(self.links.lang, f"relation.{known}"), "", relation.iri, outside=True)
        return self.links.name(relation, both=False)

    def _row(self, line: Line) -> Row:
        other = line.other
        shown = self.links.name(other) if isinstance(other, Thing) else self.links.words(other)
        quotes = tuple(self._quote(each) for each in line.explanation.evidence)
        return Row(shown, line.origin, quotes, tuple(self._proof(line.explanation)))

    # evidence

    def _quote(self, evidence: Evidence) -> Quote:
        lang = self.links.lang
        stated = evidence.origin == "stated"
        words = evidence.words.get(lang) or next(iter(evidence.words.values()), "")
        by = evidence.by.get(lang) or next(iter(evidence.by.values()), "")
        repair = evidence.detail.get("repair", "")
        return Quote(
            origin=evidence.origin,
            before=evidence.before,
            words=words,
            after=evidence.after,
            lang=self._language_of(evidence.graph) if stated else lang,
            href=self.links.to(evidence.graph),
            by=Shown(by),
            where=_where(evidence),
            repair="" if repair == "proved" else repair,
        )

    def _language_of(self, passage: str) -> str:
        quoted = self.reader.passage_words(passage)
        return html_language(quoted.lang)

    def _proof(self, explanation: Explanation) -> list[Premise]:
        if explanation.proof is None:
            return []
        return [self._premise(row) for row in rows_of(explanation, self.links.lang)]

    def _premise(self, row: ProofRow) -> Premise:
        value = row.object
        ours = value.startswith(("http://", "https://"))
        return Premise(
            depth=len(row.step.split(".")) if row.step else 0,
            subject=self.links.named(row.subject, both=False),
            relation=self.links.named(row.predicate, both=False),
            value=self.links.named(value, both=False) if ours else Shown(value),
            rule=row.rule,
            axiom=" ".join(map(shorten, row.axiom.split())),
            sentence=row.sentence or row.words,
            href=self.links.to(row.graph) if row.graph else "",
        )


def _part(line: Line) -> str:
    """Tell under which heading a line stands."""
    if line.origin == "candidate":
        return "candidate"
    plain = line.relation.iri.startswith(PLAIN) or line.origin != "inferred"
    kind = line.relation.iri == RDF + "type" and isinstance(line.other, Thing)
    if kind and line.origin == "inferred":
        plain = line.other.iri.startswith(PG)  # type: ignore[union-attr]
    if not plain:
        return "elsewhere"
    if line.origin == "inferred":
        return "inferred"
    return "named" if line.relation.iri in _NAMES else "said"


def _where(evidence: Evidence) -> str:
    span = passage_span(evidence.graph)
    if span:
        return f"{span[1]}–{span[2]}"
    return evidence.detail.get("date", "")
