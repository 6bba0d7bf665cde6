"""Quads made as text are those that pyoxigraph writes and reads."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, parse, serialize

from policygraph.graph.written import Lines, index, literal, node, quoted, quoter_of
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


@given(WORDS | AWKWARD, st.integers(0, 50), st.integers(0, 50))
def test_words_of_a_text_are_quoted_as_those_of_any_other(text: str, start: int, end: int) -> None:
    assert quoter_of(text)(text[start:end]) == quoted(text[start:end])


@given(st.lists(st.tuples(*[st.sampled_from(["<a:a>", "<a:b>"])] * 4)), st.integers(0, 9))
def test_a_quad_is_written_once_and_counted_once(
    quads: list[tuple[str, str, str, str]], first: int
) -> None:
    lines = Lines()
    lines.say(quads[:first])
    lines.take(["<a:c> <a:c> ", "<a:c> <a:a> .\n"], 1, "<a:a>")
    lines.say(quads[first:])
    graphs = [line.split(" ")[3] for line in bytes(lines).decode().splitlines()]
    assert lines.counts() == Counter(graphs)
    assert len(graphs) == len(set(quads)) + 1


@given(st.integers(min_value=0))
def test_numbers_and_values_have_their_datatype(number: int) -> None:
    integer = NamedNode(XSD + "integer")
    assert index(number) == str(Literal(str(number), datatype=integer))
    assert literal(str(number), datatype=integer.value) == index(number)


def test_what_is_no_iri_is_not_written() -> None:
    with pytest.raises(ValueError, match="IRI"):
        node("not one> .")
