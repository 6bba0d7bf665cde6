"""The site: every path has a page, every link leads somewhere, nothing hostile gets through."""

from __future__ import annotations

import gzip
import hashlib
import json
import posixpath
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urldefrag

import pytest

from conftest import ROOT
from policygraph.api.policy_graph import PolicyGraph
from policygraph.namespaces import PG
from policygraph.publish.catalog.void import void_description
from policygraph.publish.site import Page, Site
from policygraph.publish.site.words import say, several
from policygraph.settings import About


class Reader(HTMLParser):
    """Gathers the links and anchors of a page."""

    def __init__(self, page: Page) -> None:
        super().__init__()
        self.links: list[str] = []
        self.anchors: list[str] = []
        self.feed(page.body.decode())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        about = {name: value or "" for name, value in attrs}
        self.links += [about[name] for name in ("href", "src", "action") if name in about]
        self.anchors += [about["id"]] if "id" in about else []


@pytest.fixture(scope="module")
def site(graph: PolicyGraph) -> Site:
    return Site(graph.store, graph.place)


@pytest.fixture(scope="module")
def pages(site: Site) -> dict[str, Page]:
    found = {path: site.page(path) for path in site.paths()}
    assert all(found.values())
    return {path: page for path, page in found.items() if page}


def html(pages: dict[str, Page]) -> Iterator[tuple[str, Reader]]:
    for path, page in pages.items():
        if path.endswith(".html"):
            yield path, Reader(page)


def test_every_link_of_the_site_leads_to_a_page_and_a_place_on_it(pages: dict[str, Page]) -> None:
    read = dict(html(pages))
    broken = set()
    for path, page in read.items():
        for link in page.links:
            if link.startswith(("http://", "https://")):
                continue
            target, fragment = urldefrag(link)
            full = posixpath.normpath(posixpath.join(posixpath.dirname(path), unquote(target)))
            full = full if target else path
            if full not in pages or (fragment and unquote(fragment) not in read[full].anchors):
                broken.add((path, link))
    assert not broken


def test_a_site_is_described_where_others_look(graph: PolicyGraph, pages: dict[str, Page]) -> None:
    told = pages["void.ttl"].body
    assert told == void_description(graph.store, graph.place)
    assert pages[".well-known/void"].body == told
    assert b"dcat:Catalog" in pages["catalog.ttl"].body
    assert {page.media_type for path, page in pages.items() if "void" in path} == {
        "text/turtle; charset=utf-8"
    }
    for lang in ("en", "zh"):
        assert "../void.ttl" in Reader(pages[f"{lang}/index.html"]).links


def test_a_site_whose_settings_say_nothing_has_no_record(graph: PolicyGraph) -> None:
    silent = Site(graph.store, replace(graph.place, about=About()))
    assert silent.page("catalog.ttl") is None
    assert silent.page("void.ttl")


def test_no_anchor_stands_twice_on_a_page(pages: dict[str, Page]) -> None:
    for path, page in html(pages):
        assert len(page.anchors) == len(set(page.anchors)), path


def test_paths_are_files_that_any_system_can_hold(pages: dict[str, Page]) -> None:
    for path in pages:
        assert re.fullmatch(r"[A-Za-z0-9._~/-]+", path), path
        assert not path.startswith("/"), path
        assert ".." not in path.split("/"), path
    folded = [path.casefold() for path in pages]
    assert len(folded) == len(set(folded))


def test_every_page_is_there_in_both_languages(pages: dict[str, Page]) -> None:
    told = {lang: {p[3:] for p in pages if p.startswith(f"{lang}/")} for lang in ("en", "zh")}
    assert told["en"] == told["zh"] != set()


@pytest.mark.parametrize(
    "path",
    [
        "en/doc/goal/../goal/cn-ndwc-2024-g5.html",
        "/en/index.html",
        "en/doc/goal/none.html",
        "doc/goal/cn-ndwc-2024-g5.exe",
        "",
        "../index.html",
    ],
)
def test_there_is_no_page_for_other_paths(site: Site, path: str) -> None:
    assert site.page(path) is None


def test_a_page_may_be_seen_elsewhere_and_its_links_still_lead_home(site: Site) -> None:
    page = site.page("zh/doc/goal/cn-ndwc-2024-g5.html", "doc/goal/cn-ndwc-2024-g5")
    assert page is not None
    assert page.language == "zh"
    assert "../../zh/index.html" in Reader(page).links


def test_the_same_graph_gives_the_same_bytes(graph: PolicyGraph, pages: dict[str, Page]) -> None:
    again = Site(graph.store, graph.place)
    for path in sorted(pages, reverse=True)[::7]:
        page = again.page(path)
        assert page is not None
        assert page.body == pages[path].body, path


def test_what_links_to_a_thing_is_found_at_its_path(site: Site) -> None:
    goal = "https://w3id.org/policygraph/id/goal/cn-ndwc-2024-g5"
    assert site.path_of(goal, "zh") == "zh/doc/goal/cn-ndwc-2024-g5.html"
    assert site.path_of(goal + "x", "zh") == ""


