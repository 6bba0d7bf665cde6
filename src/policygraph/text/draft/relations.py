"""Relations that a text states: who does a thing, what it carries out, its figures and dates.

In: clauses and mentions of one text; out: relations between their ids. Only what the text states is
taken; what passes from one clause of a sentence to the next is marked as carried over. This room
knows no RDF.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Protocol

from policygraph.text.draft.kinds import AIMS, SPEAKING
from policygraph.text.draft.lexicon import Lexicon
from policygraph.text.draft.model import WITH_PARTS, Clause, Relation
from policygraph.text.restore import Span


class Named(Protocol):
    """What a mention must tell here: where it stands and what type of thing it names."""

    @property
    def span(self) -> Span:
        """The words, as code points."""

    @property
    def type(self) -> str:
        """The type, one of those of the annotation guide: ``institution``, ``date`` and so on."""


@dataclass(frozen=True)
class _Mention:
    id: str
    span: Span
    type: str


class _Reader:
    """Reads the relations of one text."""

    def __init__(self, text: str, mentions: Sequence[Named], lexicon: Lexicon) -> None:
        self.text = text
        self.lexicon = lexicon
        named = [_Mention(f"e{n + 1}", m.span, m.type) for n, m in enumerate(mentions)]
        self.mentions = sorted(named, key=lambda m: (m.span.start, -m.span.end))
        self.starts = [m.span.start for m in self.mentions]

    def within(self, span: Span | None, *types: str) -> list[_Mention]:
        """List the mentions of some types inside a span."""
        if span is None:
            return []
        first = bisect_left(self.starts, span.start)
        found = self.mentions[first : bisect_left(self.starts, span.end, first)]
        return [m for m in found if m.type in types and m.span.end <= span.end] if found else []

    def outermost(self, span: Span | None, *types: str) -> list[_Mention]:
        """List those that lie in no other mention of these types."""
        found: list[_Mention] = []
        for mention in self.within(span, *types):
            if not found or mention.span.start >= found[-1].span.end:
                found.append(mention)
        return found

    def classes(self, span: Span) -> list[tuple[Span, frozenset[str]]]:
        """Cut a span into words with their classes."""
        tokens = self.lexicon.scan(self.text, *span)
        names = self.lexicon.names
        pairs = zip(tokens.codes, tokens.bounds, tokens.bounds[1:], strict=False)
        return [(Span(start, end), names[code]) for code, start, end in pairs]

    def consists_of(self, span: Span, mentions: Sequence[_Mention], *allowed: str) -> bool:
        """Tell whether nothing but these mentions and words of some classes is in a span."""
        place = span.start
        for mention in [*mentions, None]:
            end = mention.span.start if mention else span.end
            if not all(names & set(allowed) for _, names in self.classes(Span(place, end))):
                return False
            place = mention.span.end if mention else end
        return True


def relations(
    text: str, clauses: Sequence[Clause], mentions: Sequence[Named], lexicon: Lexicon
) -> list[Relation]:
    """Find what a text states between its clauses and what it names.

    Args:
        text: the restored text.
        clauses: its clauses.
        mentions: what it names; the first has the id ``e1``.
        lexicon: the words of its language.
    """
    reader = _Reader(text, mentions, lexicon)
    found: list[Relation] = []
    for _, group in groupby(clauses, lambda clause: clause.sentence):
        sentence = list(group)
        found += _actors(reader, sentence)
        found += _deadlines(reader, sentence)
        found += _times_and_places(reader, sentence)
        for clause in sentence:
            found += _figures(reader, clause)
            found += _documents(reader, clause)
            found += _initiatives(reader, clause)
    return found


def _figures(reader: _Reader, clause: Clause) -> Iterator[Relation]:
    if clause.kind != "context":
        for figure in reader.within(clause.span, "figure"):
            yield Relation("has_figure", clause.id, figure.id, "figure-in-clause")


def _actors(reader: _Reader, sentence: Sequence[Clause]) -> Iterator[Relation]:
    """Give each clause the bodies that are its subject, or those of the clause before."""
    current: list[_Mention] = []
    for clause in sentence:
        subject = clause.parts.subject if clause.parts else None
        if clause.kind in WITH_PARTS and subject:
            bodies = reader.outermost(subject, "institution")
            plain = bool(bodies) and reader.consists_of(
                subject, bodies, "joint", "pause", "space", "bracket"
            )
            current = bodies if plain else []
            for body in current:
                yield Relation("actor", clause.id, body.id, "subject")
        elif clause.kind == "context":
            opening = _opening(reader, clause)
            current = opening if opening or clause.reason in SPEAKING else current
        elif clause.kind in WITH_PARTS:
            for body in current:
                yield Relation("actor", clause.id, body.id, "subject-before", carried=True)


def _opening(reader: _Reader, clause: Clause) -> list[_Mention]:
    """List the bodies that open a clause and are followed by a word like must or may."""
    bodies = reader.outermost(clause.span, "institution")
    if not bodies or bodies[0].span.start != clause.span.start:
        return []
    rest = reader.classes(Span(bodies[0].span.end, clause.span.end))
    return bodies[:1] if rest and rest[0][1] & {"modal", "able"} else []


def _deadlines(reader: _Reader, sentence: Sequence[Clause]) -> Iterator[Relation]:
    """Give planned clauses the date before their verb, or the one their aims were named with."""
    ahead: list[_Mention] = []
    for clause in sentence:
        if clause.reason in AIMS:
            ahead = reader.outermost(clause.span, "date")[:1]
        elif clause.kind in ("goal", "action") and clause.parts:
            verb = clause.parts.verb
            before = Span(clause.span.start, verb.start if verb else clause.span.start)
            dates = [d for d in reader.outermost(before, "date") if _opens(reader, clause, d)]
            for date in dates[:1]:
                yield Relation("deadline", clause.id, date.id, "date-before-verb")
            for date in [] if dates else ahead:
                yield Relation("deadline", clause.id, date.id, "date-of-aims", carried=True)


def _opens(reader: _Reader, clause: Clause, date: _Mention) -> bool:
    """Tell whether a date stands at the start of its clause, before the subject."""
    before = reader.classes(Span(clause.span.start, date.span.start))
    return all(names & {"time", "link", "modal", "modifier", "prep"} for _, names in before)


def _times_and_places(reader: _Reader, sentence: Sequence[Clause]) -> Iterator[Relation]:
    dates: list[_Mention] = []
    for clause in sentence:
        named = reader.outermost(clause.span, "date", "document", "initiative")
        here = [mention for mention in named if mention.type == "date"]
        if clause.kind == "context":
            dates = here or dates
        elif clause.kind == "event" and clause.parts:
            yield from _of_event(reader, clause, here, dates)


def _of_event(
    reader: _Reader, clause: Clause, here: list[_Mention], before: list[_Mention]
) -> Iterator[Relation]:
    parts = clause.parts
    subject = parts.subject or parts.object if parts else None
    named = reader.outermost(subject, "event")
    source = named[-1].id if named and subject and named[-1].span.end == subject.end else clause.id
    inside = subject or Span(0, 0)
    own = [d for d in here if not inside.start <= d.span.start < inside.end] or before
    for date in own[:1]:
        yield Relation("held_on", source, date.id, "date-of-event")
    for place in reader.outermost(Span(inside.end, clause.span.end), "place")[:1]:
        yield Relation("located_in", source, place.id, "place-of-event")


def _documents(reader: _Reader, clause: Clause) -> Iterator[Relation]:
    """Find documents that the clause draws up or publishes."""
    parts = clause.parts
    if not parts or not parts.verb or not parts.object:
        return
    if not reader.within(parts.object, "document"):
        return
    inner = [names for _, names in reader.classes(parts.object)[:2]]
    verbs = [names for _, names in reader.classes(parts.verb)]
    if any("issues" in names for names in [*verbs, *inner]):
        for document in reader.outermost(parts.object, "document", "initiative"):
            if document.type == "document":
                yield Relation("issues", clause.id, document.id, "object-of-issuing")


def _initiatives(reader: _Reader, clause: Clause) -> Iterator[Relation]:
    """Find initiatives that are what the verb governs, or its carrying out."""
    parts = clause.parts
    if not reader.within(clause.span, "initiative"):
        return
    thing = (parts.object or parts.subject) if parts else None
    spans = [thing] if thing else []
    if parts and parts.object and parts.subject and _is_count(reader, parts.object):
        spans = [parts.subject]  # an initiative of which so many were run
    for span in spans:
        found = reader.outermost(span, "initiative", "document", "event", "institution")
        rest = [m for m in found if m.type == "initiative"]
        if rest and _governed(reader, span, rest):
            kept = [m for m in rest if _leads(reader, span, m, rest)]
            for mention in kept:
                yield Relation("implements", clause.id, mention.id, "governed-initiative")


def _is_count(reader: _Reader, span: Span) -> bool:
    return all("figure" in names for _, names in reader.classes(span))


def _governed(reader: _Reader, span: Span, mentions: Sequence[_Mention]) -> bool:
    """Tell whether a span ends with an initiative, its carrying out, or a count of it."""
    words = reader.classes(Span(mentions[-1].span.end, span.end))
    return not words or bool(words[-1][1] & {"work", "figure"})


def _leads(reader: _Reader, span: Span, mention: _Mention, mentions: Sequence[_Mention]) -> bool:
    """Tell whether a mention is what a span, or one of its members, begins with."""
    before = reader.classes(Span(span.start, mention.span.start))
    opens = all(names & {"modifier", "carries"} for _, names in before)
    joined = bool(before) and bool(before[-1][1] & {"joint", "pause"})
    follows = joined and any(m.span.start == span.start for m in mentions)
    words = reader.classes(Span(mention.span.end, span.end))
    own = [names for _, names in words]
    stop = next((n for n, names in enumerate(own) if names & {"joint", "pause"}), len(own))
    done = all(names & {"work", "figure", "bracket", "modifier"} for names in own[:stop])
    return (opens or follows) and done
