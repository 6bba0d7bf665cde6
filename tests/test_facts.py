"""Every fact of the conference report is in the graph, with its passage, and a query returns it."""

from __future__ import annotations

import datetime
import re
from typing import Any

import pytest
import yaml

from conftest import ROOT
from policygraph.api.policy_graph import PolicyGraph

CASES: list[dict[str, Any]] = yaml.safe_load(
    (ROOT / "tests" / "cases" / "facts.yaml").read_text(encoding="utf-8")
)
TEXT = (ROOT / "data/documents/cn-ndwc-2024/restored.txt").read_text(encoding="utf-8")
PAGE = (ROOT / "docs" / "facts.md").read_text(encoding="utf-8")


def _text(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return value.isoformat() if isinstance(value, datetime.date) else str(value)


def _fits(row: dict[str, Any], expected: dict[str, Any]) -> bool:
    """Tell whether a row has the values expected; see the head of facts.yaml."""
    return all(name in row and _is(row[name], value) for name, value in expected.items())


def _is(found: object, expected: object) -> bool:
    if expected is None or found is None:
        return found is expected
    given, wanted = _text(found), _text(expected)
    if wanted.startswith("~"):
        return wanted[1:] in given
    return given.endswith(wanted) if wanted.startswith(("/", "#", "char=")) else given == wanted


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["id"])
def test_a_fact_of_the_report_is_returned_by_its_query(
    case: dict[str, Any], graph: PolicyGraph
) -> None:
    rows = list(graph.query(case["query"], **case.get("params", {})))
    missing = [row for row in case.get("rows", ()) if not any(_fits(found, row) for found in rows)]
    assert not missing, f"policygraph query {case['query']} does not return {missing}"
    fitting = [row for row in rows if _fits(row, case.get("where", {}))]
    assert len(fitting) == case.get("count", len(fitting))
    assert case.get("rows") or "count" in case, "a case without rows or count proves nothing"


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["id"])
def test_a_passage_of_a_fact_is_the_words_it_is_said_to_be(case: dict[str, Any]) -> None:
    for place, words in case.get("words", {}).items():
        start, end = map(int, place.removeprefix("char=").split(","))
        assert TEXT[start:end] == words
    cited = re.findall(r"char=\d+,\d+", str(case.get("rows", "")))
    assert set(cited) == set(case.get("words", ())), "every passage expected is given in words"


def test_every_fact_stands_once_in_the_list_and_once_on_the_page() -> None:
    listed = [case["id"] for case in CASES]
    shown = re.findall(r"^\| ([A-Z][\w-]*) \|", PAGE, re.MULTILINE)
    assert len(set(listed)) == len(listed)
    assert shown == listed


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["id"])
def test_the_page_gives_the_command_that_returns_a_fact(case: dict[str, Any]) -> None:
    given = "".join(f" -p {name}={value}" for name, value in case.get("params", {}).items())
    command = f"`policygraph query {case['query']}{given}`"
    assert f"| {case['id']} | {case['fact']} | {command} |" in PAGE.splitlines()


def test_the_sentences_of_both_years_are_all_among_the_facts() -> None:
    said = "".join(words for case in CASES for words in case.get("words", {}).values())
    clauses = re.split(r"[，。：\n]", TEXT)
    facts = [re.sub(r"^\d+）", "", clause) for clause in clauses if clause.strip()]
    unsaid = [words for words in facts if words not in said]
    connecting = ["4月1日", "目前", "其中", "2023年取得的成绩方面涉及有", "对于2024年"]
    assert [words for words in unsaid if words not in connecting] == []
