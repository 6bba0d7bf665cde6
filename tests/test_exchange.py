"""Forms that others read: valid by their own rules, and they say what the graph says."""

from __future__ import annotations

import csv
import datetime
import io
import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
import rdflib
from click.testing import Result
from lxml import etree
from rdflib import DCTERMS, PROV, RDF

from policygraph.api.policy_graph import PolicyGraph
from policygraph.errors import WrongUsage
from policygraph.graph.store import GraphStore
from policygraph.identifiers import passage_span
from policygraph.publish.exchange.csvw import METADATA, csvw
from policygraph.publish.exchange.forms import FORMS, exchange
from policygraph.publish.exchange.nanopub import NP
from policygraph.publish.exchange.stratml import SPACE

Run = Callable[..., Result]

NIF = rdflib.Namespace("http://persistence.uni-leipzig.org/nlp2rdf/ontologies/nif-core#")
ITS = rdflib.Namespace("http://www.w3.org/2005/11/its/rdf#")
PG = rdflib.Namespace("https://w3id.org/policygraph/ns#")
PASSAGES = """SELECT ?passage ?words ?begin ?end { ?passage a pg:Passage ; nif:anchorOf ?words ;
  nif:beginIndex ?begin ; nif:endIndex ?end }"""


def written(graph: PolicyGraph, form: str, document: str = "") -> bytes:
    return exchange(graph.store, graph.place, form, document=document)


def words_of(graph: PolicyGraph) -> str:
    [row] = graph.query("SELECT ?words { ?text a pg:Text ; nif:isString ?words }")
    return str(row["words"])


# StratML


@pytest.fixture(scope="module")
def plan(graph: PolicyGraph) -> etree._Element:
    return etree.fromstring(written(graph, "stratml"))


def texts(element: etree._Element, path: str) -> list[str]:
    return [str(found.text) for found in element.iterfind(path, {"": SPACE})]


def test_a_plan_is_valid_by_the_schema_of_stratml(
    graph: PolicyGraph, yunze: PolicyGraph, shared: Path
) -> None:
    schema = shared / "linkdata" / "stratml" / "StrategicPlanISOVersion20140401.xsd"
    if not schema.is_file():
        pytest.skip("the schema is not here")
    check = etree.XMLSchema(etree.parse(schema))
    check.assertValid(etree.fromstring(written(graph, "stratml")))
    for row in yunze.query("SELECT DISTINCT ?d { ?d pg:setsGoal ?g }"):
        key = yunze.ids.key(str(row["d"]))
        check.assertValid(etree.fromstring(written(yunze, "stratml", key)))


def test_a_plan_has_every_goal_and_action_that_the_text_sets(
    graph: PolicyGraph, plan: etree._Element
) -> None:
    goals = graph.query("SELECT ?goal { ?document pg:setsGoal ?goal }")
    assert len(texts(plan, ".//Goal/Name")) == len(goals) == 8
    actions = graph.query("SELECT ?a { ?g pg:hasAction ?a . ?a a pg:Action }")
    assert len(texts(plan, ".//Objective/Name")) == len(actions) == 22
    assert "优化数据基础设施布局" in texts(plan, ".//Goal/Name")


def test_every_description_in_a_plan_is_words_of_the_text(
    graph: PolicyGraph, plan: etree._Element
) -> None:
    text = words_of(graph)
    goals = texts(plan, ".//Goal/Description") + texts(plan, ".//Objective/Description")
    visions = [line for each in texts(plan, ".//Vision/Description") for line in each.split("\n")]
    assert len(goals) == 30
    assert len(visions) == 2
    assert all(words in text for words in goals + visions)


def test_a_plan_names_nobody_whom_the_text_does_not_name(plan: etree._Element) -> None:
    assert texts(plan, ".//Organization/Name") == ["国家数据局"]
    assert texts(plan, ".//Organization/Description") == ["消息来源"]
    assert texts(plan, ".//Stakeholder/Name") == []


def test_a_plan_tells_its_period_and_where_it_was_published(plan: etree._Element) -> None:
    about = {str(each.tag).rpartition("}")[2]: each.text for each in plan[-1]}
    assert about == {
        "StartDate": "2024-01-01",
        "EndDate": "2024-12-31",
        "PublicationDate": "2024-04-02",
        "Source": "http://www.icaiban.com/p/145233.html",
    }


def test_one_of_several_plans_must_be_named(yunze: PolicyGraph) -> None:
    with pytest.raises(WrongUsage, match="--document"):
        written(yunze, "stratml")


def test_a_document_that_is_not_there_is_named_with_those_that_are(graph: PolicyGraph) -> None:
    with pytest.raises(WrongUsage, match=r"cn-ndwc-2025.*cn-ndwc-2024"):
        written(graph, "annotations", "cn-ndwc-2025")


# web annotations


