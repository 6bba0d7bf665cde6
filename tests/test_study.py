"""What an analyst asks, of the report and the example: matrix, comparisons, conflicts, briefs."""

from __future__ import annotations

import csv
import io
import json
import re
import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

from conftest import ROOT
from policygraph.errors import WrongUsage
from policygraph.pipeline import PolicyGraph
from policygraph.publish.brief import brief_bytes, outline
from policygraph.publish.sheets.sheet import fixed_words
from policygraph.study.compare import Comparison, Thresholds
from policygraph.study.matrix import GAPS

Run = Callable[..., Result]

LINKS = {
    ("a4-2", "g5-a1"): "L1",
    ("a4-3", "g5"): "L2",
    ("a2-1", "g1"): "L3",
    ("a3-2", "g3-a1"): "L4",
    ("a3-3", "g3-a2"): "L4",
    ("a5", "g7"): "L5",
    ("a2-2", "g2-a3"): "L6",
}
"""The editors' links across the two years of the report (docs/facts.md)."""

ALSO_PROPOSED = {
    ("a3", "g3"),
    ("a1-4", "g8-a2"),
    ("a2-3", "g2"),
    ("a5-3", "g7-a1"),
}
"""Pairs that the program proposes beside them; docs/guide/study.md lists them."""


def pairs(found: Comparison) -> dict[tuple[str, str], str]:
    def short(iri: str) -> str:
        return re.sub(r".*/(cn-ndwc-2024|yz-conference-\d+(?:-brief)?)-", "", iri)

    return {
        (short(pair.earlier.first.thing.iri), short(pair.later.first.thing.iri)): pair.outcome
        for pair in found.pairs
    }


# --- matrix --------------------------------------------------------------------------------------


def test_the_matrix_of_the_report_has_its_22_actions_and_counts_its_gaps(
    graph: PolicyGraph,
) -> None:
    matrix = graph.matrix(2024)
    assert matrix.actions == 22
    assert matrix.gaps() == {
        "action": 0,
        "responsible": 22,
        "supporting": 22,
        "deadline": 22,
        "initiative": 19,
    }
    assert set(matrix.gaps()) == set(GAPS)
    assert all(task.passages for task in matrix.tasks)


def test_the_matrix_of_the_example_names_bodies_and_deadlines(yunze: PolicyGraph) -> None:
    (task,) = [
        each
        for each in yunze.matrix("2024").tasks
        if each.action and each.goal and each.action.words.text == "建成数据交易平台"
    ]
    assert [thing.name("zh").text for thing in task.responsible] == ["云泽省数据局"]
    assert [thing.name("zh").text for thing in task.supporting] == ["云泽省财政厅"]
    assert [str(day) for day in task.deadlines] == ["2024-06-30"]
    assert task.gaps == ("initiative",)


@pytest.mark.parametrize("by", ["institution", "initiative", "topic"])
def test_a_grouping_puts_every_action_somewhere(yunze: PolicyGraph, by: str) -> None:
    whole = {task.action.thing.iri for task in yunze.matrix(2024).tasks if task.action}
    found = yunze.matrix(2024, by=by)
    grouped = {
        task.action.thing.iri for group in found.groups for task in group.tasks if task.action
    }
    assert grouped == whole
    assert any(group.thing is None for group in found.groups)


def test_the_table_shows_gaps_as_empty_cells_and_names_them(run: Run) -> None:
    result = run("matrix", "--period", "2024", "-f", "csv", "-q", "-C", ROOT, "--lang", "zh")
    rows = list(csv.DictReader(io.StringIO(result.stdout)))
    assert len(rows) == 22
    assert {row["牵头单位"] for row in rows} == {""}
    assert all("无" not in row["未写明事项"] and row["原文"] for row in rows)


