"""Linked data over HTTP: things lead to what is said of them, in the form a client wants."""

from __future__ import annotations

import csv
import io
import random
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urljoin

import httpx
import pytest
import rdflib
from pyoxigraph import RdfFormat, parse

import policygraph
from conftest import ROOT
from policygraph.identifiers import DEFAULT_BASE
from policygraph.publish.site import Site
from policygraph.serve.frames import Frame
from policygraph.serve.shelf import Shelf
from servers import Policygraph

GOAL = "goal/cn-ndwc-2024-g5"
IRI = rdflib.URIRef(f"{DEFAULT_BASE}id/{GOAL}")
FORMS = {
    "ttl": ("text/turtle", "turtle"),
    "nt": ("application/n-triples", "nt"),
    "jsonld": ("application/ld+json", "json-ld"),
    "rdf": ("application/rdf+xml", "xml"),
    "nq": ("application/n-quads", "nquads"),
    "trig": ("application/trig", "trig"),
}
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Policygraph]:
    opened = Policygraph(tmp_path_factory.mktemp("linked"), ROOT, "--workers", "1")
    opened.start()
    yield opened
    opened.kill()


@pytest.fixture(scope="module")
def client(server: Policygraph) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=server.endpoint, timeout=60) as opened:
        yield opened


@pytest.fixture(scope="module")
def site() -> Site:
    graph = policygraph.open(ROOT / "dist")
    return Site(graph.store, graph.place, served=True)


def get(client: httpx.Client, path: str, accept: str = "*/*", lang: str = "") -> httpx.Response:
    return client.get(path, headers={"accept": accept, "accept-language": lang})


def test_a_thing_leads_to_what_is_said_of_it(client: httpx.Client) -> None:
    answer = get(client, f"/id/{GOAL}")
    assert (answer.status_code, answer.headers["location"]) == (303, f"/doc/{GOAL}")
    assert {"Accept", "Accept-Language"} <= set(answer.headers["vary"].split(", "))


@pytest.mark.parametrize("form", FORMS)
def test_data_is_given_by_accept_and_by_ending_alike(client: httpx.Client, form: str) -> None:
    media, name = FORMS[form]
    asked, named = get(client, f"/doc/{GOAL}", media), get(client, f"/doc/{GOAL}.{form}", BROWSER)
    assert asked.content == named.content
    assert asked.headers["content-location"] == f"/doc/{GOAL}.{form}"
    for answer in (asked, named):
        assert answer.headers["content-type"].partition(";")[0] == media
    graph = rdflib.Dataset(default_union=True).parse(data=asked.content, format=name)
    labels = {str(each) for each in graph.objects(IRI, rdflib.RDFS.label)}
    assert any("数据" in label for label in labels)


def test_what_has_graphs_names_the_passages(client: httpx.Client) -> None:
    for form in ("nq", "trig"):
        answer = get(client, f"/doc/{GOAL}.{form}")
        quads = parse(answer.content, format=RdfFormat.from_extension(form))
        assert any("#char=" in str(quad.graph_name) for quad in quads)


def test_the_data_is_that_of_the_written_site(client: httpx.Client, site: Site) -> None:
    for form in ("ttl", "nt", "jsonld", "csv", "json"):
        page = site.page(f"doc/{GOAL}.{form}")
        assert page
        assert get(client, f"/doc/{GOAL}.{form}").content == page.body


def test_rows_and_json_can_be_read(client: httpx.Client) -> None:
    rows = csv.DictReader(io.StringIO(get(client, f"/doc/{GOAL}", "text/csv").text))
    assert any("数据" in row["value"] for row in rows)
    assert get(client, f"/doc/{GOAL}", "application/json").json()["iri"] == str(IRI)