def test_every_passage_is_an_annotation_that_finds_its_words_again(graph: PolicyGraph) -> None:
    text = words_of(graph)
    collection = json.loads(written(graph, "annotations"))
    items = collection["first"]["items"]
    assert collection["@context"] == "http://www.w3.org/ns/anno.jsonld"
    assert collection["total"] == len(items) == len(graph.query(PASSAGES))
    assert len({item["id"] for item in items}) == len(items)
    for item in items:
        quote, position = item["target"]["selector"]
        begin, end = position["start"], position["end"]
        assert (item["type"], quote["type"]) == ("Annotation", "TextQuoteSelector")
        assert position["type"] == "TextPositionSelector"
        assert text[begin:end] == quote["exact"]
        assert text[:begin].endswith(quote["prefix"])
        assert text[end:].startswith(quote["suffix"])
        assert set(item) <= {"id", "type", "motivation", "body", "target"}


def test_the_body_of_an_annotation_is_what_is_quoted(graph: PolicyGraph) -> None:
    items = json.loads(written(graph, "annotations"))["first"]["items"]
    told = {
        (body, item["target"]["selector"][0]["exact"])
        for item in items
        for body in item.get("body", ())
    }
    rows = graph.query(
        "SELECT ?thing ?words { ?thing prov:wasQuotedFrom ?p . ?p nif:anchorOf ?words }"
    )
    assert told == {(row["thing"], row["words"]) for row in rows}
    assert all(item["motivation"] == "highlighting" for item in items if "body" not in item)


# NIF


def test_every_string_in_nif_is_where_its_name_says(graph: PolicyGraph) -> None:
    found = rdflib.Graph().parse(data=written(graph, "nif"), format="turtle")
    [context] = found.subjects(RDF.type, NIF.Context)
    whole = str(found.value(context, NIF.isString))
    assert whole == words_of(graph)
    strings = set(found.subjects(NIF.referenceContext, context))
    assert len(strings) == len(graph.query(PASSAGES))
    for string in [*strings, context]:
        span = passage_span(str(string))
        assert span is not None
        begin, end = (found.value(string, NIF[name]) for name in ("beginIndex", "endIndex"))
        assert (int(str(begin)), int(str(end))) == span[1:]
        assert (string, RDF.type, NIF.RFC5147String) in found
        words = found.value(string, NIF.anchorOf) or found.value(string, NIF.isString)
        assert str(words) == whole[span[1] : span[2]]
        assert begin.datatype == rdflib.XSD.nonNegativeInteger


def test_nif_tells_what_a_passage_speaks_of(graph: PolicyGraph) -> None:
    found = rdflib.Graph().parse(data=written(graph, "nif"), format="turtle")
    goal = rdflib.URIRef(f"{graph.ids.base}id/goal/cn-ndwc-2024-g5")
    [passage] = found.subjects(ITS.taIdentRef, goal)
    assert str(found.value(passage, NIF.anchorOf)) == "优化数据基础设施布局"


# nanopublications


@pytest.fixture(scope="module")
def publications(graph: PolicyGraph) -> rdflib.Dataset:
    dataset = rdflib.Dataset()
    dataset.parse(data=written(graph, "nanopub"), format="trig")
    return dataset


def test_each_nanopublication_is_well_formed(publications: rdflib.Dataset) -> None:
    """By the Nanopublication Guidelines: four graphs, each there, each about what it should be."""
    np = rdflib.Namespace(NP)
    heads = [g for g in publications.graphs() if (None, RDF.type, np.Nanopublication) in g]
    others: set[object] = set()
    for head in heads:
        [iri] = head.subjects(RDF.type, np.Nanopublication)
        names = [
            head.value(iri, np[name])
            for name in ("hasAssertion", "hasProvenance", "hasPublicationInfo")
        ]
        assert len(head) == 4
        assert len({head.identifier, *names}) == 4
        assertion, provenance, about = (publications.graph(name) for name in names)
        assert len(assertion) > 0
        assert (names[0], PROV.hadPrimarySource, None) in provenance
        assert (names[0], PROV.wasQuotedFrom, None) in provenance
        assert (iri, DCTERMS.license, None) in about
        assert set(about.subjects()) == {iri}
        others.update(names)
    assert len(others) == 3 * len(heads)


def test_there_is_one_for_each_statement_and_it_asserts_what_is_stated(
    graph: PolicyGraph, publications: rdflib.Dataset
) -> None:
    np = rdflib.Namespace(NP)
    count = len(list(publications.quads((None, RDF.type, np.Nanopublication, None))))
    assert count == len(graph.query("SELECT DISTINCT ?s { ?d pg:states ?s }")) == 60
    stated = {str(quad.triple) for quad in graph.store.quads("stated")}
    asserted = [
        f"{s.n3()} {p.n3()} {o.n3()}"
        for s, p, o, name in publications.quads()
        if str(name).endswith("#assertion")
    ]
    assert asserted
    assert {line.replace("@zh-Hans", "@zh-hans") for line in asserted} <= stated