def test_the_workbook_is_frozen_filtered_linked_and_the_same_every_time(
    run: Run, tmp_path: Path
) -> None:
    from openpyxl import load_workbook

    one, two = tmp_path / "one.xlsx", tmp_path / "two.xlsx"
    for path in (one, two):
        assert run("matrix", "-o", path, "-q", "-C", ROOT).exit_code == 0
    assert one.read_bytes() == two.read_bytes()
    sheet = load_workbook(one).worksheets[0]
    assert sheet.freeze_panes
    assert sheet.auto_filter.ref
    targets = [cell.hyperlink.target for row in sheet.iter_rows() for cell in row if cell.hyperlink]
    assert any("/text/18f5ebfaaec5" in str(target) for target in targets)


# --- compare -------------------------------------------------------------------------------------


def test_the_six_links_are_found_without_the_judgements(graph: PolicyGraph) -> None:
    """Recall 7 of 7 pairs, precision 7 of 11: the rest is listed, offered, and asserted nowhere."""
    found = pairs(graph.compare(2023, 2024))
    assert set(LINKS) <= set(found)
    assert set(found) - set(LINKS) == ALSO_PROPOSED


def test_judgements_do_not_help_to_find_pairs(tmp_path: Path) -> None:
    import policygraph

    place = tmp_path / "without"
    shutil.copytree(ROOT / "data", place / "data")
    judgements = place / "data/registry/judgements.yaml"
    text = judgements.read_text("utf-8")
    judgements.write_text(re.sub(r"(?ms)^cn-ndwc-2024-l\d:.*?(?=^\S)", "", text), "utf-8")
    found = pairs(policygraph.build(place, engine="fast").compare("2023", "2024"))
    assert set(found) == set(LINKS) | ALSO_PROPOSED


EXAMPLE = {
    "carried-over": ("完善数据安全管理制度", "完善数据安全管理制度"),
    "reworded": ("健全数据基础制度", "完善数据基础制度体系"),
    "reported-done": ("建立公共数据授权运营机制", "建立公共数据授权运营机制"),
}


@pytest.mark.parametrize("outcome", EXAMPLE)
def test_what_the_example_holds_on_purpose_is_found(yunze: PolicyGraph, outcome: str) -> None:
    found = yunze.compare("yz-conference-2024", "yz-conference-2025")
    said = {
        (pair.earlier.first.words.text, pair.later.first.words.text)
        for pair in found.pairs
        if pair.outcome == outcome and pair.certainty == "likely"
    }
    assert EXAMPLE[outcome] in said


def test_what_was_dropped_and_what_is_new_is_found(yunze: PolicyGraph) -> None:
    found = yunze.compare(2024, 2025)
    dropped = {item.first.words.text for item in found.dropped}
    assert {"开展农村数据服务试点", "推动“一网通办”服务扩面"} <= dropped
    assert "壮大数据产业" in {item.first.words.text for item in found.new}


def test_every_pair_explains_its_score(yunze: PolicyGraph) -> None:
    for pair in yunze.compare(2024, 2025).pairs:
        parts = pair.likeness.parts
        weighed = sum(part.value * part.weight for part in parts) / sum(p.weight for p in parts)
        assert pair.likeness.score == pytest.approx(weighed, abs=0.01)
        assert pair.earlier.first.passages
        assert pair.later.first.passages


def test_a_statement_is_paired_once_in_a_pool(yunze: PolicyGraph) -> None:
    done = [p for p in yunze.compare(2024, 2025).pairs if p.outcome == "reported-done"]
    for side in ("earlier", "later"):
        iris = [iri for pair in done for iri in getattr(pair, side).iris]
        assert len(iris) == len(set(iris))


def test_higher_thresholds_give_a_part_of_the_pairs(yunze: PolicyGraph) -> None:
    loose = yunze.compare(2024, 2025, thresholds=Thresholds(likely=0.6, least=0.3))
    strict = yunze.compare(2024, 2025, thresholds=Thresholds(likely=0.9, least=0.9))
    assert len(strict.pairs) < len(loose.pairs)
    assert all(pair.likeness.score >= 0.9 for pair in strict.pairs)


