"""The SPARQL endpoint, asked over HTTP by real clients: the protocol, forms, caching, refusals."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

import httpx
import pytest
import rdflib
import yaml
from click.testing import Result
from hypothesis import example, given
from hypothesis import strategies as st
from pyoxigraph import (
    Literal,
    NamedNode,
    Quad,
    QueryResultsFormat,
    RdfFormat,
    Store,
    parse,
    parse_query_results,
    serialize,
)
from rdflib.plugins.stores.sparqlstore import SPARQLStore

import policygraph
from conftest import ROOT
from policygraph.api.policy_graph import PolicyGraph
from policygraph.graph.query import answer_of
from policygraph.serve.accept import ROWS, chosen, language
from policygraph.serve.sparql.answers import TABLES, rows_of
from servers import Policygraph

CASES: dict[str, dict[str, Any]] = yaml.safe_load(
    (ROOT / "tests/cases/serve/protocol.yaml").read_text("utf-8")
)
DOCUMENT = NamedNode("http://xmlns.com/foaf/0.1/Document")
TYPE = NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")


def data(number: str) -> str:
    return f"http://kasei.us/2009/09/sparql/data/data{number}.rdf"


@pytest.fixture(scope="module")
def graph() -> PolicyGraph:
    """The conference report's graph, as it was written."""
    return policygraph.open(ROOT / "dist")


