"""The sieve: patterns that cannot fit are not tried, and none that could is left out."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from policygraph.text.draft.cues import Cue
from policygraph.text.draft.drafter import Drafter
from policygraph.text.draft.forms import Form, finder, form_of, needs
from policygraph.text.draft.heads import all_of
from policygraph.text.draft.lexicon import read_lexicon
from policygraph.text.draft.mentions import read_recogniser
from policygraph.text.draft.named import PATTERNS
from policygraph.text.draft.sieve import Sieve
from policygraph.text.draft.tables import read_table, table_at

TABLES = Drafter.read()
ROWS = ("names", "patterns.tsv")
CUES = (*TABLES.cues.kinds, *TABLES.cues.sections, *TABLES.cues.votes)
OF_CUES = Sieve(CUES, lambda cue: cue.form)
OF_PATTERNS = Sieve(TABLES.grammar.patterns, lambda pattern: pattern.form)
LETTERS = "".join(sorted({c for cue in CUES for c in cue.example})) + "。，、“”《》2024%个"
LEXICON = TABLES.grammar.lexicon
NAMES = read_recogniser(LEXICON.folder).shapes.all
EXAMPLES = [row["example"] for row in read_table(table_at(LEXICON.folder, *ROWS), *PATTERNS)]
CODES = "".join(TABLES.grammar.lexicon.codes.values())


def fitting(cues: Iterable[Cue], words: str) -> list[str]:
    return [cue.name for cue in cues if cue.form.search(words)]


@settings(deadline=None)
@given(st.text(alphabet=LETTERS, max_size=30))
def test_no_cue_that_would_be_found_is_left_out(words: str) -> None:
    assert fitting(OF_CUES.worth_trying(words), words) == fitting(CUES, words)


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
        ("^(?:ab|cd)+x?$", ["ab cd"]),
        ("a*b?", []),
        ("[a-c]", ["a b c"]),
        ("[^a]b", ["b"]),
        ("ab?c.d", ["ab ac", "c"]),
        ("(?:ab){2}", ["ab", "ba"]),
        ("x+y*z", ["xy xz", "z"]),
        ("(?=z)any", ["an", "ny"]),
        ("(?<=z)a", ["z", "a"]),
        (r"(?<=[\nz])a", ["a"]),
        ("(?<=z.)a", ["a"]),
        ("(?!z)(?:.|q)", []),
        ("(?i:a)", []),
        ("(?i)a", []),
        (r"(?P<one>a)(?P=one)?b", ["a", "b"]),
        ("[a-n]z", [" ".join(f"{letter}z" for letter in "abcdefghijklmn")]),
    ],
)
def test_what_a_pattern_cannot_do_without_is_told_by_its_form(
    pattern: str, needed: list[str]
) -> None:
    found = needs(re.compile(pattern), 2)
    assert [set(grams) for grams in found] == [set(grams.split()) for grams in needed]


def test_a_figure_may_be_written_in_the_digits_of_any_script() -> None:
    (digits,) = needs(re.compile(r"\d"), 1)
    assert {"7", "\uff17", "\u096d", "\U0001d7d5"} <= digits
    assert not any(re.search(r"\d", chr(point)) for point in range(0x20000, 0x110000))


@pytest.mark.parametrize(
    ("pattern", "begins", "ends"),
    [
        ("a?b(?:c|d)?", "ab", "bcd"),
        ("(?=b).a", None, "a"),
        ("(?:^a|b)(?<!x)", "ab", "ab"),
        ("(?:(?i:a)|b)c", None, "c"),
    ],
)
def test_with_what_finds_begin_and_end_is_told_by_the_form(
    pattern: str, begins: str | None, ends: str
) -> None:
    form = form_of(re.compile(pattern))
    assert form.begins == (None if begins is None else frozenset(begins))
    assert (form.ends, form.empty) == (frozenset(ends), False)


@pytest.mark.parametrize(
    ("pattern", "anchored"),
    [("^a|^b", True), ("(?:^a)+", True), ("^a|b", False), ("(?:^a)?b", False), ("(?m)^a", False)],
)
def test_only_a_pattern_bound_to_the_beginning_is_not_searched_for(
    pattern: str, anchored: bool
) -> None:
    form = re.compile(pattern)
    assert form_of(form).anchored is anchored
    for words in ("a", "ba", "b", "c\na", "cb"):
        assert bool(finder(form)(words)) is bool(form.search(words))


def test_of_a_pattern_whose_parser_is_hidden_nothing_is_said(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "re._parser", None)
    assert form_of(re.compile("ab hidden")) == Form(None, None, None)
    assert list(Sieve([re.compile("ab hidden")], lambda form: form).worth_trying("q"))


@settings(deadline=None)
@given(st.text(alphabet=LETTERS, max_size=30))
def test_no_shape_begins_or_ends_with_what_its_form_does_not_tell(words: str) -> None:
    names = read_recogniser(TABLES.grammar.lexicon.folder)
    for pattern in (read_lexicon().shapes, *(shape.pattern for shape in names.shapes.all)):
        form = form_of(pattern)
        for match in pattern.finditer(words):
            assert form.begins is None or match[0][0] in form.begins
            assert form.ends is None or match[0][-1] in form.ends


@settings(deadline=None)
@given(st.text(alphabet=LETTERS + "\n", max_size=9), st.sampled_from(EXAMPLES), st.integers(0, 3))
def test_names_are_found_behind_what_stands_before_them_as_anywhere(
    words: str, example: str, start: int
) -> None:
    text = words + example + words
    for shape, end in product(NAMES, (len(words + example), len(text))):
        expected = [match.span() for match in shape.pattern.finditer(text, start, end)]
        assert [match.span() for match in all_of(shape.pattern)(text, start, end)] == expected


@pytest.mark.parametrize(
    ("pattern", "after"),
    [
        ("(?:(?<=ab)|(?<=c))(?!d)e", "bc"),
        ("(?:(?<=a)|^)b", ["a", ""]),
        ("(?=b)(?<=a)b", "a"),
        ("(?:(?<=a)|)b", None),
        ("x?(?<=a)b", None),
        ("(?:(?<=a)b)*c", None),
        ("(?:(?<=a)b)+", "a"),
        ("(?<!a)b", None),
        (r"(?<=\n)b", "\n"),
    ],
)
def test_what_stands_right_before_a_find_is_told_by_the_form(
    pattern: str, after: Iterable[str] | None
) -> None:
    form = re.compile(pattern)
    assert form_of(form).after == (None if after is None else frozenset(after))
    for words in ("ab", "b", "abe", "ce", "xab\nb", "cabe ce", "ababb bc"):
        for start in range(len(words)):
            expected = [match.span() for match in form.finditer(words, start, len(words))]
            assert [match.span() for match in all_of(form)(words, start, len(words))] == expected


def test_few_patterns_are_tried_on_words_that_have_nothing_of_them() -> None:
    assert list(OF_CUES.worth_trying("qqq")) == []