def test_what_was_not_known_yet_is_left_out(yunze: PolicyGraph) -> None:
    with pytest.raises(WrongUsage) as error:
        yunze.compare(2024, 2025, as_of="2024-06-01")
    assert error.value.name in ("study/nothing-said", "study/unknown-side")
    early = yunze.matrix(2024, as_of="2024-06-01")
    assert "later" in {left.why for left in early.left_out}


def test_uncertain_pairs_are_offered_decided_and_adopted(run: Run, tmp_path: Path) -> None:
    place = tmp_path / "yunze"
    shutil.copytree(ROOT / "examples/yunze", place)
    asked = ("compare", "yz-conference-2024", "yz-conference-2025", "-C", place, "-q", "-f", "json")
    assert run(*asked, "--offer").exit_code == 0
    path = place / "data/comparisons.yaml"
    offered = path.read_text("utf-8")
    assert offered.count("review: undecided") == 2
    assert run(*asked, "--offer").exit_code == 0
    assert path.read_text("utf-8") == offered, "nothing is offered twice"
    judged = "review: accepted\n  by: reader\n  on: 2026-11-27\n  why: {en: the same rules, zh: 同}"
    path.write_text(offered.replace("review: undecided", judged, 1), "utf-8")
    assert run(*asked, "--adopt").exit_code == 0
    assert "continues:" in (place / "data/registry/judgements.yaml").read_text("utf-8")
    assert run("validate", "-C", place, "-q", "--engine", "fast").exit_code == 0


# --- conflicts -----------------------------------------------------------------------------------


def test_the_two_days_of_the_conference_stand_side_by_side(run: Run) -> None:
    result = run("conflicts", "-f", "json", "-q", "-C", ROOT, "--lang", "en")
    text = json.dumps(json.loads(result.stdout), ensure_ascii=False)
    assert "2024-04-01" in text
    assert "2024-04-01–2024-04-02" in text
    assert "据国家数据局的消息，4月1日" in text


def test_figures_and_days_of_two_reports_are_compared(yunze: PolicyGraph) -> None:
    found = yunze.conflicts()
    disagreeing = {fact.relation.key for fact in found.facts if fact.disagrees}
    agreeing = {fact.relation.key for fact in found.facts if not fact.disagrees}
    assert disagreeing == {"heldOn", "value"}
    assert "deadline" in agreeing


# --- brief ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_brief_says_no_word_that_the_graph_does_not_hold(graph: PolicyGraph, lang: str) -> None:
    made = outline(graph.brief(2024), lang)
    held = {
        quad.object.value
        for quad in graph.store.quads()
        if hasattr(quad.object, "language") or hasattr(quad.object, "datatype")
    }
    headings = {words[lang] for words in fixed_words()["brief"].values()}
    without = {fixed_words()["matrix"]["without"][name][lang] for name in GAPS}
    lead = rf"^({'|'.join(map(re.escape, headings | without))}): "
    for part in made.parts:
        assert part.heading in headings
        for line in part.lines:
            for words in (line.words, *line.more):
                text = re.sub(lead, "", words.text)
                known = text in held or text in headings or re.fullmatch(r"[\d-]+", text)
                counted = re.match(r"\d+", text) and part.heading in headings
                assert known or counted, words


def test_every_stated_line_of_a_brief_cites_its_sentence(graph: PolicyGraph) -> None:
    made = outline(graph.brief("2024"), "zh")
    numbers = {note.number for note in made.notes}
    cited = {number for part in made.parts for line in part.lines for number in line.notes}
    assert cited == numbers == set(range(1, len(made.notes) + 1))
    goals = next(part for part in made.parts if part.heading == "目标与行动")
    assert all(line.notes for line in goals.lines)
    for note in made.notes:
        start, _, end = note.href.partition("#char=")[2].partition(",")
        assert (note.begin, note.end) == (int(start), int(end))
        assert len(note.sentence.text) == note.end - note.begin