def test_publish_writes_the_site_whole(run, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    target = tmp_path / "site"
    done = run("publish", "-o", target)
    assert done.exit_code == 0, done.stderr
    assert (target / "index.html").is_file()
    assert (target / "doc/goal/cn-ndwc-2024-g5.ttl").is_file()
    foreign = tmp_path / "mine"
    foreign.mkdir()
    (foreign / "letter.txt").write_text("mine")
    assert run("publish", "-o", foreign).exit_code == 3
    assert [each.name for each in foreign.iterdir()] == ["letter.txt"]
    assert run("publish", "--base", "example.org").exit_code == 2


def test_the_editor_is_what_its_sources_were_bundled_to() -> None:
    listed = json.loads((ROOT / "vendor" / "VENDOR.json").read_text("utf-8"))
    assets = ROOT / "src" / "policygraph" / "publish" / "site" / "assets"
    for name, expected in listed["sha256"].items():
        folder = ROOT / "vendor" if name == "editor.mjs" else assets
        assert hashlib.sha256((folder / name).read_bytes()).hexdigest() == expected, name
    licences = {about["licence"] for about in listed["packages"].values()}
    assert licences == {"MIT"}
    told = (assets / "editor.LICENSES.txt").read_text("utf-8")
    for name, about in listed["packages"].items():
        assert (f"{name} {about['version']}" in told) == about.get("bundled", True), name


@pytest.mark.slow
def test_bundling_the_editor_again_gives_the_same_bytes() -> None:
    if shutil.which("npm") is None:
        pytest.skip("npm is not installed")
    command = [sys.executable, ROOT / "vendor" / "make.py", "--check"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if "npm" in done.stderr and "CalledProcessError" in done.stderr:
        pytest.skip("npm cannot fetch the packages here")
    assert done.returncode == 0, done.stdout + done.stderr


def test_pages_stay_light(site: Site) -> None:
    sent = sum(len(gzip.compress(data)) for path, data in site.house.assets.items())
    assert sent < 30_000, "scripts and styles of a page"
    editor = next(
        data
        for path, data in Site(site.house.store, site.house.place, served=True).house.assets.items()
        if "editor" in path
    )
    assert len(gzip.compress(editor)) < 150_000


def test_hosts_are_told_how_names_of_things_lead_to_their_pages(graph: PolicyGraph) -> None:
    site = Site(graph.store, graph.place, "https://example.org/policy/")
    rules = site.page(".htaccess")
    assert rules is not None
    assert b"RewriteBase /policy/" in rules.body
    assert b"RewriteRule ^(?:id|doc)/([^.]+)$ doc/$1.ttl [R=303,L]" in rules.body
    listed = site.page("sitemap.xml")
    assert listed is not None
    for address in re.findall(rb"<loc>https://example.org/policy/(.*?)</loc>", listed.body):
        assert site.page(address.decode()) is not None, address
    assert (
        b'rel="canonical" href="https://example.org/policy/zh/index.html"'
        in (site.page("zh/index.html") or rules).body
    )


def test_what_was_done_and_planned_stands_before_names_and_kinds(site: Site) -> None:
    page = site.page("en/doc/initiative/cn-east-data-west-computing.html")
    assert page
    text = page.body.decode()
    places = [
        text.index(f">{heading}</h2>")
        for heading in ("What was done", "What points here: What the graph says", "Names and kinds")
    ]
    assert places == sorted(places)
    done = text[places[0] : text.index(">Around it</h2>")]
    assert "The East-Data-West-Computing project was carried on" in done
    assert "<mark>持续实施“东数西算”工程</mark>" in done
    assert done.count('class="origin inferred"') == 2
    goal = site.page("zh/doc/goal/cn-ndwc-2024-g5.html")
    assert goal
    assert ">计划之事</h2>" in goal.body.decode()


def test_one_is_named_otherwise_than_many(site: Site) -> None:
    home = site.page("en/index.html")
    assert home
    text = home.body.decode()
    assert re.search(r">goals</a></dt><dd>8</dd>", text)
    assert re.search(r">policy document</a></dt><dd>1</dd>", text)
    assert say("en", "home.said", 1) == "fact with its source"
    classes = [site.house.reader.name(PG + kind, "en").text for kind in site.house.classes]
    assert {name for name in classes if several(name, 2) == name} == set()


def test_a_static_site_has_the_files_of_each_answer(pages: dict[str, Page]) -> None:
    assert pages["ask/figures.csv"].body.startswith(b"figure,")
    assert pages["ask/figures.tsv"].media_type.startswith("text/tab-separated-values")
    assert json.loads(pages["ask/figures.json"].body)["results"]["bindings"]
    assert b"@prefix" in pages["ask/initiative-graph.ttl"].body
    assert "ask/initiative-graph.csv" not in pages
    text = pages["en/ask/figures.html"].body.decode()
    assert 'href="../../ask/figures.csv" download="figures.csv"' in text
    assert "Link to this answer" not in text
    assert 'id="view-timeline"' in text
