"""Proposals: which concepts of another vocabulary may be the same as things of ours, and why.

In: a built graph, concepts, and the links decided already. Out: proposals with what speaks for
each. A score says in which order to look at them and nothing else: no link is made by a score.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from math import prod
from typing import Any

from pyoxigraph import DefaultGraph, Literal, NamedNode

from policygraph.graph.link.concept import Concept
from policygraph.graph.link.kinds import Kinds
from policygraph.graph.store import GraphStore
from policygraph.graph.terms import LABEL, TYPE, pg, text_of
from policygraph.namespaces import PG, SCHEMA, SKOS
from policygraph.text.model import Link

KINDS = ("Place", "Institution", "Topic", "Initiative", "Instrument", "Event")
"""Classes whose things may have a counterpart elsewhere."""

WEIGHTS = {"code": 0.9, "label": 0.6, "alias": 0.4, "wider": 0.5, "type": 0.2}
"""How much each kind of agreement counts; two agreements leave the product of the rests."""

_OF_ANOTHER_KIND = 0.5
"""What is left of a score where the other thing is of another kind."""

_ALIAS = NamedNode(SKOS + "altLabel")
_WIDER = (pg("partOf"), NamedNode(SKOS + "broader"))
_QUALIFIER = re.compile(r"\s*[(（][^)）]*[)）]\s*$")
_SIGNS = str.maketrans("", "", "“”\"《》‘’'·.,，、 -")


@dataclass(frozen=True)
class Agreement:
    """One value that a thing and a concept share: a kind of ``WEIGHTS``, ours and theirs."""

    kind: str
    ours: str
    theirs: str


@dataclass(frozen=True)
class Proposal:
    """A link that a person may accept or refuse.

    Attributes:
        thing: IRI of our thing; ``name`` and ``label`` are what it and the concept are called.
        predicate: what would be said: topics match, all other things are the same.
        agreements: what speaks for it; the words that names or codes, kinds or wider things share.
        against: what speaks against it: the other thing is of another kind.
        rivals: IRIs of other things or concepts of which the same may be said.
        state: ``open``, ``undecided``, ``linked`` or ``refused``: what files of links say already.
    """

    thing: str
    name: str
    predicate: str
    concept: str
    label: str
    agreements: tuple[Agreement, ...]
    against: tuple[Agreement, ...] = ()
    rivals: tuple[str, ...] = ()
    state: str = "open"

    @property
    def key(self) -> str:
        """Name the proposal by its two ends, in 8 hexadecimal digits."""
        return hashlib.sha256(f"{self.thing}\n{self.concept}".encode()).hexdigest()[:8]

    @property
    def score(self) -> float:
        """Say how much speaks for it, from 0 to 1: each kind of agreement and language once."""
        kinds = {each.kind: WEIGHTS[each.kind] for each in self.agreements}
        both = len({each.ours.isascii() for each in self.agreements if each.kind == "label"}) > 1
        rests = [1 - weight for weight in kinds.values()] + ([1 - WEIGHTS["label"]] if both else [])
        return round((1 - prod(rests)) * (_OF_ANOTHER_KIND if self.against else 1), 2)


@dataclass
class _Thing:
    iri: str
    kind: str
    labels: list[str]
    aliases: list[str]
    codes: list[str]
    wider: list[str]


class Proposer:
    """Finds the concepts that bear a name or a code of our things.

    Args:
        store: the graph.
        decided: links that are made or refused.
        kinds: what types of others mean; none means that they are not weighed.
        left_open: links that somebody looked at and left undecided.
    """

    def __init__(
        self,
        store: GraphStore,
        decided: Iterable[Link] = (),
        kinds: Kinds | None = None,
        left_open: Iterable[Link] = (),
    ) -> None:
        self.store = store
        self.kinds = kinds or Kinds({})
        self.decided = {(link.subject, link.object): "undecided" for link in left_open}
        self.decided |= {
            (link.subject, link.object): "refused" if link.refused else "linked" for link in decided
        }

    @cached_property
    def things(self) -> list[_Thing]:
        """Our things that may have a counterpart."""
        return [thing for kind in KINDS for thing in self._of_kind(kind)]

    def proposals(self, concepts: Iterable[Concept]) -> list[Proposal]:
        """List proposals, the best first, ambiguous ones with their rivals.

        Args:
            concepts: of one vocabulary.
        """
        names = (name for thing in self.things for name in (*thing.labels, *thing.aliases))
        index = _Index(concepts, set(map(folded, names)))
        found = [each for thing in self.things for each in self._for(thing, index)]
        beside = [(each, self._rivals(each, found)) for each in found]
        judged = [self._judged(each, rivals) for each, rivals in beside]
        return sorted(judged, key=lambda p: (-p.score, p.thing, p.concept))

    def _for(self, thing: _Thing, index: _Index) -> Iterator[Proposal]:
        found: dict[str, list[Agreement]] = {}
        for kind, values in (("label", thing.labels), ("alias", thing.aliases)):
            for value in {folded(each): each for each in reversed(values)}.values():
                for concept, theirs, preferred in index.named(value):
                    shared = Agreement(kind if preferred else "alias", value, theirs)
                    found.setdefault(concept.iri, []).append(shared)
        for code in thing.codes:
            for concept in index.coded(code):
                found.setdefault(concept.iri, []).append(Agreement("code", code, code))
        for iri, agreed in found.items():
            concept = index.concepts[iri]
            wider = list(self._same_context(thing, concept, index))
            alike, unlike = self._kinds_of_both(thing, concept)
            name, predicate = thing.labels[0], _predicate(thing, agreed)
            agreements = tuple(dict.fromkeys([*agreed, *wider, *alike]))
            yield Proposal(
                thing.iri, name, predicate, iri, concept.label, agreements, tuple(unlike)
            )

    def _kinds_of_both(
        self, thing: _Thing, concept: Concept
    ) -> tuple[list[Agreement], list[Agreement]]:
        """Tell by which types of a concept it is of our thing's kind, or else of another one."""
        known = [(each, self.kinds.meant_by(each)) for each in sorted(concept.types)]
        alike = [
            Agreement("type", thing.kind, each) for each, kinds in known if thing.kind in kinds
        ]
        unlike = [Agreement("type", thing.kind, each) for each, kinds in known if kinds]
        return alike, [] if alike else unlike

    def _same_context(self, thing: _Thing, concept: Concept, index: _Index) -> Iterator[Agreement]:
        """Give the wider things of both that share a name."""
        theirs = sorted(concept.wider)
        names = [
            name.text
            for iri in theirs
            for name in (index.concepts[iri].names if iri in index.concepts else ())
        ]
        known = {folded(name): name for name in (*theirs, *names)}
        for name in thing.wider:
            if folded(name) in known:
                yield Agreement("wider", name, known[folded(name)])

    def _rivals(self, proposal: Proposal, found: Iterable[Proposal]) -> tuple[str, ...]:
        """List what speaks against the one choice: others at either end, hardly weaker."""
        rivals = set()
        for other in found:
            if other.score < proposal.score - 0.2 or other == proposal:
                continue
            if other.thing == proposal.thing:
                rivals.add(other.concept)
            elif other.concept == proposal.concept:
                rivals.add(other.thing)
        return tuple(sorted(rivals))

    def _judged(self, proposal: Proposal, rivals: tuple[str, ...]) -> Proposal:
        state = self.decided.get((proposal.thing, proposal.concept), "open")
        values: dict[str, Any] = vars(proposal)
        return Proposal(**{**values, "rivals": rivals, "state": state})

    def _of_kind(self, kind: str) -> Iterator[_Thing]:
        pattern = (None, TYPE, NamedNode(PG + kind), DefaultGraph())
        for quad in sorted(self.store.engine.quads_for_pattern(*pattern), key=str):
            iri = text_of(quad.subject)
            labels = self._texts(iri, LABEL)
            if labels:
                wider = [
                    name
                    for predicate in _WIDER
                    for other in self._iris(iri, predicate)
                    for name in self._texts(other, LABEL)
                ]
                codes = self._texts(iri, pg("code"))
                yield _Thing(iri, kind, labels, self._texts(iri, _ALIAS), codes, wider)

    def _texts(self, iri: str, predicate: NamedNode) -> list[str]:
        pattern = (NamedNode(iri), predicate, None, DefaultGraph())
        values = (quad.object for quad in self.store.engine.quads_for_pattern(*pattern))
        literals = sorted((v for v in values if isinstance(v, Literal)), key=str)
        ranked = sorted(literals, key=lambda v: v.language != "zh-hans")
        return list(dict.fromkeys(v.value for v in ranked))

    def _iris(self, iri: str, predicate: NamedNode) -> list[str]:
        pattern = (NamedNode(iri), predicate, None, DefaultGraph())
        values = (quad.object for quad in self.store.engine.quads_for_pattern(*pattern))
        return sorted(text_of(value) for value in values if isinstance(value, NamedNode))


