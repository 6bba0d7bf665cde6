"""Drafting fast: what is left undone changes no draft, and nothing outside it."""

from __future__ import annotations

import gc
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conftest import ROOT
from policygraph.text.draft.drafter import Drafter, draft_text
from policygraph.text.draft.grams import places_of
from policygraph.text.draft.mentions import read_recogniser
from policygraph.text.draft.reading import Reader
from policygraph.text.memory import uncollected
from policygraph.text.restore import Span

DRAFTER = Drafter.read()
LEXICON = DRAFTER.grammar.lexicon
PLAN = (ROOT / "tests" / "cases" / "draft" / "plan.txt").read_text("utf-8")
CLASSES = sorted(set().union(*LEXICON.codes))


@pytest.mark.parametrize("enabled", [True, False])
def test_after_a_draft_cycles_are_looked_for_as_before(enabled: bool) -> None:
    (gc.enable if enabled else gc.disable)()
    try:
        draft_text(DRAFTER, "plan", PLAN)
        assert gc.isenabled() is enabled
        with pytest.raises(KeyError), uncollected():
            raise KeyError(gc.isenabled())
        assert gc.isenabled() is enabled
    finally:
        gc.enable()


def test_what_a_draft_keeps_is_not_looked_through_at_once() -> None:
    gc.collect()
    draft = draft_text(DRAFTER, "plan", PLAN)
    young = {id(each) for generation in (0, 1) for each in gc.get_objects(generation)}
    assert not young & {id(each) for each in (*draft.clauses, *draft.mentions)}


def test_what_others_froze_stays_frozen_after_a_draft() -> None:
    gc.freeze()
    try:
        draft_text(DRAFTER, "plan", PLAN)
        assert gc.get_freeze_count()
    finally:
        gc.unfreeze()


@given(st.text(alphabet="ab ", max_size=12), st.sets(st.text(alphabet="ab ", max_size=3)))
def test_pairs_are_found_in_one_pass_where_they_stand(words: str, known: set[str]) -> None:
    pairs = {start: words[start : start + 2] for start in range(len(words) - 1)}
    assert list(places_of(known, words)) == [at for at, pair in pairs.items() if pair in known]


def test_what_a_text_names_is_found_as_if_every_pattern_was_tried_on_every_line() -> None:
    names = read_recogniser(LEXICON.folder).shapes
    lines = [line.span() for line in re.finditer("[^\n]+", PLAN)]
    tried = ((shape, line) for shape in names.all for line in lines)
    expected = [
        (shape.name, match.span())
        for shape, line in tried
        for match in shape.pattern.finditer(PLAN, *line)
    ]
    assert [(shape.name, match.span()) for shape, match in names.find(PLAN)] == expected
    assert len({name for name, _ in expected}) > 5


@settings(deadline=None)
@given(
    st.text(alphabet=sorted(set(PLAN)), min_size=1, max_size=20),
    st.lists(st.sampled_from(CLASSES), max_size=40),
)
def test_words_asked_for_one_by_one_are_those_of_the_whole(text: str, allowed: list[str]) -> None:
    reader, span = Reader(text, [], LEXICON), Span(0, len(text))
    words = reader.classes(span)
    assert reader.only(span, *allowed) is all(names & set(allowed) for _, names in words)
    assert "".join(text[slice(*word)] for word, _ in words) == text
