"""Questions on pages, served: a form answers without scripts, limits are told, files are whole."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator

import httpx
import pytest
from pyoxigraph import RdfFormat, parse
from starlette.testclient import TestClient

import policygraph
from conftest import ROOT
from policygraph.serve.app import application
from policygraph.serve.limits import Allowance
from policygraph.serve.source import served

ALL = "SELECT * { ?thing ?relation ?value }"
CROSS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"


@pytest.fixture(scope="module")
def client() -> Iterator[httpx.Client]:
    allowance = Allowance(workers=1, page_workers=1, seconds=3, rows=600)
    with (
        served(ROOT / "dist", "https://w3id.org/policygraph/") as opened,
        TestClient(application(opened, allowance), follow_redirects=False) as client,
    ):
        yield client


def asked(client: httpx.Client, query: str, lang: str = "en") -> httpx.Response:
    return client.get(f"/{lang}/ask/sparql.html", params={"query": query})


def test_a_query_is_a_form_that_begins_with_an_example_and_its_answer(client: httpx.Client) -> None:
    page = client.get("/en/ask/actions-of-goal.html")
    assert page.status_code == 200
    assert 'name="goal" value="cn-ndwc-2024-g5"' in page.text
    graph = policygraph.open(ROOT / "dist")
    rows = len(graph.query("actions-of-goal", goal="cn-ndwc-2024-g5"))
    assert f'<span class="count">{rows} rows</span>' in page.text
    assert 'list="list-goal"' in page.text
    assert '<option value="cn-ndwc-2024-g1">' in page.text


@pytest.mark.parametrize("name", ["东数西算", "cn-east-data-west-computing"])
def test_what_is_filled_in_is_asked_by_key_and_by_name(client: httpx.Client, name: str) -> None:
    page = client.get("/zh/ask/initiative-statements.html", params={"initiative": name})
    assert page.status_code == 200, page.text
    assert f'value="{name}"' in page.text
    assert 'role="alert"' not in page.text
    assert "<td" in page.text


def test_an_empty_field_is_not_filled_in(client: httpx.Client) -> None:
    page = client.get("/en/ask/actions-of-goal.html?goal=")
    assert page.status_code == 400
    assert 'role="alert"' in page.text
    assert "goal" in page.text


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_what_cannot_be_asked_is_told_in_the_language_of_the_page(
    client: httpx.Client, lang: str
) -> None:
    page = client.get(f"/{lang}/ask/actions-of-goal.html?goal=nonsense")
    assert page.status_code == 400
    told = {"en": "nonsense", "zh": "没有名为 nonsense"}[lang]
    assert told in page.text
    assert page.headers["content-language"] == lang
    assert asked(client, "SELECT nope", lang).status_code == 400
    assert client.get(f"/{lang}/ask/no-such-query.html").status_code == 404
    assert client.get("/fr/ask/figures.html").status_code == 404


def test_a_parameter_that_stands_twice_is_refused(client: httpx.Client) -> None:
    assert client.get("/en/ask/actions-of-goal.html?goal=a&goal=b").status_code == 400


def test_a_question_that_takes_too_long_is_told_with_the_query_kept(client: httpx.Client) -> None:
    page = asked(client, CROSS)
    assert page.status_code == 504
    assert "3 seconds" in page.text
    assert "COUNT(*)" in page.text
    assert asked(client, "ASK {}").status_code == 200


def test_more_rows_than_are_shown_are_counted_and_the_files_have_them_all(
    client: httpx.Client,
) -> None:
    page = asked(client, ALL + " LIMIT 550")
    assert '<span class="count">550 rows</span>' in page.text
    assert "The first 500 are shown. The files have all of them." in page.text
    assert page.text.count("<tr>") == 1 + 500
    (link,) = re.findall(r'href="([^"]*format=csv)"', page.text)
    whole = client.get(str(httpx.URL(f"http://x{page.url.path}").join(link.replace("&amp;", "&"))))
    assert len(list(csv.reader(io.StringIO(whole.text)))) == 551


def test_more_rows_than_an_answer_may_have_are_said_so(client: httpx.Client) -> None:
    page = asked(client, ALL)
    assert page.status_code == 200
    assert "There are more than 600 rows" in page.text
    assert "format=csv" not in page.text
    assert "A question may take 3 seconds and an answer may have 600 rows." in page.text


def test_a_sole_row_is_one_row(client: httpx.Client) -> None:
    assert '<span class="count">1 row</span>' in asked(client, ALL + " LIMIT 1").text


def test_hostile_words_in_a_query_and_in_an_answer_stay_words(client: httpx.Client) -> None:
    page = asked(client, 'SELECT ("<script>x</script>\\t\\n\\u0001" AS ?t) {}')
    assert page.status_code == 200
    assert "<script>x" not in page.text
    assert "&lt;script&gt;x" in page.text
    quoted = asked(client, "SELECT (<<( <a:b> <a:c> 3 )>> AS ?t) {}")
    assert quoted.status_code in (200, 400)


@pytest.mark.parametrize(
    ("query", "views"),
    [
        ("SELECT ?s ?p ?o { ?s a pg:Action ; ?p ?o . ?o a pg:Goal }", {"graph"}),
        ("SELECT ?a ?g { ?a pg:hasAction ?g }", {"graph"}),
        ("SELECT ?e ?day { ?e pg:heldOn ?day }", {"timeline"}),
        ("SELECT ?k (COUNT(?s) AS ?n) { ?s a ?k } GROUP BY ?k", {"chart"}),
        ("SELECT ?x { ?x a pg:Goal }", set()),
        ("SELECT (-1 AS ?n) ?x { ?x a pg:Goal }", set()),
        ("ASK { ?s a pg:Goal }", set()),
        ("CONSTRUCT { ?a pg:hasAction ?g } WHERE { ?a pg:hasAction ?g }", {"graph"}),
    ],
)
def test_only_what_the_columns_allow_is_offered_and_always_beside_a_table(
    client: httpx.Client, query: str, views: set[str]
) -> None:
    page = asked(client, query)
    assert page.status_code == 200
    assert set(re.findall(r'id="view-(graph|timeline|chart)"', page.text)) == views
    assert '<table class="stacked">' in page.text
    for drawn in re.findall(r"<svg .*?</svg>", page.text, re.DOTALL):
        assert "<text" in drawn


def test_an_answer_is_taken_away_in_each_form(client: httpx.Client) -> None:
    graph = policygraph.open(ROOT / "dist")
    count = len(graph.query("figures"))
    table = client.get("/ask/figures.csv")
    assert table.headers["content-disposition"] == 'attachment; filename="figures.csv"'
    assert len(list(csv.reader(io.StringIO(table.text)))) == count + 1
    assert client.get("/ask/figures.tsv").text.count("\n") == count + 1
    assert len(json.loads(client.get("/ask/figures.json").text)["results"]["bindings"]) == count
    turtle = client.get("/ask/initiative-graph.ttl?initiative=cn-east-data-west-computing")
    assert list(parse(turtle.content, format=RdfFormat.TURTLE))
    assert client.get("/ask/figures.ttl").status_code == 406
    assert client.get("/ask/figures.exe").status_code == 404
    assert client.get("/ask/nothing.csv").status_code == 404
    again = client.get("/ask/figures.csv", headers={"if-none-match": table.headers["etag"]})
    assert again.status_code == 304


def test_the_address_of_an_answer_is_all_there_is_to_it(client: httpx.Client) -> None:
    page = client.get("/en/ask/actions-of-goal.html")
    (link,) = set(re.findall(r'href="(actions-of-goal\.html\?goal=[^"]*)"', page.text))
    assert f'href="../../zh/ask/{link}"' in page.text
    again = client.get(f"/en/ask/{link}")
    assert again.text == page.text
    same = client.get(f"/en/ask/{link}", headers={"if-none-match": again.headers["etag"]})
    assert same.status_code == 304
    moving = asked(client, "SELECT (NOW() AS ?now) {}")
    assert "etag" not in moving.headers


def test_a_browser_at_the_endpoint_is_led_to_the_editor_and_machines_are_not(
    client: httpx.Client,
) -> None:
    browser = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
    led = client.get("/sparql", headers={"accept": browser, "accept-language": "zh-CN,en;q=0.5"})
    assert (led.status_code, led.headers["location"]) == (303, "/zh/ask/sparql.html")
    for accept in ("*/*", "", "text/turtle", "text/turtle, text/html;q=0.5"):
        told = client.get("/sparql", headers={"accept": accept})
        assert told.status_code == 200, accept
        assert told.headers["content-type"].startswith("text/turtle")
    rows = client.get("/sparql", params={"query": "ASK {}"}, headers={"accept": browser})
    assert rows.status_code == 200
