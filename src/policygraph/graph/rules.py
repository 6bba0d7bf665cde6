"""The OWL 2 RL rules that the ontology needs, read from the ontology itself.

In: the ontology's triples. Out: ``Rules``, and a closure in which every new triple keeps the rule
and the premises that gave it, so that it can be explained. owlrl is the reference: a test compares
the two. Rule names are those of OWL 2 Profiles, section 4.3.
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from pyoxigraph import Literal, NamedNode, Triple

from policygraph.graph.terms import TYPE
from policygraph.namespaces import OWL, RDF, RDFS

_SUBCLASS = NamedNode(RDFS + "subClassOf")
_SUBPROPERTY = NamedNode(RDFS + "subPropertyOf")
_INVERSE = NamedNode(OWL + "inverseOf")
_CHAIN = NamedNode(OWL + "propertyChainAxiom")
_FIRST, _REST, _NIL = (NamedNode(RDF + name) for name in ("first", "rest", "nil"))
_TRANSITIVE = NamedNode(OWL + "TransitiveProperty")
_SYMMETRIC = NamedNode(OWL + "SymmetricProperty")

_Index = dict[NamedNode, dict[NamedNode, list[NamedNode]]]
"""Triples by predicate, then subject."""

LOGICAL = frozenset({_SUBCLASS, _SUBPROPERTY, _INVERSE, _CHAIN, _FIRST, _REST})
"""Predicates of axioms; with the types of terms they are all that inference reads."""


class Proof(NamedTuple):
    """How a triple follows.

    Attributes:
        rule: name of the rule in OWL 2 Profiles, section 4.3.
        axiom: the terms of the axiom behind it, as IRIs.
        premises: the triples it follows from; never empty.
    """

    rule: str
    axiom: tuple[str, ...]
    premises: tuple[Triple, ...]


@dataclass(frozen=True)
class Rules:
    """Axioms, indexed by the term that sets them off."""

    superclasses: dict[NamedNode, list[NamedNode]] = field(default_factory=dict)
    superproperties: dict[NamedNode, list[NamedNode]] = field(default_factory=dict)
    inverses: dict[NamedNode, list[NamedNode]] = field(default_factory=dict)
    transitive: frozenset[NamedNode] = frozenset()
    symmetric: frozenset[NamedNode] = frozenset()
    chains: tuple[tuple[NamedNode, tuple[NamedNode, ...]], ...] = ()

    def relevant(self) -> frozenset[NamedNode]:
        """List the predicates that can set off a rule."""
        steps = {step for _, chain in self.chains for step in chain}
        single = {*self.superproperties, *self.inverses, *self.transitive, *self.symmetric}
        return frozenset({TYPE, *single, *steps})


def read_rules(ontology: Iterable[Triple]) -> Rules:
    """Read the rules from the ontology's triples."""
    index: _Index = defaultdict(dict)
    for triple in sorted(ontology, key=str):
        if isinstance(triple.subject, NamedNode) and isinstance(triple.object, NamedNode):
            index[triple.predicate].setdefault(triple.subject, []).append(triple.object)
    kinds = index[TYPE]
    return Rules(
        superclasses=index[_SUBCLASS],
        superproperties=index[_SUBPROPERTY],
        inverses=_both_ways(index[_INVERSE]),
        transitive=frozenset(term for term, types in kinds.items() if _TRANSITIVE in types),
        symmetric=frozenset(term for term, types in kinds.items() if _SYMMETRIC in types),
        chains=tuple(
            (whole, tuple(_members(head, index)))
            for whole, heads in index[_CHAIN].items()
            for head in heads
        ),
    )


def _both_ways(inverse: dict[NamedNode, list[NamedNode]]) -> dict[NamedNode, list[NamedNode]]:
    both: dict[NamedNode, list[NamedNode]] = defaultdict(list)
    for one, others in inverse.items():
        for other in others:
            both[one].append(other)
            both[other].append(one)
    return dict(both)


def _members(head: NamedNode, index: _Index) -> Iterator[NamedNode]:
    while head != _NIL:
        yield index[_FIRST][head][0]
        head = index[_REST][head][0]


