"""The shapes: for every rule a node accepted and a node refused, and what a report says to people."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import owlrl
import pyshacl
import pytest
import rdflib
from pyoxigraph import DefaultGraph, NamedNode, Quad, RdfFormat, Store, Triple, parse
from rdflib.namespace import RDF, SH

from policygraph.assets import asset
from policygraph.errors import UnreadableInput, Where
from policygraph.graph.validate import Result, findings_of, read_shapes, validate, words_of
from policygraph.graph.vocabulary import read_vocabulary
from policygraph.messages import LANGUAGES
from policygraph.namespaces import NIF, PG, PROV

CASES = Path(__file__).parent / "shapes"
FILES = sorted([*CASES.glob("*/*.ttl"), *CASES.glob("*/*.trig")])
OURS = "https://w3id.org/policygraph/"
PGS = rdflib.Namespace(OURS + "shapes#")
RECORD = NamedNode(OURS + "graph/document/case")
RULES_OF = {
    name: read_shapes(asset("ontology", name)) for name in ("shapes.ttl", "consistency.ttl")
}
RULES = sorted({str(rule) for graph in RULES_OF.values() for rule in graph.subjects(SH.message)})

# One slip, two rules: the other rules that a refused node of a case cannot help breaking.
ALSO_BROKEN = {
    "period-one": {"statement-period"},
    "period-end": {"period-start"},
}

# What a shape says besides its constraints.
NO_CONSTRAINT = {
    *(SH.path, SH.message, SH.severity, SH.targetClass, SH.targetSubjectsOf, SH.property),
    *(SH.sparql, SH.prefixes, SH.qualifiedValueShape),
}

Row = tuple[str, str, str, str, str]


@dataclass(frozen=True)
class Case:
    """A file of the W3C form: the rule, the shapes it is in, the data and the results expected."""

    rule: str
    shapes: str
    data: tuple[Quad, ...]
    expected: tuple[Row, ...]

    @property
    def refused(self) -> set[str]:
        return {focus for focus, *_ in self.expected}

    @property
    def accepted(self) -> set[str]:
        named = {quad.subject.value for quad in self.data}
        return {iri for iri in named if local(iri).startswith("good")}


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


def local(iri: str) -> str:
    return iri.replace("#", "/").rsplit("/", 1)[-1]


def quads_of(path: Path) -> list[Quad]:
    form = RdfFormat.TRIG if path.suffix == ".trig" else RdfFormat.TURTLE
    return list(parse(path=str(path), format=form, base_iri=path.as_uri()))


def data_in(quads: list[Quad]) -> Iterator[Quad]:
    """Leave the manifest out; triples outside any graph go where a build records a document."""
    for quad in quads:
        if isinstance(quad.subject, NamedNode) and quad.subject.value.startswith(OURS):
            graph = RECORD if isinstance(quad.graph_name, DefaultGraph) else quad.graph_name
            yield Quad(*quad.triple, graph)


def read_case(path: Path) -> Case:
    quads = quads_of(path)
    store = Store()
    store.extend(quads)
    rows = [tuple(term.value if term else "" for term in row) for row in store.query(EXPECTED)]
    (shapes,) = (row["shapes"].value for row in store.query(SHAPES_GRAPH))
    (rule,) = {row[-1] for row in rows}
    return Case(rule, local(shapes), tuple(data_in(quads)), tuple(sorted(row[:-1] for row in rows)))


def told(result: Result, expected: tuple[Row, ...]) -> Row:
    """Give a result as a row; its value only where the case states one."""
    row = (result.focus, result.path, result.severity, result.component)
    return (*row, result.value if (*row, result.value) in expected else "")


@pytest.fixture(scope="session")
def ontology() -> tuple[Triple, ...]:
    return read_vocabulary(asset("ontology")).triples


@pytest.fixture(scope="session")
def case_and_report(ontology: tuple[Triple, ...]):
    """Read and validate each file once."""
    known: dict[Path, tuple[Case, list[Result]]] = {}

    def get(path: Path) -> tuple[Case, list[Result]]:
        if path not in known:
            case = read_case(path)
            known[path] = case, validate(case.data, ontology, RULES_OF[case.shapes])
        return known[path]

    return get


def each_file(test):
    return pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)(test)


# --- one file, one rule --------------------------------------------------------------------------


@each_file
def test_a_rule_refuses_what_its_case_says_and_nothing_else(path: Path, case_and_report) -> None:
    case, report = case_and_report(path)
    found = [told(result, case.expected) for result in report if result.rule == case.rule]
    assert sorted(found) == list(case.expected)


@each_file
def test_a_rule_is_as_severe_as_its_case_says(path: Path, case_and_report) -> None:
    case, report = case_and_report(path)
    severities = {result.severity for result in report if result.rule == case.rule}
    declared = RULES_OF[case.shapes].value(rdflib.URIRef(case.rule), SH.severity)
    assert severities == {severity for _, _, severity, *_ in case.expected}
    assert severities == {str(declared or SH.Violation)}


@each_file
def test_an_accepted_node_breaks_no_rule_at_all(path: Path, case_and_report) -> None:
    case, report = case_and_report(path)
    assert case.accepted
    assert [result for result in report if result.focus in case.accepted] == []


@each_file
def test_a_refused_node_breaks_the_rule_of_its_file_only(path: Path, case_and_report) -> None:
    case, report = case_and_report(path)
    broken = {local(result.rule) for result in report if result.focus in case.refused}
    assert broken <= {local(case.rule), *ALSO_BROKEN.get(local(case.rule), set())}


@each_file
def test_a_file_is_named_after_its_rule_and_a_class_that_has_it(path: Path) -> None:
    case = read_case(path)
    home = RULES_OF[case.shapes]
    classes = {local(kind) for _, kind in users_of(case.rule, home)}
    assert path.stem == f"{local(case.rule)}-001"
    assert path.parent.name in ({"Consistency"} if case.shapes == "consistency.ttl" else classes)


@each_file
def test_every_constraint_of_a_rule_refuses_something(path: Path) -> None:
    case = read_case(path)
    refused_by = {component for *_, component, _ in case.expected}
    assert refused_by == components_of(case.rule, RULES_OF[case.shapes])


@each_file
def test_a_rule_that_classes_share_refuses_a_thing_of_each(path: Path) -> None:
    case = read_case(path)
    typed = {
        quad.object.value
        for quad in case.data
        if quad.predicate.value == str(RDF.type) and quad.subject.value in case.refused
    }
    sharing = {kind for _, kind in users_of(case.rule, RULES_OF[case.shapes])}
    assert sharing <= typed, f"no refused {sorted(map(local, sharing - typed))} in {path.name}"


def users_of(rule: str, shapes: rdflib.Graph) -> set[tuple[str, str]]:
    """Give the node shapes that have a rule, each with its target classes."""
    iri = rdflib.URIRef(rule)
    users = {*shapes.subjects(SH.property, iri), *shapes.subjects(SH.sparql, iri), iri}
    return {
        (str(user), str(kind)) for user in users for kind in shapes.objects(user, SH.targetClass)
    }


def components_of(rule: str, shapes: rdflib.Graph) -> set[str]:
    iri = rdflib.URIRef(rule)
    if (iri, RDF.type, SH.SPARQLConstraint) in shapes:
        return {str(SH.SPARQLConstraintComponent)}
    used = {name for name in shapes.predicates(iri) if name in SH} - NO_CONSTRAINT
    names = (local(name) for name in used)
    return {f"{SH}{name[0].upper()}{name[1:]}ConstraintComponent" for name in names}


# --- all rules -----------------------------------------------------------------------------------


def test_every_rule_has_a_case() -> None:
    assert sorted(read_case(path).rule for path in FILES) == RULES


def test_every_constraint_belongs_to_a_rule_with_a_message() -> None:
    silent = [
        part
        for shapes in RULES_OF.values()
        for has in (SH.property, SH.sparql)
        for part in shapes.objects(predicate=has)
        if isinstance(part, rdflib.URIRef) and str(part) not in RULES
    ]
    assert silent == []


@pytest.mark.parametrize("rule", RULES, ids=local)
def test_a_rule_says_what_is_wrong_and_what_to_do_in_both_languages(rule: str) -> None:
    for predicate in (SH.message, PGS.mend):
        texts = [
            text for shapes in RULES_OF.values() for text in sentences(shapes, rule, predicate)
        ]
        assert sorted(text.language for text in texts) == sorted(LANGUAGES)
        assert all(text.strip() for text in texts)


def sentences(shapes: rdflib.Graph, rule: str, predicate: rdflib.URIRef) -> list[rdflib.Literal]:
    return list(shapes.objects(rdflib.URIRef(rule), predicate))


def test_every_class_of_the_ontology_has_a_node_shape() -> None:
    classes = {PG + name for name in read_vocabulary(asset("ontology")).classes}
    shapes = RULES_OF["shapes.ttl"]
    targeted = {
        str(kind)
        for shape, kind in shapes.subject_objects(SH.targetClass)
        if (shape, RDF.type, SH.NodeShape) in shapes
    }
    missing = sorted(map(local, classes - targeted))
    assert not missing, f"classes without a node shape: {', '.join(missing)}"
    assert not targeted - classes, f"shapes for classes that do not exist: {targeted - classes}"


# --- what people are told ------------------------------------------------------------------------

DEADLINE = CASES / "Action" / "deadline-day-001.ttl"
HERE = Where("statements.yaml", 12, "a1")
THERE = Where("statements.yaml", 30, "a2")


def result_about(report: list[Result], focus: str) -> Result:
    return next(result for result in report if local(result.focus) == focus)


def test_a_finding_says_the_sentence_of_the_rule_in_both_languages(case_and_report) -> None:
    case, report = case_and_report(DEADLINE)
    (finding,) = findings_of([result_about(report, "two-deadlines")], {}, {})
    for predicate, say in ((SH.message, finding.message), (PGS.mend, finding.mend)):
        texts = sentences(RULES_OF["shapes.ttl"], case.rule, predicate)
        assert {text.language: str(text) in say(text.language) for text in texts} == {
            "en": True,
            "zh": True,
        }
    assert finding.rule == case.rule
    assert "pgs:deadline-day" in finding.message()


@each_file
def test_every_finding_is_said_in_full(path: Path, case_and_report) -> None:
    case, report = case_and_report(path)
    for finding in findings_of((r for r in report if r.rule == case.rule), {}, {}):
        said = {lang: finding.message(lang) for lang in LANGUAGES}
        assert said["en"] != said["zh"]
        assert all("{" not in sentence for sentence in said.values()), said
        assert all(finding.mend(lang) for lang in LANGUAGES)


def test_a_finding_leads_to_the_row_and_its_words(case_and_report) -> None:
    _, report = case_and_report(DEADLINE)
    result = result_about(report, "two-deadlines")
    words = {result.focus: "建立数据产权制度"}
    (finding,) = findings_of([result], {result.focus: HERE}, words)
    assert (finding.where, finding.sentence) == (HERE, "建立数据产权制度")


def test_a_finding_about_a_thing_that_no_row_made_names_the_thing(case_and_report) -> None:
    _, report = case_and_report(DEADLINE)
    result = result_about(report, "two-deadlines")
    (finding,) = findings_of([result], {}, {})
    assert (finding.where, finding.sentence) == (Where(id=result.focus), "")


def test_a_finding_of_a_query_leads_to_the_value_to_mend(case_and_report) -> None:
    _, report = case_and_report(CASES / "Section" / "section-other-period-001.ttl")
    result = result_about(report, "two-years")
    words = {result.value: "提前完成"}
    made_at = {result.focus: HERE, result.value: THERE}
    (finding,) = findings_of([result], made_at, words)
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
    file: str, focus: str, severity: str, case_and_report
) -> None:
    _, report = case_and_report(CASES / file)
    (finding,) = findings_of([result_about(report, focus)], {}, {})
    assert finding.severity == severity


def test_the_words_of_a_thing_are_the_longest_quote_of_it() -> None:
    def said(subject: str, predicate: str, value: str) -> Quad:
        subject, value = OURS + subject, OURS + value
        return Quad(NamedNode(subject), NamedNode(predicate), NamedNode(value), RECORD)

    quads = [
        said("goal", PROV + "wasQuotedFrom", "short"),
        said("goal", PROV + "wasQuotedFrom", "long"),
        said("short", NIF + "anchorOf", ""),
        said("long", NIF + "anchorOf", "words"),
    ]
    assert words_of(quads)[OURS + "goal"] == OURS + "words"


# --- reading shapes ------------------------------------------------------------------------------


def test_missing_shapes_are_reported_by_name(tmp_path: Path) -> None:
    with pytest.raises(UnreadableInput) as caught:
        read_shapes(tmp_path / "shapes.ttl")
    assert caught.value.where.file == str(tmp_path / "shapes.ttl")


def test_malformed_shapes_are_reported_by_line(tmp_path: Path) -> None:
    path = tmp_path / "shapes.ttl"
    path.write_text(
        "@prefix sh: <http://www.w3.org/ns/shacl#> .\n\nsh:Broken sh:path ;;; nonsense\n"
    )
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
    assert not conforms
    assert set(report.objects(predicate=SH.sourceConstraintComponent)) == {
        SH.ClassConstraintComponent
    }

    owlrl.DeductiveClosure(owlrl.OWLRL_Semantics).expand(graph)
    example = rdflib.Namespace("https://example.org/")
    assert (example.director, RDF.type, example.Place) in graph
    conforms, *_ = pyshacl.validate(graph, shacl_graph=graph)
    assert conforms
