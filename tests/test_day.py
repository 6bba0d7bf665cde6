"""An analyst's day on the served graph: docs/guide/an-analysts-day.md, with its pictures.

With POLICYGRAPH_PICTURES=1 the pictures of the guide are taken again, each with what it shows as
text; otherwise the pages must still show what the pictures show.
"""

from __future__ import annotations

import csv
import io
import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from conftest import ROOT
from servers import Policygraph
from test_site_browser import ARGS, CHROMIUM, RULES, broken, browser

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not CHROMIUM.exists(), reason="chromium is not installed"),
]

__all__ = ["ARGS", "RULES", "browser"]  # a fixture, and what it needs
PICTURES = ROOT / "docs" / "images" / "day"
AGAIN = bool(os.environ.get("POLICYGRAPH_PICTURES"))
SIZES = {"desktop": (1280, 800), "phone": (390, 844)}
SHOWN = {"zh": "desktop", "en": "phone"}
"""Of which walks there are pictures."""
SENTENCE = (
    "4）数据基础设施建设有力推进。持续实施“东数西算”工程，制定加快构建全国一体化算力网的实施意见，"
    "开展数据基础设施布局研究。"
)
WORDS = {
    "zh": {
        "title": "“东数西算”工程",
        "explore": "探索",
        "ask": "提问",
        "go": "提问",
        "matrix": "2024年 · 按目标",
    },
    "en": {
        "title": "East-Data-West-Computing project",
        "explore": "Explore",
        "ask": "Ask",
        "go": "Ask",
        "matrix": "2024 · by goal",
    },
}


