"""Ask and search against the real server, in a browser: forms, views, limits, nobody kept out."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from conftest import ROOT
from servers import Policygraph
from test_site_browser import ARGS, CHROMIUM

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not CHROMIUM.exists(), reason="chromium is not installed"),
]
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]
PAGES = [
    "ask/initiative-graph.html",
    "ask/figures.html",
    "ask/figures.html#view-chart",
    "ask/actions-of-goal.html?goal=nonsense",
    "ask/sparql.html?query=SELECT+%3Fs+%3Fp+%3Fo+%7B+%3Fs+%3Fp+%3Fo+%7D+LIMIT+510",
    "search.html?q=%E6%95%B0%E6%8D%AE&kind=Goal",
    "search.html?q=dsxs",
    "search.html?q=nothing-has-this",
]
LOOKS = [("en", "light", 1280), ("zh", "dark", 390), ("en", "dark", 1280), ("zh", "light", 390)]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    opened = Policygraph(tmp_path_factory.mktemp("asked"), ROOT, "--workers", "1")
    opened.start()
    yield opened.endpoint
    opened.kill()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as player:
        browser = player.chromium.launch(executable_path=str(CHROMIUM), args=ARGS)
        yield browser
        browser.close()


def opened(browser: Browser, address: str, **look: object) -> tuple[Page, list[str]]:
    """Open a page; give what it logs or asks of elsewhere, too."""
    complaints: list[str] = []
    page = browser.new_page(**look)  # type: ignore[arg-type]
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda told: "status of 4" in told.text or complaints.append(told.text))
    page.on(
        "request",
        lambda asked: asked.url.startswith("http://127.0.0.1:") or complaints.append(asked.url),
    )
    page.goto(address)
    return page, complaints


@pytest.mark.parametrize(("lang", "scheme", "width"), LOOKS)
def test_pages_of_questions_and_searches_are_open_to_all_and_fit(
    browser: Browser, server: str, lang: str, scheme: str, width: int
) -> None:
    from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]

    look = {"viewport": {"width": width, "height": 844}, "color_scheme": scheme}
    for path in PAGES:
        page, complaints = opened(browser, f"{server}/{lang}/{path}", **look)
        found = Axe().run(page, options={"runOnly": RULES, "preload": False})
        broken = [
            (each["id"], node["html"][:200])
            for each in found.response["violations"]
            for node in each["nodes"][:3]
        ]
        assert not broken, (path, broken)
        room = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        assert room <= 0, f"{path} is wider than the screen by {room}"
        assert complaints == []
        page.close()


def test_a_form_is_filled_in_from_what_it_suggests_and_answers(
    browser: Browser, server: str
) -> None:
    for scripts in (True, False):
        context = browser.new_context(java_script_enabled=scripts)
        page = context.new_page()
        page.goto(f"{server}/zh/ask/initiative-statements.html")
        suggested = page.locator("datalist#list-initiative option")
        keys = [each.get_attribute("value") for each in suggested.all()]
        assert "cn-east-data-west-computing" in keys
        page.get_by_role("combobox").fill("东数西算")
        page.get_by_role("button", name="提问").click()
        assert page.url.endswith(
            "initiative-statements.html?initiative=" + "%E4%B8%9C%E6%95%B0%E8%A5%BF%E7%AE%97"
        )
        assert page.get_by_role("combobox").input_value() == "东数西算"
        answer = page.locator("table.stacked")
        answer.get_by_text("持续实施“东数西算”工程").first.wait_for()
        page.get_by_role("link", name="English", exact=True).click()
        assert page.get_by_role("combobox").input_value() == "东数西算"
        context.close()


def test_how_an_answer_is_seen_stands_in_the_address(browser: Browser, server: str) -> None:
    page, _ = opened(browser, f"{server}/en/ask/figures.html")
    chart, timeline = page.locator("#view-chart"), page.locator("#view-timeline")
    assert timeline.is_visible()
    assert chart.is_hidden()
    page.get_by_role("link", name="Chart").click()
    assert page.url.endswith("#view-chart")
    assert chart.is_visible()
    assert timeline.is_hidden()
    page.reload()
    assert chart.is_visible()
    page.get_by_role("link", name="Table only").click()
    assert chart.is_hidden()
    assert page.locator("table.stacked").is_visible()
    with page.expect_download() as taken:
        page.get_by_role("link", name="CSV").click()
    assert taken.value.suggested_filename == "figures.csv"
    page.close()


def test_a_query_is_written_in_the_editor_and_answered(browser: Browser, server: str) -> None:
    page, complaints = opened(browser, f"{server}/sparql", locale="zh-CN")
    editor = page.locator(".cm-content")
    editor.wait_for()
    assert page.url == f"{server}/zh/ask/sparql.html"
    editor.press("Control+a")
    editor.press("Delete")
    editor.type("SELECT ?action ?goal { ?goal pg:hasAction ?action }")
    editor.press("Escape")
    page.get_by_role("button", name="提问").click()
    page.locator("#view-graph svg").wait_for()
    with page.expect_download() as taken:
        page.get_by_role("link", name="TSV").click()
    assert taken.value.suggested_filename == "answer.tsv"
    assert complaints == []
    page.close()


def test_the_search_box_of_the_first_page_leads_to_the_thing(browser: Browser, server: str) -> None:
    context = browser.new_context(java_script_enabled=False, locale="zh-CN")
    page = context.new_page()
    page.goto(server)
    page.get_by_role("searchbox").fill("dsxs")
    page.get_by_role("button", name="搜索").click()
    page.get_by_role("link", name="“东数西算”工程", exact=True).click()
    assert page.url.endswith("/zh/doc/initiative/cn-east-data-west-computing.html")
    page.get_by_role("heading", name="已做之事").wait_for()
    context.close()
