"""The site in a browser, from a folder: nobody is kept out, nothing is asked of elsewhere."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from policygraph.api.policy_graph import PolicyGraph
from policygraph.publish.site import Site

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

CHROMIUM = Path("/usr/bin/chromium")
ARGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]
pytestmark = pytest.mark.skipif(not CHROMIUM.exists(), reason="chromium is not installed")

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
def browser() -> Iterator[Browser]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as player:
        browser = player.chromium.launch(executable_path=str(CHROMIUM), args=ARGS)
        yield browser
        browser.close()


def opened(browser: Browser, address: str, **look: object) -> Page:
    """Open a page; what it logs or asks of elsewhere fails the test."""
    page = browser.new_page(**look)  # type: ignore[arg-type]
    page.on("console", lambda message: pytest.fail(f"{address}: {message.text}"))
    page.on("pageerror", lambda error: pytest.fail(f"{address}: {error}"))
    page.on("request", lambda asked: asked.url.startswith("file:") or pytest.fail(asked.url))
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
