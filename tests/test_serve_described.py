"""What editors of SPARQL ask an endpoint for: prefixes, classes and properties, examples."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
import rdflib
from click.testing import Result
from rdflib import RDF, VOID
from starlette.testclient import TestClient

from conftest import ROOT
from policygraph.cli.build import write_dist
from policygraph.corpus.kept import keep
from policygraph.corpus.order import Order
from policygraph.graph.query import read_queries
from policygraph.identifiers import DEFAULT_BASE
from policygraph.namespaces import PG
from policygraph.pipeline import build_place
from policygraph.serve.app import application
from policygraph.serve.limits import Allowance
from policygraph.serve.source import served
from policygraph.workspace import Place

Run = Callable[..., Result]
GRAPH = f"{DEFAULT_BASE}graph/description"

PREFIXES = """PREFIX sh: <http://www.w3.org/ns/shacl#>
SELECT DISTINCT ?prefix ?namespace { [] sh:prefix ?prefix ; sh:namespace ?namespace }"""
EXAMPLES = """PREFIX sh: <http://www.w3.org/ns/shacl#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
SELECT DISTINCT ?example ?words ?text {
  ?example a sh:SPARQLExecutable ; rdfs:comment ?words ;
    sh:select|sh:ask|sh:construct|sh:describe ?text }"""
CLASSES = """PREFIX void: <http://rdfs.org/ns/void#>
PREFIX void-ext: <http://ldf.fi/void-ext#>
SELECT DISTINCT ?class ?property ?other ?datatype {
  ?of void:class ?class ; void:propertyPartition ?part . ?part void:property ?property .
  OPTIONAL { { ?part void:classPartition [ void:class ?other ] }
    UNION { ?part void-ext:datatypePartition [ void-ext:datatype ?datatype ] } } }"""
CLASSES_WITH_WORDS = """PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX sd: <http://www.w3.org/ns/sparql-service-description#>
PREFIX void: <http://rdfs.org/ns/void#>
PREFIX void-ext: <http://ldf.fi/void-ext#>
SELECT DISTINCT ?graph ?class ?classLabel ?classComment ?property ?label ?comment ?times
    ?other ?otherLabel ?otherComment ?datatype {
  OPTIONAL { ?graph sd:graph ?inside . ?inside void:classPartition ?of }
  ?of void:class ?class ; void:propertyPartition ?part .
  OPTIONAL { ?class rdfs:label ?classLabel } OPTIONAL { ?class rdfs:comment ?classComment }
  ?part void:property ?property .
  OPTIONAL { ?part void:triples ?times }
  OPTIONAL { ?property rdfs:label ?label } OPTIONAL { ?property rdfs:comment ?comment }
  OPTIONAL {
    { ?part void:classPartition [ void:class ?other ] .
      OPTIONAL { ?other rdfs:label ?otherLabel } OPTIONAL { ?other rdfs:comment ?otherComment } }
    UNION { ?part void-ext:datatypePartition [ void-ext:datatype ?datatype ] } }
} ORDER BY ?class ?other ?datatype ?graph ?times"""


@pytest.fixture(scope="module", params=["in memory", "on disk"])
def client(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[httpx.Client]:
    """The conference report, served from files and from a store."""
    place = tmp_path_factory.mktemp("described")
    shutil.copytree(ROOT / "data", place / "data")
    shutil.copytree(ROOT / "queries", place / "queries")
    order = Order(Place.at(place), lambda _name, _facts: None, engine="fast")
    if request.param == "on disk":
        keep(order, place / "dist")
    else:
        write_dist(build_place(order), place / "dist")
    with (
        served(place, DEFAULT_BASE) as opened,
        TestClient(application(opened, Allowance(workers=1))) as client,
    ):
        yield client


def rows(client: httpx.Client, query: str) -> list[dict[str, str]]:
    """Ask as an editor does: in the address, with a parameter that is none of ours."""
    asked = {"ac": "1", "query": query}
    answer = client.get(
        "/sparql", params=asked, headers={"accept": "application/sparql-results+json"}
    )
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()["results"]["bindings"]
    return [{name: term["value"] for name, term in row.items()} for row in found]


def test_an_editor_finds_the_prefixes(client: httpx.Client) -> None:
    found = {row["prefix"]: row["namespace"] for row in rows(client, PREFIXES)}
    assert found["pg"] == PG
    assert found["goal"] == f"{DEFAULT_BASE}id/goal/"


def test_an_editor_finds_every_named_query_as_an_example(client: httpx.Client) -> None:
    found = {(row["words"], row["text"]) for row in rows(client, EXAMPLES)}
    assert found == {
        (words, query.text)
        for query in read_queries(ROOT / "queries").values()
        for words in query.question.values()
    }


@pytest.mark.parametrize("query", [CLASSES, CLASSES_WITH_WORDS], ids=["bare", "with words"])
def test_an_editor_finds_classes_with_properties_and_values(
    client: httpx.Client, query: str
) -> None:
    found = rows(client, query)
    told = {(row["class"], row["property"], row.get("other", "")) for row in found}
    assert (PG + "Goal", PG + "hasAction", PG + "Action") in told
    assert any(row.get("datatype", "").endswith("#date") for row in found)


def test_an_example_that_an_editor_offers_runs(client: httpx.Client) -> None:
    [text] = {r["text"] for r in rows(client, EXAMPLES) if r["example"].endswith("/query/events")}
    assert rows(client, text)


def test_the_description_is_a_graph_and_the_same_where_others_look(client: httpx.Client) -> None:
    turtle = {"accept": "text/turtle"}
    well_known = client.get("/.well-known/void", headers=turtle)
    stored = client.get("/graph-store", params={"graph": GRAPH}, headers=turtle)
    read = [rdflib.Graph().parse(data=each.text, format="turtle") for each in (well_known, stored)]
    assert set(read[0]) == set(read[1])
    assert len(list(read[0].subjects(RDF.type, VOID.Linkset))) > 5
    told = client.get("/sparql", headers=turtle)
    assert GRAPH in told.text


def test_the_front_page_names_the_description(client: httpx.Client) -> None:
    front = client.get("/en/index.html").text
    assert '<link rel="describedby" type="text/turtle" href="../.well-known/void">' in front


def test_the_counts_are_those_of_the_graph_without_its_description(client: httpx.Client) -> None:
    [told] = rows(client, f"SELECT ?n {{ <{DEFAULT_BASE}dataset> void:triples ?n }}")
    without = f"FILTER NOT EXISTS {{ GRAPH <{GRAPH}> {{ ?s ?p ?o }} }}"
    [counted] = rows(client, f"SELECT (COUNT(*) AS ?n) {{ ?s ?p ?o {without} }}")
    assert told == counted


def test_pages_and_search_know_nothing_of_the_description(client: httpx.Client) -> None:
    data = client.get("/doc/document/cn-ndwc-2024.nt").text
    assert "cn-ndwc-2024" in data
    assert "exampleResource" not in data
    found = client.get("/reconcile/suggest/type", params={"prefix": "s"}).json()["result"]
    assert found
    assert not any("SPARQL" in each["id"] for each in found)


def test_a_description_is_kept_until_the_queries_differ(run: Run, workspace: Path) -> None:
    assert run("build", "-C", workspace, "--engine", "fast", "-q").exit_code == 0
    shutil.copytree(ROOT / "queries", workspace / "queries", dirs_exist_ok=True)
    kept, builds = workspace / ".dist.void.ttl", []
    for _ in range(2):
        with served(workspace, DEFAULT_BASE) as opened:
            builds.append((opened.build, kept.stat().st_mtime_ns))
    assert builds[0] == builds[1]
    query = workspace / "queries" / "events.rq"
    query.write_text(query.read_text("utf-8").replace("#+ title:", "#+ title: "), "utf-8")
    with served(workspace, DEFAULT_BASE) as opened:
        assert opened.build != builds[0][0]
