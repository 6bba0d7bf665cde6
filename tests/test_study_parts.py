"""Parts of the studies by themselves: the matching, reviewed pairs, what files may hold."""

from __future__ import annotations

import io
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from itertools import combinations
from pathlib import Path

import pytest
from click.testing import Result
from hypothesis import given, settings
from hypothesis import strategies as st

import policygraph
from conftest import ROOT
from policygraph.errors import WrongUsage
from policygraph.pipeline import PolicyGraph
from policygraph.publish.pages import markdown
from policygraph.publish.sheets.data import csv_bytes, json_bytes
from policygraph.publish.sheets.excel import xlsx_bytes
from policygraph.publish.sheets.sheet import Column, Group, Piece, Sheet
from policygraph.publish.sheets.studies import comparison_sheet, conflicts_sheet, matrix_sheet
from policygraph.publish.sheets.web import html_bytes
from policygraph.study.compare.assignment import assign

Run = Callable[..., Result]
Place = tuple[int, int]

SCORES = st.dictionaries(
    st.tuples(st.integers(0, 3), st.integers(0, 3)),
    st.integers(1, 1000).map(lambda number: number / 1000),
    max_size=9,
)


def matchings(places: list[Place]) -> Iterator[tuple[Place, ...]]:
    """Give every choice of places in which no row and no column stands twice."""
    for size in range(len(places) + 1):
        for chosen in combinations(places, size):
            rows, columns = {row for row, _ in chosen}, {column for _, column in chosen}
            if len(rows) == len(columns) == size:
                yield chosen


@given(SCORES)
@settings(max_examples=150, deadline=None)
def test_no_other_matching_has_a_greater_sum(scores: dict[Place, float]) -> None:
    best = max(sum(scores[place] for place in chosen) for chosen in matchings(list(scores)))
    found = assign(scores)
    assert len({row for row, _ in found}) == len({column for _, column in found}) == len(found)
    assert sum(scores[place] for place in found) == pytest.approx(best)


@given(SCORES, st.randoms())
@settings(max_examples=50, deadline=None)
def test_the_order_of_the_pairs_does_not_matter(scores: dict[Place, float], chance: object) -> None:
    shuffled = list(scores.items())
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    assert assign(dict(shuffled)) == assign(scores)


def test_the_best_pair_gives_way_to_two_that_are_better_together() -> None:
    assert assign({(0, 0): 0.9, (0, 1): 0.8, (1, 0): 0.8}) == [(0, 1), (1, 0)]


# --- reviewed pairs ------------------------------------------------------------------------------

RULES = ("开展数据资源调查", "完成数据资源登记1200项")
BUREAU = "  by: reader\n  on: 2026-11-27\n  why: {en: the same, zh: 同一事项}\n"


@pytest.fixture
def place(tmp_path: Path) -> Path:
    return Path(shutil.copytree(ROOT / "examples/yunze", tmp_path / "yunze"))


def decide(place: Path, earlier: str, later: str, review: str, grounds: str = BUREAU) -> None:
    text = f"p:\n  earlier: {earlier}\n  later: {later}\n  review: {review}\n{grounds}"
    (place / "data/comparisons.yaml").write_text(text, "utf-8")


DONE = ("action/yz-conference-2024-g1-a1", "achievement/yz-conference-2025-a1-1")
CARRIED = ("achievement/yz-conference-2024-a1-2", "action/yz-conference-2025-g3-a2")


def test_a_rejected_pair_is_not_proposed_again(place: Path) -> None:
    def paired() -> set[tuple[str, str]]:
        found = policygraph.build(place, engine="fast").compare(2024, 2025)
        return {(p.earlier.first.thing.key, p.later.first.thing.key) for p in found.pairs}

    pair = (DONE[0].removeprefix("action/"), DONE[1].removeprefix("achievement/"))
    assert pair in paired()
    decide(place, *DONE, "rejected")
    assert pair not in paired()


