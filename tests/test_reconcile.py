"""Reconciliation: tools that match tables get what the API promises, and nothing gets further."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx
import pytest
import yaml
from jsonschema import Draft7Validator
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT7
from starlette.testclient import TestClient

import policygraph
from conftest import ROOT
from policygraph.api.policy_graph import PolicyGraph
from policygraph.errors import WrongUsage
from policygraph.graph.reconcile.answers import Answerer
from policygraph.graph.reconcile.asked import BATCH, extension_of, questions_of
from policygraph.graph.reconcile.catalogue import Catalogue
from policygraph.serve.app import application
from policygraph.serve.limits import Allowance
from policygraph.serve.source import served

CASES = yaml.safe_load((ROOT / "tests/cases/serve/reconcile.yaml").read_text("utf-8"))


@pytest.fixture(scope="module")
def graph() -> PolicyGraph:
    """The conference report's graph, as it was written."""
    return policygraph.open(ROOT / "dist")


@pytest.fixture(scope="module")
def answerer(graph: PolicyGraph) -> Answerer:
    return Answerer(Catalogue(graph.store, graph.ids, lambda: graph.finder))


@pytest.fixture(scope="module")
def client() -> Iterator[httpx.Client]:
    with (
        served(ROOT / "dist", "https://w3id.org/policygraph/") as opened,
        TestClient(application(opened, Allowance(workers=1)), follow_redirects=False) as client,
    ):
        yield client


def ask(answerer: Answerer, **question: Any) -> list[dict[str, Any]]:
    return answerer.answer(questions_of(json.dumps({"q0": question}))["q0"], "en")


@pytest.mark.parametrize(
    "case", CASES, ids=lambda case: json.dumps(case["ask"], ensure_ascii=False)
)
def test_a_name_in_a_table_finds_what_it_means(answerer: Answerer, case: dict[str, Any]) -> None:
    found = ask(answerer, **case["ask"])
    assert (found[0]["id"] if found else "") == case["first"]
    assert bool(found and found[0]["match"]) is case["match"]


@pytest.mark.parametrize(
    "case", CASES, ids=lambda case: json.dumps(case["ask"], ensure_ascii=False)
)
def test_scores_fall_and_are_explained(answerer: Answerer, case: dict[str, Any]) -> None:
    found = ask(answerer, **case["ask"])
    scores = [each["score"] for each in found]
    assert scores == sorted(scores, reverse=True)
    assert all(0 <= score <= 100 for score in scores)
    assert sum(each["match"] for each in found) <= 1
    for each in found:
        assert "/" not in each["id"]
        assert each["features"]
        assert all(isinstance(feature["value"], bool | float) for feature in each["features"])


def test_a_name_that_several_bear_matches_none(yunze: PolicyGraph) -> None:
    answerer = Answerer(Catalogue(yunze.store, yunze.ids, lambda: yunze.finder))
    labels: dict[str, set[str]] = {}
    for item in answerer.catalogue.finder.find("数据", limit=200).hits:
        if item.kind != "Passage":
            labels.setdefault(item.labels.get("zh-hans", ""), set()).add(item.iri)
    twice = [name for name, iris in labels.items() if name and len(iris) > 1]
    for name in twice:
        assert not any(each["match"] for each in ask(answerer, query=name))


def test_a_type_covers_those_below_it(answerer: Answerer) -> None:
    found = ask(answerer, query="2024年全国数据工作会议", type="Event")
    assert [kind["id"] for kind in found[0]["type"]] == ["Conference", "Event"]


MALFORMED = [
    "",
    "[]",
    "null",
    '{"q0"',
    '{"q0": []}',
    '{"q0": {}}',
    '{"q0": {"query": ""}}',
    '{"q0": {"query": 3}}',
    '{"q0": {"query": "a", "limit": 0}}',
    '{"q0": {"query": "a", "limit": NaN}}',
    '{"q0": {"query": "a", "type_strict": "never"}}',
    '{"q0": {"query": "a", "type": 3}}',
    '{"q0": {"query": "a", "properties": [{"pid": "about"}]}}',
    '{"q0": {"query": "a", "properties": [{"p": "about", "v": "b"}]}}',
    '{"q0": {"query": "a", "properties": [{"pid": "about", "v": {"name": "b"}}]}}',
    '{"q0": {"query": "a", "propertis": []}}',
    '{"q0": {"query": "' + "a" * 501 + '"}}',
    "[" * 100_000,
    '{"q0":' * 20_000,
]


