"""The shapes: for every rule a node accepted and a node refused; what a report says to people."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import owlrl
import pyshacl
import pytest
import rdflib
from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad, RdfFormat, Store, Triple, parse
from rdflib.collection import Collection
from rdflib.compare import to_isomorphic
from rdflib.namespace import OWL, RDF, RDFS, SH
from rdflib.term import Node

from policygraph.assets import asset
from policygraph.errors import UnreadableInput, Where
from policygraph.graph.validate import (
    Result,
    culprit,
    findings_of,
    read_shapes,
    validate,
    words_of,
)
from policygraph.graph.vocabulary import read_vocabulary
from policygraph.messages import LANGUAGES
from policygraph.namespaces import NIF, PG, PROV, SCHEMA, XSD

CASES = Path(__file__).parent / "shapes"
FILES = sorted([*CASES.glob("*/*.ttl"), *CASES.glob("*/*.trig")])
OURS = "https://w3id.org/policygraph/"
MEND = rdflib.URIRef(OURS + "shapes#mend")
RECORD = NamedNode(OURS + "graph/document/case")

# One slip, two rules: the other rules that a refused node of a case may break as well.
ALSO_BROKEN = {"period-one": {"statement-period"}, "period-end": {"period-start"}}

# What a shape says besides its constraints.
NO_CONSTRAINT = {
    *(SH.path, SH.message, SH.severity, SH.targetClass, SH.targetSubjectsOf, SH.property),
    *(SH.sparql, SH.qualifiedValueShape),
}

EXPECTED = """PREFIX sh: <http://www.w3.org/ns/shacl#>
SELECT ?focus ?path ?severity ?component ?value ?rule WHERE {
    ?result a sh:ValidationResult ; sh:focusNode ?focus ; sh:resultSeverity ?severity ;
        sh:sourceConstraintComponent ?component .
    OPTIONAL { ?result sh:resultPath ?path }
    OPTIONAL { ?result sh:value ?value }
    OPTIONAL { ?result sh:sourceShape ?shape }
    OPTIONAL { ?result sh:sourceConstraint ?constraint }
    BIND(COALESCE(?constraint, ?shape) AS ?rule)
}"""
SHAPES_GRAPH = "SELECT ?shapes { ?action <http://www.w3.org/ns/shacl-test#shapesGraph> ?shapes }"

Row = tuple[str, str, str, str, str]
Shapes = dict[str, rdflib.Graph]


@dataclass(frozen=True)
class Case:
    """A file of the W3C form: the rule, the file it is in, the data and the results expected.

    A result is a row of focus, path, severity, component and value; what it lacks is empty.
    """

    rule: str
    shapes: str
    data: tuple[Quad, ...]
    expected: tuple[Row, ...]

    @property
    def refused(self) -> set[str]:
        return {focus for focus, *_ in self.expected}

    @property
    def accepted(self) -> set[str]:
        subjects = {quad.subject.value for quad in self.data}
        return {subject for subject in subjects if local(subject).startswith("good")}

    @property
    def refused_classes(self) -> set[str]:
        types = (quad for quad in self.data if quad.predicate.value == str(RDF.type))
        return {quad.object.value for quad in types if quad.subject.value in self.refused}


CaseAndReport = Callable[[Path], tuple[Case, list[Result]]]


def local(iri: str) -> str:
    return iri.replace("#", "/").rsplit("/", 1)[-1]


def read_case(path: Path) -> Case:
    quads = list(parse(path=str(path), format=form_of(path), base_iri=path.as_uri()))
    store = Store()
    store.extend(quads)
    rows = [tuple(term.value if term else "" for term in row) for row in store.query(EXPECTED)]
    (shapes,) = (row["shapes"].value for row in store.query(SHAPES_GRAPH))
    (rule,) = {row[-1] for row in rows}
    return Case(rule, local(shapes), tuple(data_in(quads)), tuple(sorted(row[:-1] for row in rows)))


def form_of(path: Path) -> RdfFormat:
    return RdfFormat.TRIG if path.suffix == ".trig" else RdfFormat.TURTLE


def data_in(quads: list[Quad]) -> Iterator[Quad]:
    """Leave the manifest out; triples outside any graph go where a build records a document."""
    for quad in quads:
        if isinstance(quad.subject, NamedNode) and quad.subject.value.startswith(OURS):
            graph = RECORD if isinstance(quad.graph_name, DefaultGraph) else quad.graph_name
            yield Quad(*quad.triple, graph)


def told(result: Result, expected: tuple[Row, ...]) -> Row:
    """Give a result as a row; its value only where the case states one."""
    head = (result.focus, result.path, result.severity, result.component)
    return (*head, result.value if (*head, result.value) in expected else "")


def users_of(rule: str, shapes: rdflib.Graph) -> set[str]:
    """Give the classes that have a rule."""
    iri = rdflib.URIRef(rule)
    users = {*shapes.subjects(SH.property, iri), *shapes.subjects(SH.sparql, iri), iri}
    return {str(kind) for user in users for kind in shapes.objects(user, SH.targetClass)}


def folders_of(rule: str, shapes: rdflib.Graph) -> set[str]:
    """Give the folders where the case of a rule may be: its classes, or a shape without one."""
    users = shapes.subjects(SH.sparql, rdflib.URIRef(rule))
    single = {user for user in users if (user, SH.targetNode, None) in shapes}
    shape_names = {local(user).removesuffix("Shape") for user in single}
    return {local(kind) for kind in users_of(rule, shapes)} | shape_names


def components_of(rule: str, shapes: rdflib.Graph) -> set[str]:
    """Give the constraint components that a rule uses."""
    iri = rdflib.URIRef(rule)
    if (iri, RDF.type, SH.SPARQLConstraint) in shapes:
        return {str(SH.SPARQLConstraintComponent)}
    used = {
        local(name) for name in shapes.predicates(iri) if name in SH and name not in NO_CONSTRAINT
    }
    return {f"{SH}{name[0].upper()}{name[1:]}ConstraintComponent" for name in used}


def sentences(shapes: rdflib.Graph, rule: str, predicate: rdflib.URIRef) -> dict[str, str]:
    return {text.language: str(text) for text in shapes.objects(rdflib.URIRef(rule), predicate)}


def says(sentence: str, shape_sentence: str) -> bool:
    """Tell whether a sentence is the shape's own, with things in the place of its variables."""
    pieces = re.split(r"\{\?\w+\}", shape_sentence)
    return re.search(".+".join(map(re.escape, pieces)), sentence) is not None


