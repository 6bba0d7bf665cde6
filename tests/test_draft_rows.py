"""What the rows of a draft state: links, figures, events, and what no property holds."""

from __future__ import annotations

import functools
import shutil
from pathlib import Path
from typing import Any

import pytest
import yaml

from conftest import ROOT
from policygraph.text.draft.drafter import Drafter, draft_text
from policygraph.text.draft.write import statements_yaml
from policygraph.text.names import Names, registry_things
from policygraph.text.naming.meaning import Register
from policygraph.text.registry import read_registry
from policygraph.text.review.anchors import Texts
from policygraph.text.review.merge import merge
from policygraph.text.review.sheet import Sheet
from test_draft_options import documents

CASES = yaml.safe_load((ROOT / "tests/cases/draft/rows.yaml").read_text("utf-8"))


@functools.cache
def known() -> Register:
    return Register.of(Names.of(registry_things(read_registry(ROOT / "data" / "registry", []))))


def drafted(text: str, issued: str = "2026-03-01", names: Register | None = None) -> Sheet:
    made = draft_text(Drafter.read(), "case", text, issued=issued, known=names or known())
    return Sheet(statements_yaml(made, {}, {"2024", "2026"}, "0" * 64))


@pytest.mark.parametrize("case", CASES, ids=[case["text"][:20] for case in CASES])
def test_a_row_holds_what_its_words_state(case: dict[str, Any]) -> None:
    sheet = drafted(case["text"], case["issued"])
    for quote, wanted in case["rows"].items():
        [row] = [r for r in sheet.rows.values() if r.fields["quote"] == quote and not r.above]
        parts = [part.fields for part in sheet.below(row.key)]
        told = {name: row.fields.get(name) for name in wanted if name != "parts"}
        assert told == {name: value for name, value in wanted.items() if name != "parts"}
        for part, of_part in zip(parts, wanted.get("parts", []), strict=True):
            assert {name: part.get(name) for name in of_part} == of_part


TEXT = """2023年，国家数据局完成数据调查100次。全国共完成数据评估约1.2万次。
4月1日，2024年全国数据工作会议在北京召开。
"""


def test_a_draft_whose_rows_are_all_accepted_builds_and_answers(tmp_path: Path, run: Any) -> None:
    root = tmp_path / "workspace"
    shutil.copytree(ROOT / "data" / "registry", root / "data" / "registry")
    (root / "data" / "registry" / "judgements.yaml").unlink()
    folder = documents(root, "plan", TEXT)
    assert run("draft", "plan", "-C", root).exit_code == 0
    file = folder / "statements.yaml"
    draft = file.read_text("utf-8")
    file.write_text(draft.replace("review: draft", "review: accepted"), "utf-8")
    built = run("build", "-C", root)
    assert built.exit_code == 0, built.output
    asked = (
        "SELECT ?value ?label WHERE { ?figure a pg:Figure ; pg:value ?value ; rdfs:label ?label }"
    )
    told = run("query", asked, "-f", "csv", "-C", root)
    rows = {tuple(line.split(",")) for line in told.stdout.split()}
    assert {
        ("100", "国家数据局完成数据调查100次"),
        ("12000", "全国共完成数据评估约1.2万次"),
    } <= rows


PLAN = """
sections:
  - {id: p, quote: 2024年重点任务, status: planned, period: 2024, statements: [{id: a1,
      type: Action, quote: 建立数据制度, verb: 建立, object: 数据制度,
      deadline: {value: 2027, quote: 到2027年}}]}
"""


def test_a_year_by_which_something_is_to_be_done_is_a_year_in_the_graph(
    workspace: Path, run: Any
) -> None:
    folder = documents(workspace, "plan", "2024年重点任务：到2027年，建立数据制度。\n")
    assert run("draft", "plan", "-C", workspace).exit_code == 0
    file = folder / "statements.yaml"
    head, _, _ = file.read_text("utf-8").partition("sections:")
    file.write_text(head + PLAN, "utf-8")
    built = run("build", "-C", workspace)
    assert built.exit_code == 0, built.output
    asked = (
        "SELECT (STR(?by) AS ?year) (DATATYPE(?by) AS ?kind)"
        " WHERE { ?action pg:deadline ?by FILTER(STRLEN(STR(?by)) = 4) }"
    )
    told = run("query", asked, "-f", "csv", "-C", workspace)
    assert told.stdout.split()[1:] == ["2027,http://www.w3.org/2001/XMLSchema#gYear"]
    file.write_text(head + PLAN.replace("value: 2027", "value: 2028"), "utf-8")
    refused = run("build", "-C", workspace)
    assert refused.exit_code == 1
    assert "2028" in refused.output


def test_a_rejected_row_takes_its_figures_along_and_an_accepted_one_gets_them() -> None:
    text = "今年重点任务：建成数据平台100个，新增数据企业约1.2万家。"
    draft = drafted(text).text
    sheet = Sheet(draft)
    rows = [row for row in sheet.rows.values() if not row.above and list(sheet.below(row.key))]
    old = draft
    for row, review in zip(rows, ("rejected", "accepted"), strict=True):
        [figure] = sheet.below(row.key)
        now = Sheet(old)
        old = now.change(now.rows[row.key], {"review": review, "by": "a", "on": "2026-01-01"}).text
        now = Sheet(old)
        start = now.first_line(now.rows[figure.key])
        start = old.rindex("parts:", 0, start) - 4
        old = old[:start] + old[now.after(now.rows[figure.key]) :]
    merged = Sheet(merge(old, draft, Texts(text, text)).text)
    assert [len(list(merged.below(row.key))) for row in rows] == [0, 1]
