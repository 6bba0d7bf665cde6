"""The sieve: patterns that cannot fit are not tried, and none that could is left out."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from policygraph.text.draft.cues import Cue
from policygraph.text.draft.drafter import Drafter
from policygraph.text.draft.sieve import Sieve, needs

TABLES = Drafter.read()
CUES = (*TABLES.cues.kinds, *TABLES.cues.sections, *TABLES.cues.votes)
OF_CUES = Sieve(CUES, lambda cue: cue.form)
OF_PATTERNS = Sieve(TABLES.grammar.patterns, lambda pattern: pattern.form)
LETTERS = "".join(sorted({c for cue in CUES for c in cue.example})) + "。，、“”《》2024%个"
CODES = "".join(TABLES.grammar.lexicon.codes.values())


def fitting(cues: list[Cue], words: str) -> list[str]:
    return [cue.name for cue in cues if cue.form.search(words)]


@settings(deadline=None)
@given(st.text(alphabet=LETTERS, max_size=30))
def test_no_cue_that_would_be_found_is_left_out(words: str) -> None:
    assert fitting(OF_CUES.worth_trying(words), words) == fitting(list(CUES), words)


@pytest.mark.parametrize("cue", CUES, ids=lambda cue: cue.name)
def test_every_cue_is_tried_on_its_own_example(cue: Cue) -> None:
    assert cue in OF_CUES.worth_trying(cue.example)


@settings(deadline=None)
@given(st.text(alphabet=CODES, min_size=1, max_size=12))
def test_no_pattern_that_would_fit_is_left_out(codes: str) -> None:
    found = [each.name for each in OF_PATTERNS.worth_trying(codes) if each.form.fullmatch(codes)]
    assert found == [each.name for each in TABLES.grammar.patterns if each.form.fullmatch(codes)]


@pytest.mark.parametrize(
    ("pattern", "needed"),
    [
        ("^(?:ab|cd)+x?$", "ac"),
        ("a*b?", None),
        ("[a-c]", "abc"),
        ("[^a]b", "b"),
        ("(?=z)any", "z"),
        ("(?!z)(?:.|q)", None),
        ("(?i:a)", None),
        (r"\d{2}年", "年"),
    ],
)
def test_what_a_pattern_cannot_do_without_is_told_by_its_form(
    pattern: str, needed: str | None
) -> None:
    found = needs(re.compile(pattern))
    assert found == (None if needed is None else frozenset(needed))


def test_few_patterns_are_tried_on_words_that_have_nothing_of_them() -> None:
    assert OF_CUES.worth_trying("qqq") == []
