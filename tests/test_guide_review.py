"""The whole way for one text, as docs/guide/from-text-to-answer.md tells it, with its pictures.

The guide's own blocks make the workspace; its decisions are made on the page, in a browser. With
POLICYGRAPH_PICTURES=1 the pictures of the guide are taken again, each with what it shows as text;
otherwise the page must still show what the pictures show.
"""

from __future__ import annotations

import csv
import hashlib
import io
import os
import shutil
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result

import policygraph
from conftest import ROOT
from policygraph.serve.review.library import Library
from policygraph.text.review.sheet import Sheet
from policygraph.workspace import Place
from test_docs import Reader, blocks
from test_serve_review_page import CHROMIUM, DESKTOP, PHONE, browser, drag, go_to, serving, visit

pytestmark = pytest.mark.slow

__all__ = ["browser", "visit"]  # fixtures
GUIDE = "docs/guide/from-text-to-answer.md"
DOCUMENT = "example-plan-2026"
PICTURES = ROOT / "docs" / "images" / "review"
AGAIN = bool(os.environ.get("POLICYGRAPH_PICTURES"))
Run = Callable[..., Result]


@pytest.fixture
def drafted(tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The workspace of the guide, up to its draft, as the current folder."""
    monkeypatch.chdir(tmp_path)
    reader = Reader(run)
    for block in blocks(GUIDE):
        if block.file == "decided.csv":
            break
        reader.follow(block)
    return tmp_path / "regional"


def folder_of(place: Path) -> Path:
    return place / "data" / "documents" / DOCUMENT


def decisions() -> list[dict[str, str]]:
    [table] = [block.text for block in blocks(GUIDE) if block.file == "decided.csv"]
    return list(csv.DictReader(io.StringIO(table)))


def shown(page: Any) -> str:
    """What the page shows, as text."""
    parts = ("header", "#text", "#card", "#rows", "dialog[open]")
    inside = """(parts) => parts.flatMap((part) => [...document.querySelectorAll(part)])
      .map((node) => node.innerText.replace(/\\n+/g, "\\n").trim())"""
    return "\n---\n".join(page.evaluate(inside, parts)) + "\n"


def picture(page: Any, name: str) -> None:
    """Take a picture again, or compare what the page shows with what the picture showed."""
    page.wait_for_timeout(300)
    assert "Error" not in (page.locator("#told").text_content() or "")
    said, image = PICTURES / f"{name}.txt", PICTURES / f"{name}.png"
    if AGAIN:
        PICTURES.mkdir(parents=True, exist_ok=True)
        page.screenshot(path=str(image), animations="disabled", caret="hide")
        said.write_text(shown(page), "utf-8")
    assert image.read_bytes().startswith(b"\x89PNG")
    assert shown(page) == said.read_text("utf-8"), "take it again: POLICYGRAPH_PICTURES=1"


def decide_in_the_page(page: Any, file: Path) -> Iterator[str]:
    """Decide what the guide's table decides; gives the words of each row before."""
    for wanted in decisions():
        go_to(page, wanted["words"])
        yield wanted["words"]
        if wanted["new words"]:
            saves(
                page, file, lambda words=wanted["new words"]: (drag(page, words), press(page, "e"))
            )
        if wanted["new verb"] == "-":
            saves(page, file, lambda: press(page, "Shift+V"))
        if wanted["new links"]:
            saves(page, file, lambda link=wanted["new links"]: choose_link(page, *link.split(": ")))
        if wanted["new English"]:
            saves(
                page,
                file,
                lambda words=wanted["new English"]: fill(page, "t", "#value-words", words),
            )
        if wanted["decision"] == "accept":
            saves(page, file, lambda: press(page, "a"))
        else:
            saves(page, file, lambda why=wanted["reason"]: fill(page, "r", "#reason-words", why))


def saves(page: Any, file: Path, act: Callable[[], object]) -> None:
    """Do something and wait until it is on the disk."""
    before = file.read_bytes()
    act()
    for _ in range(600):
        if file.read_bytes() != before:
            return
        time.sleep(0.05)
    raise AssertionError(f"nothing was saved: {shown(page)}")


def press(page: Any, key: str) -> None:
    page.keyboard.press(key)


def fill(page: Any, key: str, box: str, words: str) -> None:
    page.keyboard.press(key)
    page.locator(box).fill(words)
    page.keyboard.press("Enter")


def choose_link(page: Any, field: str, key: str) -> None:
    page.keyboard.press("l")
    page.locator("#link select").select_option(field)
    page.locator("#link-search").fill(key)
    page.locator("[role=option]", has_text=key).wait_for()
    if field == "implements":
        page.locator("#link-search").fill("ywts")
        page.locator("[role=option]", has_text=key).wait_for()
        picture(page, "link")
    page.keyboard.press("Enter")


def told(file: Path) -> list[dict[str, Any]]:
    """What the rows of a file say, but for who decided and when."""
    rows = Sheet(file.read_text("utf-8")).rows.values()
    return [
        {key: value for key, value in row.fields.items() if key not in ("by", "on")} for row in rows
    ]


@pytest.mark.skipif(not CHROMIUM.exists(), reason="chromium is not installed")
def test_from_a_raw_text_over_the_page_to_an_answer_that_opens_its_sentence(
    drafted: Path, run: Run, visit: Callable[..., Any], tmp_path: Path
) -> None:
    folder = folder_of(drafted)
    file = folder / "statements.yaml"
    other = Path(shutil.copytree(drafted, tmp_path / "other"))
    library = Library.at(Place.at(drafted), DOCUMENT)
    with serving(DOCUMENT, folder / "restored.txt", file, library) as url:
        page = visit(f"{url}?lang=en", viewport=DESKTOP)
        for words in decide_in_the_page(page, file):
            if words == "明确各部门职责":
                picture(page, "page")
        dark = visit(f"{url}?lang=zh", viewport=PHONE, color_scheme="dark", device_scale_factor=2)
        dark.keyboard.press("n")
        picture(dark, "phone")
    [table] = [block for block in blocks(GUIDE) if block.file == "decided.csv"]
    (other / "decided.csv").write_text(table.text, "utf-8")
    by_table = ("--table", other / "decided.csv", "--by", "editors", "-C", other)
    assert run("review", DOCUMENT, *by_table).exit_code == 0
    assert told(file) == told(folder_of(other) / "statements.yaml")
    assert run("build", "-C", drafted).exit_code == 0
    answer = run("query", "accountability", "-p", "year=2026", "-f", "csv", "-C", drafted)
    [row] = [line for line in csv.DictReader(io.StringIO(answer.stdout)) if line["responsible_en"]]
    start, end = map(int, row["passage"].split("#char=")[1].split(","))
    sentence = (folder / "restored.txt").read_text("utf-8")[start:end]
    assert sentence == "由示例市数据局负责，完善数据安全管理制度"


# decided, edited, drafted again, built


def edit(folder: Path, old: str, new: str) -> None:
    """Change the source as an editor of the workspace does, with its hash in the record."""
    source, record = folder / "source" / "plan.txt", folder / "document.yaml"
    before = source.read_bytes()
    after = before.decode().replace(old, new).encode()
    assert after != before
    source.write_bytes(after)
    hashes = [hashlib.sha256(data).hexdigest() for data in (before, after)]
    record.write_text(record.read_text("utf-8").replace(*hashes), "utf-8")


def restore(folder: Path, run: Run) -> None:
    text, record = folder / "restored.txt", folder / "document.yaml"
    hashes = [hashlib.sha256(text.read_bytes()).hexdigest()]
    assert run("restore", folder / "source" / "plan.txt", "-o", text).exit_code == 0
    hashes.append(hashlib.sha256(text.read_bytes()).hexdigest())
    record.write_text(record.read_text("utf-8").replace(*hashes), "utf-8")


def test_of_a_file_with_decided_lost_and_new_rows_only_what_was_accepted_is_asserted(
    drafted: Path, run: Run
) -> None:
    folder = folder_of(drafted)
    [table] = [block for block in blocks(GUIDE) if block.file == "decided.csv"]
    (drafted / "decided.csv").write_text(table.text, "utf-8")
    assert run("review", DOCUMENT, "--table", "decided.csv", "--by", "editors").exit_code == 0
    edit(folder, "制定公共数据管理办法,", "建设数据交易平台,")
    again = run("draft", DOCUMENT, "--lang", "en")
    assert again.exit_code == 0, again.output
    assert "制定公共数据管理办法" in again.stderr
    restore(folder, run)
    sheet = Sheet((folder / "statements.yaml").read_text("utf-8"))
    rows = [row for row in sheet.rows.values() if row.fields.get("type") != "Figure"]
    reviews = {row.fields["quote"]: row.review for row in rows}
    assert reviews["制定公共数据管理办法"] == "lost"
    assert reviews["建设数据交易平台"] == "draft"
    assert len(reviews) == len(rows)
    built = policygraph.build(drafted)
    accepted = {words for words, review in reviews.items() if review == "accepted"}
    asserted = {
        str(quad.object.value)
        for quad in built.store.quads("stated")
        if quad.predicate.value.endswith("#label") and "/id/" in quad.subject.value
    }
    assert accepted
    assert accepted <= asserted
    assert not asserted & (set(reviews) - accepted)
