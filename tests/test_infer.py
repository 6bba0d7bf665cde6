"""Inference: owlrl and our own closure agree, nothing is noise, everything is explained."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, Triple

from policygraph.graph.infer import infer
from policygraph.graph.rules import Closure, read_rules
from policygraph.graph.terms import TYPE, pg
from policygraph.graph.vocabulary import Vocabulary
from policygraph.identifiers import Identifiers, origin_of
from policygraph.namespaces import OWL, RDF, RDFS
from policygraph.pipeline import PolicyGraph

IDS = Identifiers()


def thing(number: int) -> NamedNode:
    return NamedNode(IDS.thing("thing", f"t{number}"))


def own_closure(asserted: set[Triple], vocabulary: Vocabulary) -> set[Triple]:
    closure = Closure(read_rules(vocabulary.triples), [*asserted, *vocabulary.triples])
    return {t for t in closure.proofs if IDS.is_ours(t.subject.value)} - asserted


def test_the_two_engines_agree_on_the_conference_graph(
    graph: PolicyGraph, vocabulary: Vocabulary
) -> None:
    asserted = {
        quad.triple
        for quad in graph.store.quads("stated", "record", "registry", "editor", "sources")
    }
    reference = infer(asserted, vocabulary.triples, IDS)
    assert set(reference) == own_closure(asserted, vocabulary)
    assert infer(asserted, vocabulary.triples, IDS, "fast") == reference


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
    assert set(infer(asserted, vocabulary.triples, IDS)) == own_closure(asserted, vocabulary)


@settings(max_examples=40, deadline=None)
@given(st.sets(edges, max_size=14))
def test_every_proof_rests_on_premises_and_never_on_itself(
    vocabulary: Vocabulary, asserted: set[Triple]
) -> None:
    closure = Closure(read_rules(vocabulary.triples), asserted)

    def depth(triple: Triple, above: frozenset[Triple]) -> int:
        assert triple not in above
        proof = closure.proofs.get(triple)
        if proof is None:
            assert triple in asserted
            return 0
        assert proof.premises
        return 1 + max(depth(premise, above | {triple}) for premise in proof.premises)

    for triple in closure.proofs:
        assert depth(triple, frozenset()) > 0


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
