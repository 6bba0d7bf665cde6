"""Searches over HTTP: the same hits as from Python, cached, refused where they must be."""

from __future__ import annotations

import re
import shutil
import sqlite3
import subprocess
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest
from pyoxigraph import Literal, NamedNode, Quad
from starlette.testclient import TestClient

import policygraph
from conftest import ROOT
from policygraph.graph.search.data import data_of
from policygraph.graph.search.find import Finder
from policygraph.graph.store import GraphStore
from policygraph.graph.terms import LABEL
from policygraph.serve import indexing
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


def test_a_search_is_a_page_without_scripts_in_both_languages(client: httpx.Client) -> None:
    for lang, kind, first in (("en", "goal", "Kind"), ("zh", "目标", "类别")):
        page = client.get(f"/{lang}/search.html", params={"q": "数据"})
        assert page.status_code == 200
        assert page.headers["content-language"] == lang
        whole = client.get("/search.json", params={"q": "数据"}).json()
        assert page.text.count("<li><span class=") == 20
        assert f"{whole['total']}" in page.text
        assert f">{first}</h2>" in page.text
        assert f"<bdi>{kind}</bdi>" in page.text
        assert "<mark>数据</mark>" in page.text
        assert 'value="数据"' in page.text
        assert f'href="../{"zh" if lang == "en" else "en"}/search.html?q=' in page.text


@pytest.mark.parametrize("words", ["dsxs", "east data", "東數西算", "cn-east-data-west-computing"])
def test_initials_either_script_english_and_keys_lead_to_the_thing(
    client: httpx.Client, words: str
) -> None:
    page = client.get("/zh/search.html", params={"q": words})
    assert 'href="doc/initiative/cn-east-data-west-computing.html"' in page.text


def test_what_a_page_of_hits_links_to_is_there(client: httpx.Client) -> None:
    page = client.get("/zh/search.html?q=数据")
    found = re.findall(r'<a href="((?:search\.html|doc/)[^"#]*)', page.text)
    links = {link.replace("&amp;", "&") for link in found}
    for wanted in ("offset=20", "kind=Goal", "year=2024", "document=cn-ndwc-2024", "doc/topic/"):
        assert any(wanted in link for link in links), wanted
    for link in sorted(links):
        assert client.get(f"/zh/{link}").status_code == 200, link


def test_a_choice_is_a_link_that_keeps_the_others_and_can_be_taken_back(
    client: httpx.Client,
) -> None:
    page = client.get("/en/search.html?q=数据&kind=Goal&year=2024").text
    whole = client.get("/search.json?q=数据&kind=Goal&year=2024").json()
    assert f">{whole['total']} found<" in page
    assert page.count('aria-current="true" title=') == 2
    assert re.search(r'<a href="search\.html\?q=[^"]*&amp;year=2024" aria-current="true"', page)
    assert re.search(r'href="search\.html\?q=[^"]*&amp;year=2024&amp;kind=Action"', page)


def test_a_sentence_that_is_found_leads_to_its_place(client: httpx.Client) -> None:
    page = client.get("/zh/search.html?q=数据&kind=Passage").text
    assert re.search(r'href="doc/document/cn-ndwc-2024\.html#char=\d+,\d+"', page)


def test_the_search_without_a_language_leads_to_the_readers(client: httpx.Client) -> None:
    there = client.get(
        "/search?q=x",
        headers={"accept": "text/html", "accept-language": "zh-CN"},
        follow_redirects=False,
    )
    assert (there.status_code, there.headers["location"]) == (303, "/zh/search.html?q=x")
    data = client.get("/search?q=数据", headers={"accept": "application/json"})
    assert data.json() == client.get("/search.json?q=数据").json()


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ("q=x&kind=Nope", "Nope"),
        ("q=x&document=nope", "nope"),
        ("q=" + "x" * 501, "500"),
        ("q=x&q=y", "q"),
        ("q=x&offset=-1", "offset"),
    ],
)
def test_a_page_says_what_it_cannot_find(client: httpx.Client, asked: str, told: str) -> None:
    page = client.get(f"/en/search.html?{asked}")
    assert page.status_code == 400
    assert told in page.text


def test_hostile_words_stay_words(client: httpx.Client) -> None:
    page = client.get("/en/search.html", params={"q": '"><script>alert(1)</script>'})
    assert page.status_code == 200
    assert "<script>alert" not in page.text
    assert "Nothing was found" in page.text


def test_an_empty_search_asks_for_words(client: httpx.Client) -> None:
    page = client.get("/en/search.html?q=")
    assert page.status_code == 200
    assert "found<" not in page.text
    assert client.get("/fr/search.html").status_code == 404
    assert 'action="search.html"' in client.get("/en/index.html").text


def test_a_search_before_the_index_is_laid_down_is_told_to_come_again() -> None:
    with served(ROOT / "dist", "https://w3id.org/policygraph/") as opened:
        late = opened.index.with_name("late.sqlite")
        app = application(replace(opened, index=late), Allowance(workers=1, page_workers=1))
        with TestClient(app) as client:
            assert client.get("/healthz").json()["ready"] == READY | {"search": False}
            for address in ("/search.json?q=x", "/zh/search.html?q=x", "/reconcile"):
                answer = client.get(address, headers={"accept-language": "zh"})
                assert answer.status_code == 503, address
                assert int(answer.headers["retry-after"]) > 0
                assert "索引仍在建立" in answer.text
                assert answer.headers["cache-control"] == "no-store"
            assert client.get("/sparql?query=ASK{}").status_code == 200
            assert client.get("/en/ask/figures.html").status_code == 200
            shutil.copy(opened.index, late)
            assert client.get("/healthz").json()["ready"] == READY
            assert client.get("/search.json?q=数据").json()["total"]
            assert client.get("/reconcile").status_code == 200


READY = {"pages": True, "sparql": True, "search": True}


def test_the_index_of_a_large_graph_is_laid_down_beside_the_server(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(indexing, "_SOON", 10)
    graph = policygraph.open(ROOT / "dist")
    store = tmp_path / "store"
    kept_there = GraphStore.at(store)
    kept_there.engine.bulk_extend(iter(graph.store.engine))
    kept_there.close()
    with indexing.indexed(store, graph.place.base) as index:
        deadline = time.monotonic() + 120
        while not index.is_file() and time.monotonic() < deadline:
            time.sleep(0.1)
        found = Finder(sqlite3.connect(index, check_same_thread=False)).find("数据")
        assert data_of(found) == data_of(graph.search("数据"))


def test_what_lays_an_index_down_ends_with_the_server(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(indexing, "_SOON", 0)
    started: list[subprocess.Popen[bytes]] = []

    class Noted(subprocess.Popen[bytes]):
        def __init__(self, *given: Any, **more: Any) -> None:
            super().__init__(*given, **more)
            started.append(self)

    monkeypatch.setattr(subprocess, "Popen", Noted)
    one = Quad(NamedNode("https://example.org/a"), LABEL, Literal("a"))
    graph = GraphStore.at(tmp_path / "store")
    graph.add([one])
    graph.close()
    with indexing.indexed(tmp_path / "store", "https://w3id.org/policygraph/"):
        assert len(started) == 1
    assert started[0].poll() is not None
