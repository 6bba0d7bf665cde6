"""Inference: owlrl and our own closure agree, nothing is noise, everything is explained.

Random ontologies use every construct that the fast engine knows; on them a change worked out by
itself, a full inference and owlrl must come to the same.
"""

from __future__ import annotations

from collections.abc import Iterable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, Quad, Store, Triple

from policygraph.api.policy_graph import PolicyGraph
from policygraph.errors import UnreadableInput, WrongUsage
from policygraph.graph.explain import Explainer, Explanation
from policygraph.graph.infer import infer, infer_in_store, limits
from policygraph.graph.rules.axioms import SAME, Rules, read_rules
from policygraph.graph.rules.change import Change, update
from policygraph.graph.rules.closure import Closure
from policygraph.graph.rules.proof import Prover
from policygraph.graph.rules.state import Memory, State
from policygraph.graph.rules.steps import ways_to
from policygraph.graph.rules.stored import StoredState
from policygraph.graph.store import GraphStore
from policygraph.graph.terms import TYPE, pg
from policygraph.graph.vocabulary import Vocabulary
from policygraph.identifiers import Identifiers, origin_of
from policygraph.namespaces import OWL, RDF, RDFS

IDS = Identifiers()
INFERRED = NamedNode(IDS.graph("inferred"))
Edit = tuple[set[Triple], set[Triple]]


def thing(number: int) -> NamedNode:
    return NamedNode(IDS.thing("thing", f"t{number}"))


def ex(name: str) -> NamedNode:
    return NamedNode(f"https://example.org/ns#{name}")


def owl(name: str) -> NamedNode:
    return NamedNode(OWL + name)


def rdfs(name: str) -> NamedNode:
    return NamedNode(RDFS + name)


def link(one: int, other: int) -> Triple:
    return Triple(thing(one), ex("p0"), thing(other))


TRANSITIVE = {Triple(ex("p0"), TYPE, owl("TransitiveProperty"))}


def chained(whole: NamedNode, *steps: NamedNode) -> set[Triple]:
    """Write a property chain, with names for the cells of its list."""
    cells = [
        ex("-".join(["list", *(step.value[-2:] for step in steps[n:])])) for n in range(len(steps))
    ]
    ends = [*cells[1:], NamedNode(RDF + "nil")]
    axioms = {Triple(whole, owl("propertyChainAxiom"), cells[0])}
    for cell, step, rest in zip(cells, steps, ends, strict=True):
        axioms |= {Triple(cell, NamedNode(RDF + "first"), step)}
        axioms |= {Triple(cell, NamedNode(RDF + "rest"), rest)}
    return axioms


def store_of(
    asserted: Iterable[Triple], ontology: Iterable[Triple], inferred: Iterable[Triple]
) -> Store:
    """Keep a graph as the program does: everything merged, inferences in their graph too."""
    store, found = Store(), list(inferred)
    store.extend(Quad(*triple) for triple in [*asserted, *ontology, *found])
    store.extend(Quad(*triple, INFERRED) for triple in found)
    return store


def states(asserted: set[Triple], ontology: set[Triple]) -> list[State]:
    """Give the state of a graph as each implementation keeps it."""
    rules, inferred = read_rules(ontology), infer(asserted, ontology, IDS, "fast")
    said = asserted | ontology
    return [
        StoredState(rules, store_of(asserted, ontology, inferred), IDS),
        Memory(said, Closure(rules, said)),
    ]


def changed(
    state: State, ontology: set[Triple], added: set[Triple], removed: set[Triple]
) -> Change:
    return update(read_rules(ontology), state, added, removed, IDS)


# Both engines give the same


def test_the_two_engines_agree_on_the_conference_graph(
    graph: PolicyGraph, vocabulary: Vocabulary
) -> None:
    origins = ("stated", "record", "registry", "editor", "sources")
    asserted = {quad.triple for quad in graph.store.quads(*origins)}
    reference = infer(asserted, vocabulary.triples, IDS)
    assert infer(asserted, vocabulary.triples, IDS, "fast") == reference
    assert list(infer_in_store(graph.store.engine, vocabulary.triples, IDS)) == reference
    assert reference == sorted(reference, key=str)


PROPERTIES = ["partOf", "hasPart", "hasAction", "implements", "convenes", "reportedIn", "setsGoal"]
PROPERTIES += ["heldIn", "equalsSum", "about", "drafts", "administeredBy", "continues"]
CLASSES = ["Conference", "Goal", "Action", "Achievement", "Institution", "Place"]
edges = st.builds(
    lambda s, p, o: Triple(thing(s), pg(p), thing(o)),
    st.integers(0, 4),
    st.sampled_from(PROPERTIES),
    st.integers(0, 4),
)
types = st.builds(
    lambda s, c: Triple(thing(s), TYPE, pg(c)), st.integers(0, 4), st.sampled_from(CLASSES)
)
days = st.builds(lambda s: Triple(thing(s), pg("heldOn"), Literal("2024-04-01")), st.integers(0, 4))