@pytest.mark.parametrize("batch", MALFORMED, ids=lambda batch: batch[:60])
def test_a_malformed_batch_is_refused(client: httpx.Client, batch: str) -> None:
    with pytest.raises(WrongUsage, match="not as the Reconciliation API"):
        questions_of(batch)
    answer = client.post("/reconcile", data={"queries": batch})
    assert answer.status_code == 400
    assert "Reconciliation API 0.2" in answer.text


def test_a_batch_may_not_be_too_large(client: httpx.Client) -> None:
    batch = {f"q{n}": {"query": "数据"} for n in range(BATCH + 1)}
    assert client.post("/reconcile", data={"queries": json.dumps(batch)}).status_code == 413
    many = {"ids": [f"goal:{n}" for n in range(BATCH + 1)], "properties": [{"id": "about"}]}
    with pytest.raises(WrongUsage, match="smaller batches"):
        extension_of(json.dumps(many))


# over HTTP


@pytest.fixture(scope="module")
def schemas() -> dict[str, Draft7Validator]:
    """The published schemas of the API by name."""
    folder = ROOT.parent / "shared/linkdata/reconciliation/0.2/schemas"
    if not folder.is_dir():
        pytest.skip("the published schemas are not here")
    found = {path.stem: json.loads(path.read_text("utf-8")) for path in folder.glob("*.json")}
    for schema in found.values():
        schema.pop("$schema", None)
    found["manifest"]["properties"]["authentication"] = {}  # points to a schema of others
    resources = {
        f"https://reconciliation-api.github.io/specs/0.2/schemas/{name}.json": Resource(
            schema, DRAFT7
        )
        for name, schema in found.items()
    }
    registry: Registry[Any] = Registry().with_resources(resources.items())
    return {name: Draft7Validator(schema, registry=registry) for name, schema in found.items()}


def manifest(client: httpx.Client) -> dict[str, Any]:
    answer = client.get("/reconcile")
    assert answer.status_code == 200
    return dict(answer.json())


def test_answers_are_valid_against_the_published_schemas(
    client: httpx.Client, schemas: dict[str, Draft7Validator]
) -> None:
    batch = {f"q{n}": case["ask"] for n, case in enumerate(CASES)}
    schemas["reconciliation-query-batch"].validate(batch)
    wanted = [
        {"id": name} for name in ("label_en", "same", "sentence", "heldOn", "heldIn", "value")
    ]
    ids = ["event:cn-ndwc-2024", "place:CN-BJ", "figure:cn-ndwc-2024-f-divisions", "no:thing"]
    extend = {"ids": ids, "properties": wanted}
    schemas["data-extension-query"].validate(extend)
    answers = {
        "manifest": client.get("/reconcile"),
        "reconciliation-result-batch": client.post(
            "/reconcile", data={"queries": json.dumps(batch)}
        ),
        "suggest-entities-response": client.get("/reconcile/suggest/entity?prefix=数"),
        "suggest-types-response": client.get("/reconcile/suggest/type?prefix=g"),
        "suggest-properties-response": client.get("/reconcile/suggest/property?prefix=a"),
        "data-extension-property-proposal": client.get("/reconcile/properties?type=Goal"),
        "data-extension-response": client.post("/reconcile", data={"extend": json.dumps(extend)}),
    }
    for name, answer in answers.items():
        assert answer.headers["content-type"] == "application/json"
        assert answer.headers["access-control-allow-origin"] == "*"
        assert "access-control-allow-credentials" not in answer.headers
        schemas[name].validate(answer.json())
        assert answer.json()


def test_the_schemas_can_fail(schemas: dict[str, Draft7Validator]) -> None:
    assert not schemas["manifest"].is_valid({"versions": ["0.1"], "name": "x"})
    assert not schemas["reconciliation-result-batch"].is_valid({"q0": {"result": [{"id": "a"}]}})


