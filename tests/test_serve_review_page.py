"""The review page in a browser: what is pressed on the page is on the disk."""

from __future__ import annotations

import hashlib
import re
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import pytest
import uvicorn

from conftest import ROOT
from policygraph.corpus.continuing import Candidates
from policygraph.graph.vocabulary import Vocabulary
from policygraph.serve.review.app import review_app
from policygraph.serve.review.desk import Desk
from policygraph.serve.review.library import Library
from policygraph.text.names import Names
from policygraph.text.review.decisions import Signature
from policygraph.text.review.sheet import Sheet
from test_review import PLAN, drafted, id_of
from test_serve_review import THINGS

CHROMIUM = Path("/usr/bin/chromium")
ARGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]
PAGE = ROOT / "src" / "policygraph" / "serve" / "review" / "page"
DESKTOP, PHONE = {"width": 1280, "height": 800}, {"width": 390, "height": 844}
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not CHROMIUM.exists(), reason="chromium is not installed"),
]

Serve = Callable[..., tuple[str, Path]]
Open = Callable[..., Any]


@contextmanager
def serving(
    document: str,
    restored: Path,
    file: Path,
    library: Library,
    candidates: Candidates | None = None,
) -> Iterator[str]:
    """Serve the page of a document; gives its address."""
    sign = Signature("审核员", "2026-11-27")
    desk = Desk(document, restored, file, lambda: sign, library, candidates)
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        port = listening.getsockname()[1]
        server = uvicorn.Server(uvicorn.Config(review_app(desk, "t", port), log_level="error"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
        thread.start()
        while not server.started:
            time.sleep(0.05)
        try:
            yield f"http://127.0.0.1:{port}/t/"
        finally:
            server.should_exit = True
            thread.join()


@pytest.fixture
def serve(tmp_path: Path, vocabulary: Vocabulary) -> Iterator[Serve]:
    """Serve a draft of a text; gives the address and the file."""
    library = Library(vocabulary, lambda: Names.of(THINGS))
    restored, file = tmp_path / "restored.txt", tmp_path / "statements.yaml"
    with ExitStack() as served:

        def start(text: str = PLAN, statements: str = "") -> tuple[str, Path]:
            restored.write_bytes(text.encode())
            file.write_bytes((statements or drafted(text)).encode())
            return served.enter_context(serving("plan", restored, file, library)), file

        yield start


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as player:
        browser = player.chromium.launch(executable_path=str(CHROMIUM), args=ARGS)
        yield browser
        browser.close()


@pytest.fixture
def visit(browser: Any) -> Iterator[Open]:
    """Open an address; whatever the page complains of, or asks of others, fails the test."""
    contexts, wrong = [], []

    def start(url: str, **about: Any) -> Any:
        context = browser.new_context(**{"viewport": DESKTOP, "locale": "en-GB", **about})
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on("request", lambda asked: asked.url.startswith(url[:20]) or wrong.append(asked.url))
        page.goto(url)
        page.locator("#legend li").first.wait_for()
        page.locator("#rows li button, #rows .none").first.wait_for(state="attached")
        return page

    yield start
    for context in contexts:
        context.close()
    assert wrong == []


def go_to(page: Any, quote: str) -> None:
    whole = re.compile(f"^{re.escape(quote)}$")
    page.locator("#rows .quote", has_text=whole).first.click()
    page.locator("#card .quote", has_text=whole).wait_for()


def saved(page: Any, file: Path, before: bytes) -> Sheet:
    """The file once the page has saved into it and shows what it saved."""
    for _ in range(100):
        if file.read_bytes() != before:
            page.evaluate("() => new Promise((done) => setTimeout(done, 150))")
            return Sheet(file.read_text("utf-8"))
        time.sleep(0.05)
    raise AssertionError(f"nothing was saved: {page.locator('#told').text_content()}")


def settled(page: Any) -> None:
    page.evaluate("() => new Promise((done) => setTimeout(done, 300))")


ENDS = """(words) => {
  const text = document.getElementById("text");
  const walker = document.createTreeWalker(text, NodeFilter.SHOW_TEXT);
  const range = document.createRange();
  let left = text.textContent.indexOf(words);
  for (let node = walker.nextNode(), open = false; node; node = walker.nextNode()) {
    if (!open && left < node.length) {
      range.setStart(node, left);
      open = true;
      left += words.length;
    }
    if (open && left <= node.length) {
      range.setEnd(node, left);
      break;
    }
    left -= node.length;
  }
  range.startContainer.parentElement.scrollIntoView({block: "center"});
  const all = [...range.getClientRects()];
  const [first, last] = [all[0], all.at(-1)];
  return [first.left + 1, first.top + first.height / 2, last.right - 1, last.top + last.height / 2];
}"""


def drag(page: Any, words: str) -> None:
    """Select words of the text with the mouse."""
    ends = page.evaluate(ENDS, words)
    page.mouse.move(ends[0], ends[1])
    page.mouse.down()
    page.mouse.move(ends[2], ends[3], steps=6)
    page.mouse.up()
    assert page.evaluate("() => getSelection().toString()") == words


def fields_of(file: Path, quote: str) -> dict[str, Any]:
    sheet = Sheet(file.read_text("utf-8"))
    return dict(sheet.rows[id_of(quote, sheet.text)].fields)


# deciding


def test_accept_reject_and_undo_by_keyboard(serve: Serve, visit: Open) -> None:
    from playwright.sync_api import expect

    url, file = serve()
    before = file.read_bytes()
    page = visit(url)
    rows = page.locator("#rows li").count()
    count = page.locator("#count")
    page.keyboard.press("a")
    expect(count).to_have_text(f"1 / {rows} decided")
    page.keyboard.press("r")
    page.locator("#reason-words").fill("only a heading")
    page.keyboard.press("Enter")
    expect(count).to_have_text(f"2 / {rows} decided")
    first, second, *_ = Sheet(file.read_text("utf-8")).rows.values()
    assert (first.review, second.review) == ("accepted", "rejected")
    assert second.fields["note"] == "only a heading"
    for decided in (1, 0):
        page.keyboard.press("u")
        expect(count).to_have_text(f"{decided} / {rows} decided")
    assert file.read_bytes() == before


def test_words_selected_with_the_mouse_correct_the_row(serve: Serve, visit: Open) -> None:
    url, file = serve()
    before, page = file.read_bytes(), visit(url)
    go_to(page, "健全数据归集制度")
    drag(page, "数据归集制度")
    page.keyboard.press("e")
    sheet = saved(page, file, before)
    row = sheet.rows[id_of("数据归集制度", sheet.text)]
    assert row.fields["drafted"] == {"quote": "健全数据归集制度", "verb": "健全"}
    page.keyboard.press("u")
    saved(page, file, sheet.text.encode())
    assert file.read_bytes() == before


def test_what_is_selected_or_opened_while_an_answer_is_on_its_way_stays(
    serve: Serve, visit: Open
) -> None:
    url, file = serve()
    before, page = file.read_bytes(), visit(url)
    page.route("**/decide", lambda route: (time.sleep(0.5), route.continue_()))
    go_to(page, "明确部门职责")
    page.keyboard.press("a")
    go_to(page, "健全数据归集制度")
    drag(page, "数据归集制度")
    sheet = saved(page, file, before)
    settled(page)
    assert page.locator("#card .quote").inner_text() == "健全数据归集制度"
    assert page.evaluate("() => getSelection().toString()") == "数据归集制度"
    page.keyboard.press("e")
    saved(page, file, sheet.text.encode())
    assert fields_of(file, "数据归集制度")["drafted"]["quote"] == "健全数据归集制度"


REJECT, CHOOSE = ("r", "Enter"), ("e", "ArrowLeft", "Enter")


@pytest.mark.parametrize("verdict", [("a",), REJECT], ids=["accept", "reject"])
@pytest.mark.parametrize("wait", [0, 800], ids=["at once", "once answered"])
def test_keys_pressed_before_the_answer_never_touch_the_next_row(
    serve: Serve, visit: Open, verdict: tuple[str, ...], wait: int
) -> None:
    url, file = serve()
    before, page = file.read_bytes(), visit(url)
    page.route("**/decide", lambda route: (time.sleep(0.4), route.continue_()))
    for key in (*verdict, *CHOOSE[:2]):
        page.keyboard.press(key)
    page.wait_for_timeout(wait)
    page.keyboard.press("Enter")
    page.wait_for_timeout(1500)
    was, now = (list(Sheet(data.decode()).rows.values()) for data in (before, file.read_bytes()))
    assert now[0].review == ("accepted" if verdict == ("a",) else "rejected")
    assert [row.fields for row in now[1:]] == [row.fields for row in was[1:]]
    assert str(was[0].fields["quote"]).startswith(str(now[0].fields["quote"]))


def test_words_being_chosen_are_left_with_their_row(serve: Serve, visit: Open) -> None:
    url, file = serve()
    before, page = file.read_bytes(), visit(url)
    page.keyboard.press("e")
    page.locator("#rows .quote").nth(1).click()
    assert page.locator("#choosing").is_hidden()
    page.keyboard.press("Enter")
    settled(page)
    assert file.read_bytes() == before


def test_nothing_that_is_not_there_is_shown(serve: Serve, visit: Open) -> None:
    url, _ = serve()
    page = visit(url)
    for _ in range(2):
        assert not re.search("null|undefined", page.locator("body").inner_text())
        page.keyboard.press("g")


def test_words_are_chosen_by_keys_alone(serve: Serve, visit: Open) -> None:
    url, file = serve()
    before, page = file.read_bytes(), visit(url)
    go_to(page, "明确部门职责")
    for key in ("o", "Shift+ArrowLeft", "Shift+ArrowLeft", "ArrowLeft", "ArrowLeft", "Enter"):
        page.keyboard.press(key)
    sheet = saved(page, file, before)
    fields = fields_of(file, "明确部门职责")
    assert (fields["object"], fields["drafted"]) == ("明确部门", {"object": "部门职责"})
    page.keyboard.press("Shift+V")
    saved(page, file, sheet.text.encode())
    assert "verb" not in fields_of(file, "明确部门职责")
    page.keyboard.press("e")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Escape")
    assert page.locator("#choosing").is_hidden()
    assert fields_of(file, "明确部门职责")["object"] == "明确部门"


def test_a_kind_is_a_digit(serve: Serve, visit: Open) -> None:
    url, file = serve()
    before, page = file.read_bytes(), visit(url)
    go_to(page, "明确部门职责")
    page.keyboard.press("1")
    saved(page, file, before)
    fields = fields_of(file, "明确部门职责")
    assert (fields["type"], fields["drafted"]) == ("Goal", {"type": "Action"})
    assert page.locator(".kinds [aria-pressed=true]").inner_text().startswith("goal")


def test_a_link_is_found_by_pinyin_and_taken_off_again(serve: Serve, visit: Open) -> None:
    url, file = serve()
    before, page = file.read_bytes(), visit(url)
    go_to(page, "持续实施“一村一站”工程")
    page.keyboard.press("l")
    page.locator("#link-search").fill("ycyz")
    page.locator("[role=option]", has_text="One Village").wait_for()
    page.keyboard.press("Enter")
    sheet = saved(page, file, before)
    assert fields_of(file, "持续实施“一村一站”工程")["implements"] == ["one-station"]
    page.get_by_role("button", name="Remove the link").click()
    saved(page, file, sheet.text.encode())
    assert "implements" not in fields_of(file, "持续实施“一村一站”工程")


def test_a_thing_that_the_words_do_not_name_is_said_to_be_so_and_refused(
    serve: Serve, visit: Open
) -> None:
    url, file = serve()
    before, page = file.read_bytes(), visit(url)
    go_to(page, "明确部门职责")
    page.keyboard.press("l")
    page.locator("#link-search").fill("one-station")
    page.locator("[role=option]", has_text="not named in the words").click()
    page.locator("#told", has_text="one-station").wait_for()
    assert file.read_bytes() == before


def test_words_elsewhere_in_the_section_may_state_a_link(serve: Serve, visit: Open) -> None:
    url, file = serve()
    before, page = file.read_bytes(), visit(url)
    go_to(page, "不得重复采集")
    drag(page, "各部门")
    page.keyboard.press("l")
    page.locator("#link select").select_option("actor")
    page.locator("[role=option]", has_text="All departments").click()
    saved(page, file, before)
    said = {"value": "departments", "quote": "各部门"}
    assert fields_of(file, "不得重复采集")["actor"] == said


def test_an_english_rendering_and_a_day_are_set_by_hand(serve: Serve, visit: Open) -> None:
    url, file = serve()
    before, page = file.read_bytes(), visit(url)
    go_to(page, "明确部门职责")
    page.keyboard.press("t")
    page.locator("#value-words").fill("Make duties clear")
    page.keyboard.press("Enter")
    sheet = saved(page, file, before)
    page.keyboard.press("y")
    page.locator("#value-words").fill("2027-12-31")
    page.keyboard.press("Enter")
    saved(page, file, sheet.text.encode())
    fields = fields_of(file, "明确部门职责")
    assert (fields["label"], fields["deadline"]) == ({"en": "Make duties clear"}, "2027-12-31")
    before = file.read_bytes()
    page.keyboard.press("y")
    assert "YYYY-MM or YYYY" in page.get_by_role("dialog").inner_text()
    page.locator("#value-words").fill("2027-06")
    page.keyboard.press("Enter")
    saved(page, file, before)
    assert fields_of(file, "明确部门职责")["deadline"] == "2027-06"


def test_the_file_of_another_program_is_not_written_over(serve: Serve, visit: Open) -> None:
    url, file = serve()
    page = visit(url)
    theirs = file.read_bytes() + b"# theirs\n"
    file.write_bytes(theirs)
    page.keyboard.press("a")
    page.locator("#told", has_text="changed").wait_for()
    assert file.read_bytes() == theirs


# finding one's way


def test_filters_show_only_what_fits_and_keys_move_among_it(serve: Serve, visit: Open) -> None:
    url, file = serve()
    page = visit(url)
    sheet = Sheet(file.read_text("utf-8"))
    achievements = [r for r in sheet.rows.values() if r.fields["type"] == "Achievement"]
    rule = achievements[-1].fields["rule"]
    rules = [r for r in achievements if r.fields["rule"] == rule]
    page.keyboard.press("f")
    page.locator("#filters select").nth(0).select_option("Achievement")
    assert page.locator("#rows li").count() == len(achievements)
    page.locator("#filters select").nth(3).select_option(rule)
    assert page.locator("#rows li").count() == len(rules)
    assert page.locator("#text mark.here").first.text_content() == rules[0].fields["quote"]
    page.locator("#filters select").nth(1).select_option("rejected")
    assert page.locator("#rows .none").is_visible()
    page.get_by_role("button", name="Show all").click()
    assert page.locator("#rows li").count() == len(sheet.rows)
    page.keyboard.press("/")
    page.keyboard.type("会议")
    meetings = [r for r in sheet.rows.values() if "会议" in r.fields["quote"]]
    assert page.locator("#rows li").count() == len(meetings)


def test_the_list_of_keys_is_complete_and_closes(serve: Serve, visit: Open) -> None:
    url, _ = serve()
    page = visit(url)
    page.keyboard.press("?")
    listed = " ".join(page.locator("#help kbd").all_inner_texts()).split()
    source = (Path(review_app.__code__.co_filename).parent / "page" / "review.js").read_text(
        "utf-8"
    )
    tables = source[source.index("const MOVES") : source.index("function act(")]
    known = [line.split(":")[0].strip().strip('"') for line in tables.splitlines()]
    keys = {key for key in known if len(key) == 1 and key != "}"}
    assert keys
    assert keys <= set(listed)
    page.keyboard.press("Escape")
    assert page.locator("#help").is_hidden()


def test_single_keys_can_be_turned_off(serve: Serve, visit: Open) -> None:
    url, file = serve()
    before, page = file.read_bytes(), visit(url)
    page.keyboard.press("?")
    page.locator("#help [aria-pressed]").click()
    page.keyboard.press("Escape")
    page.keyboard.press("a")
    settled(page)
    assert file.read_bytes() == before


def test_the_language_is_switched_and_remembered(serve: Serve, visit: Open) -> None:
    url, _ = serve()
    page = visit(url)
    page.keyboard.press("g")
    assert "成绩" in page.locator("#legend").inner_text()
    assert page.evaluate("() => document.documentElement.lang") == "zh-Hans"
    page.goto(url)
    page.locator("#legend li").first.wait_for()
    assert "接受" in page.locator("#card").inner_text()
    shapes = page.evaluate(
        """async () => {
            const { WORDS } = await import("./words.js");
            const shape = (value) => typeof value === "object"
              ? Object.entries(value).map(([key, inner]) => [key, shape(inner)]) : typeof value;
            return [JSON.stringify(shape(WORDS.en)), JSON.stringify(shape(WORDS.zh))];
        }"""
    )
    assert shapes[0] == shapes[1]


NESTED = "甲𠮷部门建立数据目录😀制度，<img src=x onerror=alert(1)>明确职责。\n"


def test_nested_crossing_and_far_characters_are_shown_and_selected_in_their_places(
    serve: Serve, visit: Open
) -> None:
    rows = {"outer": "甲𠮷部门建立数据目录😀制度", "inner": "数据目录", "cross": "目录😀"}
    sha256 = hashlib.sha256(NESTED.encode()).hexdigest()
    sheet = f"document: plan\ntext: {sha256}\nsections:\n- id: s\n  statements:\n"
    for key, quote in rows.items():
        sheet += f'  - {{id: {key}, type: Action, quote: "{quote}", review: draft}}\n'
    url, file = serve(NESTED, sheet)
    page = visit(url)
    assert page.locator("#text").text_content() == NESTED
    for key, quote in rows.items():
        pieces = page.locator(f'#text mark[data-row="{key}"]').all_text_contents()
        assert "".join(pieces) == quote
    go_to(page, rows["cross"])
    drag(page, "😀制度")
    page.keyboard.press("e")
    saved(page, file, sheet.encode())
    assert Sheet(file.read_text("utf-8")).rows["cross"].fields["quote"] == "😀制度"


# for everybody


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_nothing_is_in_the_way_of_anybody(
    serve: Serve, visit: Open, size: Any, lang: str, scheme: str
) -> None:
    from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]

    url, _ = serve()
    page = visit(f"{url}?lang={lang}", viewport=size, color_scheme=scheme)
    go_to_first = page.locator("#text mark").nth(3)
    go_to_first.click()
    page.keyboard.press("a")
    page.keyboard.press("f")
    settled(page)
    options = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}
    for opened in ("", "?", "l"):
        if opened:
            page.locator("body").press(opened)
            page.locator("dialog[open]").wait_for()
            settled(page)
        found = Axe().run(page, options=options).response["violations"]
        told = [(each["id"], each["nodes"][0]["html"]) for each in found]
        assert told == [], opened
        page.keyboard.press("Escape")
    assert page.evaluate("() => document.documentElement.scrollWidth") == size["width"]


