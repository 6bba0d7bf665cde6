"""Drafting fast: what is left undone changes no draft, and nothing outside it."""

from __future__ import annotations

import gc

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conftest import ROOT
from policygraph.text.draft.drafter import Drafter, draft_text
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