def each_file(test: Callable[..., None]) -> Callable[..., None]:
    return pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)(test)


@pytest.fixture(scope="session")
def ontology() -> tuple[Triple, ...]:
    return read_vocabulary(asset("ontology")).triples


@pytest.fixture(scope="session")
def shapes() -> Shapes:
    names = ("shapes.ttl", "consistency.ttl")
    return {name: read_shapes(asset("ontology", name)).rdflib for name in names}


@pytest.fixture(scope="session")
def rules(shapes: Shapes) -> dict[str, rdflib.Graph]:
    """Every rule with the shapes it is among."""
    return {str(rule): graph for graph in shapes.values() for rule in graph.subjects(SH.message)}


@pytest.fixture(scope="session")
def case_and_report(ontology: tuple[Triple, ...]) -> CaseAndReport:
    """Read and validate each file once."""
    known: dict[Path, tuple[Case, list[Result]]] = {}
    names = ("shapes.ttl", "consistency.ttl")
    given = {name: read_shapes(asset("ontology", name)) for name in names}

    def get(path: Path) -> tuple[Case, list[Result]]:
        if path not in known:
            case = read_case(path)
            known[path] = case, validate(case.data, ontology, given[case.shapes])
        return known[path]

    return get


# --- one file, one rule --------------------------------------------------------------------------


@each_file
def test_a_rule_refuses_what_its_case_says_and_nothing_else(
    path: Path, case_and_report: CaseAndReport
) -> None:
    case, report = case_and_report(path)
    found = [told(result, case.expected) for result in report if result.rule == case.rule]
    assert sorted(found) == list(case.expected)


