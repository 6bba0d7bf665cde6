"""Who does a thing, by what a text states: its subject, or the bodies named as answering for it.

In: clauses and mentions of one text; out: relations from clauses to bodies. What passes from one
clause of a sentence to the next is marked as carried over. This room knows no RDF.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from policygraph.text.draft.kinds import SPEAKING
from policygraph.text.draft.model import WITH_PARTS, Clause, Relation
from policygraph.text.draft.reading import Mentioned, Reader
from policygraph.text.restore import Span

_JOINED = ("joint", "pause", "space", "bracket", "etc")
_TOGETHER = "p_with"  # words for with whom
_ACTS = frozenset(["modal", "able", "modifier", "verb", "time", "prep", "p_with"])
"""What follows a body that does something."""


def actors(reader: Reader, sentence: Sequence[Clause]) -> Iterator[Relation]:
    """Give each clause the bodies that are its subject, or those of the clause before."""
    current: list[Mentioned] = []
    for clause in sentence:
        subject = clause.parts.subject if clause.parts else None
        if clause.kind not in WITH_PARTS:
            opening = _opening(reader, clause)
            speaks = clause.kind == "context" and clause.reason in SPEAKING
            current = opening if opening or speaks else current
            continue
        own = _subjects(reader, clause, subject) if subject else _opening(reader, clause)
        if own or subject:
            current = own
        for body in current:
            if own:
                yield Relation("actor", clause.id, body.id, "subject")
            else:
                yield Relation("actor", clause.id, body.id, "subject-before", carried=True)


def _subjects(reader: Reader, clause: Clause, subject: Span) -> list[Mentioned]:
    """List the bodies that are a subject and nothing else, and those with whom they act."""
    bodies = reader.outermost(subject, "institution")
    if not bodies or not reader.consists_of(subject, bodies, *_JOINED, _TOGETHER):
        return []
    verb = clause.parts.verb if clause.parts else None
    if not verb or verb.start <= subject.end:
        return bodies
    between = Span(subject.end, verb.start)
    with_whom = reader.outermost(between, "institution")
    together = any(_TOGETHER in names for _, names in reader.classes(between))
    plain = reader.consists_of(between, with_whom, *_JOINED, *_ACTS)
    return [*bodies, *with_whom] if together and plain else bodies


def _opening(reader: Reader, clause: Clause) -> list[Mentioned]:
    """List the bodies that open a clause and are followed by what they do or must do."""
    bodies = reader.opening(clause.span, "institution", *_JOINED)
    if not bodies:
        return []
    rest = reader.classes(Span(bodies[-1].span.end, clause.span.end))
    must = bool(rest) and bool(rest[0][1] & {"modal", "able"})
    acts = clause.kind != "context" and bool(rest) and bool(rest[0][1] & _ACTS)
    return bodies if must or acts else []


def answering(reader: Reader, clauses: Sequence[Clause]) -> Iterator[Relation]:
    """Give what an item heads the bodies that a clause behind it names as answering for it."""
    head: Clause | None = None
    line = -1
    for clause in clauses:
        charged = [] if clause.kind in WITH_PARTS else _charged(reader, clause)
        if not charged and reader.line(clause.span.start) != line:
            head, line = None, reader.line(clause.span.start)
        if head is None and clause.kind in WITH_PARTS:
            head = clause
        if head:
            for body in charged:
                yield Relation("actor", head.id, body.id, "answers-for-item")


def _charged(reader: Reader, clause: Clause) -> list[Mentioned]:
    """List the bodies of a clause that says who leads or answers for a thing, and no more."""
    bodies = reader.outermost(clause.span, "institution")
    if not bodies or not reader.consists_of(clause.span, bodies, *_JOINED, _TOGETHER, "duty"):
        return []
    words = reader.classes(Span(bodies[-1].span.end, clause.span.end))
    return bodies if any("duty" in names for _, names in words) else []