class Closure:
    """The closure of triples under rules, semi-naive, with a proof for every new triple.

    A triple joins only with triples taken up before it, so proofs never go round in a circle.
    """

    def __init__(self, rules: Rules, asserted: Iterable[Triple]) -> None:
        self.rules = rules
        self.proofs: dict[Triple, Proof] = {}
        self._from: dict[tuple[NamedNode, object], list[Triple]] = defaultdict(list)
        self._to: dict[tuple[NamedNode, object], list[Triple]] = defaultdict(list)
        relevant = rules.relevant()
        given = [triple for triple in asserted if triple.predicate in relevant]
        self._known = set(given)
        self._waiting = deque(sorted(given, key=str))
        while self._waiting:
            self._take_up(self._waiting.popleft())

    def _take_up(self, triple: Triple) -> None:
        self._from[triple.predicate, triple.subject].append(triple)
        self._to[triple.predicate, triple.object].append(triple)
        for found, proof in [*self._alone(triple), *self._joined(triple)]:
            if found not in self._known:
                self._known.add(found)
                self.proofs[found] = proof
                self._waiting.append(found)

    def _alone(self, triple: Triple) -> Iterator[tuple[Triple, Proof]]:
        """Rules with one premise: subclass, subproperty, inverse, symmetry."""
        subject, predicate, value = triple
        if predicate == TYPE:
            for wider in self.rules.superclasses.get(value, ()):
                axiom = (value.value, _SUBCLASS.value, wider.value)
                yield Triple(subject, TYPE, wider), Proof("cax-sco", axiom, (triple,))
        for wider in self.rules.superproperties.get(predicate, ()):
            axiom = (predicate.value, _SUBPROPERTY.value, wider.value)
            yield Triple(subject, wider, value), Proof("prp-spo1", axiom, (triple,))
        if isinstance(value, Literal):
            return
        for inverse in self.rules.inverses.get(predicate, ()):
            axiom = (predicate.value, _INVERSE.value, inverse.value)
            yield Triple(value, inverse, subject), Proof("prp-inv", axiom, (triple,))
        if predicate in self.rules.symmetric:
            axiom = (predicate.value, TYPE.value, _SYMMETRIC.value)
            yield Triple(value, predicate, subject), Proof("prp-symp", axiom, (triple,))

    def _joined(self, triple: Triple) -> Iterator[tuple[Triple, Proof]]:
        """Rules with several premises: transitivity and property chains."""
        subject, predicate, value = triple
        if predicate in self.rules.transitive:
            axiom = (predicate.value, TYPE.value, _TRANSITIVE.value)
            for after in self._from[predicate, value]:
                yield (
                    Triple(subject, predicate, after.object),
                    Proof("prp-trp", axiom, (triple, after)),
                )
            for before in self._to[predicate, subject]:
                yield (
                    Triple(before.subject, predicate, value),
                    Proof("prp-trp", axiom, (before, triple)),
                )
        for whole, steps in self.rules.chains:
            for place, step in enumerate(steps):
                if step == predicate:
                    chain = (whole.value, _CHAIN.value, *(each.value for each in steps))
                    for path in self._paths(triple, steps, place):
                        found = Triple(path[0].subject, whole, path[-1].object)
                        yield found, Proof("prp-spo2", chain, path)

    def _paths(
        self, triple: Triple, steps: tuple[NamedNode, ...], place: int
    ) -> Iterator[tuple[Triple, ...]]:
        """Give every path along a chain on which the triple stands at ``place``."""
        for before in self._before(triple, steps[:place]):
            for after in self._after(triple, steps[place + 1 :]):
                yield (*before, triple, *after)

    def _before(self, triple: Triple, steps: tuple[NamedNode, ...]) -> Iterator[tuple[Triple, ...]]:
        if not steps:
            yield ()
            return
        for previous in self._to[steps[-1], triple.subject]:
            for path in self._before(previous, steps[:-1]):
                yield (*path, previous)

    def _after(self, triple: Triple, steps: tuple[NamedNode, ...]) -> Iterator[tuple[Triple, ...]]:
        if not steps:
            yield ()
            return
        for following in self._from[steps[0], triple.object]:
            for path in self._after(following, steps[1:]):
                yield (following, *path)