@settings(max_examples=12, deadline=None)
@given(st.sets(st.one_of(edges, types, days), max_size=12))
def test_the_two_engines_agree_on_any_small_graph(
    vocabulary: Vocabulary, asserted: set[Triple]
) -> None:
    reference = infer(asserted, vocabulary.triples, IDS)
    assert infer(asserted, vocabulary.triples, IDS, "fast") == reference


properties = st.sampled_from([ex(f"p{number}") for number in range(4)])
classes = st.sampled_from([ex(f"C{number}") for number in range(3)])
between_properties = st.sampled_from(
    [rdfs("subPropertyOf"), owl("inverseOf"), owl("equivalentProperty"), SAME]
)
between_classes = st.sampled_from([rdfs("subClassOf"), owl("equivalentClass"), SAME])
kinds = ["Transitive", "Symmetric", "Functional", "InverseFunctional"]
axioms = st.one_of(
    st.builds(lambda *terms: {Triple(*terms)}, properties, between_properties, properties),
    st.builds(lambda *terms: {Triple(*terms)}, classes, between_classes, classes),
    st.builds(
        lambda *terms: {Triple(*terms)},
        properties,
        st.sampled_from([rdfs("domain"), rdfs("range")]),
        classes,
    ),
    st.builds(
        lambda term, kind: {Triple(term, TYPE, owl(f"{kind}Property"))},
        properties,
        st.sampled_from(kinds),
    ),
    st.builds(
        lambda whole, steps: chained(whole, *steps),
        properties,
        st.lists(properties, min_size=1, max_size=3),
    ),
)
ontologies = st.lists(axioms, min_size=1, max_size=7).map(
    lambda parts: {Triple(ex("d0"), rdfs("subPropertyOf"), ex("d1"))}.union(*parts)
)
nodes = st.sampled_from([*map(thing, range(4)), NamedNode("https://elsewhere.example/x")])
facts = st.one_of(
    st.builds(Triple, nodes, properties, nodes),
    st.builds(Triple, nodes, properties, nodes),
    st.builds(Triple, nodes, st.just(TYPE), classes),
    st.builds(Triple, nodes, st.just(SAME), nodes),
    st.builds(Triple, nodes, st.just(ex("note")), nodes),
    st.builds(Triple, nodes, st.just(ex("d0")), st.sampled_from([Literal("a"), Literal("b")])),
)
graphs = st.sets(facts, max_size=10)


@settings(max_examples=40, deadline=None)
@given(ontologies, graphs)
def test_the_two_engines_agree_under_any_ontology(
    ontology: set[Triple], asserted: set[Triple]
) -> None:
    fast = infer(asserted, ontology, IDS, "fast")
    assert limits(ontology) == []
    assert fast == infer(asserted, ontology, IDS)
    assert list(infer_in_store(store_of(asserted, ontology, fast), ontology, IDS)) == fast


def test_what_the_fast_engine_lacks_is_named_and_left_to_owlrl() -> None:
    ontology = {
        Triple(ex("Beijing"), owl("onProperty"), ex("p0")),
        Triple(ex("Beijing"), owl("hasValue"), thing(1)),
        Triple(ex("C0"), owl("equivalentClass"), ex("Beijing")),
    }
    asserted = {Triple(thing(0), ex("p0"), thing(1))}
    assert Triple(thing(0), TYPE, ex("C0")) in infer(asserted, ontology, IDS, "fast")
    stored = infer_in_store(store_of(asserted, ontology, ()), ontology, IDS)
    assert Triple(thing(0), TYPE, ex("C0")) in set(stored)
    assert [(found.name, found.rule) for found in limits(ontology)] == [
        ("infer/left-to-owlrl", OWL + "hasValue")
    ]
    with pytest.raises(WrongUsage, match="hasValue"):
        changed(Memory(asserted), ontology, set(), asserted)


def test_what_no_rule_of_ours_gives_is_in_the_graph_but_has_no_proof() -> None:
    said, found = link(0, 1), Triple(thing(0), TYPE, ex("C0"))
    quads = [
        Quad(*said, NamedNode(IDS.graph("registry", "a"))),
        Quad(*found, INFERRED),
    ]
    explainer = Explainer(GraphStore(quads))
    assert explainer.why(found) == Explanation(found, ())
    assert explainer.why(link(1, 2)) is None