# CSV on the Web


@pytest.fixture(scope="module")
def tables(graph: PolicyGraph) -> dict[str, bytes]:
    return csvw(graph.store, graph.place)


_READS: dict[str, Callable[[str], object]] = {
    "string": str,
    "integer": int,
    "decimal": float,
    "boolean": lambda text: {"true": True, "false": False}[text],
    "date": datetime.date.fromisoformat,
    "anyURI": lambda text: re.fullmatch(r"\w[\w+.-]*:\S+", text)[0],  # type: ignore[index]
}


def test_every_table_is_described_column_by_column(tables: dict[str, bytes]) -> None:
    told = json.loads(tables[METADATA])
    assert told["@context"] == "http://www.w3.org/ns/csvw"
    assert {table["url"] for table in told["tables"]} == set(tables) - {METADATA}
    for table in told["tables"]:
        data = tables[table["url"]].decode()
        head, *rows = csv.reader(io.StringIO(data, newline=""), strict=True)
        columns = table["tableSchema"]["columns"]
        assert [column["titles"] for column in columns] == head
        assert {each["@language"] for each in table["dc:title"]} == {"zh", "en"}
        for row in rows:
            assert len(row) == len(head), table["url"]
            for column, cell in zip(columns, row, strict=True):
                if cell:
                    _READS[column["datatype"]](cell)


def test_the_tables_hold_the_answers_of_the_named_queries(
    graph: PolicyGraph, tables: dict[str, bytes]
) -> None:
    rows = list(csv.DictReader(io.StringIO(tables["figures.csv"].decode(), newline="")))
    answers = graph.query("figures").rows
    assert [row["figure"] for row in rows] == [row["figure"] for row in answers]
    kinds = {
        column["name"]: column["datatype"]
        for table in json.loads(tables[METADATA])["tables"]
        if table["url"] == "figures.csv"
        for column in table["tableSchema"]["columns"]
    }
    assert (kinds["figure"], kinds["as_of"]) == ("anyURI", "date")


def test_an_iri_with_a_comma_is_one_cell(run: Run) -> None:
    result = run("query", "doubtful-passages", "-f", "csv")
    head, *rows = csv.reader(io.StringIO(result.stdout))
    assert rows
    assert all(len(row) == len(head) for row in rows)
    assert all(passage_span(row[0]) for row in rows)


# the command


@pytest.mark.parametrize("form", FORMS)
def test_what_is_inferred_has_no_place_in_such_a_form(run: Run, form: str) -> None:
    result = run("export", form, "--graph", "all")
    assert result.exit_code == 2
    assert form in result.stderr


@pytest.mark.parametrize("form", ["ttl", "void", "csvw"])
def test_a_form_of_the_whole_graph_takes_no_document(run: Run, form: str) -> None:
    result = run("export", form, "--document", "cn-ndwc-2024")
    assert result.exit_code == 2
    assert "stratml, annotations" in result.stderr.replace("\n", " ")


def test_tables_need_a_folder_and_leave_that_of_others_alone(run: Run, tmp_path: Path) -> None:
    assert run("export", "csvw").exit_code == 2
    foreign = tmp_path / "mine"
    foreign.mkdir()
    (foreign / "letter.txt").write_text("dear", "utf-8")
    assert run("export", "csvw", "-o", foreign).exit_code == 3
    assert [path.name for path in foreign.iterdir()] == ["letter.txt"]
    folder = tmp_path / "tables"
    assert run("export", "csvw", "-o", folder).exit_code == 0
    assert run("export", "csvw", "-o", folder).exit_code == 0
    assert (folder / METADATA).is_file()


def test_where_no_goal_is_set_there_is_no_plan(graph: PolicyGraph) -> None:
    with pytest.raises(WrongUsage, match="no document here sets a goal"):
        exchange(GraphStore(), graph.place, "stratml")


_ALL = """
import hashlib, sys, policygraph
from policygraph.publish.exchange.forms import FORMS, exchange
from policygraph.publish.exchange.csvw import csvw
g = policygraph.open(sys.argv[1])
for form in FORMS:
    print(form, hashlib.sha256(exchange(g.store, g.place, form)).hexdigest())
for name, data in csvw(g.store, g.place).items():
    print(name, hashlib.sha256(data).hexdigest())
"""


def test_the_same_graph_gives_the_same_bytes_under_any_hash_seed(conference: Path) -> None:
    printed = [
        subprocess.run(
            [sys.executable, "-c", _ALL, str(conference / "dist")],
            env={**os.environ, "PYTHONHASHSEED": seed},
            check=True,
            capture_output=True,
        ).stdout
        for seed in ("1", "2")
    ]
    assert printed[0] == printed[1]
    assert len(printed[0].splitlines()) > 20