class _Index:
    """Concepts by code, and by folded name where a thing of ours has the same."""

    def __init__(self, concepts: Iterable[Concept], wanted: Container[str]) -> None:
        self.concepts: dict[str, Concept] = {}
        self._names: dict[str, list[tuple[Concept, str, bool]]] = {}
        self._codes: dict[str, list[Concept]] = {}
        for concept in concepts:
            self.concepts[concept.iri] = concept
            for name in concept.names:
                key = folded(name.text)
                if key in wanted:
                    whole = name.preferred and not _QUALIFIER.search(name.text)
                    self._names.setdefault(key, []).append((concept, name.text, whole))
            for code in concept.codes:
                self._codes.setdefault(code.casefold(), []).append(concept)

    def named(self, name: str) -> list[tuple[Concept, str, bool]]:
        return self._names.get(folded(name), [])

    def coded(self, code: str) -> list[Concept]:
        return self._codes.get(code.casefold(), [])


def _predicate(thing: _Thing, agreements: Iterable[Agreement]) -> str:
    """Topics are exact where a preferred name agrees, else close; other things are the same."""
    if thing.kind != "Topic":
        return SCHEMA + "sameAs"
    exact = any(each.kind == "label" for each in agreements)
    return SKOS + ("exactMatch" if exact else "closeMatch")


def folded(name: str) -> str:
    """Fold a name: width, case, Chinese script, signs and a qualifier in brackets do not matter.

    >>> folded("《機構改革》") == folded("机构改革"), folded("Georgia (country)")
    (True, 'georgia')
    """
    plain = _QUALIFIER.sub("", unicodedata.normalize("NFKC", name)) or name
    simplified = plain if plain.isascii() else _converter().convert(plain)
    return str(simplified).casefold().translate(_SIGNS).removeprefix("the ")


@cache
def _converter() -> Any:
    from opencc import OpenCC

    return OpenCC("t2s")


def states(proposals: Iterable[Proposal]) -> Mapping[str, int]:
    """Count proposals by state."""
    counts: dict[str, int] = {}
    for each in proposals:
        counts[each.state] = counts.get(each.state, 0) + 1
    return counts