def test_queries_come_in_a_form_or_in_the_address(client: httpx.Client) -> None:
    batch = json.dumps({"q0": {"query": "国家数据局"}})
    form = client.post("/reconcile", data={"queries": batch}).json()
    address = client.get("/reconcile", params={"queries": batch}).json()
    assert form == address
    assert form["q0"]["result"][0]["id"] == "institution:cn-nda"
    assert client.post("/reconcile", json={"queries": batch}).status_code == 415
    assert client.post("/reconcile", content=b"queries=%ff").status_code in (400, 415)


def test_the_addresses_of_the_manifest_lead_somewhere(client: httpx.Client) -> None:
    told = manifest(client)
    ident = quote("goal:cn-ndwc-2024-g5", safe="")
    view = client.get(told["view"]["url"].replace("{{id}}", ident))
    assert view.status_code == 303
    assert view.headers["location"] == "/id/goal/cn-ndwc-2024-g5"
    preview = client.get(told["preview"]["url"].replace("{{id}}", ident))
    assert preview.status_code == 200
    assert "优化数据基础设施布局" in preview.text
    for service in (*told["suggest"].values(), told["extend"]["propose_properties"]):
        assert client.get(service["service_url"] + service["service_path"]).status_code == 200
    assert [kind["id"] for kind in told["defaultTypes"]][:2] == ["Achievement", "Action"]


@pytest.mark.parametrize(
    "ident", ["", "goal", ":", "goal:", ":x", "a/b:c", "//evil.example:x", "goal:../../x"]
)
def test_an_id_leads_nowhere_else(client: httpx.Client, ident: str) -> None:
    answer = client.get("/reconcile/view", params={"id": ident})
    assert answer.status_code == 404


def test_a_preview_may_stand_in_a_frame_and_do_nothing_there(client: httpx.Client) -> None:
    answer = client.get("/reconcile/preview", params={"id": "goal:cn-ndwc-2024-g5"})
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors" not in policy
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert client.get("/reconcile/preview?id=goal:none").status_code == 404


def test_what_is_hostile_in_a_name_is_escaped(tmp_path: Path) -> None:
    from policygraph.graph.reconcile.preview import preview
    from policygraph.graph.reconcile.values import Values

    hostile = "</title><script>alert(1)</script>\u202e"
    text = (ROOT / "dist/graph.nq").read_text("utf-8").replace("优化数据基础设施布局", hostile)
    path = tmp_path / "graph.nq"
    path.write_text(text, "utf-8")
    from policygraph.graph.store import GraphStore

    graph = PolicyGraph(GraphStore.read(path), policygraph.open(ROOT / "dist").place)
    catalogue = Catalogue(graph.store, graph.ids, lambda: graph.finder)
    page = preview(Values(catalogue), f"{graph.ids.base}id/goal/cn-ndwc-2024-g5", "zh")
    assert "&lt;script&gt;" in page
    assert "<script>" not in page


def test_names_come_in_the_language_of_the_client(client: httpx.Client) -> None:
    chinese = {"accept-language": "zh-CN"}
    answer = client.get("/reconcile/suggest/type?prefix=goal", headers=chinese)
    assert answer.json()["result"][0]["name"] == "目标"
    assert answer.headers["vary"] == "Accept-Language"
    extend = {"ids": ["goal:cn-ndwc-2024-g5"], "properties": [{"id": "about"}]}
    rows = client.post("/reconcile", data={"extend": json.dumps(extend)}, headers=chinese).json()
    assert rows["meta"] == [{"id": "about", "name": "关于"}]


def test_what_only_follows_is_no_cell(client: httpx.Client) -> None:
    extend = {"ids": ["event:cn-ndwc-2024"], "properties": [{"id": "heldIn"}]}
    rows = client.post("/reconcile", data={"extend": json.dumps(extend)}).json()["rows"]
    assert rows["event:cn-ndwc-2024"]["heldIn"] == [{"id": "place:CN-BJ", "name": "Beijing"}]


def test_a_setting_chooses_the_language_of_a_column(client: httpx.Client) -> None:
    wanted = [{"id": "heldIn", "settings": {"lang": "zh", "limit": 1}}]
    extend = {"ids": ["event:cn-ndwc-2024"], "properties": wanted}
    rows = client.post("/reconcile", data={"extend": json.dumps(extend)}).json()["rows"]
    assert rows["event:cn-ndwc-2024"]["heldIn"][0]["name"] == "北京市"
