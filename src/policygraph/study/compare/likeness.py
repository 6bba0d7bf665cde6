"""How alike two statements are, part by part, so that a reader can see why.

In: two statements. Out: a score from 0 to 1 with its parts: the initiatives and topics they share,
the object they speak of, their wording. Each part names what is shared and what it weighs.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields
from functools import cached_property

from pyoxigraph import Literal, NamedNode
from rapidfuzz import fuzz

from policygraph.graph.terms import TYPE, pg
from policygraph.namespaces import SKOS
from policygraph.study.reading import Reading
from policygraph.study.said import Said, Thing

_SPOKEN_OF = ("implements", "about", "mainLine", "mentions", "drafts", "issues", "tellsOf")
_NEAR = 0.5
"""What a topic counts that is the next wider one, or whose name stands in the other's name."""

_ALIAS = NamedNode(SKOS + "altLabel")
_PLAIN = re.compile(r"[^\w]+")


@dataclass(frozen=True)
class Weights:
    """What each part of the score weighs.

    Topics count where both statements have some, initiatives where one of them has.
    """

    initiative: float = 3
    topic: float = 2
    object: float = 3
    wording: float = 2


PARTS = tuple(each.name for each in fields(Weights))
"""Names of the parts of a score, in order."""


@dataclass(frozen=True)
class Part:
    """One part of a score.

    Attributes:
        name: ``initiative``, ``topic``, ``object`` or ``wording``.
        value: from 0 (nothing shared) to 1.
        weight: what it weighs among the parts.
        shared: the things shared; for an object or a wording, none.
        words: the words compared, the earlier and the later; empty for things.
    """

    name: str
    value: float
    weight: float
    shared: tuple[Thing, ...] = ()
    words: tuple[str, str] = ("", "")


@dataclass(frozen=True)
class Likeness:
    """How alike two statements are.

    Attributes:
        score: from 0 to 1: the mean of the parts by their weights, to three digits.
        parts: what it is made of.
    """

    score: float
    parts: tuple[Part, ...]

    def part(self, name: str) -> float:
        """Give the value of a part; 0 where neither statement has it."""
        return next((part.value for part in self.parts if part.name == name), 0.0)


@dataclass(frozen=True)
class _Features:
    """What of a statement is compared."""

    initiatives: tuple[Thing, ...]
    topics: tuple[Thing, ...]
    object: str
    wording: str


class Comparer:
    """Compares statements of one reading."""

    def __init__(self, reading: Reading, weights: Weights | None = None) -> None:
        self.reading = reading
        self.weights = weights or Weights()
        self._known: dict[str, _Features] = {}
        self._near: dict[tuple[str, str], bool] = {}

    def likeness(self, earlier: Said, later: Said) -> Likeness:
        """Tell how alike two statements are."""
        one, other = self.features(earlier), self.features(later)
        parts = tuple(part for part in self._parts(one, other) if part.weight)
        whole = sum(part.weight for part in parts)
        score = sum(part.value * part.weight for part in parts) / whole if whole else 0.0
        return Likeness(round(score, 3), parts)

    def _parts(self, one: _Features, other: _Features) -> Iterator[Part]:
        weights = self.weights
        if one.initiatives or other.initiatives:
            value, shared = self._initiatives(one, other)
            yield Part("initiative", value, weights.initiative, shared)
        if one.topics and other.topics:
            value, shared = self._shared(one.topics, other.topics)
            yield Part("topic", value, weights.topic, shared)
        for name, weight in (("object", weights.object), ("wording", weights.wording)):
            words = getattr(one, name), getattr(other, name)
            yield Part(name, round(fuzz.ratio(*words) / 100, 3), weight, words=words)

    def _initiatives(self, one: _Features, other: _Features) -> tuple[float, tuple[Thing, ...]]:
        """Weigh the initiatives; one whose name holds a topic of the other statement is near."""
        if one.initiatives and other.initiatives:
            return self._shared(one.initiatives, other.initiatives)
        return self._shared(one.initiatives or one.topics, other.initiatives or other.topics)

    def _shared(
        self, one: tuple[Thing, ...], other: tuple[Thing, ...]
    ) -> tuple[float, tuple[Thing, ...]]:
        """Weigh what two statements speak of: the same counts 1, what is near counts less."""
        both = tuple(thing for thing in one if thing in other)
        if both:
            return round(len(both) / min(len(one), len(other)), 3), both
        pairs = [(a, b) for a in one for b in other if self._is_near(a, b)]
        near = tuple(dict.fromkeys(thing for pair in pairs for thing in pair))
        return (_NEAR, near) if near else (0.0, ())

    def _is_near(self, one: Thing, other: Thing) -> bool:
        pair = (one.iri, other.iri)
        if pair not in self._near:
            above, above_other = self.reading.broader(one), self.reading.broader(other)
            names, others = self.reading.names(one), self.reading.names(other)
            self._near[pair] = (
                one.iri in above_other
                or other.iri in above
                or any(a in b or b in a for a in names for b in others)
            )
        return self._near[pair]

    def features(self, said: Said) -> _Features:
        """Give what of a statement is compared."""
        if said.thing.iri not in self._known:
            things = said.things(*_SPOKEN_OF)
            words = said.words.text
            self._known[said.thing.iri] = _Features(
                initiatives=self._of_class(things, "Initiative"),
                topics=self._of_class(things, "Topic"),
                object=self._object(words, said),
                wording=_PLAIN.sub("", words),
            )
        return self._known[said.thing.iri]

    def _of_class(self, things: Iterable[Thing], kind: str) -> tuple[Thing, ...]:
        return tuple(thing for thing in things if self.reading.is_a(thing, kind))

    def _object(self, words: str, said: Said) -> str:
        """Give the words without their verbs: what is acted on."""
        own = {
            value.value.text
            for value in said.values.get("verb", ())
            if hasattr(value.value, "text")
        }
        for verb in sorted({*self.verbs, *own}, key=lambda verb: (-len(verb), verb)):
            words = words.replace(verb, "")
        return _PLAIN.sub("", words)

    @cached_property
    def verbs(self) -> frozenset[str]:
        """The verbs that the kinds of measure of the ontology list, of two characters or more."""
        pattern = self.reading.store.engine.quads_for_pattern
        kinds = {quad.subject for quad in pattern(None, TYPE, pg("MeasureKind"), None)}
        names = (q.object for k in kinds for q in pattern(k, _ALIAS, None, None))
        return frozenset(n.value for n in names if isinstance(n, Literal) and len(n.value) > 1)
