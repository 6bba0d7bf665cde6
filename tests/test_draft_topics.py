"""What opens a topic in a text that has one sentence to a line."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from policygraph.text.draft.topics import Topics

SENTENCES = ["修建公路", "加强数据管理", "完善数据目录", "公布数据清单", "种植果树"]


def test_words_that_come_back_behind_a_sentence_speak_for_it() -> None:
    topics = Topics(SENTENCES)
    assert topics.gain(1, "数据管理") > 0
    assert topics.gain(3, "数据清单") < 0


def test_the_nearer_the_words_come_back_the_more_they_count() -> None:
    near = Topics(["数据管理", "数据目录", "种植果树", "修建公路"])
    far = Topics(["数据管理", "种植果树", "修建公路", "数据目录"])
    assert near.gain(0, "数据管理") > far.gain(0, "数据管理") > 0


def test_words_found_on_neither_side_tell_nothing() -> None:
    assert Topics(SENTENCES).gain(4, "种植果树") == 0
    assert Topics(SENTENCES).gain(0, "，1") == 0


def test_what_few_sentences_have_counts_more_than_what_many_have() -> None:
    often = ["数据管理", "数据目录", "数据清单", "数据服务", "果树管理"]
    topics = Topics(often)
    assert topics.gain(0, "管理") > topics.gain(3, "数据")


@given(st.lists(st.text("数据管理目录，1"), min_size=1, max_size=12), st.data())
def test_a_text_read_from_its_end_gives_the_contrary(
    sentences: list[str], data: st.DataObject
) -> None:
    number = data.draw(st.integers(0, len(sentences) - 1))
    forward = Topics(sentences).gain(number, sentences[number])
    back = Topics(sentences[::-1]).gain(len(sentences) - 1 - number, sentences[number])
    assert abs(forward + back) < 1e-9
