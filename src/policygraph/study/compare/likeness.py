"""How alike two statements are, part by part, so that a reader can see why.

In: two statements. Out: a score from 0 to 1 with its parts: the initiatives and topics they share,
the object they speak of, their wording. Each part names what is shared and what it weighs.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
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
    """What of a statement is compared; things by their IRIs."""

    initiatives: tuple[str, ...]
    topics: tuple[str, ...]
    object: str
    wording: str


_Shared = tuple[float, tuple[str, ...]]
"""How much two statements speak of the same, and what that is."""


class Comparer:
    """Compares statements of one reading."""

    def __init__(self, reading: Reading, weights: Weights | None = None) -> None:
        self.reading = reading
        self.weights = weights or Weights()
        self._known: dict[str, _Features] = {}
        self._near: dict[tuple[str, str], bool] = {}
        self._weighed: dict[tuple[tuple[str, ...], tuple[str, ...]], _Shared] = {}

    def score(self, earlier: Said, later: Said) -> float:
        """Tell how alike two statements are, without saying why."""
        one, other = self.features(earlier), self.features(later)
        return _mean(self._values(one, other))

    def likeness(self, earlier: Said, later: Said) -> Likeness:
        """Tell how alike two statements are, part by part."""
        one, other = self.features(earlier), self.features(later)
        values = self._values(one, other)
        shared = {
            "initiative": self._initiatives(one, other)[1],
            "topic": self._shared(one.topics, other.topics)[1],
        }
        words = {name: (getattr(one, name), getattr(other, name)) for name in ("object", "wording")}
        parts = tuple(
            Part(
                name,
                value,
                weight,
                tuple(map(self.reading.thing, shared.get(name, ()))),
                words.get(name, ("", "")),
            )
            for name, value, weight in values
        )
        return Likeness(_mean(values), parts)

    def _values(self, one: _Features, other: _Features) -> list[tuple[str, float, float]]:
        """Give the value and the weight of each part that counts."""
        weights = self.weights
        values = []
        if one.initiatives or other.initiatives:
            values.append(("initiative", self._initiatives(one, other)[0], weights.initiative))
        if one.topics and other.topics:
            values.append(("topic", self._shared(one.topics, other.topics)[0], weights.topic))
        values.append(("object", _ratio(one.object, other.object), weights.object))
        values.append(("wording", _ratio(one.wording, other.wording), weights.wording))
        return [part for part in values if part[2]]

    def _initiatives(self, one: _Features, other: _Features) -> _Shared:
        """Weigh the initiatives; one whose name holds a topic of the other statement is near."""
        if one.initiatives and other.initiatives:
            return self._shared(one.initiatives, other.initiatives)
        return self._shared(one.initiatives or one.topics, other.initiatives or other.topics)

    def _shared(self, one: tuple[str, ...], other: tuple[str, ...]) -> _Shared:
        """Weigh what two statements speak of: the same counts 1, what is near counts less."""
        if (one, other) not in self._weighed:
            self._weighed[one, other] = self._weigh(one, other)
        return self._weighed[one, other]

    def _weigh(self, one: tuple[str, ...], other: tuple[str, ...]) -> _Shared:
        both = tuple(thing for thing in one if thing in other)
        if both:
            return round(len(both) / min(len(one), len(other)), 3), both
        pairs = [(a, b) for a in one for b in other if self._is_near(a, b)]
        near = tuple(dict.fromkeys(thing for pair in pairs for thing in pair))
        return (_NEAR, near) if near else (0.0, ())

    def _is_near(self, one: str, other: str) -> bool:
        if (one, other) not in self._near:
            above, above_other = self._above(one), self._above(other)
            names, others = self._names(one), self._names(other)
            self._near[one, other] = (
                one in above_other
                or other in above
                or any(a in b or b in a for a in names for b in others)
            )
        return self._near[one, other]

    def _above(self, thing: str) -> list[str]:
        return self.reading.broader(self.reading.thing(thing))

    def _names(self, thing: str) -> list[str]:
        return self.reading.names(self.reading.thing(thing))

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

    def _of_class(self, things: Iterable[Thing], kind: str) -> tuple[str, ...]:
        return tuple(thing.iri for thing in things if self.reading.is_a(thing, kind))

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


def _mean(values: Iterable[tuple[str, float, float]]) -> float:
    """Give the mean of the parts by their weights, to three digits."""
    total = whole = 0.0
    for _, value, weight in values:
        total += value * weight
        whole += weight
    return round(total / whole, 3) if whole else 0.0


def _ratio(one: str, other: str) -> float:
    return round(fuzz.ratio(one, other) / 100, 3)