@pytest.mark.parametrize(
    "axiom",
    [
        Triple(ex("p0"), rdfs("subPropertyOf"), TYPE),
        Triple(ex("p0"), rdfs("subPropertyOf"), rdfs("subClassOf")),
        Triple(SAME, rdfs("subPropertyOf"), ex("p0")),
        Triple(ex("C0"), rdfs("subClassOf"), owl("TransitiveProperty")),
        Triple(owl("Thing"), rdfs("subClassOf"), ex("C0")),
    ],
    ids=str,
)
def test_axioms_about_the_language_itself_are_left_to_owlrl(axiom: Triple) -> None:
    assert [found.name for found in limits([axiom])] == ["infer/left-to-owlrl"]
    data = {Triple(thing(0), ex("p0"), ex("C0")), Triple(ex("C0"), ex("p0"), thing(1))}
    assert infer(data, [axiom], IDS, "fast") == infer(data, [axiom], IDS)


def test_what_only_forbids_is_named() -> None:
    ontology = [Triple(ex("p0"), owl("propertyDisjointWith"), ex("p1"))]
    assert [found.name for found in limits(ontology)] == ["infer/not-checked"]
    assert "ns#p0" in limits(ontology)[0].message()


def test_our_own_ontology_is_within_the_limits(vocabulary: Vocabulary) -> None:
    assert limits(vocabulary.triples) == []


def test_a_chain_that_never_ends_is_named() -> None:
    circle = {
        Triple(ex("p0"), owl("propertyChainAxiom"), ex("l")),
        Triple(ex("l"), NamedNode(RDF + "first"), ex("p1")),
        Triple(ex("l"), NamedNode(RDF + "rest"), ex("l")),
    }
    with pytest.raises(UnreadableInput, match="no end"):
        infer([], circle, IDS)


def test_things_that_are_the_same_in_a_circle_share_what_is_said_of_them() -> None:
    circle = {Triple(thing(n), SAME, thing((n + 1) % 3)) for n in range(3)}
    said = Triple(thing(0), ex("note"), Literal("a"))
    found = infer({*circle, said}, [], IDS, "fast")
    assert found == [Triple(thing(n), ex("note"), Literal("a")) for n in (1, 2)]


# A change by itself


edits = st.tuples(st.sets(facts, max_size=3), st.sets(st.integers(0, 9), max_size=3))


@settings(max_examples=150, deadline=None)
@given(ontologies, graphs, edits)
def test_a_change_gives_what_a_full_inference_would(
    ontology: set[Triple], asserted: set[Triple], edit: tuple[set[Triple], set[int]]
) -> None:
    added, places = edit
    in_order = sorted(asserted, key=str)
    removed = {in_order[place] for place in places if place < len(in_order)}
    before = set(infer(asserted, ontology, IDS, "fast"))
    after = set(infer((asserted - removed) | added, ontology, IDS, "fast"))
    for state in states(asserted, ontology):
        change = changed(state, ontology, added, removed)
        assert change == Change(frozenset(after - before), frozenset(before - after))


def test_what_is_said_again_of_a_foreign_thing_still_holds_of_what_is_the_same() -> None:
    foreign = NamedNode("https://elsewhere.example/x")
    note = Triple(foreign, ex("d0"), Literal("a"))
    one, other = Triple(thing(0), SAME, foreign), Triple(foreign, SAME, thing(1))
    for state in states({one, other, Triple(thing(1), ex("d0"), Literal("a"))}, set()):
        assert changed(state, set(), {note}, {other}) == Change(frozenset(), frozenset())


def test_what_is_said_no_longer_but_still_follows_becomes_inferred() -> None:
    for state in states({link(0, 1), link(1, 2), link(0, 2)}, TRANSITIVE):
        change = changed(state, TRANSITIVE, set(), {link(0, 2)})
        assert change == Change(frozenset({link(0, 2)}), frozenset())


def test_what_is_said_at_last_is_inferred_no_longer() -> None:
    for state in states({link(0, 1), link(1, 2)}, TRANSITIVE):
        change = changed(state, TRANSITIVE, {link(0, 2)}, set())
        assert change == Change(frozenset(), frozenset({link(0, 2)}))


def test_a_circle_does_not_keep_itself_alive() -> None:
    circle = {link(0, 1), link(1, 2), link(2, 0), link(3, 0)}
    for state in states(circle, TRANSITIVE):
        change = changed(state, TRANSITIVE, set(), {link(1, 2)})
        assert change.added == frozenset()
        assert {link(0, 0), link(1, 1), link(3, 2)} < change.removed
        assert not {link(3, 1), link(2, 1)} & change.removed


class Counting(Memory):
    """A state that counts how many triples it was asked for."""

    looked_up = 0

    def from_(self, predicate: NamedNode, subject: NamedNode | Literal) -> list[Triple]:
        found = list(super().from_(predicate, subject))
        self.looked_up += 1 + len(found)
        return found

    def to(self, predicate: NamedNode, value: NamedNode | Literal) -> list[Triple]:
        found = list(super().to(predicate, value))
        self.looked_up += 1 + len(found)
        return found


