"""Quads made as text are those that pyoxigraph writes and reads."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, parse, serialize

from policygraph.graph.written import Lines, index, literal, node
from policygraph.namespaces import XSD

WORDS = st.text(st.characters(exclude_categories=["Cs"]))
AWKWARD = st.text(
    st.sampled_from("甲a \"\\\n\r\t\x00\x08\x7f\x85\ufeff\u2028\u3000'<>{}|^`\U0001f600")
)
LANGUAGES = st.sampled_from(["", "en", "zh-Hans", "EN-gb"])


@given(WORDS | AWKWARD, LANGUAGES)
def test_words_are_written_as_pyoxigraph_writes_them(words: str, language: str) -> None:
    term = Literal(words, language=language or None)
    assert literal(words, language=language) == str(term)
    a = NamedNode("https://example.org/a")
    lines = Lines()
    lines.say([(node(a.value), node(a.value), literal(words, language=language), str(a))] * 2)
    line = bytes(lines)
    assert line == serialize([Quad(a, a, term, a)], format=RdfFormat.N_QUADS)
    assert [quad.object for quad in parse(line, RdfFormat.N_QUADS)] == [term]


@given(st.integers(min_value=0))
def test_numbers_and_values_have_their_datatype(number: int) -> None:
    integer = NamedNode(XSD + "integer")
    assert index(number) == str(Literal(str(number), datatype=integer))
    assert literal(str(number), datatype=integer.value) == index(number)


def test_what_is_no_iri_is_not_written() -> None:
    with pytest.raises(ValueError, match="IRI"):
        node("not one> .")
