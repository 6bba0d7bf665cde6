"""The OWL 2 RL rules that an ontology needs, read from the ontology itself.

In: the ontology's triples. Out: ``Rules``. Every rule walks a path of triples from one end to the
other and concludes one triple about the ends; that is all the shapes that the rules below have.
Rule names are those of OWL 2 Profiles, section 4.3. What an ontology says in words that these
rules do not have is named in ``Rules.beyond``: it is never dropped in silence.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property

from pyoxigraph import NamedNode, Triple

from policygraph.errors import UnreadableInput
from policygraph.graph.terms import TYPE
from policygraph.namespaces import OWL, RDF, RDFS, XSD


def _owl(names: str) -> frozenset[NamedNode]:
    """Give terms of OWL by their local names, with spaces between."""
    return frozenset(NamedNode(OWL + name) for name in names.split())


NOISE = (OWL, RDF, RDFS, XSD)
"""Namespaces of the languages themselves; that a thing is an ``owl:Thing`` is no news."""

SAME = NamedNode(OWL + "sameAs")
_SUBCLASS, _SUBPROPERTY = NamedNode(RDFS + "subClassOf"), NamedNode(RDFS + "subPropertyOf")
_DOMAIN, _RANGE = NamedNode(RDFS + "domain"), NamedNode(RDFS + "range")
_EQUAL_CLASS, _EQUAL_PROPERTY, _INVERSE, _CHAIN = (
    NamedNode(OWL + name)
    for name in ("equivalentClass", "equivalentProperty", "inverseOf", "propertyChainAxiom")
)
_FIRST, _REST, _NIL = (NamedNode(RDF + name) for name in ("first", "rest", "nil"))

_GIVES_TRIPLES = _owl(
    "allValuesFrom hasKey hasSelf hasValue intersectionOf maxCardinality "
    "maxQualifiedCardinality oneOf someValuesFrom unionOf"
)
_ONLY_CONTRADICTS = _owl(
    "AllDifferent AllDisjointClasses AllDisjointProperties AsymmetricProperty IrreflexiveProperty "
    "NegativePropertyAssertion complementOf differentFrom propertyDisjointWith"
)
_AXIOMS = {_SUBCLASS, _SUBPROPERTY, _DOMAIN, _RANGE, _EQUAL_CLASS, _EQUAL_PROPERTY, _INVERSE}

_Index = dict[NamedNode, dict[NamedNode, list[NamedNode]]]
"""Triples by predicate, then subject."""


@dataclass(frozen=True)
class Step:
    """A triple of a path, walked from subject to object or backwards.

    Attributes:
        predicate: its predicate.
        backwards: whether the path goes from its object to its subject.
        kind: the object it must have, where the predicate is ``rdf:type``; the path ends there.
    """

    predicate: NamedNode
    backwards: bool = False
    kind: NamedNode | None = None


@dataclass(frozen=True)
class Rule:
    """A path of triples, and the triple that follows.

    Attributes:
        name: its name in OWL 2 Profiles, section 4.3.
        axiom: the terms of the axiom behind it, as IRIs.
        steps: the path; never empty.
        predicate: the predicate of what follows; its subject is the beginning of the path.
        kind: the object of what follows, where it is a class; else the end of the path is.
    """

    name: str
    axiom: tuple[str, ...]
    steps: tuple[Step, ...]
    predicate: NamedNode
    kind: NamedNode | None = None


@dataclass(frozen=True, order=True)
class Use:
    """A term of the ontology that uses a construct, both as IRIs."""

    construct: str
    term: str


@dataclass(frozen=True)
class Rules:
    """The rules of an ontology.

    Attributes:
        all: the rules, in an order that depends on the ontology alone.
        beyond: uses of constructs that give triples which these rules do not give.
        unchecked: uses of constructs that give no triples but may contradict the data.
    """

    all: tuple[Rule, ...] = ()
    beyond: tuple[Use, ...] = ()
    unchecked: tuple[Use, ...] = ()
    makes_equal: bool = field(default=False)

    @cached_property
    def by_conclusion(self) -> dict[tuple[NamedNode, NamedNode | None], list[Rule]]:
        """The rules by predicate and class of what follows."""
        found = defaultdict(list)
        for rule in self.all:
            found[rule.predicate, rule.kind].append(rule)
        return dict(found)

    @cached_property
    def concluding(self) -> dict[NamedNode, list[Rule]]:
        """The rules by predicate of what follows."""
        found = defaultdict(list)
        for rule in self.all:
            found[rule.predicate].append(rule)
        return dict(found)

    @cached_property
    def by_step(self) -> dict[tuple[NamedNode, NamedNode | None], list[tuple[Rule, int]]]:
        """The rules and places of their paths by predicate and class of the step."""
        found = defaultdict(list)
        for rule in self.all:
            for place, step in enumerate(rule.steps):
                found[step.predicate, step.kind].append((rule, place))
        return dict(found)

    def relevant(self) -> frozenset[NamedNode]:
        """List the predicates that can set off a rule or follow from one."""
        steps = {step.predicate for rule in self.all for step in rule.steps}
        return frozenset({TYPE, SAME, *steps, *(rule.predicate for rule in self.all)})


def is_axiom(triple: Triple) -> bool:
    """Tell whether a triple speaks of terms in the words of OWL, so that inference may read it."""
    predicate = triple.predicate
    if predicate == TYPE:
        return isinstance(triple.object, NamedNode) and triple.object.value.startswith(NOISE)
    return (
        predicate in _AXIOMS
        or predicate in (_FIRST, _REST)
        or (predicate.value.startswith(OWL) and predicate != SAME)
    )


def read_rules(ontology: Iterable[Triple]) -> Rules:
    """Read the rules from the ontology's triples.

    Raises:
        UnreadableInput: the list of a property chain has no end, or a gap.
    """
    index: _Index = defaultdict(lambda: defaultdict(list))
    for triple in sorted(filter(_may_be_axiom, ontology), key=str):
        if isinstance(triple.subject, NamedNode) and isinstance(triple.object, NamedNode):
            index[triple.predicate][triple.subject].append(triple.object)
    rules, odd = list[Rule](), list[Use]()
    for rule in dict.fromkeys(_all(index)):
        strange = _odd_term(rule)
        if strange:
            odd.append(Use(strange.value, rule.axiom[0]))
        elif not (rule.kind and rule.kind.value.startswith(NOISE)):
            rules.append(rule)
    return Rules(
        tuple(rules),
        tuple(sorted({*odd, *_uses(index, _GIVES_TRIPLES)})),
        tuple(_uses(index, _ONLY_CONTRADICTS)),
        makes_equal=any(rule.predicate == SAME for rule in rules),
    )


def _may_be_axiom(triple: Triple) -> bool:
    return triple.predicate == TYPE or is_axiom(triple)


def _uses(index: _Index, constructs: frozenset[NamedNode]) -> list[Use]:
    """List who uses constructs, as predicates or as types."""
    found = {Use(name.value, term.value) for name in constructs for term in index[name]}
    for term, kinds in index[TYPE].items():
        found |= {Use(kind.value, term.value) for kind in kinds if kind in constructs}
    return sorted(found)


def _odd_term(rule: Rule) -> NamedNode | None:
    """Find a term of the languages themselves that a rule treats as if it were an ordinary one."""
    if rule.predicate == TYPE and rule.kind is None:
        return TYPE
    if rule.predicate in _AXIOMS or rule.predicate.value.startswith((OWL, RDF)):  # noqa: SIM102
        if rule.predicate not in (SAME, TYPE):
            return rule.predicate
    if rule.kind and rule.kind.value.startswith(OWL) and rule.kind.value.endswith("Property"):
        return rule.kind
    for step in rule.steps:
        if step.predicate == SAME or (step.predicate == TYPE and step.kind is None):
            return step.predicate
        if step.kind and step.kind.value.startswith(NOISE):
            return step.kind
    return None


def _all(index: _Index) -> Iterator[Rule]:
    yield from _of_classes(index)
    yield from _of_one_triple(index)
    yield from _of_paths(index)


def _pairs(index: _Index, axiom: NamedNode) -> Iterator[tuple[NamedNode, NamedNode]]:
    for subject, values in index[axiom].items():
        for value in values:
            yield subject, value


def _of_classes(index: _Index) -> Iterator[Rule]:
    for narrow, wide in _pairs(index, _SUBCLASS):
        yield _subclass("cax-sco", (narrow, _SUBCLASS, wide), narrow, wide)
    for one, other in _pairs(index, _EQUAL_CLASS):
        axiom = (one, _EQUAL_CLASS, other)
        yield _subclass("cax-eqc1", axiom, one, other)
        yield _subclass("cax-eqc2", axiom, other, one)
    for name, axiom_name in (("prp-dom", _DOMAIN), ("prp-rng", _RANGE)):
        for term, kind in _pairs(index, axiom_name):
            step = Step(term, backwards=axiom_name == _RANGE)
            yield Rule(name, _iris(term, axiom_name, kind), (step,), TYPE, kind)


def _subclass(name: str, axiom: tuple[NamedNode, ...], narrow: NamedNode, wide: NamedNode) -> Rule:
    return Rule(name, _iris(*axiom), (Step(TYPE, kind=narrow),), TYPE, wide)


def _of_one_triple(index: _Index) -> Iterator[Rule]:
    for narrow, wide in _pairs(index, _SUBPROPERTY):
        yield Rule("prp-spo1", _iris(narrow, _SUBPROPERTY, wide), (Step(narrow),), wide)
    for one, other in _pairs(index, _EQUAL_PROPERTY):
        axiom = _iris(one, _EQUAL_PROPERTY, other)
        yield Rule("prp-eqp1", axiom, (Step(one),), other)
        yield Rule("prp-eqp2", axiom, (Step(other),), one)
    for one, other in _pairs(index, _INVERSE):
        axiom = _iris(one, _INVERSE, other)
        yield Rule("prp-inv1", axiom, (Step(one, backwards=True),), other)
        yield Rule("prp-inv2", axiom, (Step(other, backwards=True),), one)
    for term, axiom in _of_kind(index, "SymmetricProperty"):
        yield Rule("prp-symp", axiom, (Step(term, backwards=True),), term)


def _of_paths(index: _Index) -> Iterator[Rule]:
    for term, axiom in _of_kind(index, "TransitiveProperty"):
        yield Rule("prp-trp", axiom, (Step(term), Step(term)), term)
    for whole, head in _pairs(index, _CHAIN):
        steps = tuple(_members(head, index))
        if steps:
            axiom = _iris(whole, _CHAIN, *steps)
            yield Rule("prp-spo2", axiom, tuple(map(Step, steps)), whole)
    for term, axiom in _of_kind(index, "FunctionalProperty"):
        yield Rule("prp-fp", axiom, (Step(term, backwards=True), Step(term)), SAME)
    for term, axiom in _of_kind(index, "InverseFunctionalProperty"):
        yield Rule("prp-ifp", axiom, (Step(term), Step(term, backwards=True)), SAME)


def _of_kind(index: _Index, name: str) -> Iterator[tuple[NamedNode, tuple[str, ...]]]:
    kind = NamedNode(OWL + name)
    for term, kinds in index[TYPE].items():
        if kind in kinds:
            yield term, _iris(term, TYPE, kind)


def _iris(*terms: NamedNode) -> tuple[str, ...]:
    return tuple(term.value for term in terms)


def _members(head: NamedNode, index: _Index) -> Iterator[NamedNode]:
    passed = set[NamedNode]()
    while head != _NIL:
        if head in passed or not index[_FIRST][head] or not index[_REST][head]:
            raise UnreadableInput("infer/malformed-list", list=head.value)
        passed.add(head)
        yield index[_FIRST][head][0]
        head = index[_REST][head][0]
