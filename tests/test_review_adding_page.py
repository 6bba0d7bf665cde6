"""What a reviewer adds, in a browser: statements, sections, continuations; by mouse and keys."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from conftest import ROOT
from policygraph.corpus.continuing import Candidates
from policygraph.serve.review.library import Library
from policygraph.text.review.sheet import Sheet
from policygraph.workspace import Place
from test_serve_review_page import (
    CHROMIUM,
    DESKTOP,
    PHONE,
    Open,
    browser,
    drag,
    go_to,
    saved,
    serving,
    settled,
    visit,
)

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not CHROMIUM.exists(), reason="chromium is not installed"),
]
__all__ = ["browser", "visit"]  # fixtures
YUNZE = "yz-conference-2025"


@pytest.fixture
def served(tmp_path: Path) -> Iterator[tuple[str, Path]]:
    """The invented province, its later conference under review; gives the address and the file."""
    place = Path(shutil.copytree(ROOT / "examples" / "yunze", tmp_path / "yunze"))
    folder, at = place / "data" / "documents" / YUNZE, Place.at(place)
    files = folder / "restored.txt", folder / "statements.yaml"
    with serving(YUNZE, *files, Library.at(at, YUNZE), Candidates(at, YUNZE)) as url:
        yield url, files[1]


def added_to(sheet: Sheet, before: bytes) -> dict[str, Any]:
    [row] = [item for key, item in sheet.rows.items() if key not in Sheet(before.decode()).rows]
    return dict(row.fields)


def test_a_statement_that_was_missed_is_added_with_the_mouse_and_taken_back(
    served: tuple[str, Path], visit: Open
) -> None:
    url, file = served
    before, page = file.read_bytes(), visit(url)
    drag(page, "数据安全管理制度")
    page.keyboard.press("i")
    page.locator("#add-verb").wait_for()
    page.locator("#add select").first.select_option("Statement")
    page.locator("#add-verb").fill("")
    page.locator("#add-object").fill("数据安全")
    page.keyboard.press("Enter")
    row = added_to(saved(page, file, before), before)
    assert (row["quote"], row["object"], row["review"]) == (
        "数据安全管理制度",
        "数据安全",
        "accepted",
    )
    assert "verb" not in row
    settled(page)
    assert page.locator("#card .quote").inner_text() == "数据安全管理制度"
    page.keyboard.press("u")
    saved(page, file, Sheet(file.read_text("utf-8")).text.encode())
    assert file.read_bytes() == before


def test_words_to_add_are_chosen_by_keys_and_their_parts_are_guessed(
    served: tuple[str, Path], visit: Open
) -> None:
    url, file = served
    before, page = file.read_bytes(), visit(url, locale="zh-CN")
    go_to(page, "完善数据安全管理制度")
    page.keyboard.press("i")
    page.locator("#choosing", has_text="新条目的原文").wait_for()
    page.keyboard.press("Shift+ArrowRight")
    page.keyboard.press("Enter")
    page.locator("#add-verb").wait_for()
    page.keyboard.press("Escape")
    assert file.read_bytes() == before
    assert page.locator("#add").is_hidden()


def test_what_is_no_part_of_the_words_is_refused_in_the_language_of_the_page(
    served: tuple[str, Path], visit: Open
) -> None:
    url, file = served
    before, page = file.read_bytes(), visit(url, locale="zh-CN")
    drag(page, "数据安全管理制度")
    page.keyboard.press("i")
    page.locator("#add-verb").fill("建立")
    page.keyboard.press("Enter")
    page.locator("#told", has_text="原文").wait_for()
    assert file.read_bytes() == before


def test_a_section_is_mended_by_keys(served: tuple[str, Path], visit: Open) -> None:
    url, file = served
    before, page = file.read_bytes(), visit(url)
    go_to(page, "完善数据安全管理制度")
    page.keyboard.press("m")
    page.locator("#section select").first.select_option("stated")
    page.locator("#section select").last.select_option("")
    page.locator("#section button.strong").click()
    sheet = saved(page, file, before)
    changed = [
        s.fields.get("period", "none") for s in sheet.sections if s.fields["status"] == "stated"
    ]
    assert "none" in changed
    page.keyboard.press("u")
    saved(page, file, sheet.text.encode())
    assert file.read_bytes() == before


def test_a_continuation_is_decided_by_keys(served: tuple[str, Path], visit: Open) -> None:
    url, file = served
    pairs, page = file.parents[2] / "comparisons.yaml", visit(url)
    go_to(page, "完善数据安全管理制度")
    page.locator(".carried", has_text="likeness 1.00").wait_for()
    page.keyboard.press("c")
    page.locator("#pair-en").fill("The same rules, a year later.")
    page.locator("#pair-yes").click()
    page.locator(".carried", has_text="you said: it continues").wait_for()
    assert "The same rules, a year later." in pairs.read_text("utf-8")
    page.keyboard.press("c")
    page.locator("#pair-no").click()
    page.locator(".carried").wait_for(state="detached")
    assert "review: rejected" in pairs.read_text("utf-8")
    for _ in range(2):
        page.keyboard.press("u")
        settled(page)
    assert not pairs.exists()


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_of_what_is_added_is_in_the_way_of_anybody(
    served: tuple[str, Path], visit: Open, size: dict[str, int], scheme: str
) -> None:
    from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]

    page = visit(served[0], viewport=size, color_scheme=scheme, locale="zh-CN")
    if size is PHONE:
        page.locator("#unfold").click()
    go_to(page, "完善数据安全管理制度")
    page.locator(".carried").wait_for()
    drag(page, "数据基础制度")
    for key, dialog in (("i", "add"), ("m", "section"), ("c", "pair")):
        page.keyboard.press(key)
        page.locator(f"#{dialog}[open]").wait_for()
        settled(page)
        options = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}
        found = Axe().run(page, options=options).response["violations"]
        assert [(each["id"], dialog) for each in found] == []
        wide = page.evaluate("() => document.documentElement.scrollWidth - innerWidth")
        assert wide <= 0
        if os.environ.get("POLICYGRAPH_LOOK"):
            name = f"{dialog}-{size['width']}-{scheme}.png"
            page.screenshot(path=str(Path(os.environ["POLICYGRAPH_LOOK"]) / name))
        page.keyboard.press("Escape")
        page.evaluate("() => getSelection().removeAllRanges()")
    if os.environ.get("POLICYGRAPH_LOOK"):
        name = f"card-{size['width']}-{scheme}.png"
        page.screenshot(path=str(Path(os.environ["POLICYGRAPH_LOOK"]) / name))