@each_file
def test_a_rule_is_as_severe_as_its_case_and_its_shape_say(
    path: Path, case_and_report: CaseAndReport, shapes: Shapes
) -> None:
    case, report = case_and_report(path)
    declared = shapes[case.shapes].value(rdflib.URIRef(case.rule), SH.severity) or SH.Violation
    assert {severity for _, _, severity, *_ in case.expected} == {str(declared)}
    assert {result.severity for result in report if result.rule == case.rule} == {str(declared)}


@each_file
def test_an_accepted_node_breaks_no_rule_at_all(path: Path, case_and_report: CaseAndReport) -> None:
    case, report = case_and_report(path)
    assert case.accepted
    assert [result for result in report if {result.focus, culprit(result)} & case.accepted] == []


@each_file
def test_a_refused_node_breaks_the_rule_of_its_file_only(
    path: Path, case_and_report: CaseAndReport
) -> None:
    case, report = case_and_report(path)
    rule = local(case.rule)
    broken = {local(result.rule) for result in report if result.focus in case.refused}
    assert broken <= {rule} | ALSO_BROKEN.get(rule, set())


@each_file
def test_every_constraint_of_a_rule_refuses_something(path: Path, shapes: Shapes) -> None:
    case = read_case(path)
    components = {component for *_, component, _ in case.expected}
    assert components == components_of(case.rule, shapes[case.shapes])


@each_file
def test_a_rule_that_classes_share_refuses_a_thing_of_each(path: Path, shapes: Shapes) -> None:
    case = read_case(path)
    missing = users_of(case.rule, shapes[case.shapes]) - case.refused_classes
    assert not missing, f"no refused node of {', '.join(sorted(map(local, missing)))}"


@each_file
def test_a_file_is_named_after_its_rule_and_a_class_that_has_it(path: Path, shapes: Shapes) -> None:
    case = read_case(path)
    folders = folders_of(case.rule, shapes[case.shapes])
    assert path.stem == f"{local(case.rule)}-001"
    assert path.parent.name in ({"Consistency"} if case.shapes == "consistency.ttl" else folders)


# --- all rules -----------------------------------------------------------------------------------


def test_every_rule_has_one_case(rules: Shapes) -> None:
    assert sorted(read_case(path).rule for path in FILES) == sorted(rules)


def test_every_rule_says_what_is_wrong_and_what_to_do_in_both_languages(rules: Shapes) -> None:
    silent = [
        f"{local(rule)} has no {local(predicate)} in {lang}"
        for rule, shapes in sorted(rules.items())
        for predicate in (SH.message, MEND)
        for lang in LANGUAGES
        if not sentences(shapes, rule, predicate).get(lang, "").strip()
    ]
    assert silent == []


def test_every_constraint_of_a_class_is_a_rule_with_a_message(
    rules: Shapes, shapes: Shapes
) -> None:
    silent = {
        local(part)
        for graph in shapes.values()
        for has in (SH.property, SH.sparql)
        for part in graph.objects(predicate=has)
        if isinstance(part, rdflib.URIRef) and str(part) not in rules
    }
    assert silent == set()


def test_every_class_of_the_ontology_has_a_node_shape(shapes: Shapes) -> None:
    graph = shapes["shapes.ttl"]
    classes = {PG + name for name in read_vocabulary(asset("ontology")).classes}
    targeted = {
        str(kind)
        for shape in graph.subjects(RDF.type, SH.NodeShape)
        for kind in graph.objects(shape, SH.targetClass)
    }
    missing = sorted(map(local, classes - targeted))
    assert not missing, f"classes without a node shape: {', '.join(missing)}"
    unknown = sorted(targeted - classes)
    assert not unknown, f"node shapes for classes that do not exist: {', '.join(unknown)}"


def only_inferred(terms: rdflib.Graph) -> set[Node]:
    """Give the properties that nobody states: chains make them, and none starts from itself."""
    chains: dict[Node, set[Node]] = {}
    for name, chain in terms.subject_objects(OWL.propertyChainAxiom):
        chains.setdefault(name, set()).update(Collection(terms, chain))
    return {name for name, steps in chains.items() if name not in steps}


