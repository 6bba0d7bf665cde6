"""Long lines: the work of a draft grows as its text does, no faster. Work is counted, not timed."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest

from conftest import ROOT
from policygraph.text.draft.drafter import Drafter, draft_text
from policygraph.text.draft.lines import pieces
from policygraph.text.draft.reading import Reader
from policygraph.text.draft.write import statements_yaml
from policygraph.text.restore import Span

DRAFTER = Drafter.read()
PLAN = (ROOT / "tests" / "cases" / "draft" / "plan.txt").read_text("utf-8").replace("\n", "")
TWICE = 2.2
"""Twice the text may take twice the work, and a little for the edges."""


class Place(int):
    """An offset that counts how often it is compared for being the same."""

    compared = 0

    def __eq__(self, other: object) -> bool:
        Place.compared += 1
        return int(self) == other

    def __hash__(self) -> int:
        return hash(int(self))


class Sign:
    """A sign of a text, with an offset that counts."""

    def __init__(self, match: re.Match[str]) -> None:
        self.match = match

    def __getitem__(self, group: int) -> str:
        return str(self.match[group])

    def start(self) -> int:
        return Place(self.match.start())

    def end(self) -> int:
        return Place(self.match.end())


class Signs:
    """A pattern that counts the characters it is asked to search."""

    searched = 0

    def __init__(self, pattern: re.Pattern[str]) -> None:
        self.pattern = pattern

    def finditer(self, text: str, start: int, end: int) -> Iterator[Sign]:
        for match in self.pattern.finditer(text, start, end):
            Signs.searched += match.end() - start
            start = match.end()
            yield Sign(match)


class Text(str):
    """A text that counts the characters copied out of it or looked through."""

    copied = 0
    __slots__ = ()

    def __getitem__(self, key: Any) -> str:
        found = super().__getitem__(key)
        Text.copied += len(found)
        return found

    def find(self, sign: str, *span: Any) -> int:
        found = super().find(sign, *span)
        start, end = (*span, len(self))[:2]
        Text.copied += (found if found >= 0 else end) - start
        return found

    def rfind(self, sign: str, *span: Any) -> int:
        found = super().rfind(sign, *span)
        Text.copied += (*span, len(self))[1] - found
        return found


def work_of_cutting(text: str) -> int:
    counted: Any = Signs(DRAFTER.signs.cuts)
    Place.compared = Signs.searched = Text.copied = 0
    pieces(Text(text), replace(DRAFTER.signs, cuts=counted))
    return Place.compared + Signs.searched + Text.copied


def work_of_drafting(text: str) -> int:
    Text.copied = 0
    counted = Text(text)
    done = calls(lambda: statements_yaml(draft_text(DRAFTER, "d", counted, issued="2026-03-05")))
    return done + Text.copied


def calls(work: Callable[[], object]) -> int:
    """Count the calls of functions, those of Python's own as well."""
    count = 0

    def seen(_frame: object, event: str, _of: object) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    before = sys.getprofile()
    sys.setprofile(seen)
    try:
        work()
    finally:
        sys.setprofile(before)
    return count


@pytest.mark.parametrize(
    "part",
    [
        "推进改革，扩大开放；",
        "推进改革。扩大开放。",
        "（推进改革，",
        "推进改革），",
        "“推进改革。",
        "《推进“改革（",
        "（推进改革，扩大开放）。",
        "（）",
        "1.5，",
        " ，　",
    ],
)
def test_cutting_a_line_twice_as_long_takes_twice_the_work(part: str) -> None:
    short, long = (work_of_cutting(part * times) for times in (300, 600))
    assert 0 < short < long <= TWICE * short


@pytest.mark.parametrize("end", ["", "。", "，"])
def test_drafting_a_line_twice_as_long_takes_twice_the_work(end: str) -> None:
    work_of_drafting(PLAN)  # what is read once for all texts
    line = (PLAN if end else PLAN.replace("。", "，")) + end
    short, long = (work_of_drafting(line * times) for times in (4, 8))
    assert 0 < short < long <= TWICE * short


@pytest.mark.parametrize("lead_in", ["过去一年，", "会议强调，", "必须清醒看到，", "到2030年，"])
def test_what_leads_in_again_and_again_is_not_kept_again_and_again(lead_in: str) -> None:
    line = f"{lead_in}推进改革，"
    work_of_drafting(line)
    short, long = (work_of_drafting(line * times) for times in (100, 200))
    assert 0 < short < long <= TWICE * short


def test_words_are_read_no_further_than_the_first_that_tells() -> None:
    reader = Reader(Text(PLAN), [], DRAFTER.grammar.lexicon)
    Text.copied = 0
    assert not reader.only(Span(0, len(PLAN)), "label")
    assert Text.copied < 20 < len(PLAN)