def test_an_accepted_pair_is_kept_whatever_its_score(place: Path) -> None:
    lonely = ("action/yz-conference-2024-g3-a2", "goal/yz-conference-2025-g3")
    decide(place, *lonely, "accepted")
    found = policygraph.build(place, engine="fast").compare(2024, 2025)
    (pair,) = [each for each in found.pairs if each.certainty == "accepted"]
    assert pair.earlier.first.words.text == "开展农村数据服务试点"
    assert "开展农村数据服务试点" not in {item.first.words.text for item in found.dropped}


def test_only_what_is_carried_on_becomes_a_judgement(run: Run, place: Path) -> None:
    judgements = place / "data/registry/judgements.yaml"
    before = judgements.read_text("utf-8")
    asked = ("compare", "yz-conference-2024", "yz-conference-2025", "-C", place, "-f", "json")
    decide(place, *DONE, "accepted")
    assert run(*asked, "--adopt").exit_code == 0
    assert judgements.read_text("utf-8") == before, "a plan that was done is not continued"
    decide(place, *CARRIED, "accepted")
    assert run(*asked, "--adopt").exit_code == 0
    assert judgements.read_text("utf-8").startswith(before)
    rows = list(policygraph.build(place, engine="fast").query("carried-over"))
    assert [row["grounds_zh"] for row in rows] == ["同一事项"]
    text = judgements.read_text("utf-8")
    assert run(*asked, "--adopt").exit_code == 0
    assert judgements.read_text("utf-8") == text, "nothing is adopted twice"


@pytest.mark.parametrize(
    "grounds",
    ["", "  by: reader\n  on: 2026-11-27\n", BUREAU.replace("en: the same, ", "")],
    ids=["nobody", "no reason", "a reason in one language"],
)
def test_a_decision_says_who_when_and_why_in_both_languages(
    run: Run, place: Path, grounds: str
) -> None:
    decide(place, *DONE, "accepted", grounds)
    result = run("compare", "2024", "2025", "-C", place, "--lang", "en")
    assert result.exit_code == 1
    assert re.search(r"comparisons\.yaml:\d+ p a pair that is accepted says who", result.stderr)


def test_what_reviewers_say_of_pairs_does_not_outdate_a_graph(run: Run, place: Path) -> None:
    assert run("build", "-C", place, "-q", "--engine", "fast").exit_code == 0
    decide(place, *DONE, "rejected")
    assert "changed" not in run("matrix", "-C", place, "--lang", "en").stderr


def test_statements_of_no_period_are_told_where_a_year_is_asked_for(run: Run) -> None:
    result = run("matrix", "--period", "2024", "-C", ROOT, "--lang", "en")
    assert "5 statement(s) of Report on the 2024 National Data Work Conference" in result.stderr


# --- files ---------------------------------------------------------------------------------------

HOSTILE = '=HYPERLINK("http://x","y")'


def sheet(text: str) -> Sheet:
    columns = (Column("what", "what", 20), Column("day", "day"), Column("nothing", "nothing"))
    row = ((Piece(text, "javascript:alert(1)"),), (Piece("2024-04-01–2024-04-02"),), ())
    return Sheet("t", "en", columns, (Group("", (row,)),))


def test_words_that_look_like_a_formula_stay_words() -> None:
    from openpyxl import load_workbook

    cell = load_workbook(io.BytesIO(xlsx_bytes(sheet(HOSTILE)))).worksheets[0]["A2"]
    assert (cell.value, cell.data_type) == (HOSTILE, "s")


def test_characters_that_no_workbook_may_hold_are_replaced() -> None:
    from openpyxl import load_workbook

    cell = load_workbook(io.BytesIO(xlsx_bytes(sheet("a\x00b\x0bc")))).worksheets[0]["A2"]
    assert cell.value == "a\ufffdb\ufffdc"


def test_a_page_leads_to_the_web_only_and_leaves_empty_columns_out() -> None:
    page = html_bytes(sheet("<b>bold</b>")).decode()
    assert "javascript:" not in page
    assert "&lt;b&gt;bold&lt;/b&gt;" in page
    assert '<span class="day">2024-04-01–2024-04-02</span>' in page
    assert "nothing" not in page
    assert "nothing" in csv_bytes(sheet("x")).decode()


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1))
@settings(max_examples=100, deadline=None)
def test_markdown_gives_words_back_as_they_are(text: str) -> None:
    written = markdown(text)
    assert "\n" not in written
    assert re.sub(r"\\(.)", r"\1", written) == " ".join(text.split())