@pytest.mark.parametrize(("wanted", "lang"), [("zh-CN,zh;q=0.9", "zh"), ("en", "en"), ("", "en")])
def test_a_page_is_shown_in_the_language_of_the_reader(
    client: httpx.Client, wanted: str, lang: str
) -> None:
    answer = get(client, f"/doc/{GOAL}", BROWSER, wanted)
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert answer.headers["content-language"] == lang
    assert answer.headers["content-location"] == f"/{lang}/doc/{GOAL}.html"
    assert f'<html lang="{lang}' in answer.text
    front = get(client, "/", BROWSER, wanted)
    assert front.headers["location"] == f"/{lang}/index.html"


def test_every_link_of_a_page_leads_somewhere_wherever_it_is_seen(client: httpx.Client) -> None:
    for seen_at in (f"/doc/{GOAL}", f"/zh/doc/{GOAL}.html", "/en/index.html"):
        answer = get(client, seen_at, BROWSER, "zh")
        links = re.findall(r'(?:href|src)="([^"#]+)', answer.text)
        inside = {urljoin(seen_at, link) for link in links if "://" not in link}
        assert len(inside) > 5
        answered = {path: get(client, path, BROWSER).status_code for path in sorted(inside)[:60]}
        dead = {path: code for path, code in answered.items() if code >= 400}
        assert not {path for path in dead if not path.startswith(("/search", "/sparql"))}


def test_a_document_names_its_thing_and_its_other_forms(client: httpx.Client) -> None:
    links = get(client, f"/doc/{GOAL}").headers["link"]
    assert f'<{IRI}>; rel="describes"' in links
    for form, (media, _) in FORMS.items():
        assert f'</doc/{GOAL}.{form}>; rel="alternate"; type="{media}"' in links


def test_pages_and_data_are_not_sent_twice(client: httpx.Client) -> None:
    for path, accept in (
        (f"/doc/{GOAL}", BROWSER),
        (f"/doc/{GOAL}.ttl", "*/*"),
        ("/en/index.html", "*/*"),
    ):
        tag = get(client, path, accept).headers["etag"]
        again = client.get(path, headers={"accept": accept, "if-none-match": tag})
        assert (again.status_code, again.content) == (304, b"")
    assert (
        get(client, f"/doc/{GOAL}", BROWSER, "zh").headers["etag"]
        != get(client, f"/doc/{GOAL}", BROWSER, "en").headers["etag"]
    )


def test_assets_are_kept_for_ever(client: httpx.Client, site: Site) -> None:
    assets = [path for path in site.house.assets if path.startswith("assets/")]
    for path in assets:
        answer = get(client, f"/{path}")
        assert answer.status_code == 200
        assert "immutable" in answer.headers["cache-control"]
    assert assets


def test_a_passage_leads_to_the_page_of_its_document(client: httpx.Client) -> None:
    rows = client.get("/sparql", params={"query": "SELECT ?t { ?t a pg:Text } LIMIT 1"}).json()[
        "results"
    ]["bindings"]
    path = rows[0]["t"]["value"].removeprefix(DEFAULT_BASE)
    shown = get(client, path.replace("id/", "/doc/", 1), BROWSER)
    assert (shown.status_code, shown.headers["location"]) == (303, "/doc/document/cn-ndwc-2024")
    data = get(client, path.replace("id/", "/doc/", 1), "text/turtle")
    assert "textOf" in data.text


def test_a_graph_is_a_thing_for_readers_and_data_for_machines(client: httpx.Client) -> None:
    path = "/graph/registry/iso-3166"
    assert get(client, path, BROWSER).headers["location"] == f"/doc{path}"
    assert get(client, f"/doc{path}", BROWSER).status_code == 200
    assert get(client, path).headers["content-type"].startswith("text/turtle")


def test_the_ontology_is_where_its_terms_say(client: httpx.Client) -> None:
    graph = rdflib.Graph().parse(data=get(client, "/ns", "text/turtle").content, format="turtle")
    term = rdflib.URIRef(f"{DEFAULT_BASE}ns#Goal")
    assert (term, rdflib.RDF.type, rdflib.OWL.Class) in graph
    shown = get(client, "/ns", BROWSER, "zh")
    assert shown.headers["location"] == "/zh/ontology.html"
    assert get(client, "/zh/ontology.html").status_code == 200


