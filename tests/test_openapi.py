"""``openapi.json`` is kept by hand: each door is in it, and what it promises is kept."""

from __future__ import annotations

import json
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
        (route.path.rstrip("/").replace(":path", ""), method.lower())
        for route in routes
        for method in route.methods or ()
        if method != "HEAD"
    }
    described = {(path, method) for path, method, _ in OPERATIONS}
    assert described <= doors
    pages = {door for door in doors if door not in described}
    assert not {path for path, _ in pages if path.endswith(".json") or "sparql" in path}


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
    assert named == {part[1:-1] for part in path.split("/") if part.startswith("{")}
    assert operation["summary"]
    assert operation["responses"]
    assert (method == "post") is ("requestBody" in operation)


@pytest.mark.parametrize(
    ("address", "name"),
    [
        ("/search.json?q=数据", "Found"),
        ("/search.json?q=数据&kind=Passage", "Found"),
        ("/search.json?q=", "Found"),
        ("/reconcile/suggest/entity?prefix=数", "Suggested"),
        ("/reconcile/properties?type=Goal", "Proposed"),
        ("/reconcile", "Reconciled"),
    ],
)
def test_answers_are_as_they_are_described(client: httpx.Client, address: str, name: str) -> None:
    answer = client.get(address)
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
        answer = client.get(path.replace("{of}", "entity").replace("{rest}", "x"), params=values)
        assert str(answer.status_code) in {*operation["responses"], "404"}, (values, answer.text)
    assert client.get("/openapi.json").json() == API
