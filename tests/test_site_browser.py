"""The site in a browser, from a folder: nobody is kept out, nothing is asked of elsewhere."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest

from conftest import ROOT
from policygraph.api.policy_graph import PolicyGraph
from policygraph.publish.site import POLICY, Site

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

CHROMIUM = Path("/usr/bin/chromium")
ARGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not CHROMIUM.exists(), reason="chromium is not installed"),
]

LOCAL = ("file:", "http://127.0.0.1:")

KINDS = [
    "index.html",
    "things.html",
    "things/goal.html",
    "doc/goal/cn-ndwc-2024-g5.html",
    "doc/institution/cn-nda.html",
    "doc/place/CN-BJ.html",
    "doc/figure/cn-ndwc-2024-f-digital-government.html",
    "explore.html",
    "explore/timeline.html",
    "explore/matrix/2024.html",
    "explore/compare/2023-2024.html",
    "ask.html",
    "ask/figures.html",
    "ask/sparql.html",
]
LARGE = ["doc/document/cn-ndwc-2024.html", "explore/graph.html", "ontology.html"]
LOOKS = [
    pytest.param("en", "light", 1280, KINDS),
    pytest.param("zh", "dark", 390, KINDS[:5]),
    pytest.param("en", "light", 1280, LARGE, marks=pytest.mark.slow),
    pytest.param("zh", "dark", 390, LARGE + KINDS[5:], marks=pytest.mark.slow),
    pytest.param("zh", "light", 1280, KINDS + LARGE[:2], marks=pytest.mark.slow),
    pytest.param("en", "dark", 390, KINDS + LARGE[:2], marks=pytest.mark.slow),
]
"""Language, colours, width and pages: each with each other once."""


@pytest.fixture(scope="module")
def folder(graph: PolicyGraph, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The pages of the site, written; its data is not read here."""
    root = tmp_path_factory.mktemp("site")
    site = Site(graph.store, graph.place)
    for path in site.paths():
        if path.startswith("doc/"):
            continue
        page = site.page(path)
        assert page
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_bytes(page.body)
    return root


@pytest.fixture(scope="module")
def served(graph: PolicyGraph) -> Iterator[str]:
    """The site as a server shows it, with the policy of its pages as a header, too."""
    site = Site(graph.store, graph.place, served=True)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            page = site.page(urlsplit(self.path).path[1:])
            self.send_response(200 if page else 404)
            self.send_header("Content-Type", page.media_type if page else "text/plain")
            self.send_header("Content-Security-Policy", POLICY)
            self.end_headers()
            self.wfile.write(page.body if page else b"")

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as player:
        browser = player.chromium.launch(executable_path=str(CHROMIUM), args=ARGS)
        yield browser
        browser.close()


COMPLAINTS: list[str] = []


@pytest.fixture(autouse=True)
def no_complaints() -> Iterator[None]:
    """Nothing is logged and nothing is asked of elsewhere."""
    COMPLAINTS.clear()
    yield
    assert COMPLAINTS == []


def opened(browser: Browser, address: str, **look: object) -> Page:
    """Open a page and note what it logs or asks of elsewhere."""
    page = browser.new_page(**look)  # type: ignore[arg-type]
    page.on("console", lambda message: COMPLAINTS.append(f"{address}: {message.text}"))
    page.on("pageerror", lambda error: COMPLAINTS.append(f"{address}: {error}"))
    page.on("request", lambda asked: asked.url.startswith(LOCAL) or COMPLAINTS.append(asked.url))
    page.goto(address)
    return page


@pytest.mark.parametrize(("lang", "scheme", "width", "kinds"), LOOKS)
def test_every_kind_of_page_is_open_to_all_and_fits(
    browser: Browser, folder: Path, lang: str, scheme: str, width: int, kinds: list[str]
) -> None:
    from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]

    look = {"viewport": {"width": width, "height": 844}, "color_scheme": scheme}
    rules = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]
    for kind in kinds:
        page = opened(browser, f"file://{folder}/{lang}/{kind}", **look)
        found = Axe().run(page, options={"runOnly": rules, "preload": False})
        broken = [
            (each["id"], node["html"][:200])
            for each in found.response["violations"]
            for node in each["nodes"][:3]
        ]
        assert not broken, (kind, broken)
        room = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        assert room <= 0, f"{kind} is wider than the screen by {room}"
        page.close()


