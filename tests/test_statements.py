"""Statements: quotes are found exactly, and every mistake names file, line and row."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policygraph.errors import UnreadableInput
from policygraph.report import Finding
from policygraph.text.restore import Span
from policygraph.text.sentences import around, sentences
from policygraph.text.statements import occurrences, read_statements, walk

TEXT = "一、目标。加强数据安全。二、做法。加强数据安全，完善制度。"
HEAD = "document: d\ntext: h\nsections:\n  - {id: one, status: planned, statements: [%s]}\n"


def read(tmp_path: Path, rows: str, text: str = TEXT) -> tuple[list, list[Finding]]:
    path = tmp_path / "statements.yaml"
    path.write_text(HEAD % rows, encoding="utf-8")
    findings: list[Finding] = []
    sections = read_statements(path, "d", text, "h", findings)
    return [row for section in sections for row in walk(section.rows)], findings


def test_a_quote_that_stands_once_gets_its_offsets(tmp_path: Path) -> None:
    rows, findings = read(tmp_path, "{id: a, type: Goal, quote: 完善制度}")
    assert findings == []
    assert TEXT[slice(*rows[0].span)] == "完善制度"


def test_an_occurrence_chooses_among_equal_quotes(tmp_path: Path) -> None:
    rows, findings = read(tmp_path, "{id: a, type: Goal, quote: 加强数据安全, occurrence: 2}")
    assert findings == []
    assert rows[0].span.start == TEXT.rindex("加强数据安全")


@pytest.mark.parametrize(
    ("row", "name"),
    [
        ("{id: a, type: Goal, quote: 没有这句话}", "statements/quote-not-in-text"),
        ("{id: a, type: Goal, quote: 加强数据安全}", "statements/quote-twice"),
        (
            "{id: a, type: Goal, quote: 加强数据安全, occurrence: 3}",
            "statements/no-such-occurrence",
        ),
        ("{id: a b, type: Goal, quote: 完善制度}", "statements/bad-id"),
        ("{id: a, type: Goal}", "yaml/missing-key"),
        ("{id: a, quote: 完善制度}", "yaml/missing-key"),
        ("{id: a, type: Goal, quote: 完善制度, review: maybe}", "yaml/not-allowed"),
        ("{id: a, type: Goal, quote: 完善制度, verb: no}", "yaml/bool"),
        ("{id: a, type: Goal, quote: 完善制度, verb: }", "yaml/null"),
        ("{id: a, type: Goal, quote: 完善制度, deadline: 2024-02-30}", "yaml/no-such-date"),
        ("{id: a, type: Goal, quote: 完善制度, verb: 完善, verb: 完善}", "yaml/duplicate-key"),
        ("{id: a, type: Goal, quote: 完善制度, about: {what: x}}", "yaml/not-a-value"),
        ("{id: a, type: Goal, quote: 完善制度, parts: 3}", "yaml/not-rows"),
        (
            "{id: a, type: Goal, quote: 完善制度}, {id: a, type: Goal, quote: 一、目标}",
            "statements/duplicate-id",
        ),
        (
            "{id: &x a, type: Goal, quote: 完善制度}, {id: *x, type: Goal, quote: 一、目标}",
            "yaml/alias",
        ),
    ],
)
def test_a_mistake_in_a_row_is_a_finding_with_its_line(tmp_path: Path, row: str, name: str) -> None:
    _, findings = read(tmp_path, row)
    assert name in [finding.name for finding in findings]
    finding = next(f for f in findings if f.name == name)
    assert finding.where.file.endswith("statements.yaml")
    assert finding.where.line == 4
    assert finding.message("en") != finding.message("zh")


def test_all_mistakes_are_reported_at_once(tmp_path: Path) -> None:
    _, findings = read(
        tmp_path, "{id: a b, type: Goal, quote: 完善制度}, {id: c, type: Goal, quote: 无}"
    )
    assert len(findings) == 2


def test_statements_written_for_another_text_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "statements.yaml"
    path.write_text(HEAD % "", encoding="utf-8")
    with pytest.raises(UnreadableInput) as caught:
        read_statements(path, "d", TEXT, "another", [])
    assert caught.value.name == "statements/other-text"
    with pytest.raises(UnreadableInput) as caught:
        read_statements(path, "e", TEXT, "h", [])
    assert caught.value.name == "statements/other-document"


@pytest.mark.parametrize("text", ["a: [1, 2\n", "- just\n- a list\n", "a: b: c\n", "\tx: 1\n"])
def test_malformed_yaml_is_refused_with_its_line(tmp_path: Path, text: str) -> None:
    path = tmp_path / "statements.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(UnreadableInput) as caught:
        read_statements(path, "d", TEXT, "h", [])
    assert caught.value.name.startswith("yaml/")
    assert caught.value.where.file == str(path)


def test_sections_reach_to_the_next_heading(tmp_path: Path) -> None:
    path = tmp_path / "statements.yaml"
    path.write_text(
        "document: d\ntext: h\nsections:\n"
        "  - {id: one, quote: 一、目标, statements: [{id: a, type: Goal, quote: 加强数据安全}]}\n"
        "  - {id: two, quote: 二、做法, statements: [{id: b, type: Goal, quote: 加强数据安全}]}\n",
        encoding="utf-8",
    )
    findings: list[Finding] = []
    one, two = read_statements(path, "d", TEXT, "h", findings)
    assert findings == []
    assert one.extent.end == two.extent.start
    assert one.rows[0].span.end <= two.rows[0].span.start


han = st.text(alphabet="数据安全。！？“”（）\n甲乙", max_size=60)


@given(han, st.text(alphabet="数据安", min_size=1, max_size=3))
def test_every_occurrence_is_the_quote_itself(text: str, quote: str) -> None:
    for span in occurrences(text, quote, Span(0, len(text))):
        assert text[slice(*span)] == quote


@given(han)
def test_sentences_never_overlap_and_lose_only_white_space(text: str) -> None:
    cut = sentences(text)
    assert all(one.end <= other.start for one, other in pairwise(cut))
    kept = "".join(text[slice(*span)] for span in cut)
    assert kept.replace("\n", "").replace(" ", "") == text.replace("\n", "").replace(" ", "")


@given(han.filter(str.strip), st.data())
def test_the_sentence_around_a_span_covers_it(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    span = Span(start, end)
    whole = around([span], sentences(text))[span]
    assert whole.start <= start
    assert end <= whole.end
