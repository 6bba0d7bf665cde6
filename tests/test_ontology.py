"""The constitution of terms: every term is whole, used as declared, and says its source."""

from __future__ import annotations

import json
import re
from collections import Counter
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, RdfFormat, Store, Triple, parse
from rdflib import OWL, RDF, RDFS, SKOS

from conftest import ROOT
from policygraph.api.policy_graph import PolicyGraph
from policygraph.graph.vocabulary import Vocabulary, ontology_files
from policygraph.identifiers import passage_span
from policygraph.namespaces import PG

FILES = [*ontology_files(ROOT / "ontology"), ROOT / "ontology" / "shapes.ttl"]
FILES.append(ROOT / "ontology" / "consistency.ttl")


@pytest.fixture(scope="module")
def ontology() -> Store:
    store = Store()
    store.load(path=str(ROOT / "ontology" / "policy.ttl"), format=RdfFormat.TURTLE)
    return store


def _triples(path: Path) -> list[Triple]:
    return [quad.triple for quad in parse(path=str(path), format=RdfFormat.TURTLE)]


def _terms(store: Store) -> list[NamedNode]:
    subjects = {quad.subject for quad in store}
    ours = (s for s in subjects if isinstance(s, NamedNode) and s.value.startswith(PG))
    return sorted(ours, key=str)


def _values(store: Store, term: NamedNode, predicate: str) -> list[object]:
    return [q.object for q in store.quads_for_pattern(term, NamedNode(predicate), None)]


def test_the_json_ld_context_has_a_name_for_every_term(ontology: Store) -> None:
    context = json.loads((ROOT / "ontology" / "context.jsonld").read_text())["@context"]
    meant = {}
    for term in _terms(ontology):
        kinds, short = set(_values(ontology, term, str(RDF.type))), f"pg:{term.value[len(PG) :]}"
        if NamedNode(str(OWL.ObjectProperty)) in kinds:
            meant[term.value[len(PG) :]] = {"@id": short, "@type": "@id"}
        elif kinds & {NamedNode(str(OWL.DatatypeProperty)), NamedNode(str(OWL.Class))}:
            meant[term.value[len(PG) :]] = short
    assert meant.items() <= context.items(), "write what lacks into ontology/context.jsonld"
    ours = {name for name, term in context.items() if "pg:" in str(term)}
    assert ours == set(meant)


@pytest.mark.parametrize(
    "predicate", [str(RDFS.label), str(SKOS.definition)], ids=["label", "definition"]
)
def test_every_term_speaks_both_languages_once(ontology: Store, predicate: str) -> None:
    wrong = {
        term.value: languages
        for term in _terms(ontology)
        if (languages := sorted(v.language for v in _values(ontology, term, predicate)))
        != ["en", "zh"]
    }
    assert not wrong, f"write each once in en and zh in ontology/policy.ttl: {wrong}"


@pytest.mark.parametrize(
    "predicate",
    [
        str(SKOS.example),
        "http://purl.org/dc/terms/source",
        str(RDFS.isDefinedBy),
        str(RDF.type),
    ],
)
def test_every_term_has_type_example_source_and_home(ontology: Store, predicate: str) -> None:
    missing = [t.value for t in _terms(ontology) if not _values(ontology, t, predicate)]
    assert not missing, f"complete the blocks in ontology/policy.ttl: {missing}"


def test_every_example_with_a_passage_quotes_it(ontology: Store, graph: PolicyGraph) -> None:
    texts = {
        quad.subject.value: quad.object.value
        for quad in graph.store.quads("record")
        if quad.predicate.value.endswith("#isString")
    }
    wrong = []
    for term in _terms(ontology):
        for source in _values(ontology, term, "http://purl.org/dc/terms/source"):
            span = passage_span(source.value)
            if span is None:
                continue
            passage = texts[span[0]][span[1] : span[2]]
            examples = [e.value for e in _values(ontology, term, str(SKOS.example))]
            if not any(e in passage or passage in e or "+" in e or e.isascii() for e in examples):
                wrong.append((term.value, passage, examples))
    assert not wrong, f"the anchor and the example of these terms disagree: {wrong}"


def test_every_class_and_property_used_anywhere_is_declared(ontology: Store) -> None:
    declared = {term.value for term in _terms(ontology)}
    used = set()
    for path in FILES:
        for triple in _triples(path):
            used |= {t.value for t in triple if isinstance(t, NamedNode)}
    in_queries = set()
    for path in sorted((ROOT / "queries").glob("*.rq")):
        in_queries |= {PG + name for name in re.findall(r"\bpg:(\w+)", path.read_text("utf-8"))}
    unknown = {iri for iri in used | in_queries if iri.startswith(PG)} - declared - {PG}
    assert not unknown, f"declare these in ontology/policy.ttl or correct them: {sorted(unknown)}"


def test_every_property_says_where_it_is_used(ontology: Store) -> None:
    properties = {str(OWL.ObjectProperty), str(OWL.DatatypeProperty)}
    for term in _terms(ontology):
        kinds = {kind.value for kind in _values(ontology, term, str(RDF.type))}
        if kinds & properties:
            for name in ("domainIncludes", "rangeIncludes"):
                values = _values(ontology, term, f"https://schema.org/{name}")
                assert values, f"{term.value} lacks schema:{name}"


def test_no_domain_or_range_axiom_hides_an_error() -> None:
    for path in FILES:
        predicates = {triple.predicate.value for triple in _triples(path)}
        assert not predicates & {str(RDFS.domain), str(RDFS.range)}, f"{path.name}: see ADR 1"


def test_each_term_has_one_block() -> None:
    text = (ROOT / "ontology" / "policy.ttl").read_text(encoding="utf-8")
    blocks = Counter(re.findall(r"^(pg:\w+) a ", text, flags=re.MULTILINE))
    assert [name for name, count in blocks.items() if count > 1] == []


def test_a_verb_stands_under_one_kind_of_measure() -> None:
    triples = _triples(ROOT / "ontology" / "concepts" / "measure.ttl")
    verbs = Counter(t.object.value for t in triples if t.predicate.value == str(SKOS.altLabel))
    assert [verb for verb, count in verbs.items() if count > 1] == []


def test_no_literal_is_ill_typed() -> None:
    from rdflib import Literal as RdflibLiteral
    from rdflib import URIRef

    for path in FILES:
        for triple in _triples(path):
            value = triple.object
            if isinstance(value, Literal) and not value.language:
                literal = RdflibLiteral(value.value, datatype=URIRef(value.datatype.value))
                assert not literal.ill_typed, f"{path.name}: {triple}"


def test_the_vocabulary_reads_names_as_people_type_them(vocabulary: Vocabulary) -> None:
    assert vocabulary.properties["held_on"].datatype.endswith("#date")
    assert "Event" in vocabulary.classes["Conference"]
    assert vocabulary.says["Goal"].endswith("#setsGoal")
    assert vocabulary.verbs["建立健全"].endswith("/establish")
    assert ("InstrumentKind", "opinion") in vocabulary.concepts


def test_reading_the_ontology_twice_gives_the_same_names_to_its_lists() -> None:
    from policygraph.graph.vocabulary import read_vocabulary

    first, second = (read_vocabulary(ROOT / "ontology").triples for _ in range(2))
    assert first == second
    assert not any("_:" in str(triple) for triple in first)
