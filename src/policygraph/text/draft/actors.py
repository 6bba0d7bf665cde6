"""Who does a thing, by what a text states: its subject, or the bodies named as answering for it.

In: clauses and mentions of one text; out: relations from clauses to bodies. What passes from one
clause of a sentence to the next is marked as carried over. This room knows no RDF.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import zip_longest

from policygraph.text.draft.kinds import SPEAKING, WHO_ACTS
from policygraph.text.draft.model import WITH_PARTS, Clause, Relation
from policygraph.text.draft.reading import Mentioned, Reader
from policygraph.text.restore import Span

_JOINED = ("joint", "pause", "space", "bracket", "etc")
_TOGETHER = "p_with"  # words for with whom
_ACTS = frozenset(["modal", "able", "modifier", "verb", "time", "prep", "p_with"])
"""What follows a body that does something."""

_MUST = frozenset(["modal", "able"])
"""What follows a body that must do something."""

_AND_OTHERS = 2  # words for: and others of their kind

_TURNED = frozenset(["moves", "landing"])
"""Words for bringing something into another state: the word for by tells from which."""


def actors(reader: Reader, sentence: Sequence[Clause]) -> Iterator[Relation]:
    """Give each clause the bodies that are its subject, or those of the clause before.

    Those of clauses that only say who leads and who helps do together what follows. With whom a
    thing is done counts for that clause alone.
    """
    current = _Doers()
    place = 0
    for clause in sentence:
        if current.by_agent and reader.finds(Span(place, clause.span.start), "divides"):
            current = _Doers()
        place = clause.span.end
        if clause.kind not in WITH_PARTS:
            opening = _opening(reader, clause)
            speaks = clause.kind == "context" and clause.reason in SPEAKING
            current = _Doers(opening) if opening or speaks else current
            continue
        doers = _own(reader, clause)
        for body in doers.bodies:
            yield Relation("actor", clause.id, body.id, "subject")
        subject = clause.parts.subject if clause.parts else None
        if doers.bodies:
            current = doers.joining(current)
        elif subject:
            current = _Doers() if _acts_itself(reader, clause, subject) else current
        else:
            for body in current.bodies:
                yield Relation("actor", clause.id, body.id, "subject-before", carried=True)
            for body in _beside(reader, clause):
                yield Relation("actor", clause.id, body.id, "subject")


@dataclass(frozen=True)
class _Doers:
    """Who does what a clause says.

    Attributes:
        bodies: in text order.
        by_agent: a word for by names them, so that they do no more than what it governs.
        charged: the clause says of them that they lead or help, and nothing else.
    """

    bodies: Sequence[Mentioned] = ()
    by_agent: bool = False
    charged: bool = False

    def joining(self, before: _Doers) -> _Doers:
        """Give who does what follows: also those named before, if all are only said to lead."""
        together = self.charged and before.charged
        return replace(self, bodies=(*before.bodies, *self.bodies)) if together else self


def _acts_itself(reader: Reader, clause: Clause, subject: Span) -> bool:
    """Tell whether a subject that is no body is of those who act, not what comes about by itself.

    Behind them nobody knows any more who does what follows.
    """
    verb = clause.parts.verb if clause.parts else None
    between = Span(subject.end, max(subject.end, verb.start)) if verb else Span(0, 0)
    must = reader.finds(between, *_MUST)
    return must or any("we" in names for names in reader.each(subject)[-1:])


def _own(reader: Reader, clause: Clause) -> _Doers:
    """Tell who a clause itself says does it."""
    agents = _agents(reader, clause)
    subject = clause.parts.subject if clause.parts else None
    if agents:
        bodies = agents
    elif subject:
        bodies = _subjects(reader, clause, subject) or _bound(reader, clause, subject)
    else:
        bodies = _opening(reader, clause)
    charged = bool(bodies) and bool(_charged(reader, clause.span))
    return _Doers(bodies, bool(agents) and not charged, charged)


def _beside(reader: Reader, clause: Clause) -> list[Mentioned]:
    """List the bodies that a clause opens with behind a word for with, before its verb."""
    verb = clause.parts.verb if clause.parts else None
    before = Span(clause.span.start, verb.start) if verb else Span(0, 0)
    return _with_whom(reader, before)


def _subjects(reader: Reader, clause: Clause, subject: Span) -> list[Mentioned]:
    """List the bodies that are a subject and nothing else, and those with whom they act."""
    named = reader.outermost(clause.span, "institution")
    bodies = [body for body in named if subject.start <= body.span.start < subject.end]
    if not bodies or not _are_all(reader, subject, bodies):
        return []
    verb = clause.parts.verb if clause.parts else None
    if not verb or verb.start <= subject.end:
        return bodies
    return [*bodies, *_with_whom(reader, Span(subject.end, verb.start))]


def _are_all(reader: Reader, subject: Span, bodies: Sequence[Mentioned]) -> bool:
    """Tell whether a subject is nothing but some bodies, or some and others like them."""
    last = bodies[-1].span.end
    if last > subject.end:
        return False
    rest = reader.each(Span(last, subject.end))
    others = len(rest) == _AND_OTHERS and "etc" in rest[0] and "others" in rest[1]
    whole = Span(subject.start, last) if others else subject
    return reader.consists_of(whole, bodies, *_JOINED, _TOGETHER)


def _with_whom(reader: Reader, between: Span) -> list[Mentioned]:
    """List the bodies with whom a thing is done, by what stands before its verb."""
    if not reader.finds(between, _TOGETHER):
        return []
    named = reader.outermost(between, "institution", "place")
    plain = reader.consists_of(between, named, *_JOINED, *_ACTS)
    return [body for body in named if body.type == "institution"] if plain else []


def _bound(reader: Reader, clause: Clause, subject: Span) -> list[Mentioned]:
    """List the bodies that open a clause and must do it, where its subject was read otherwise."""
    bodies = _opening(reader, clause, only=_MUST)
    verb = clause.parts.verb if clause.parts else None
    if not bodies or not verb or bodies[0].span.start > subject.start:
        return []
    return [*bodies, *_with_whom(reader, Span(bodies[-1].span.end, verb.start))]


def _agents(reader: Reader, clause: Clause) -> list[Mentioned]:
    """List the bodies that a word for by names before the verb; not what is turned into another."""
    verb = clause.parts.verb if clause.parts else None
    if not verb or not reader.within(Span(clause.span.start, verb.start), "institution"):
        return []
    if reader.finds(verb, *_TURNED):
        return []
    words = reader.classes(Span(clause.span.start, verb.start))
    after = [span.end for span, names in words if "agent" in names][-1:]
    between = Span(after[0], verb.start) if after else Span(verb.start, verb.start)
    bodies = reader.opening(between, "institution", *_JOINED, _TOGETHER)
    rest = Span(bodies[-1].span.end, verb.start) if bodies else between
    return bodies if reader.consists_of(rest, [], *_ACTS, "duty") else []


def _opening(reader: Reader, clause: Clause, only: frozenset[str] = _ACTS) -> list[Mentioned]:
    """List the bodies that open a clause and are followed by what they do or must do.

    Those that open it behind a word for with are not they who do it.
    """
    bodies = reader.opening(clause.span, "institution", *_JOINED)
    if not bodies:
        return []
    rest = reader.each(Span(bodies[-1].span.end, clause.span.end))
    if not rest or reader.finds(Span(clause.span.start, bodies[0].span.start), _TOGETHER):
        return []
    may_act = clause.kind != "context" or clause.reason == WHO_ACTS
    return bodies if rest[0] & (only if may_act else _MUST) else []


def answering(reader: Reader, clauses: Sequence[Clause]) -> Iterator[Relation]:
    """Give a clause the bodies that a clause behind it names as answering for what it says.

    By whom it is done is said of the clause before, in one sentence; in brackets, in a sentence of
    its own or behind a label it is said of all that heads the item. In brackets that end a clause
    it is said of that clause.
    """
    by_id = {clause.id: clause for clause in clauses}
    head: Clause | None = None
    before: Clause | None = None
    line, labelled = -1, -1
    for clause, after in zip_longest(clauses, clauses[1:]):
        label = _is_label(reader, clause)
        labelled = clause.sentence if label else labelled
        named = labelled == clause.sentence
        bodies = [] if label else _charged(reader, clause.span, labelled=named)
        if not (bodies or label) and (here := reader.line(clause.span.start)) != line:
            head, line = None, here
        if label and head and reader.line(clause.span.start) != line:
            head = _item(head, by_id)
        item = named or clause.reason == "aside"
        goes_on = after is not None and after.sentence == clause.sentence
        said_of = head if item else _just_said(clause, head, before, goes_on=goes_on)
        if said_of:
            yield from (Relation("actor", said_of.id, b.id, "answers-for-item") for b in bodies)
        for body in _in_brackets(reader, clause):
            yield Relation("actor", clause.id, body.id, "answers-for-item")
        if clause.kind in WITH_PARTS and not bodies:
            head, before = head or clause, clause


def _just_said(
    clause: Clause, head: Clause | None, before: Clause | None, *, goes_on: bool
) -> Clause | None:
    """Give the clause that one in plain words speaks of: the one before, or what heads its item.

    One that opens its sentence speaks of what follows there.
    """
    if before and before.sentence == clause.sentence:
        return before
    if clause.kind in WITH_PARTS or goes_on or not head:
        return None
    return head if head.heading or head is before else None


def _item(clause: Clause, by_id: Mapping[str, Clause]) -> Clause:
    """Give the heading of the item that a clause opens a line of, where it says what is done."""
    above = by_id.get(clause.parent)
    heads = above and not clause.heading and above.parts and above.parts.verb
    return above if above and heads else clause


def _is_label(reader: Reader, clause: Clause) -> bool:
    """Tell whether a clause is a label of the bodies that answer for an item, and nothing else."""
    return reader.only(clause.span, "label")


def _charged(reader: Reader, span: Span, *also: str, labelled: bool = False) -> list[Mentioned]:
    """List the bodies of a span that says who leads or answers for a thing, and no more.

    Args:
        reader: the text.
        span: a clause, or what stands in brackets.
        also: classes of words that may stand there, too.
        labelled: a label stands before it, so that it need not say that they answer.
    """
    bodies = reader.outermost(span, "institution") if reader.names_in(span) else []
    if not bodies:
        return []
    allowed = (*_JOINED, _TOGETHER, "duty", "agent", "others", *also)
    if not reader.consists_of(span, bodies, *allowed):
        return []
    said = reader.finds(Span(bodies[-1].span.end, span.end), "duty")
    return bodies if labelled or said else []


def _in_brackets(reader: Reader, clause: Clause) -> list[Mentioned]:
    """List the bodies that brackets at the end of what a clause states say answer for it."""
    if clause.kind not in WITH_PARTS or not reader.within(clause.span, "institution"):
        return []
    (start, end), names = reader.classes(clause.span)[-1]
    behind = "bracket" in names and start > clause.span.start
    return _charged(reader, Span(start + 1, end - 1), "comma") if behind else []