@pytest.mark.parametrize("form", ["md", "html", "docx"])
def test_a_brief_is_the_same_every_time(graph: PolicyGraph, form: str) -> None:
    found = graph.brief(2024)
    assert brief_bytes(found, "zh", form) == brief_bytes(found, "zh", form)


def test_a_docx_brief_opens_with_its_headings_and_names_no_clock(graph: PolicyGraph) -> None:
    import docx

    data = brief_bytes(graph.brief(2024), "zh", "docx")
    document = docx.Document(io.BytesIO(data))
    assert [p.text for p in document.paragraphs if p.style.name == "Title"] == ["简报 · 2024年"]
    assert any("健全数据基础制度" in paragraph.text for paragraph in document.paragraphs)
    assert {e.date_time[:3] for e in zipfile.ZipFile(io.BytesIO(data)).infolist()} == {(2000, 1, 1)}


def test_pages_escape_what_the_graph_holds() -> None:
    from policygraph.publish.brief.outline import Line, Outline, Part
    from policygraph.publish.pages import page
    from policygraph.study.said import Words

    hostile = Words("<script>alert(1)</script> [x](javascript:1)", "en")
    made = Outline("t", "en", (Part("h", (Line(hostile),)),), (), "n")
    html = page("brief.html.j2", title="t", lang="en", outline=made)
    assert "<script" not in html
    text = page("brief.md.j2", title="t", lang="en", outline=made)
    assert r"\[x\]" in text
    assert r"\<script" in text


# --- bad input -----------------------------------------------------------------------------------

BAD = {
    "an unknown year": (("matrix", "--period", "2042"), "2024, 2023"),
    "an unknown document": (("compare", "cn-ndwc-2023", "2024"), "nearest"),
    "the same year twice": (("compare", "2024", "2024"), "nothing to compare"),
    "a document beside a year": (("compare", "cn-ndwc-2024", "2024"), "not of one kind"),
    "a threshold above one": (("compare", "2023", "2024", "--likely", "2"), "at most 1"),
    "thresholds crossed": (("compare", "2023", "2024", "--least", "0.9"), "above likely"),
    "a weight that is none": (("compare", "2023", "2024", "--weight", "x=1"), "PART=NUMBER"),
    "a day that is none": (("brief", "--as-of", "2024-02-30"), "2024-02-30"),
    "a workbook without a file": (("matrix", "-f", "xlsx"), "-o"),
    "an ending that is none": (("brief", "-o", "brief.pdf"), ".docx"),
    "a year only reported on": (("matrix", "--period", "2023"), "achievements-of-year"),
}


@pytest.mark.parametrize(("arguments", "said"), BAD.values(), ids=BAD)
def test_what_makes_no_sense_is_told_and_nothing_is_written(
    run: Run,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    arguments: tuple[str, ...],
    said: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    result = run(*arguments, "-C", ROOT, "--lang", "en")
    assert result.exit_code == 2
    assert said in result.stderr
    assert list(tmp_path.iterdir()) == []


def test_pairs_that_name_nothing_are_told_and_the_others_compared(run: Run, tmp_path: Path) -> None:
    place = tmp_path / "yunze"
    shutil.copytree(ROOT / "examples/yunze", place)
    pair = "p: {earlier: action/nowhere, later: action/nowhere-else, review: undecided}\n"
    (place / "data/comparisons.yaml").write_text(pair, "utf-8")
    asked = ("compare", "2024", "2025", "-C", place, "-f", "json", "--lang", "en")
    result = run(*asked)
    assert result.exit_code == 0
    assert "comparisons.yaml:" in result.stderr
    assert "the graph holds no statement action/nowhere;" in result.stderr
    (place / "data/comparisons.yaml").unlink()
    assert result.stdout == run(*asked).stdout