def test_the_dataset_is_described_where_others_look(client: httpx.Client) -> None:
    void = rdflib.Namespace("http://rdfs.org/ns/void#")
    counts = set()
    for media, name in (("text/turtle", "turtle"), ("application/rdf+xml", "xml")):
        answer = get(client, "/.well-known/void", media)
        graph = rdflib.Graph().parse(data=answer.content, format=name)
        [about] = graph.objects(None, rdflib.FOAF.primaryTopic)
        counts.add(int(str(graph.value(about, void.triples))))
    graph_of_it = f"{DEFAULT_BASE}graph/description"
    rest = f"FILTER NOT EXISTS {{ GRAPH <{graph_of_it}> {{ ?s ?p ?o }} }}"
    query = f"SELECT (COUNT(*) AS ?n) {{ ?s ?p ?o {rest} }}"
    asked = client.get("/sparql", params={"query": query}).json()
    assert counts == {int(asked["results"]["bindings"][0]["n"]["value"])}


@pytest.mark.parametrize(
    ("path", "accept", "status"),
    [
        ("/doc/goal/nobody", BROWSER, 404),
        ("/doc/goal/nobody.ttl", "*/*", 404),
        ("/doc/goal/nobody.nq", "*/*", 404),
        ("/doc/", "*/*", 404),
        (f"/doc/{GOAL}", "image/png", 406),
        ("/doc/..%2f..%2fetc/passwd.ttl", "*/*", 404),
        ("/en/../../etc/passwd", "*/*", 404),
        ("/assets/..%2f..%2fpyproject.toml", "*/*", 404),
        ("/doc/goal/%3Cscript%3Ealert(1)%3C/script%3E", BROWSER, 404),
        ("/%0d%0aSet-Cookie:%20a=b", "*/*", 404),
        ("/id/a%0d%0aSet-Cookie:%20a=b", "*/*", 404),
    ],
)
def test_what_is_not_there_is_said_and_nothing_else(
    client: httpx.Client, path: str, accept: str, status: int
) -> None:
    answer = get(client, path, accept)
    assert answer.status_code == status
    assert answer.headers["content-type"].startswith("text/plain")
    assert "set-cookie" not in answer.headers
    assert "<script" not in answer.text


@pytest.mark.parametrize("path", ["/id/a%22%3Bb%09c%5C", "/id/%E5%9B%BD/%22%3E%3Cscript%3E"])
def test_where_a_thing_leads_is_always_an_address_here(client: httpx.Client, path: str) -> None:
    answer = get(client, path)
    assert answer.status_code == 303
    assert re.fullmatch(r"/doc/[A-Za-z0-9%/._~-]*", answer.headers["location"])
    assert "x" not in answer.headers


def test_a_shelf_forgets_what_was_not_asked_for_longest() -> None:
    shelf, pages = Shelf(20_000), [random.Random(n).randbytes(1000) for n in range(30)]
    for number, page in enumerate(pages):
        shelf.keep(number, Frame({"number": number}, page))
        assert shelf.find(0)
    assert shelf.find(0) == Frame({"number": 0}, pages[0])
    assert shelf.find(29) == Frame({"number": 29}, pages[29])
    assert shelf.find(1) is None
    shelf.keep("huge", Frame({}, random.Random(1).randbytes(1300)))
    assert shelf.find("huge") is None


def test_without_a_workspace_pages_are_served_all_the_same(tmp_path: Path) -> None:
    server = Policygraph(tmp_path, ROOT / "dist" / "graph.nq", "--workers", "1")
    server.start()
    try:
        for path in (
            f"/en/doc/{GOAL}.html",
            "/zh/index.html",
            "/zh/doc/document/cn-ndwc-2024.html",
        ):
            assert httpx.get(server.endpoint + path, timeout=60).status_code == 200, path
    finally:
        server.kill()
