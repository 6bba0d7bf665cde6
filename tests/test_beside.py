"""Files laid beside the graph for one question: joined through links, named, gone afterwards."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

from conftest import ROOT

Run = Callable[..., Result]
EU = "http://publications.europa.eu/resource/authority/country/"
TABLE = f"""@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
<{EU}KHM> skos:prefLabel "Cambodge"@fr .
"""
ASKED = "SELECT ?place ?name { ?place schema:sameAs/skos:prefLabel ?name }"


@pytest.fixture
def table(tmp_path: Path) -> Path:
    path = tmp_path / "countries.ttl"
    path.write_text(TABLE, encoding="utf-8")
    return path


def ask(run: Run, question: str, *more: object) -> Result:
    return run("query", "-", "-f", "csv", "-q", "-C", ROOT, "--lang", "en", *more, input=question)  # type: ignore[arg-type]


def test_a_link_leads_on_into_a_file(run: Run, table: Path) -> None:
    result = ask(run, ASKED, "--with", table)
    assert result.exit_code == 0, result.stderr
    assert result.stdout.splitlines()[1].endswith("place/KH,Cambodge")


def test_without_the_file_there_is_no_such_name(run: Run, table: Path) -> None:
    assert len(ask(run, ASKED).stdout.splitlines()) == 1
    ask(run, ASKED, "--with", table)
    assert len(ask(run, ASKED).stdout.splitlines()) == 1, "what was built stays as it was"


def test_a_file_is_a_graph_named_by_its_address(run: Run, table: Path) -> None:
    result = ask(run, "SELECT ?g { GRAPH ?g { ?s ?p 'Cambodge'@fr } }", "--with", table)
    assert result.stdout.splitlines()[1] == table.resolve().as_uri()


def test_service_is_refused_with_what_to_do_instead(run: Run) -> None:
    result = ask(run, "SELECT * { SERVICE <http://example.org/> { ?s ?p ?o } }")
    assert result.exit_code == 2
    assert "--with" in result.stderr


BAD = {
    "broken": ("x.ttl", "<http://a.org/1> <http://a.org/p>\n", "x.ttl:2"),
    "a table": ("x.xlsx", "PK", ".ttl"),
    "a context on the web": (
        "x.jsonld",
        '{"@context": "http://a.org/c", "@id": "x:y"}',
        "x.jsonld",
    ),
}


@pytest.mark.parametrize(("name", "text", "said"), BAD.values(), ids=BAD)
def test_a_file_that_cannot_be_read_is_named(
    run: Run, tmp_path: Path, name: str, text: str, said: str
) -> None:
    (tmp_path / name).write_text(text, encoding="utf-8")
    result = ask(run, ASKED, "--with", tmp_path / name)
    assert result.exit_code == 3
    assert said in result.stderr


def test_a_store_elsewhere_takes_no_files(run: Run, table: Path) -> None:
    result = ask(run, ASKED, "--with", table, "--endpoint", "http://127.0.0.1:9/")
    assert result.exit_code == 2
    assert "--endpoint" in result.stderr


def test_every_linked_country_has_its_french_name_in_the_eu_table(run: Run, shared: Path) -> None:
    question = """SELECT ?place ?name { ?place schema:sameAs/skos:prefLabel ?name
        FILTER(lang(?name) = "fr") } ORDER BY ?place"""
    result = ask(run, question, "--with", shared / "linkdata" / "eu-countries-skos.rdf")
    assert len(result.stdout.splitlines()) == 1 + 15
