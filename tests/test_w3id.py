"""The redirects for w3id.org: every address of the graph leads to a page or a file of the site."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import Result

from policygraph.api.policy_graph import PolicyGraph
from policygraph.errors import WrongUsage
from policygraph.graph.terms import TYPE, pg, text_of
from policygraph.publish.site import Site
from policygraph.publish.w3id import w3id_files
from policygraph.workspace import Place

Run = Callable[..., Result]

SITE = "https://data.example.org/conference/"


@pytest.fixture(scope="module")
def place(graph: PolicyGraph) -> Place:
    about = replace(graph.place.about, contact="mailto:data@example.org")
    return replace(graph.place, about=about)


@pytest.fixture(scope="module")
def rules(place: Place) -> str:
    return w3id_files(place, SITE)[".htaccess"].decode()


def led(rules: str, path: str, **asked: str) -> str:
    """Follow the rules as Apache does: conditions hold for the next rule, the first one wins."""
    held = True
    for line in rules.splitlines():
        word, _, rest = line.partition(" ")
        if word == "RewriteCond":
            variable, pattern, flags = rest.split(" ")
            name = {"%{HTTP_ACCEPT}": "accept", "%{HTTP:Accept-Language}": "language"}[variable]
            assert flags == "[NC]"
            held = held and bool(re.search(pattern, asked.get(name, ""), re.IGNORECASE))
        elif word == "RewriteRule":
            pattern, target, flags = rest.split(" ")
            assert flags == "[R=303,NE,L]"
            match = re.search(pattern, path)
            if match and held:
                return match.expand(re.sub(r"\$(\d)", r"\\\1", target))
            held = True
    return ""


def test_every_page_of_a_thing_is_reached_in_both_languages(graph: PolicyGraph, rules: str) -> None:
    pages = set(Site(graph.store, graph.place, "").paths())
    kinds = ("Goal", "Action", "Institution", "Place", "Topic", "PolicyDocument", "Source")
    things = [
        text_of(quad.subject)
        for kind in kinds
        for quad in graph.store.engine.quads_for_pattern(None, TYPE, pg(kind), None)
    ]
    assert len(things) > 100
    for thing in things:
        path = thing.removeprefix(graph.ids.base)
        english, chinese = led(rules, path), led(rules, path, language="zh-CN,zh;q=0.9,en;q=0.1")
        assert english.removeprefix(SITE) in pages, english
        assert chinese.removeprefix(SITE) in pages, chinese
        assert english.removeprefix(SITE)[:2] == "en"
        assert chinese.removeprefix(SITE)[:2] == "zh"


@pytest.mark.parametrize(
    ("accept", "target"),
    [
        ("text/turtle", "doc/goal/cn-ndwc-2024-g5.ttl"),
        ("application/ld+json, */*;q=0.1", "doc/goal/cn-ndwc-2024-g5.jsonld"),
        ("application/n-triples", "doc/goal/cn-ndwc-2024-g5.nt"),
        ("text/csv", "doc/goal/cn-ndwc-2024-g5.csv"),
        ("text/html,application/xhtml+xml,*/*;q=0.8", "en/doc/goal/cn-ndwc-2024-g5.html"),
        ("application/ldXjson", "en/doc/goal/cn-ndwc-2024-g5.html"),
    ],
)
def test_who_asks_for_data_gets_it(
    graph: PolicyGraph, rules: str, accept: str, target: str
) -> None:
    found = led(rules, "id/goal/cn-ndwc-2024-g5", accept=accept)
    assert found == SITE + target
    assert target in set(Site(graph.store, graph.place, "").paths())


@pytest.mark.parametrize(
    ("path", "target"),
    [
        ("ns", "en/ontology.html"),
        ("id/document/cn-ndwc-2024/text/18f5ebfaaec5", "en/doc/document/cn-ndwc-2024.html"),
        ("dataset", "en/index.html"),
        ("", "en/index.html"),
    ],
)
def test_terms_texts_and_all_else_lead_to_a_page(
    graph: PolicyGraph, rules: str, path: str, target: str
) -> None:
    assert led(rules, path) == SITE + target
    assert target in set(Site(graph.store, graph.place, "").paths())


def test_the_note_says_whom_to_ask(place: Place) -> None:
    note = w3id_files(place, SITE)["README.md"].decode()
    assert "# /policygraph/" in note
    assert "- Contact: data@example.org" in note
    assert "2024年全国数据工作会议知识图谱" in note


def test_without_somebody_to_ask_nothing_is_written(graph: PolicyGraph) -> None:
    with pytest.raises(WrongUsage, match="contact"):
        w3id_files(graph.place, SITE)


@pytest.mark.parametrize(
    "base", ["https://example.org/policy/", "https://w3id.org/", "https://w3id.org/a/b/"]
)
def test_only_a_base_of_w3id_has_such_redirects(place: Place, base: str) -> None:
    with pytest.raises(WrongUsage, match=re.escape(base)):
        w3id_files(replace(place, base=base), SITE)


def test_the_command_writes_the_folder_and_says_that_nothing_is_registered(
    run: Run, conference: Path, tmp_path: Path
) -> None:
    workspace = Path(shutil.copytree(conference, tmp_path / "workspace"))
    settings = workspace / "policygraph.toml"
    contact = '\ncontact = "https://example.org/contact"\n'
    settings.write_text(settings.read_text("utf-8") + contact, "utf-8")
    folder = tmp_path / "out" / "policygraph"
    result = run("publish", "--w3id", "--base", SITE, "-C", workspace, "-o", folder)
    assert result.exit_code == 0
    assert "is not registered" in result.stderr
    assert sorted(path.name for path in folder.iterdir()) == [".htaccess", "README.md"]
    assert SITE in (folder / ".htaccess").read_text("utf-8")


def test_the_command_needs_to_know_where_the_site_lies(run: Run, conference: Path) -> None:
    result = run("publish", "--w3id", "-C", conference)
    assert result.exit_code == 2
    assert "--base" in result.stderr
    assert not (conference / "w3id").exists()