def test_on_a_phone_buttons_do_what_keys_do(serve: Serve, visit: Open) -> None:
    url, file = serve()
    before = file.read_bytes()
    page = visit(url, viewport=PHONE, has_touch=True, is_mobile=True)
    page.get_by_role("button", name="next row").tap()
    second = list(Sheet(before.decode()).rows.values())[1].fields["quote"]
    assert page.locator("#card .quote").inner_text() == second
    page.get_by_role("button", name="Accept", exact=False).first.tap()
    saved(page, file, before)
    assert fields_of(file, second)["review"] == "accepted"
    page.locator("#unfold").tap()
    page.locator("#rows button").nth(4).tap()
    page.get_by_role("button", name="Correct words").tap()
    assert page.locator("#choosing").is_visible()
    page.locator("#choosing-leave").tap()
    page.locator("#undo").tap()
    settled(page)
    assert file.read_bytes() == before


def test_the_page_has_no_inline_script_or_style() -> None:
    html = (PAGE / "index.html").read_text("utf-8")
    assert "<style" not in html
    assert " style=" not in html
    assert " on" not in html.replace(" one", "")
    assert html.count("<script") == html.count('src="review.js"') == 1
    for script in PAGE.glob("*.js"):
        assert "innerHTML" not in script.read_text("utf-8")
