"""What several sources say of the same: whether they agree, and who says what where they do not.

In: a reading. Out: facts that two sources or more speak of, each value with its claims and their
words. Nothing is averaged and none is chosen. Which properties can disagree, what belongs to a
value and when things of two documents are the same is declared in the ontology (``pg:oneValued``,
``pg:readWith``, ``pg:sameBy``), not here.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations

from pyoxigraph import NamedNode, Quad

from policygraph.graph.terms import TYPE, pg, text_of
from policygraph.identifiers import origin_of
from policygraph.namespaces import PG
from policygraph.study.reading import SAYING, Reading
from policygraph.study.said import LeftOut, Passage, Thing, Value, Words, written
from policygraph.text.days import is_date, is_month

_PERIOD = PG + "period"


@dataclass(frozen=True)
class Claim:
    """One source that gives a value.

    Attributes:
        source: the document, the source of the registry, or the judgement.
        origin: ``stated``, ``record``, ``registry`` or ``editor``.
        about: the thing as this source has it.
        passage: the passage that states it; None for what no document states.
        words: the sentence, or what the source or judgement says, by language.
    """

    source: Thing
    origin: str
    about: Thing
    passage: Passage | None
    words: tuple[Words, ...]


@dataclass(frozen=True)
class Answer:
    """A value with everyone who gives it; values that are read with it follow the first one."""

    values: tuple[Thing | datetime.date | Words, ...]
    claims: tuple[Claim, ...]

    @property
    def sources(self) -> int:
        """How many different sources give it."""
        return len({claim.source.iri for claim in self.claims})


@dataclass(frozen=True)
class Fact:
    """What sources say of one property of one thing.

    Attributes:
        thing: the thing, as the first source has it.
        relation: the property, with its names.
        answers: the values, the one with most sources first.
        same_by: the words in which the things of several documents agree, by language; empty
            where they are one thing anyway.
    """

    thing: Thing
    relation: Thing
    answers: tuple[Answer, ...]
    same_by: tuple[Words, ...] = ()

    @property
    def subject(self) -> Thing:
        """What it is about: the thing, by the words that its documents share if there are any."""
        return Thing(self.thing.iri, self.same_by) if self.same_by else self.thing

    @property
    def disagrees(self) -> bool:
        """Tell whether sources give values that cannot all hold; a month holds its days."""
        return not all(_agree(one, other) for one, other in combinations(self.answers, 2))

    @property
    def sources(self) -> int:
        """How many different sources speak of it."""
        return len({claim.source.iri for answer in self.answers for claim in answer.claims})


@dataclass(frozen=True)
class Conflicts:
    """What two sources or more speak of.

    Attributes:
        facts: in the order of things and properties; those that disagree first.
        left_out: documents that were not looked at.
    """

    facts: tuple[Fact, ...]
    left_out: tuple[LeftOut, ...]

    @property
    def disagreements(self) -> tuple[Fact, ...]:
        """The facts of which sources give values that cannot all hold."""
        return tuple(fact for fact in self.facts if fact.disagrees)

    @property
    def corroborated(self) -> tuple[Fact, ...]:
        """The facts of which two sources or more give one value, be it less exactly."""
        return tuple(fact for fact in self.facts if not fact.disagrees)


def conflicts(reading: Reading) -> Conflicts:
    """Find what several sources say of the same thing."""
    facts = sorted(_Weighing(reading).facts(), key=lambda fact: (not fact.disagrees, *_place(fact)))
    return Conflicts(tuple(facts), tuple(reading.left_out()))


def _agree(one: Answer, other: Answer) -> bool:
    """Tell whether of two values one is a month or a year, and the other lies in it."""
    if len(one.values) > 1 or len(other.values) > 1:
        return False
    shorter, longer = sorted((written(one.values[0]), written(other.values[0])), key=len)
    return (is_month(longer) or is_date(longer)) and longer.startswith(f"{shorter}-")


def _place(fact: Fact) -> tuple[str, str]:
    return fact.thing.iri, fact.relation.iri


@dataclass(frozen=True)
class _Told:
    """One value as one source gives it, in one graph."""

    about: Thing
    graph: str
    values: tuple[Thing | datetime.date | Words, ...]


class _Weighing:
    """Puts the claims of all sources side by side."""

    def __init__(self, reading: Reading) -> None:
        self.reading = reading
        self.engine = reading.store.engine

    def facts(self) -> Iterator[Fact]:
        """Give every fact that two sources or more speak of."""
        for relation in sorted(self._declared("oneValued")):
            told: dict[tuple[object, ...], list[_Told]] = {}
            for subject in sorted(self._subjects(relation)):
                for each in self._told(subject, relation):
                    told.setdefault(self._identity(subject), []).append(each)
            for several in told.values():
                fact = self._fact(relation, several)
                if fact.sources > 1:
                    yield fact

    def _subjects(self, relation: str) -> set[str]:
        quads = self.engine.quads_for_pattern(None, NamedNode(relation), None, None)
        return {text_of(quad.subject) for quad in quads if _is_said(quad)}

    def _told(self, subject: str, relation: str) -> Iterator[_Told]:
        """Give the values of a thing, each once for every graph that gives it."""
        values = self.reading.values(subject)
        companions = [
            value
            for other in sorted(self._declared("readWith").get(relation, ()))
            for value in values.get(other.removeprefix(PG), ())
        ]
        about = self.reading.thing(subject)
        for value in values.get(relation.removeprefix(PG), ()):
            for graph in value.graphs:
                if self.reading.was_known(graph):
                    yield _Told(about, graph, (value.value, *self._companions(companions, graph)))

    def _companions(
        self, companions: list[Value], graph: str
    ) -> Iterator[Thing | datetime.date | Words]:
        """Give what the same source says together with a value."""
        source = self.reading.source_of(graph)
        for value in companions:
            if any(self.reading.source_of(other) == source for other in value.graphs):
                yield value.value

    def _fact(self, relation: str, told: Iterable[_Told]) -> Fact:
        answers: dict[tuple[object, ...], list[Claim]] = {}
        values: dict[tuple[object, ...], tuple[Thing | datetime.date | Words, ...]] = {}
        for each in told:
            same = tuple(map(_plain, each.values))
            values.setdefault(same, each.values)
            answers.setdefault(same, []).append(self._claim(each))
        found = [Answer(values[same], _in_order(claims)) for same, claims in answers.items()]
        found.sort(key=lambda answer: (-answer.sources, _rank(answer.claims[0])))
        thing = found[0].claims[0].about
        return Fact(thing, self.reading.thing(relation), tuple(found), self._same_by(thing))

    def _same_by(self, thing: Thing) -> tuple[Words, ...]:
        """Give the words by which things of a class are the same, in every language."""
        values = self.reading.values(thing.iri)
        return tuple(
            value.value
            for kind, relations in sorted(self._declared("sameBy").items())
            if self._is_a(thing.iri, kind)
            for relation in sorted(relations)
            for value in values.get(relation.removeprefix(PG), ())
            if isinstance(value.value, Words)
        )

    def _claim(self, told: _Told) -> Claim:
        origin = origin_of(told.graph)
        passage = self.reading.passage(told.graph)
        words = (passage.sentence,) if passage else self.reading.told_by(told.graph)
        source = self.reading.thing(self.reading.source_of(told.graph))
        return Claim(source, origin, told.about, passage, words)

    # when things of two documents are the same

    def _identity(self, subject: str) -> tuple[object, ...]:
        """Give what a thing is known by: its IRI, or what its class is compared by."""
        for kind, relations in sorted(self._declared("sameBy").items()):
            if self._is_a(subject, kind):
                found = [self._agreed(subject, relation) for relation in sorted(relations)]
                if all(found):
                    return (kind, *map(tuple, found))
        return (subject,)

    def _agreed(self, subject: str, relation: str) -> list[str]:
        """Give what a thing must agree in: the words a document states, or its time."""
        if relation == _PERIOD:
            return self._time(subject)
        quads = self.engine.quads_for_pattern(NamedNode(subject), NamedNode(relation), None, None)
        stated = (q for q in quads if origin_of(text_of(q.graph_name)) == "stated")
        return sorted({text_of(quad.object) for quad in stated})

    def _time(self, subject: str) -> list[str]:
        """Give the time a thing is said of: its period, else the event reported; and its day."""
        holders = [subject, *self._holders(subject)]
        days = [day for each in holders[:2] for day in self._texts(each, "asOf")][:1]
        for each in holders:
            periods = self._texts(each, "period")
            if periods:
                return [*periods, *days]
        documents = (said.document for said in map(self.reading.said, holders) if said)
        events = {event for document in documents for event in self._reported(document.iri)}
        return [*sorted(events), *days]

    def _holders(self, figure: str) -> list[str]:
        quads = self.engine.quads_for_pattern(None, pg("hasFigure"), NamedNode(figure), None)
        return sorted({text_of(quad.subject) for quad in quads if _is_said(quad)})

    def _reported(self, document: str) -> Iterator[str]:
        yield from self._texts(document, "reports")
        quads = self.engine.quads_for_pattern(None, pg("reportedIn"), NamedNode(document), None)
        yield from (text_of(quad.subject) for quad in quads if _is_said(quad))

    def _texts(self, subject: str, name: str) -> list[str]:
        quads = self.engine.quads_for_pattern(NamedNode(subject), pg(name), None, None)
        return sorted({text_of(quad.object) for quad in quads if _is_said(quad)})

    def _is_a(self, subject: str, kind: str) -> bool:
        pattern = (NamedNode(subject), TYPE, NamedNode(kind), None)
        return any(_is_said(quad) for quad in self.engine.quads_for_pattern(*pattern))

    # what the ontology declares

    @cached_property
    def _declarations(self) -> dict[str, dict[str, set[str]]]:
        found: dict[str, dict[str, set[str]]] = {}
        for name in ("oneValued", "readWith", "sameBy"):
            for quad in self.engine.quads_for_pattern(None, pg(name), None, None):
                if text_of(quad.object) != "false":
                    about = found.setdefault(name, {}).setdefault(text_of(quad.subject), set())
                    about.add(text_of(quad.object))
        return found

    def _declared(self, name: str) -> dict[str, set[str]]:
        return self._declarations.get(name, {})


def _in_order(claims: Iterable[Claim]) -> tuple[Claim, ...]:
    unique = dict.fromkeys(claims)
    return tuple(sorted(unique, key=_rank))


def _rank(claim: Claim) -> tuple[int, str, str]:
    """Put documents before other sources, and an earlier document before a later one."""
    day = claim.passage.document.issued if claim.passage else None
    return SAYING.index(claim.origin), str(day or ""), claim.source.iri


def _plain(value: Thing | datetime.date | Words) -> str:
    """Give what is compared of a value: a number without zeros that say nothing, a text, an IRI."""
    if isinstance(value, Words):
        return value.text
    return value.iri if isinstance(value, Thing) else value.isoformat()


def _is_said(quad: Quad) -> bool:
    return origin_of(text_of(quad.graph_name)) in SAYING
