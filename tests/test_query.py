"""Named queries: one golden file each, valid for any engine, parameters bound and checked."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path

import pytest
import rdflib
from click.testing import Result
from pyoxigraph import Literal
from rdflib.plugins.sparql import prepareQuery

from conftest import ROOT
from policygraph.api.policy_graph import PolicyGraph
from policygraph.errors import WrongUsage
from policygraph.graph.face import to_rdflib
from policygraph.graph.query import Answer, read_queries, word_for
from policygraph.messages import LANGUAGES

QUERIES = read_queries(ROOT / "queries")
GOLDEN = ROOT / "tests" / "queries"
UPDATE = "POLICYGRAPH_UPDATE_GOLDEN"
BASE = "https://w3id.org/policygraph/"


def ask(graph: PolicyGraph, name: str) -> Answer:
    required = {p.name: p.example for p in QUERIES[name].parameters if p.required}
    return graph.query(name, **required)


def as_csv(answer: Answer) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(answer.columns)
    for row in answer.rows:
        writer.writerow(["" if v is None else str(v).replace(BASE, "") for v in row.values()])
    return text.getvalue()


@pytest.mark.parametrize("name", QUERIES)
def test_a_query_gives_its_golden_rows(
    graph: PolicyGraph, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    import os

    found = as_csv(ask(graph, name))
    path = GOLDEN / f"{name}.csv"
    if os.environ.get(UPDATE):
        path.write_text(found, encoding="utf-8")
    assert len(found.splitlines()) > 1, "a golden file without rows proves nothing"
    assert path.exists(), f"make it with: {UPDATE}=1 pytest tests/test_query.py"
    assert found == path.read_text(encoding="utf-8"), (
        f"if the new rows are right: {UPDATE}=1 pytest tests/test_query.py"
    )


def test_there_is_no_golden_file_without_a_query() -> None:
    assert {path.stem for path in GOLDEN.glob("*.csv")} == set(QUERIES)


def codes_of(name: str) -> dict[str, dict[str, dict[str, str]]]:
    return {
        column: head["codes"] for column, head in QUERIES[name].columns.items() if "codes" in head
    }


@pytest.mark.parametrize("name", [name for name in QUERIES if codes_of(name)])
def test_every_code_in_a_golden_answer_has_words_in_both_languages(name: str) -> None:
    with (GOLDEN / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert rows
    for column, codes in codes_of(name).items():
        for value in filter(None, (row[column] for row in rows)):
            for lang in LANGUAGES:
                assert word_for(Literal(value), {"codes": codes}, lang), (column, value)


@pytest.mark.parametrize("name", QUERIES)
def test_a_query_file_is_whole(name: str) -> None:
    query = QUERIES[name]
    for lang in LANGUAGES:
        assert query.title[lang]
        assert query.question[lang]
        assert all(heading[lang] for heading in query.columns.values())
    prepared = prepareQuery(query.text)
    if "CONSTRUCT" not in query.text:
        projected = [str(variable) for variable in prepared.algebra.PV]
        assert projected == list(query.columns)
        assert "ORDER BY" in query.text
    for parameter in query.parameters:
        assert f"?{parameter.name}" in query.text
        assert parameter.example
        assert "CONSTRUCT" in query.text or parameter.name in query.columns


@pytest.fixture(scope="module")
def plain(graph: PolicyGraph) -> rdflib.Dataset:
    """The same quads in rdflib's own store."""
    dataset = rdflib.Dataset(default_union=True)
    for quad in graph.store.quads():
        dataset.graph(rdflib.URIRef(quad.graph_name.value)).add(to_rdflib(quad.triple))
    return dataset


def terms(answer: Answer) -> set[tuple[str, ...]]:
    return {tuple("" if t is None else t.value for t in row) for row in answer.terms}


FAST_ON_RDFLIB = [name for name in QUERIES if name not in {"carried-over", "initiative-graph"}]


@pytest.mark.parametrize("name", FAST_ON_RDFLIB)
def test_rdflibs_own_engine_gives_the_same_rows(
    graph: PolicyGraph, plain: rdflib.Dataset, name: str
) -> None:
    query = QUERIES[name]
    required = {p.name: p.example for p in query.parameters if p.required}
    bound = {
        variable.value: rdflib.URIRef(term.value)
        if "NamedNode" in str(type(term))
        else rdflib.Literal(term.value)
        for variable, term in graph.asker.bind(query, required).items()
    }
    rows = {
        tuple("" if t is None else str(t) for t in row)
        for row in plain.query(query.text, initBindings=bound)
    }
    assert rows == terms(graph.query(name, **required))


def test_counts_are_right_where_two_passages_state_the_same(graph: PolicyGraph) -> None:
    answer = graph.query("SELECT (COUNT(*) AS ?n) { ?g a <https://w3id.org/policygraph/ns#Goal> }")
    assert answer.rows == [{"n": 8}]


@pytest.mark.parametrize(
    "value",
    [
        "cn-east-data-west-computing",
        "initiative/cn-east-data-west-computing",
        "东数西算",
        "“东数西算”工程",
        "東數西算",
        "East-Data-West-Computing",
        "east data, west computing",
        BASE + "id/initiative/cn-east-data-west-computing",
    ],
)
def test_a_thing_is_found_by_key_label_alias_or_iri(graph: PolicyGraph, value: str) -> None:
    assert len(graph.query("initiative-statements", initiative=value)) == 2