@pytest.fixture(scope="module")
def file(graph: PolicyGraph, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The conference report's graph and the graphs of the W3C's cases, as N-Quads."""
    ours = (quad for quad in graph.store.quads())
    theirs = (Quad(NamedNode(data(n)), TYPE, DOCUMENT, NamedNode(data(n))) for n in "123")
    path = tmp_path_factory.mktemp("serve") / "graph.nq"
    serialize([*ours, *theirs], str(path), format=RdfFormat.N_QUADS)
    return path


@pytest.fixture(scope="module")
def server(file: Path) -> Iterator[Policygraph]:
    opened = Policygraph(file.parent, file, "--max-rows", "5000", "--workers", "2")
    opened.start()
    yield opened
    opened.kill()


@pytest.fixture(scope="module")
def client(server: Policygraph) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=server.endpoint, timeout=30) as opened:
        yield opened


def sent(client: httpx.Client, case: dict[str, Any]) -> httpx.Response:
    def put_in(text: str) -> str:
        for number in "0123":
            text = text.replace(f"D{number}", data(number))
        return text

    address = "/sparql/" + put_in(case.get("to", ""))
    headers, body = {}, b""
    if "get" in case:
        sign = "&" if "?" in address else "?"
        address += f"{sign}query={quote(put_in(case['get']))}"
    elif "form" in case:
        headers["content-type"] = "application/x-www-form-urlencoded"
        body = urlencode(case["form"]).encode()
    elif "body" in case:
        headers["content-type"] = case.get("type", "application/sparql-query")
        body = put_in(case["body"]).encode(case.get("encoding", "utf-8"))
    method = case.get("method", "POST" if body else "GET")
    named = {name: value for name, value in headers.items() if value}
    return client.request(method, address, headers=named, content=body)


@pytest.mark.parametrize("name", CASES)
def test_the_protocol_is_that_of_the_w3c(client: httpx.Client, name: str) -> None:
    answer, expected = sent(client, CASES[name]), CASES[name]["then"]
    kind = answer.headers["content-type"]
    if expected == "refused":
        assert 400 <= answer.status_code < 500
        assert kind == "text/plain; charset=utf-8"
        return
    assert answer.status_code == 200, answer.text
    if expected is True:
        assert kind == "application/sparql-results+json"
        assert answer.json()["boolean"] is True
    elif expected == "rows":
        assert len(answer.json()["results"]["bindings"]) == 1
    else:
        rdflib.Graph().parse(data=answer.content, format=kind.partition(";")[0])


def test_there_are_27_cases_that_ask_and_7_that_update() -> None:
    updates = [name for name in CASES if name.startswith("update_")]
    assert (len(CASES) - len(updates), len(updates)) == (27, 7)


def ask(client: httpx.Client, query: str, accept: str = "*/*", **more: str) -> httpx.Response:
    return client.get("/sparql", params={"query": query, **more}, headers={"accept": accept})


GOALS = "SELECT ?s ?label { ?s a pg:Goal ; rdfs:label ?label } ORDER BY ?s ?label"
GOAL = "https://w3id.org/policygraph/id/goal/cn-ndwc-2024-g5"


@pytest.mark.parametrize(
    ("media", "form"),
    [
        ("application/sparql-results+json", QueryResultsFormat.JSON),
        ("application/sparql-results+xml", QueryResultsFormat.XML),
        ("text/tab-separated-values", QueryResultsFormat.TSV),
    ],
)
def test_a_table_says_the_same_in_every_form(
    client: httpx.Client, graph: PolicyGraph, media: str, form: QueryResultsFormat
) -> None:
    answer = ask(client, GOALS, media)
    assert answer.headers["content-type"].partition(";")[0] == media
    found = [tuple(row) for row in parse_query_results(answer.content, format=form)]
    here = answer_of(graph.asker.run(GOALS))
    assert found == list(here.terms)
    assert len(found) > 10


def test_a_table_as_csv_has_the_columns_and_the_words(client: httpx.Client) -> None:
    answer = ask(client, GOALS, "text/csv")
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    heads, *rows = csv.reader(io.StringIO(answer.content.decode(), newline=""))
    assert heads == ["s", "label"]
    assert any(row[0] == GOAL and "数据" in row[1] for row in rows)


@pytest.mark.parametrize(
    ("media", "form"),
    [
        ("text/turtle", "turtle"),
        ("application/n-triples", "nt"),
        ("application/ld+json", "json-ld"),
        ("application/rdf+xml", "xml"),
        ("application/n-quads", "nquads"),
        ("application/trig", "trig"),
    ],
)
def test_a_graph_says_the_same_in_every_form(client: httpx.Client, media: str, form: str) -> None:
    query = f"CONSTRUCT {{ <{GOAL}> ?p ?o }} WHERE {{ <{GOAL}> ?p ?o }}"
    answer, plain = ask(client, query, media), ask(client, query, "application/n-triples")
    assert answer.headers["content-type"].partition(";")[0] == media
    read = rdflib.Dataset(default_union=True).parse(data=answer.content, format=form)
    expected = rdflib.Graph().parse(data=plain.content, format="nt")
    assert set(read.triples((None, None, None))) == set(expected)
    assert len(expected) > 5


@pytest.mark.parametrize(
    ("accept", "form"),
    [
        (None, "json"),
        ("", "json"),
        ("*/*", "json"),
        ("text/csv", "csv"),
        ("text/*", "csv"),
        ("text/csv;q=0.5, application/xml", "xml"),
        ("text/csv;q=0.5, application/xml;q=0.4, text/html", "csv"),
        ("*/*;q=0.1, text/tab-separated-values", "tsv"),
        ("*/*, application/sparql-results+json;q=0", "xml"),
        ("TEXT/CSV ; Q=1.0", "csv"),
        ("application/sparql-results+json; charset=utf-8", "json"),
        ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "xml"),
        ("*/*;q=.5", "json"),
        ("text/csv;q=.9, application/xml;q=0.33333", "csv"),
        ("text/html", None),
        ("application/sparql-results+json;q=0", None),
        ("text/csv;q=2", None),
        (";;;,,,q=1", None),
    ],
)
def test_the_form_is_the_one_the_client_weighs_most(accept: str | None, form: str | None) -> None:
    choice = chosen(accept, ROWS)
    assert (choice.form if choice else None) == form


@pytest.mark.parametrize(
    ("accept", "lang"),
    [
        (None, "en"),
        ("zh", "zh"),
        ("zh-CN,zh;q=0.9,en;q=0.8", "zh"),
        ("fr, zh;q=0.3", "zh"),
        ("en;q=0.2, zh-Hans;q=0.3", "zh"),
        ("fr", "en"),
        ("zh;q=0", "en"),
        ("*", "en"),
    ],
)
def test_the_language_is_the_one_the_client_weighs_most(accept: str | None, lang: str) -> None:
    assert language(accept) == lang


@given(st.text(max_size=60))
def test_no_accept_header_breaks_anything(accept: str) -> None:
    assert chosen(accept, ROWS) is None or chosen(accept, ROWS)
    assert language(accept) in ("en", "zh")


def test_the_address_may_say_the_form(client: httpx.Client) -> None:
    assert ask(client, GOALS, format="csv").headers["content-type"].startswith("text/csv")
    assert ask(client, "ASK {}", format="nonsense").status_code == 400


@pytest.mark.parametrize(
    ("query", "accept"),
    [("ASK {}", "text/csv"), (GOALS, "text/turtle"), ("CONSTRUCT WHERE { ?s ?p ?o }", "text/csv")],
)
def test_what_has_no_form_that_is_wanted_is_406(
    client: httpx.Client, query: str, accept: str
) -> None:
    assert ask(client, query, accept).status_code == 406


@given(st.lists(st.lists(st.none() | st.text(max_size=8), min_size=2, max_size=2), max_size=6))
@example([["},{", '"},{"'], ["\r\n", ',"']])
def test_rows_are_counted_as_they_were_written(rows: list[list[str | None]]) -> None:
    texts = (" ".join("UNDEF" if v is None else str(Literal(v)) for v in row) for row in rows)
    values = " ".join(f"({text})" for text in texts)
    for form, kind in TABLES.items():
        found = Store().query(f"SELECT ?a ?b {{ VALUES (?a ?b) {{ {values} }} }}")
        assert rows_of(found.serialize(format=kind), form, 0) == len(rows), form


def test_an_error_of_syntax_says_where(client: httpx.Client) -> None:
    answer = ask(client, "SELECT * {\n ?s ?p }")
    assert answer.status_code == 400
    assert "error at 2:" in answer.text


def test_errors_are_said_in_the_language_of_the_client(client: httpx.Client) -> None:
    asked = {"accept-language": "zh-CN,zh;q=0.9,en;q=0.8"}
    answer = client.get("/sparql?query=ASK", headers=asked)
    assert "这不是合法的 SPARQL 查询" in answer.text
    assert answer.headers["content-language"] == "zh"


def test_too_many_rows_are_refused_never_cut(client: httpx.Client) -> None:
    for query in ("SELECT * { ?s ?p ?o }", "CONSTRUCT WHERE { ?s ?p ?o }"):
        answer = ask(client, query)
        assert answer.status_code == 422
        assert "more than 5,000 rows" in answer.text
    whole = ask(client, "SELECT * { ?s ?p ?o } LIMIT 5000")
    assert len(whole.json()["results"]["bindings"]) == 5000


def test_an_answer_has_a_name_and_is_not_sent_twice(client: httpx.Client) -> None:
    first = ask(client, GOALS)
    tag = first.headers["etag"]
    assert tag.startswith('"')
    for held in (tag, f"W/{tag}", f'"other", {tag}', "*"):
        again = client.get("/sparql", params={"query": GOALS}, headers={"if-none-match": held})
        assert (again.status_code, again.content) == (304, b"")
        assert again.headers["etag"] == tag
    assert ask(client, GOALS, "text/csv").headers["etag"] != tag
    assert ask(client, GOALS + " LIMIT 1").headers["etag"] != tag
    assert ask(client, GOALS, **{"default-graph-uri": data("1")}).headers["etag"] != tag


def test_what_is_another_each_time_has_no_name(client: httpx.Client) -> None:
    answer = ask(client, "SELECT (NOW() AS ?now) (rand () AS ?x) {}")
    assert "etag" not in answer.headers
    assert answer.headers["cache-control"] == "no-store"


def test_head_is_get_without_the_body(client: httpx.Client) -> None:
    given, told = ask(client, GOALS), client.head("/sparql", params={"query": GOALS})
    assert told.content == b""
    for name in ("content-type", "content-length", "etag", "vary"):
        assert told.headers[name] == given.headers[name]


def test_any_site_may_read_and_no_site_gets_credentials(client: httpx.Client) -> None:
    asked = {"origin": "https://evil.example", "access-control-request-method": "POST"}
    before = client.options("/sparql", headers=asked)
    assert (before.status_code, before.content) == (204, b"")
    assert "POST" in before.headers["access-control-allow-methods"]
    for answer in (before, client.get("/sparql?query=ASK{}", headers=asked)):
        assert answer.headers["access-control-allow-origin"] == "*"
        assert "access-control-allow-credentials" not in answer.headers


@pytest.mark.parametrize("path", ["/sparql?query=ASK{}", "/sparql?query=x", "/nothing", "/healthz"])
def test_every_answer_bears_the_safety_headers(client: httpx.Client, path: str) -> None:
    headers = client.get(path).headers
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["content-security-policy"].startswith("default-src 'self';")
    assert "unsafe" not in headers["content-security-policy"]


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "TRACE"])
@pytest.mark.parametrize("path", ["/sparql", "/graph-store?default", "/graph/registry/iso-3166"])
def test_methods_that_write_are_refused(client: httpx.Client, method: str, path: str) -> None:
    answer = client.request(method, path, content=b"<a> <b> <c> .")
    assert answer.status_code == 405
    assert {"GET", "HEAD", "OPTIONS"} <= set(answer.headers["allow"].split(", "))


def test_the_service_describes_itself(client: httpx.Client, server: Policygraph) -> None:
    for media, form in (("text/turtle", "turtle"), ("application/rdf+xml", "xml")):
        answer = client.get("/sparql", headers={"accept": media})
        graph = rdflib.Graph().parse(data=answer.content, format=form)
        sd = rdflib.Namespace("http://www.w3.org/ns/sparql-service-description#")
        [(service, _, address)] = graph.triples((None, sd.endpoint, None))
        assert str(address) == server.sparql
        assert (service, rdflib.RDF.type, sd.Service) in graph
        assert (service, sd.supportedLanguage, sd.SPARQL11Query) in graph
        assert len(set(graph.objects(service, sd.resultFormat))) == 10
        assert (None, None, sd.BasicFederatedQuery) not in graph


def test_a_host_that_is_no_host_gets_into_no_address(client: httpx.Client) -> None:
    for host in ('a"b', "a<b>c", "a b", "a{b}", "a/b?c#d"):
        answer = client.get("/sparql", headers={"host": host})
        assert answer.status_code == 400 or host not in answer.text, host
        assert answer.status_code in (200, 400)


@pytest.mark.parametrize(
    ("charset", "status"), [("utf-8", 200), ("UTF8", 200), ('"utf-8"', 200), ("latin-1", 415)]
)
def test_a_query_is_sent_in_utf_8(client: httpx.Client, charset: str, status: int) -> None:
    headers = {"content-type": f"application/sparql-query; charset={charset}"}
    query = "ASK { FILTER(STRLEN('数据') = 2) }".encode()
    answer = client.post("/sparql", content=query, headers=headers)
    assert answer.status_code == status
    assert status != 200 or answer.json()["boolean"] is True


def test_a_graph_is_given_by_its_name_or_its_address(
    client: httpx.Client, graph: PolicyGraph
) -> None:
    name = "https://w3id.org/policygraph/graph/registry/iso-3166"
    held = graph.store.engine.quads_for_pattern(None, None, None, NamedNode(name))
    expected = {quad.triple for quad in held}
    for address in (f"/graph-store?graph={quote(name)}", "/graph/registry/iso-3166"):
        answer = client.get(address, headers={"accept": "application/n-triples"})
        found = parse(answer.content, format=RdfFormat.N_TRIPLES)
        assert {quad.triple for quad in found} == expected
        same = client.get(address, headers={"if-none-match": answer.headers["etag"], **NT})
        assert same.status_code == 304
        assert client.head(address, headers=NT).headers["etag"] == answer.headers["etag"]
    assert expected


NT = {"accept": "application/n-triples"}


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/graph-store", 400),
        ("/graph-store?graph=http://a.example/&default", 400),
        ("/graph-store?graph=", 400),
        ("/graph-store?graph=not%20an%20iri", 400),
        ("/graph-store?graph=http://nobody.example/", 404),
        ("/graph/registry/nothing", 404),
        ("/graph-store?default", 422),
    ],
)
def test_a_graph_that_cannot_be_given_says_why(
    client: httpx.Client, address: str, status: int
) -> None:
    answer = client.get(address)
    assert answer.status_code == status
    assert answer.text.strip()


def test_our_own_client_gets_what_it_gets_here(
    server: Policygraph, run: Callable[..., Result]
) -> None:
    question = ("query", "goals-of-year", "-p", "year=2024", "-f", "csv", "-C", ROOT)
    there = run(*question, "--endpoint", server.sparql)
    assert there.exit_code == 0, there.output
    assert there.stdout_bytes == run(*question).stdout_bytes


def test_rdflib_asks_it_as_any_endpoint(server: Policygraph) -> None:
    store = SPARQLStore(server.sparql, returnFormat="json")
    rows = rdflib.Graph(store).query("SELECT ?s { ?s a <https://w3id.org/policygraph/ns#Goal> }")
    assert rdflib.URIRef(GOAL) in {row[0] for row in rows}