IN_VIEW = """() => {
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT), shown = [];
  while (texts.nextNode()) {
    const range = document.createRange();
    range.selectNodeContents(texts.currentNode);
    const place = range.getBoundingClientRect(), words = texts.currentNode.data.trim();
    if (words && place.width && place.right > 0 && place.bottom > 0 && place.top < innerHeight)
      shown.push(words);
  }
  return shown.join("\\n");
}"""
"""The words that the screen shows now."""


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The graph of the demonstration, served."""
    server = Policygraph(tmp_path_factory.mktemp("day"), ROOT / "dist", "--workers", "1")
    server.start()
    yield server.endpoint
    server.stop()


class Day:
    """Goes through pages in one language at one size, and takes pictures of some."""

    def __init__(self, browser: Browser, lang: str, size: str, *, scripts: bool) -> None:
        width, height = SIZES[size]
        self.context = browser.new_context(
            viewport={"width": width, "height": height},
            java_script_enabled=scripts,
            locale="zh-CN" if lang == "zh" else "en-GB",
            reduced_motion="reduce",
        )
        self.lang, self.words = lang, WORDS[lang]
        self.pictured = SHOWN[lang] == size
        self.page: Page = self.context.new_page()
        self.page.on("request", self._asked)
        self.elsewhere: list[str] = []

    def _asked(self, request: object) -> None:
        url = str(getattr(request, "url", ""))
        if not url.startswith("http://127.0.0.1:"):
            self.elsewhere.append(url)

    def follow(self, name: str, *, within: str = "main") -> None:
        """Follow a link by its words."""
        self.page.locator(within).get_by_role("link", name=name, exact=True).first.click()
        self.page.wait_for_load_state()

    def seen(self, name: str, *words: str) -> None:
        """See that a page fits the screen and shows some words; take its picture, or compare it."""
        main = self.page.locator("main")
        for each in words:
            assert each in main.inner_text()
        if not self.pictured:
            return
        said, image = PICTURES / f"{name}.txt", PICTURES / f"{name}.png"
        shown = str(self.page.evaluate(IN_VIEW)) + "\n"
        if AGAIN:
            PICTURES.mkdir(parents=True, exist_ok=True)
            self.page.screenshot(path=image, animations="disabled", caret="hide")
            said.write_text(shown, "utf-8")
        assert image.read_bytes().startswith(b"\x89PNG")
        assert shown == said.read_text("utf-8"), "take it again: POLICYGRAPH_PICTURES=1"


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("lang", WORDS)
def test_an_analyst_reads_without_scripts_from_a_word_to_the_sentence_and_compares_years(
    browser: Browser, address: str, lang: str, size: str
) -> None:
    day = Day(browser, lang, size, scripts=False)
    page, at = day.page, f"{lang}-"
    page.goto(f"{address}/")
    assert f"/{lang}/" in page.url, "the language of the reader"
    page.get_by_role("searchbox").fill("东数西算")
    page.get_by_role("searchbox").press("Enter")
    page.wait_for_url("**/search.html?q=*")
    day.seen(f"{at}search", day.words["title"], SENTENCE)
    day.follow(day.words["title"])
    assert page.locator("h1").inner_text() == day.words["title"]
    day.seen(f"{at}initiative", "持续实施“东数西算”工程")
    page.locator("main q a:has(mark)").filter(visible=True).first.click()
    page.wait_for_url(f"**/{lang}/doc/document/cn-ndwc-2024.html#char=*")
    assert "东数西算" in page.locator(":target").inner_text()
    assert page.locator(":target").evaluate("part => part.getBoundingClientRect().top") < 800
    day.seen(f"{at}sentence", "持续实施“东数西算”工程")
    day.follow(day.words["explore"], within="header")
    day.follow(day.words["matrix"])
    assert page.url.endswith("explore/matrix/2024.html")
    assert page.locator("tbody tr").count() > 22
    day.seen(f"{at}matrix")
    day.follow(day.words["explore"], within="header")
    page.locator("main a[href$='compare/2023-2024.html']").first.click()
    page.wait_for_url("**/compare/2023-2024.html")
    day.seen(f"{at}compare")
    assert page.locator("tbody tr").count() > 10
    assert not day.elsewhere
    day.context.close()


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("lang", WORDS)
def test_an_analyst_asks_and_takes_the_answer_away(
    browser: Browser, address: str, lang: str, size: str, tmp_path: Path
) -> None:
    day = Day(browser, lang, size, scripts=True)
    page = day.page
    page.goto(f"{address}/{lang}/search.html?q=东数西算")
    open_to_all(page)
    day.follow(day.words["ask"], within="header")
    page.locator("main a[href$='goals-of-year.html']").first.click()
    page.wait_for_url("**/goals-of-year.html*")
    page.get_by_role("combobox").fill("2024")
    page.get_by_role("button", name=day.words["go"], exact=True).click()
    page.wait_for_url("**year=2024*")
    day.seen(f"{lang}-answer", "优化数据基础设施布局")
    open_to_all(page)
    link = page.locator("main a", has_text="CSV").first
    with page.expect_download() as download:
        link.click()
    download.value.save_as(tmp_path / "goals.csv")
    rows = list(csv.reader(io.StringIO((tmp_path / "goals.csv").read_text("utf-8-sig"))))
    assert len(rows) - 1 == page.locator("main .wide tbody tr").count() == 10, "8 goals, 2 aims"
    assert any("优化数据基础设施布局" in cell for row in rows for cell in row)
    assert not day.elsewhere
    day.context.close()


def open_to_all(page: Page) -> None:
    """See that a page that only a server makes keeps WCAG A and AA, light and dark."""
    for scheme in ("dark", "light"):
        page.emulate_media(color_scheme=scheme)
        assert not broken(page), scheme


def test_the_guide_shows_every_picture_and_no_other() -> None:
    guide = (ROOT / "docs" / "guide" / "an-analysts-day.md").read_text("utf-8")
    for path in PICTURES.glob("*.png"):
        assert f"../images/day/{path.name}" in guide
    assert len(list(PICTURES.glob("*.png"))) == len(list(PICTURES.glob("*.txt"))) == 12