def test_a_name_is_found_by_its_initials_and_leads_to_its_page(
    browser: Browser, folder: Path
) -> None:
    page = opened(browser, f"file://{folder}/zh/index.html")
    page.get_by_role("searchbox").fill("dsxs")
    page.locator("#found").get_by_role("link", name="“东数西算”工程", exact=True).click()
    assert page.url.endswith("zh/doc/initiative/cn-east-data-west-computing.html")
    page.get_by_role("link", name="持续实施“东数西算”工程").first.click()
    page.locator("blockquote mark").first.click()
    assert "/zh/doc/document/cn-ndwc-2024.html#char=" in page.url
    assert "东数西算" in page.locator(":target").inner_text()
    page.close()


def test_either_side_of_a_document_leads_to_the_other(browser: Browser, folder: Path) -> None:
    page = opened(browser, f"file://{folder}/en/doc/document/cn-ndwc-2024.html")
    page.locator("a.s.Goal").first.click()
    entry = page.locator("li:target")
    assert entry.get_attribute("class") == "Goal"
    entry.locator("a.up").click()
    assert page.locator(":target").inner_text().startswith("健全数据基础制度")
    page.close()


def test_the_choice_of_a_filter_is_kept_in_the_address(browser: Browser, folder: Path) -> None:
    address = f"file://{folder}/en/explore/graph.html"
    page = opened(browser, f"{address}?year=2024&kind=Goal")
    rows = page.locator("tr[data-node]:not([hidden])")
    assert rows.count() == 8
    assert page.locator("#plan .node:not([hidden])").count() == 8
    page.get_by_label("year").select_option("2023")
    assert rows.count() == 0
    page.get_by_role("button", name="Show all").click()
    assert rows.count() == page.locator("tr[data-node]").count()
    page.close()


def test_pages_are_read_without_scripts(browser: Browser, folder: Path) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"file://{folder}/index.html")
    page.get_by_role("link", name="中文").last.click()
    page.get_by_role("link", name="2024年全国数据工作会议报道").click()
    page.locator("a.s.Action").first.click()
    page.locator("li:target > a").first.click()
    assert "/zh/doc/action/" in page.url
    page.goto(f"file://{folder}/en/explore/matrix/2024.html")
    assert page.locator("tbody tr").count() > 22
    context.close()


def test_the_editor_offers_our_terms_and_leaves_the_query_in_the_form(
    browser: Browser, served: str
) -> None:
    from axe_playwright_python.sync_playwright import Axe

    page = opened(browser, f"{served}/zh/ask/sparql.html")
    editor = page.locator(".cm-content")
    editor.wait_for()
    assert page.locator("textarea").is_hidden()
    editor.press("Control+End")
    editor.type(" # pg:Goa")
    page.locator(".cm-tooltip-autocomplete li", has_text="pg:Goal").first.click()
    assert page.locator("textarea").input_value().endswith("pg:Goal")
    rules = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]
    found = Axe().run(page, options={"runOnly": rules, "preload": False})
    assert found.response["violations"] == []
    editor.press("Control+Enter")
    page.wait_for_url("**/sparql.html?query=SELECT**")
    page.close()


def test_a_question_is_a_form_whose_state_is_its_address(browser: Browser, served: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{served}/en/ask/goals-of-year.html")
    page.get_by_role("combobox").fill("2023")
    page.get_by_role("button", name="Ask").click()
    assert page.url == f"{served}/en/ask/goals-of-year.html?year=2023"
    context.close()


PICTURES = {
    "site-home": ("en/index.html", 1280, "light"),
    "site-document": ("zh/doc/document/cn-ndwc-2024.html", 1280, "light"),
    "site-goal": ("en/doc/goal/cn-ndwc-2024-g5.html", 1280, "light"),
    "site-graph": ("zh/explore/graph.html?year=2024", 1280, "light"),
    "site-phone": ("zh/doc/initiative/cn-east-data-west-computing.html", 390, "dark"),
}
"""Pictures in the guide: page, width, colours."""


@pytest.mark.parametrize("name", PICTURES)
def test_the_pictures_in_the_guide_are_of_these_pages(
    browser: Browser, folder: Path, tmp_path: Path, name: str
) -> None:
    """With POLICYGRAPH_PICTURES=1 the pictures are written; else they must be of the same size."""
    address, width, scheme = PICTURES[name]
    kept = ROOT / "docs" / "images" / f"{name}.png"
    taken = kept if os.environ.get("POLICYGRAPH_PICTURES") else tmp_path / kept.name
    look = {"viewport": {"width": width, "height": 800}, "color_scheme": scheme}
    page = opened(browser, f"file://{folder}/{address}", **look)
    page.screenshot(path=taken)
    page.close()
    assert taken.read_bytes()[16:24] == kept.read_bytes()[16:24], "width and height, of IHDR"
    guide = (ROOT / "docs" / "guide" / "publish.md").read_text("utf-8")
    assert f"../images/{name}.png" in guide
