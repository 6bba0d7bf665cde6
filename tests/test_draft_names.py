"""What sentences name: bodies, papers, meetings and schemes; the cases are data.

Places and persons count in the sentences that mark some.
"""

from __future__ import annotations

import re

import pytest

from conftest import ROOT
from policygraph.text.draft.drafter import Drafter, draft_text

CASES = ROOT / "tests" / "cases" / "draft" / "names.txt"
TYPES = ("institution", "document", "event", "initiative")
_OPENS = re.compile(r"\{(institution|document|event|initiative|place|person|date) ")
Named = set[tuple[str, int, int]]


def lines() -> list[str]:
    """Give the sentences of the cases with their marks."""
    read = CASES.read_text("utf-8").splitlines()
    return [line for line in read if line and not line.startswith("#")]


def told(line: str) -> tuple[str, Named]:
    """Take the marks out of a sentence: its text and what it names."""
    text, named, open_ = "", set(), []
    place = 0
    while place < len(line):
        opens = _OPENS.match(line, place)
        if opens:
            open_.append((opens[1], len(text)))
            place = opens.end()
            continue
        if line[place] == "}":
            type_, start = open_.pop()
            named.add((type_, start, len(text)))
        else:
            text += line[place]
        place += 1
    return text, named


@pytest.mark.parametrize("line", lines())
def test_a_sentence_names_what_its_marks_say(line: str) -> None:
    text, named = told(line)
    draft = draft_text(Drafter.read(), "names", text, issued="2026-03-01")
    asked = {*TYPES, *(type_ for type_, _, _ in named)}
    found = {(m.type, *m.span) for m in draft.mentions if m.type in asked}
    outer = {a for a in found if not any(a[1] >= b[1] and a[2] <= b[2] for b in found - {a})}
    assert {(text[a:b], type_) for type_, a, b in outer} == {(text[a:b], t) for t, a, b in named}