@pytest.mark.parametrize(
    ("name", "values", "problem"),
    [
        ("goals-of-yaer", {}, "query/unknown-query"),
        ("goals-of-year", {}, "query/missing-parameter"),
        ("goals-of-year", {"yaer": "2024"}, "query/unknown-parameter"),
        ("goals-of-year", {"year": "2042"}, "query/unknown-name"),
        ("goals-of-year", {"year": "cn-nda"}, "query/unknown-name"),
        ("actions-of-goal", {"goal": BASE + "id/place/CN"}, "query/unknown-name"),
        ("actions-of-goal", {"goal": "cn-ndwc-2024"}, "query/unknown-name"),
        ("statements-of-sentence", {"words": ""}, "query/ill-typed"),
        ("initiative-statements", {"initiative": "> } DELETE { ?s ?p ?o"}, "query/unknown-name"),
    ],
)
def test_a_wrong_question_is_answered_with_what_would_be_right(
    graph: PolicyGraph, name: str, values: dict[str, str], problem: str
) -> None:
    with pytest.raises(WrongUsage) as caught:
        graph.query(name, **values)
    assert caught.value.name == problem
    assert caught.value.message("zh") != caught.value.message("en")


def test_a_key_that_several_things_have_is_ambiguous_unless_the_class_decides(
    graph: PolicyGraph,
) -> None:
    with pytest.raises(WrongUsage) as caught:
        graph.asker.lookup.find("cn-ndwc-2024")
    assert caught.value.name == "query/ambiguous-name"
    event = graph.asker.lookup.find("cn-ndwc-2024", "https://w3id.org/policygraph/ns#Event")
    assert event.endswith("id/event/cn-ndwc-2024")


@pytest.mark.parametrize(
    "text",
    [
        "SELECT * { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }",
        "SELECT * { SERVICE SILENT ?v { ?s ?p ?o } }",
        "SELECT * { service <http://127.0.0.1:9/> { ?s ?p ?o } }",
    ],
)
def test_a_question_never_leaves_the_machine(graph: PolicyGraph, text: str) -> None:
    with pytest.raises(WrongUsage) as caught:
        graph.query(text)
    assert caught.value.name == "query/service"


def test_the_word_service_in_a_literal_or_comment_is_harmless(graph: PolicyGraph) -> None:
    assert len(graph.query('SELECT ?s { ?s ?p "SERVICE <x>" } # SERVICE')) == 0


@pytest.mark.parametrize(
    "text", ["SELECT * { ?s ?p }", "DROP ALL", "INSERT DATA { <a:a> <a:b> <a:c> }"]
)
def test_what_is_not_a_query_is_refused_with_its_line(graph: PolicyGraph, text: str) -> None:
    with pytest.raises(WrongUsage) as caught:
        graph.query(text)
    assert caught.value.name == "query/syntax"
    assert caught.value.facts["line"] == 1


def test_rows_have_python_types(graph: PolicyGraph) -> None:
    figure = next(r for r in graph.query("figures") if "separate" in r["figure"])
    assert figure["value"] == 26
    assert figure["as_of"].isoformat() == "2024-04-01"
    assert [row["agrees"] for row in graph.query("sums")] == [True, True]


def test_rows_become_a_data_frame(graph: PolicyGraph) -> None:
    frame = graph.query("actions-of-goal", goal="g5").to_pandas()
    assert list(frame["action_zh"]) == [
        "加快全国一体化算力网和数据流通基础设施建设",
        "发挥好政府投资的放大效应",
    ]


@pytest.mark.parametrize("form", ["csv", "tsv", "json", "xml"])
def test_answers_come_in_every_results_format(run: Callable[..., Result], form: str) -> None:
    result = run("query", "-q", "-C", ROOT, "goals-of-year", "-p", "year=2024", "-f", form)
    assert result.exit_code == 0
    parsed = (
        rdflib.query.Result.parse(io.BytesIO(result.stdout_bytes), format=form)
        if form != "csv"
        else list(csv.DictReader(io.StringIO(result.stdout)))
    )
    assert len(list(parsed)) == 10


def test_a_subgraph_comes_as_turtle(run: Callable[..., Result]) -> None:
    result = run(
        "query", "-q", "-C", ROOT, "initiative-graph", "-p", "initiative=算力网", "-f", "ttl"
    )
    assert len(rdflib.Graph().parse(data=result.stdout, format="turtle")) > 20


def test_sparql_comes_from_a_file_or_standard_input(
    run: Callable[..., Result], tmp_path: Path
) -> None:
    text = "SELECT ?g { ?g a pg:Goal } ORDER BY ?g"
    file = tmp_path / "goals.rq"
    file.write_text(text, encoding="utf-8")
    from_file = run("query", "-q", "-C", ROOT, file, "-f", "json")
    from_input = run("query", "-q", "-C", ROOT, "-", "-f", "json", input=text)
    assert run("query", "-q", "-C", ROOT, text, "-f", "json").stdout == from_input.stdout
    assert len(json.loads(from_file.stdout)["results"]["bindings"]) == 8
    assert from_file.stdout == from_input.stdout
