"""The site in a browser, from a folder: nobody is kept out, nothing is asked of elsewhere."""

from __future__ import annotations

import os
import threading
import unicodedata
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
LOOKS = [(scheme, width) for scheme in ("light", "dark") for width in (1280, 390)]
"""Colours and widths; each with each page in each language."""
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"], "preload": False}
RULES["resultTypes"] = ["violations"]  # what passes is not written out, which takes half the time


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


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("kind", KINDS + LARGE)
def test_every_kind_of_page_is_open_to_all_and_fits(
    browser: Browser, folder: Path, lang: str, kind: str
) -> None:
    page = opened(browser, f"file://{folder}/{lang}/{kind}", reduced_motion="reduce")
    for scheme, width in LOOKS:
        page.emulate_media(color_scheme=scheme)
        page.set_viewport_size({"width": width, "height": 844})
        assert not broken(page), (scheme, width)
        room = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        assert room <= 0, f"wider than a screen of {width} by {room}"
    page.close()


def broken(page: Page) -> list[tuple[str, str]]:
    """Name the rules of WCAG A and AA that a page breaks, with what breaks them."""
    from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]

    return [
        (each["id"], node["html"][:200])
        for each in Axe().run(page, options=RULES).response["violations"]
        for node in each["nodes"][:3]
    ]


PAPER = """() => [...document.querySelectorAll('main *')].filter(part => part.checkVisibility() &&
  part.getBoundingClientRect().right > innerWidth + 1).map(part => part.outerHTML.slice(0, 100))"""
"""What stands out over the right edge."""


@pytest.mark.parametrize(
    "kind", ["explore/matrix/2024.html", "explore/graph.html", *KINDS[3:5], *LARGE[:1]]
)
def test_a_page_is_printed_whole_without_what_only_a_screen_needs(
    browser: Browser, folder: Path, tmp_path: Path, kind: str
) -> None:
    import pypdf

    page = opened(browser, f"file://{folder}/zh/{kind}", color_scheme="dark")
    page.emulate_media(media="print")
    page.set_viewport_size({"width": 680, "height": 960})  # A4 less the margins
    assert page.evaluate(PAPER) == []
    for gone in ("nav", ".skip", "form", "footer"):
        assert page.locator(gone).filter(visible=True).count() == 0, gone
    assert broken(page) == [], "black on white, whatever the screen was"
    shown = [page.locator("h1").inner_text(), page.locator("main").inner_text().split()[-1]]
    page.pdf(path=tmp_path / "page.pdf", format="A4")
    sheets = pypdf.PdfReader(tmp_path / "page.pdf").pages
    printed = plain("".join(sheet.extract_text() for sheet in sheets))
    assert not [words for words in shown if plain(words) not in printed]
    page.close()


def plain(words: str) -> str:
    """Leave out blanks, and take radicals, which some fonts print, for the characters they are."""
    return "".join(unicodedata.normalize("NFKC", words).split())


WALK = """() => { const at = document.activeElement; const place = at.getBoundingClientRect();
  return [at.tagName, at.outerHTML.slice(0, 80), getComputedStyle(at).outlineStyle,
          place.width > 0 && place.height > 0]; }"""
"""Where the keyboard is, and whether that can be seen."""


@pytest.mark.parametrize("kind", ["index.html", KINDS[3], "explore/graph.html", "ask/sparql.html"])
def test_the_keyboard_leads_through_a_page_and_out_of_it(
    browser: Browser, folder: Path, kind: str
) -> None:
    page = opened(browser, f"file://{folder}/en/{kind}")
    page.keyboard.press("Tab")
    assert page.locator(".skip:focus").is_visible()
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    page.reload()
    stops: list[str] = []
    for _ in range(600):
        page.keyboard.press("Tab")
        tag, html, outline, seen = page.evaluate(WALK)
        if tag == "BODY":
            break
        assert seen, html
        assert outline != "none" or tag in ("TEXTAREA", "DIV"), html
        stops.append(html)
    else:
        pytest.fail(f"there is no end: {stops[-3:]}")
    assert len(stops) > 10
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
    page = opened(browser, f"{served}/zh/ask/sparql.html")
    editor = page.locator(".cm-content")
    editor.wait_for()
    assert page.locator("textarea").is_hidden()
    editor.press("Control+End")
    editor.type(" # pg:Goa")
    page.locator(".cm-tooltip-autocomplete li", has_text="pg:Goal").first.click()
    assert page.locator("textarea").input_value().endswith("pg:Goal")
    assert broken(page) == []
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