def looked_at(shapes: rdflib.Graph) -> set[tuple[Node, Node]]:
    """Give each class with each property on a path of its rules, however deep in the path."""
    return {
        (kind, step)
        for shape, kind in shapes.subject_objects(SH.targetClass)
        for rule in shapes.objects(shape, SH.property)
        for path in shapes.objects(rule, SH.path)
        for step in shapes.transitive_objects(path, None)
    }


def test_only_what_chains_make_is_inferred_only() -> None:
    terms = rdflib.Graph().parse(asset("ontology", "policy.ttl"))
    assert set(map(local, only_inferred(terms))) == {"advances", "behindGoal"}


def test_every_property_is_looked_at_by_a_shape_of_each_class_that_has_it(shapes: Shapes) -> None:
    terms = rdflib.Graph().parse(asset("ontology", "policy.ttl"))
    seen, inferred = looked_at(shapes["shapes.ttl"]), only_inferred(terms)
    unseen = sorted(
        f"{local(name)} of {local(kind)}"
        for name, kind in terms.subject_objects(rdflib.URIRef(SCHEMA + "domainIncludes"))
        if name not in inferred
        and seen.isdisjoint(
            (wider, name) for wider in terms.transitive_objects(kind, RDFS.subClassOf)
        )
    )
    assert not unseen, f"properties that no shape looks at: {', '.join(unseen)}"


# --- what people are told ------------------------------------------------------------------------

DEADLINE = CASES / "Action" / "deadline-day-001.ttl"
HERE = Where("statements.yaml", 12, "a1")
THERE = Where("statements.yaml", 30, "a2")


def result_about(focus: str, report: list[Result]) -> Result:
    return next(result for result in report if local(result.focus) == focus)


@each_file
def test_a_finding_says_the_sentences_of_its_rule(
    path: Path, case_and_report: CaseAndReport, shapes: Shapes
) -> None:
    case, report = case_and_report(path)
    own = [result for result in report if result.rule == case.rule]
    for finding in findings_of(own, {}, {}):
        for lang, sentence in sentences(shapes[case.shapes], case.rule, SH.message).items():
            assert says(finding.message(lang), sentence)
        for lang, advice in sentences(shapes[case.shapes], case.rule, MEND).items():
            assert finding.mend(lang) == advice


def test_a_finding_names_its_rule(case_and_report: CaseAndReport) -> None:
    case, report = case_and_report(DEADLINE)
    (finding,) = findings_of([result_about("two-deadlines", report)], {}, {})
    assert finding.rule == case.rule
    assert "pgs:deadline-day" in finding.message("en")
    assert "pgs:deadline-day" in finding.message("zh")


def test_a_finding_leads_to_the_row_and_its_words(case_and_report: CaseAndReport) -> None:
    _, report = case_and_report(DEADLINE)
    result = result_about("two-deadlines", report)
    words = {result.focus: "建立数据产权制度"}
    (finding,) = findings_of([result], {result.focus: HERE}, words)
    assert (finding.where, finding.sentence) == (HERE, "建立数据产权制度")


def test_a_finding_about_a_thing_that_no_row_made_names_the_thing(
    case_and_report: CaseAndReport,
) -> None:
    _, report = case_and_report(DEADLINE)
    result = result_about("two-deadlines", report)
    (finding,) = findings_of([result], {}, {})
    assert (finding.where, finding.sentence) == (Where(id=result.focus), "")


def test_a_finding_of_a_query_leads_to_the_value_to_mend(case_and_report: CaseAndReport) -> None:
    _, report = case_and_report(CASES / "Section" / "section-other-period-001.ttl")
    result = result_about("two-years", report)
    made_at = {result.focus: HERE, result.value: THERE}
    (finding,) = findings_of([result], made_at, {result.value: "提前完成"})
    assert (finding.where, finding.sentence) == (THERE, "提前完成")