def test_data_files_hold_every_column_and_pages_those_that_say_something(
    graph: PolicyGraph,
) -> None:
    made = matrix_sheet(graph.matrix(2024), "en")
    assert b'"gaps"' in json_bytes(made)
    page = html_bytes(made).decode()
    heads = re.findall(r'<th scope="col"[^>]*>([^<]*)', page)
    assert heads == [
        *("action", "responsible body", "supporting body", "deadline", "initiative"),
        *("sentence", "passage"),
    ]


@pytest.mark.parametrize(
    ("module", "form", "named"), [("openpyxl", "xlsx", "excel"), ("docx", "docx", "word")]
)
def test_a_missing_library_is_told_with_the_extra_that_brings_it(
    run: Run,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    module: str,
    form: str,
    named: str,
) -> None:
    monkeypatch.setitem(sys.modules, module, None)
    command = "brief" if form == "docx" else "matrix"
    result = run(command, "-o", tmp_path / f"x.{form}", "-C", ROOT, "--lang", "en")
    assert result.exit_code == WrongUsage.exit_code
    assert f"policygraph[{named}]" in result.stderr
    assert not list(tmp_path.iterdir())


ALL = """
import sys, policygraph, hashlib
from policygraph.publish.brief import brief_bytes
from policygraph.publish.sheets.studies import *
from policygraph.publish.sheets.data import json_bytes
from policygraph.publish.sheets.excel import xlsx_bytes
graph = policygraph.build(sys.argv[1], engine="fast")
sheets = [matrix_sheet(graph.matrix(by=by), "zh") for by in ("goal", "institution", "topic")]
sheets += [comparison_sheet(graph.compare(2024, 2025), "en")]
sheets += [conflicts_sheet(graph.conflicts(), "zh", agreeing=True)]
made = [form(sheet) for sheet in sheets for form in (json_bytes, xlsx_bytes)]
made += [brief_bytes(graph.brief(2024), "zh", form) for form in ("md", "html", "docx")]
print([hashlib.sha256(data).hexdigest() for data in made])
"""


def test_everything_is_the_same_under_any_hash_seed() -> None:
    said = [
        subprocess.run(
            [sys.executable, "-c", ALL, str(ROOT / "examples/yunze")],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    ]
    assert said[0] == said[1]
    assert said[0].count(",") == 12


CHROMIUM = Path("/usr/bin/chromium")


@pytest.mark.skipif(not CHROMIUM.exists(), reason="there is no chromium here")
def test_pages_fit_a_desk_and_a_phone(
    graph: PolicyGraph, yunze: PolicyGraph, tmp_path: Path
) -> None:
    api = pytest.importorskip("playwright.sync_api")
    pages = {
        "matrix": html_bytes(matrix_sheet(graph.matrix(2024), "zh")),
        "compare": html_bytes(comparison_sheet(yunze.compare(2024, 2025), "en")),
        "conflicts": html_bytes(conflicts_sheet(yunze.conflicts(), "en", agreeing=True)),
    }
    flags = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]
    with api.sync_playwright() as browsers:
        browser = browsers.chromium.launch(executable_path=str(CHROMIUM), args=flags)
        for name, data in pages.items():
            path = tmp_path / f"{name}.html"
            path.write_bytes(data)
            for width in (1280, 390):
                page = browser.new_page(viewport={"width": width, "height": 800})
                page.goto(path.as_uri())
                wide = page.evaluate("document.documentElement.scrollWidth")
                assert wide <= width, f"{name} is {wide} wide on {width}"
                page.close()
        browser.close()


def test_a_figure_that_sources_disagree_on_is_named_by_what_it_counts(yunze: PolicyGraph) -> None:
    made = conflicts_sheet(yunze.conflicts(), "en")
    assert [group.heading for group in made.groups] == [
        "2024 data work conference of Yunze · held on",
        "cities with data institutions set up · value",
    ]
