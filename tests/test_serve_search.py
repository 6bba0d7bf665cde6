"""Searches over HTTP: the same hits as from Python, cached, refused where they must be."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest
from starlette.testclient import TestClient

import policygraph
from conftest import ROOT
from policygraph.graph.search.data import data_of
from policygraph.serve.app import application
from policygraph.serve.limits import Allowance
from policygraph.serve.source import served


@pytest.fixture(scope="module")
def client() -> Iterator[httpx.Client]:
    with (
        served(ROOT / "dist", "https://w3id.org/policygraph/") as opened,
        TestClient(application(opened, Allowance(workers=1))) as client,
    ):
        yield client


@pytest.mark.parametrize("words", ["数据局", "gjsjj", "east data", "", "😀", "\x00", '"'])
def test_a_search_gives_what_python_gives(client: httpx.Client, words: str) -> None:
    graph = policygraph.open(ROOT / "dist")
    answer = client.get("/search.json", params={"q": words})
    assert answer.status_code == 200
    assert answer.json() == data_of(graph.search(words))


def test_a_search_is_sifted_and_paged(client: httpx.Client) -> None:
    whole = client.get("/search.json?q=数据&kind=goal&year=2024&document=cn-ndwc-2024").json()
    assert {hit["kind"] for hit in whole["hits"]} == {"Goal"}
    second = client.get("/search.json?q=数据&kind=Goal&limit=1&offset=1").json()
    assert second["hits"] == whole["hits"][1:2]


def test_what_a_client_has_is_not_sent_again(client: httpx.Client) -> None:
    first = client.get("/search.json?q=数据")
    again = client.get("/search.json?q=数据", headers={"if-none-match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    other = client.get("/search.json?q=算力", headers={"if-none-match": first.headers["etag"]})
    assert other.status_code == 200


@pytest.mark.parametrize(
    "address",
    [
        "q=" + "数" * 501,
        "q=a&q=b",
        "q=a&knd=Goal",
        "q=a&kind=Gaol",
        "q=a&document=none",
        "q=a&limit=0",
        "q=a&limit=-1",
        "q=a&limit=x",
        "q=a&limit=%EF%BC%99",
        "q=a&offset=1e9",
        "q=%ff",
    ],
)
def test_a_search_that_means_nothing_is_refused(client: httpx.Client, address: str) -> None:
    answer = client.get(f"/search.json?{address}")
    assert answer.status_code == 400
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"
    assert answer.text.strip()


def test_a_search_only_reads(client: httpx.Client) -> None:
    assert client.post("/search.json", data={"q": "数据"}).status_code == 405
    assert client.head("/search.json?q=数据").status_code == 200
