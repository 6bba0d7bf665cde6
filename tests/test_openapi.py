"""``openapi.json`` is kept by hand: each door is in it, and what it promises is kept."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from jsonschema import Draft202012Validator
from starlette.routing import Route
from starlette.testclient import TestClient

from conftest import ROOT
from policygraph.serve.app import application
from policygraph.serve.described import DESCRIPTION
from policygraph.serve.limits import Allowance
from policygraph.serve.source import served

API: dict[str, Any] = json.loads(DESCRIPTION.read_text("utf-8"))
FILLED = {
    "of": "entity",
    "rest": "x",
    "path": "x",
    "lang": "en",
    "name": "actions-of-goal",
    "form": "csv",
}
OPERATIONS = [
    (path, method, operation)
    for path, operations in API["paths"].items()
    for method, operation in operations.items()
]


@pytest.fixture(scope="module")
def client() -> Iterator[TestClient]:
    with (
        served(ROOT / "dist", "https://w3id.org/policygraph/") as opened,
        TestClient(application(opened, Allowance(workers=1)), follow_redirects=False) as client,
    ):
        yield client


def schema(name: str) -> Draft202012Validator:
    return Draft202012Validator({"$ref": f"#/components/schemas/{name}", **API})


def test_every_door_is_described_and_every_description_has_a_door(client: TestClient) -> None:
    app: Any = client.app
    routes = [route for route in app._app.routes if isinstance(route, Route)]
    doors = {
        (re.sub(r":path", "", route.path).rstrip("/") or "/", method.lower())
        for route in routes
        for method in route.methods or ()
        if method != "HEAD"
    }
    assert len(routes) == len(app._app.routes)
    assert {(path, method) for path, method, _ in OPERATIONS} == doors


def test_references_lead_somewhere_and_names_are_unique() -> None:
    names = [operation["operationId"] for _, _, operation in OPERATIONS]
    assert len(names) == len(set(names))

    def references(value: Any) -> Iterator[str]:
        if isinstance(value, dict):
            yield from [value["$ref"]] if isinstance(value.get("$ref"), str) else []
            for part in value.values():
                yield from references(part)
        elif isinstance(value, list):
            for part in value:
                yield from references(part)

    for reference in references(API):
        room, kind, name = reference.removeprefix("#/").split("/")
        assert name in API[room][kind]
    for each in API["components"]["schemas"].values():
        Draft202012Validator.check_schema(each)


@pytest.mark.parametrize(("path", "method", "operation"), OPERATIONS, ids=lambda x: str(x)[:40])
def test_paths_name_their_parameters(path: str, method: str, operation: dict[str, Any]) -> None:
    named = {each["name"] for each in operation.get("parameters", ()) if each["in"] == "path"}
    assert named == set(re.findall(r"\{(\w+)\}", path))
    assert operation["summary"]
    assert operation["responses"]
    assert (method == "post") is ("requestBody" in operation)


DOORS = [
    ("/", "*/*"),
    ("/en/index.html", "*/*"),
    ("/no/such/page", "*/*"),
    ("/en", "*/*"),
    ("/id/goal/cn-ndwc-2024-g5", "*/*"),
    ("/doc/goal/cn-ndwc-2024-g5", "text/turtle"),
    ("/doc/goal/cn-ndwc-2024-g5.csv", "*/*"),
    ("/doc/goal/none", "text/turtle"),
    ("/doc/goal/cn-ndwc-2024-g5", "image/png"),
    ("/ns", "text/turtle"),
    ("/ns", "text/html"),
    ("/.well-known/void", "application/ld+json"),
    ("/search?q=x", "text/html"),
    ("/search?q=x", "application/json"),
    ("/zh/search.html?q=x", "*/*"),
    ("/zh/search.html?q=x&kind=None", "*/*"),
    ("/en/ask/figures.html", "*/*"),
    ("/en/ask/sparql.html?query=ASK{}", "*/*"),
    ("/en/ask/actions-of-goal.html?goal=none", "*/*"),
    ("/ask/figures.csv", "*/*"),
    ("/ask/figures.ttl", "*/*"),
    ("/ask/initiative-graph.ttl", "*/*"),
    ("/sparql", "text/html"),
    ("/sparql", "*/*"),
    ("/sparql?query=ASK{}", "*/*"),
    ("/sparql?query=SELECT*{}", "text/html"),
]


@pytest.mark.parametrize(("address", "accept"), DOORS)
def test_each_door_answers_with_a_status_and_a_type_that_are_described(
    client: httpx.Client, address: str, accept: str
) -> None:
    answer = client.get(address, headers={"accept": accept})
    responses = described(address)["responses"]
    assert str(answer.status_code) in responses, answer.text
    told = responses[str(answer.status_code)]
    types = resolved(told).get("content", {})
    if answer.content:
        assert answer.headers["content-type"].partition(";")[0] in types


def described(address: str) -> dict[str, Any]:
    """Find the door of an address: the one with the most that is fixed."""
    path = address.partition("?")[0]
    fits = [
        (len(re.sub(r"\{\w+\}", "", door)), operation)
        for door, method, operation in OPERATIONS
        if method == "get" and re.fullmatch(_pattern(door), path)
    ]
    return max(fits, key=lambda pair: pair[0])[1]


def _pattern(door: str) -> str:
    return re.sub(r"\{(?:rest|path)\}", ".+", re.sub(r"\{(?!rest|path)\w+\}", "[^/]+", door))


def resolved(told: dict[str, Any]) -> dict[str, Any]:
    name = told.get("$ref", "").rpartition("/")[2]
    return API["components"]["responses"][name] if name else told


@pytest.mark.parametrize(
    ("address", "name"),
    [
        ("/healthz", "Health"),
        ("/search?q=数据", "Found"),
        ("/search.json?q=数据", "Found"),
        ("/search.json?q=数据&kind=Passage", "Found"),
        ("/search.json?q=", "Found"),
        ("/reconcile/suggest/entity?prefix=数", "Suggested"),
        ("/reconcile/properties?type=Goal", "Proposed"),
        ("/reconcile", "Reconciled"),
    ],
)
def test_answers_are_as_they_are_described(client: httpx.Client, address: str, name: str) -> None:
    answer = client.get(address, headers={"accept": "application/json"})
    assert answer.status_code == 200
    schema(name).validate(answer.json())


def test_the_description_can_be_wrong() -> None:
    assert not schema("Found").is_valid({"query": "x"})


@pytest.mark.parametrize(("path", "method", "operation"), OPERATIONS, ids=lambda x: str(x)[:40])
def test_what_is_out_of_bounds_is_answered_as_described(
    client: httpx.Client, path: str, method: str, operation: dict[str, Any]
) -> None:
    if method == "post":
        answer = client.post(path, data={"x": "\ufffd" * 10})
        assert str(answer.status_code) in {*operation["responses"], "400"}
        return
    for hostile in ("\x00", "9" * 40, "-1", "'\"<>", "数" * 600):
        values = {each["name"]: hostile for each in operation.get("parameters", ())}
        answer = client.get(path.format(**FILLED), params=values)
        assert str(answer.status_code) in {*operation["responses"], "404"}, (values, answer.text)
    assert client.get("/openapi.json").json() == API