@pytest.mark.parametrize("size", [10, 3000])
def test_a_change_and_a_proof_look_only_around_themselves(size: int) -> None:
    asserted = {link(3 * n + step, 3 * n + step + 1) for n in range(size) for step in (0, 1)}
    rules = read_rules(TRANSITIVE)
    state = Counting(asserted, Closure(rules, asserted))
    change = update(rules, state, {link(2, 3)}, {link(15, 16)}, IDS)
    assert change.added == {link(n, m) for n in (0, 1, 2) for m in (3, 4, 5)} - {link(2, 3)}
    assert change.removed == {link(15, 17)}
    assert Prover(rules, state).prove(link(6, 8)) is not None
    assert state.looked_up < 200


# Proofs


def height(prover: Prover, state: State, triple: Triple, above: frozenset[Triple]) -> int:
    """Measure a proof from top to bottom; it must not go round in a circle."""
    assert triple not in above
    if state.is_asserted(triple):
        return 0
    proof = prover.prove(triple)
    assert proof is not None
    assert proof.premises
    heights = (height(prover, state, each, above | {triple}) for each in proof.premises)
    return 1 + max(heights)


def least_heights(rules: Rules, asserted: set[Triple], inferred: set[Triple]) -> dict[Triple, int]:
    """Find the height of the lowest proofs the slow way: everything, round by round."""
    heights = dict.fromkeys(asserted, 0)
    while missing := inferred - heights.keys():
        known = Memory(heights)
        found = {triple for triple in missing if any(ways_to(rules, known, triple))}
        heights |= dict.fromkeys(found, max(heights.values()) + 1)
    return heights


@settings(max_examples=60, deadline=None)
@given(ontologies, graphs)
def test_every_inferred_triple_has_a_lowest_proof(
    ontology: set[Triple], asserted: set[Triple]
) -> None:
    rules, said = read_rules(ontology), asserted | ontology
    least = least_heights(rules, said, set(Closure(rules, said)))
    for state in states(asserted, ontology):
        prover = Prover(rules, state)
        for triple in infer(asserted, ontology, IDS, "fast"):
            assert height(prover, state, triple, frozenset()) == least[triple]


def test_a_triple_that_nothing_proves_has_no_proof() -> None:
    rules = read_rules(TRANSITIVE)
    stale = Memory([link(0, 1)], [link(1, 2), link(2, 1), link(1, 1), link(2, 2)])
    assert Prover(rules, stale).prove(link(1, 2)) is None


def test_nothing_inferred_is_noise(graph: PolicyGraph) -> None:
    inferred = [quad.triple for quad in graph.store.quads("inferred")]
    assert len(inferred) > 500
    for subject, predicate, value in inferred:
        assert IDS.is_ours(subject.value)
        assert not predicate.value.startswith((OWL, RDFS))
        assert subject != value
        if predicate == TYPE:
            assert not value.value.startswith((OWL, RDFS, RDF))


def test_every_inferred_triple_is_explained_down_to_evidence(graph: PolicyGraph) -> None:
    for quad in graph.store.quads("inferred"):
        explanation = graph.explainer.why(quad.triple)
        assert explanation is not None
        assert explanation.proof is not None
        leaves = list(explanation.leaves())
        assert leaves
        assert {leaf.origin for leaf in leaves} <= {
            "stated",
            "record",
            "registry",
            "editor",
            "sources",
        }


def test_an_inference_that_rests_on_an_editor_says_so(graph: PolicyGraph) -> None:
    explanation = graph.why("cn-nda", "behindGoal", "cn-ndwc-2024-g5")
    assert explanation.proof.rule == "prp-spo2"
    origins = [leaf.origin for leaf in explanation.leaves()]
    assert origins == ["editor", "stated", "stated"]
    editor = next(leaf for leaf in explanation.leaves() if leaf.origin == "editor")
    assert "does not say who convened" in editor.words["en"]


def test_a_stated_triple_shows_its_words_in_their_sentence(graph: PolicyGraph) -> None:
    evidence = graph.why("cn-ndwc-2024-a4-1", "implements", "cn-east-data-west-computing").evidence
    assert len(evidence) == 1
    assert evidence[0].words["zh"] == "持续实施“东数西算”工程"
    assert evidence[0].after.startswith("，制定加快构建")
    assert evidence[0].detail["begin"] == "393"


def test_words_on_an_unproved_repair_are_marked(graph: PolicyGraph) -> None:
    evidence = graph.why("cn-ndwc-2024-institutions", "actor", "cn-xpcc").evidence
    assert evidence[0].detail["repair"] == "inferred"


def test_inferred_triples_stand_in_no_other_graph(graph: PolicyGraph) -> None:
    for quad in graph.store.quads("inferred"):
        origins = {origin_of(name) for name in graph.store.graphs_of(quad.triple)}
        assert origins == {"inferred"}