@pytest.mark.parametrize(
    ("file", "focus", "severity"),
    [
        ("Action/deadline-day-001.ttl", "two-deadlines", "error"),
        ("Statement/statement-english-001.ttl", "chinese-only", "warning"),
        ("Goal/goal-some-action-001.ttl", "without-action", "info"),
    ],
)
def test_a_finding_is_as_severe_as_its_rule(
    file: str, focus: str, severity: str, case_and_report: CaseAndReport
) -> None:
    _, report = case_and_report(CASES / file)
    (finding,) = findings_of([result_about(focus, report)], {}, {})
    assert finding.severity == severity


def test_a_refused_zero_is_told(ontology: tuple[Triple, ...]) -> None:
    figure, zero = (
        NamedNode(OURS + "id/figure/zero"),
        Literal("0", datatype=NamedNode(XSD + "integer")),
    )
    quads = [
        Quad(figure, NamedNode(RDF.type), NamedNode(PG + "Figure"), RECORD),
        Quad(figure, NamedNode(PG + "value"), zero, RECORD),
    ]
    report = validate(quads, ontology, read_shapes(asset("ontology", "shapes.ttl")))
    assert [result.value for result in report if local(result.rule) == "figure-value"] == ["0"]


def test_the_words_of_a_thing_are_its_longest_quote() -> None:
    goal, short, long = (NamedNode(OURS + name) for name in ("goal", "short", "long"))
    quoted, anchor = NamedNode(PROV + "wasQuotedFrom"), NamedNode(NIF + "anchorOf")
    words = words_of(
        [
            Quad(goal, quoted, short, RECORD),
            Quad(goal, quoted, long, RECORD),
            Quad(short, anchor, Literal("数据", language="zh-Hans"), RECORD),
            Quad(long, anchor, Literal("健全数据基础制度", language="zh-Hans"), RECORD),
        ]
    )
    assert words == {
        goal.value: "健全数据基础制度",
        short.value: "数据",
        long.value: "健全数据基础制度",
    }


# --- reading shapes ------------------------------------------------------------------------------


def test_missing_shapes_are_reported_by_name(tmp_path: Path) -> None:
    path = tmp_path / "shapes.ttl"
    with pytest.raises(UnreadableInput) as caught:
        read_shapes(path)
    assert caught.value.where == Where(str(path))


@pytest.mark.parametrize("name", ["shapes.ttl", "consistency.ttl"])
def test_shapes_are_those_that_rdflib_reads(name: str) -> None:
    own = rdflib.Graph().parse(asset("ontology", name))
    assert to_isomorphic(read_shapes(asset("ontology", name)).rdflib) == to_isomorphic(own)


def test_malformed_shapes_are_reported_by_line(tmp_path: Path) -> None:
    path = tmp_path / "shapes.ttl"
    path.write_text("@prefix sh: <http://www.w3.org/ns/shacl#> .\n\nsh:this is not Turtle\n")
    with pytest.raises(UnreadableInput) as caught:
        read_shapes(path)
    assert caught.value.where == Where(str(path), 3)


# --- why shapes are checked before inference -----------------------------------------------------

HELD_IN_A_PERSON = """
@prefix : <https://example.org/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix sh: <http://www.w3.org/ns/shacl#> .

:heldIn rdfs:range :Place .
:conference a :Event ; :heldIn :director .
:director a :Person .

:EventShape a sh:NodeShape ;
    sh:targetClass :Event ;
    sh:property [ sh:path :heldIn ; sh:class :Place ] .
"""


def test_inference_hides_a_wrong_node_so_shapes_are_checked_before_it() -> None:
    graph = rdflib.Graph().parse(data=HELD_IN_A_PERSON, format="turtle")
    conforms, report, _ = pyshacl.validate(graph, shacl_graph=graph)
    components = set(report.objects(predicate=SH.sourceConstraintComponent))
    assert not conforms
    assert components == {SH.ClassConstraintComponent}

    owlrl.DeductiveClosure(owlrl.OWLRL_Semantics).expand(graph)
    conforms, *_ = pyshacl.validate(graph, shacl_graph=graph)
    director, place = (rdflib.URIRef(f"https://example.org/{x}") for x in ("director", "Place"))
    assert (director, RDF.type, place) in graph
    assert conforms
