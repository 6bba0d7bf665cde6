"""Answers as typed data frames, and what things look like in a notebook."""

from __future__ import annotations

import datetime
import sys
from decimal import Decimal
from html.parser import HTMLParser
from typing import Any

import nbformat
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode

from notebook import NOTEBOOK, executed, outputs
from policygraph.api.policy_graph import PolicyGraph
from policygraph.errors import WrongUsage
from policygraph.graph.frames import columns_of
from policygraph.graph.html import MOST_ROWS, link, short, table
from policygraph.graph.query import Answer
from policygraph.namespaces import XSD


def typed(value: str, kind: str) -> Literal:
    return Literal(value, datatype=NamedNode(XSD + kind))


ROWS = (
    (
        typed("3", "integer"),
        typed("1.50", "decimal"),
        typed("true", "boolean"),
        typed("2024-04-01", "date"),
        Literal("目标", language="zh-hans"),
        NamedNode("https://example.org/a"),
    ),
    (
        None,
        typed("2", "integer"),
        typed("0", "boolean"),
        None,
        Literal("goal", language="en"),
        None,
    ),
)
NAMES = ("count", "share", "done", "day", "label", "thing")
ANSWER = Answer(NAMES, ROWS, {})


def test_pandas_columns_are_typed_and_gaps_are_gaps() -> None:
    frame = ANSWER.to_pandas()
    assert [str(frame[name].dtype) for name in NAMES[:4]] == [
        "Int64",
        "object",
        "boolean",
        "datetime64[s]",
    ]
    assert frame["count"].tolist() == [3, pd.NA]
    assert frame["share"].tolist() == [Decimal("1.50"), Decimal(2)]
    assert frame["done"].tolist() == [True, False]
    assert frame["day"][0] == pd.Timestamp("2024-04-01")
    assert pd.isna(frame["day"][1])
    assert frame["label"].tolist() == ["目标", "goal"]


def test_polars_columns_are_typed() -> None:
    frame = ANSWER.to_polars()
    assert frame.schema == {
        "count": pl.Int64,
        "share": pl.Decimal(38, 2),
        "done": pl.Boolean,
        "day": pl.Date,
        "label": pl.String,
        "thing": pl.String,
    }
    assert frame.rows()[0] == (
        3,
        Decimal("1.50"),
        True,
        datetime.date(2024, 4, 1),
        "目标",
        "https://example.org/a",
    )
    assert frame.rows()[1][0] is None


def test_arrow_columns_are_typed() -> None:
    found = ANSWER.to_arrow()
    assert found.schema.types == [
        pa.int64(),
        pa.decimal128(38, 2),
        pa.bool_(),
        pa.date32(),
        pa.string(),
        pa.string(),
    ]
    assert found.to_pylist()[1]["share"] == Decimal("2.00")


@pytest.mark.parametrize("library", ["to_pandas", "to_polars", "to_arrow"])
def test_languages_are_kept_on_request(library: str) -> None:
    frame = getattr(ANSWER, library)(languages=True)
    names = list(getattr(frame, "column_names", None) or frame.columns)
    assert names == ["count", "share", "done", "day", "label", "label_language", "thing"]
    values = frame["label_language"]
    found = values.to_pylist() if library == "to_arrow" else list(values)
    assert found == ["zh-hans", "en"]


@pytest.mark.parametrize(
    ("terms", "kind"),
    [
        ([typed("1", "integer"), Literal("one")], "text"),
        ([typed("2024-02-31", "date")], "text"),
        ([typed("99999999999999999999", "integer")], "text"),
        ([typed("yes", "boolean")], "text"),
        ([typed("1" * 50 + ".5", "decimal")], "text"),
        ([typed("x", "integer")], "text"),
        ([None], "text"),
        ([typed("2024", "gYear")], "text"),
    ],
)
def test_what_does_not_fit_one_type_is_text(terms: list[Any], kind: str) -> None:
    (column,) = columns_of(["c"], [[term] for term in terms])
    assert column.kind == kind
    assert column.values == tuple(term and term.value for term in terms)


@given(st.lists(st.integers(-(2**63), 2**63 - 1) | st.none()))
def test_integers_come_back_as_they_were(numbers: list[int | None]) -> None:
    rows = tuple((None if n is None else typed(str(n), "integer"),) for n in numbers)
    answer = Answer(("n",), rows, {})
    assert answer.to_arrow().column("n").to_pylist() == numbers
    assert answer.to_polars()["n"].to_list() == numbers


@pytest.mark.parametrize(
    ("method", "module", "extra"),
    [
        ("to_pandas", "pandas", "pandas"),
        ("to_polars", "polars", "polars"),
        ("to_arrow", "pyarrow", "arrow"),
    ],
)
def test_a_library_that_is_missing_is_named_with_its_extra(
    monkeypatch: pytest.MonkeyPatch, method: str, module: str, extra: str
) -> None:
    monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(WrongUsage, match=rf"policygraph\[{extra}\]"):
        getattr(ANSWER, method)()


# In a notebook


class Seen(HTMLParser):
    """Gathers tags and text, and refuses what a notebook should not hold."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.links: list[str] = []
        self.text = ""
        self.feed(text)
        assert self.open == []

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        assert tag in {"table", "caption", "thead", "tbody", "tr", "th", "td", "a", "h4", "p", "br"}
        if tag != "br":
            self.open.append(tag)
        self.links += [value or "" for name, value in attributes if name == "href"]

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


def test_an_answer_shows_itself_with_links_and_headings(graph: PolicyGraph) -> None:
    seen = Seen(graph.query("actions-of-goal", goal="g5")._repr_html_())
    assert "加快全国一体化算力网" in seen.text
    assert any("#char=" in link for link in seen.links)


def test_hostile_words_are_only_text() -> None:
    words = "<script>alert(1)</script>\"'&"
    rows = ((Literal(words), NamedNode("javascript:alert(1)"), typed(words, "integer")),)
    seen = Seen(table([words, "b", "c"], rows, words))
    assert seen.text.count(words) == 4
    assert seen.links == []
    assert "&quot;" in link('https://e.org/"x', "y") or link('https://e.org/"x', "y") == "y"


def test_a_long_answer_is_cut_and_says_so() -> None:
    rows = tuple((Literal(str(number)),) for number in range(MOST_ROWS + 7))
    seen = Seen(table(["n"], rows))
    assert seen.text.endswith("… 7 more")


def test_short_names() -> None:
    base = "https://w3id.org/policygraph/"
    passage = f"{base}id/document/cn-ndwc-2024/text/18f5ebfaaec5#char=836,846"
    assert short(passage) == "document/cn-ndwc-2024#836–846"
    assert short(f"{base}graph/registry/iso") == "registry/iso"
    assert short(f"{base}ns#Goal") == "pg:Goal"


def test_a_thing_has_all_that_is_said_of_it_each_with_its_sentence(graph: PolicyGraph) -> None:
    initiative = graph.entity("东数西算")
    assert (initiative.key, initiative.kind) == ("cn-east-data-west-computing", "initiative")
    assert initiative.labels["zh"] == "“东数西算”工程"
    stated = [fact for fact in initiative.mentions if fact.origin == "stated"]
    assert [fact.sentence.partition("，")[0] for fact in stated] == ["持续实施“东数西算”工程"]
    held = set(graph.store.triples())
    for fact in (*initiative.facts, *initiative.mentions):
        assert fact.triple in held
        assert fact.evidence
    origins = [fact.origin == "inferred" for fact in initiative.facts]
    assert origins == sorted(origins), "what follows comes last"
    seen = Seen(initiative._repr_html_())
    assert "持续实施“东数西算”工程" in seen.text
    assert len(initiative.table()) == len(initiative.facts) + len(initiative.mentions)


def test_the_part_around_a_thing_keeps_its_evidence(graph: PolicyGraph) -> None:
    part = graph.around("东数西算")
    assert part.centre in part.things
    assert set(part.triples) <= graph.store.triples()
    assert set(part.store.quads()) <= set(graph.store.quads())
    for fact in part.facts:
        for evidence in fact.evidence:
            if evidence.origin == "stated":
                assert part.store.graphs_of(fact.triple) or fact.origin == "inferred"
                assert next(part.store.passages_of(f"<{part.centre}>"), "") is not None
    quotes = {q.object.value for q in part.store.quads() if q.predicate.value.endswith("anchorOf")}
    assert "持续实施“东数西算”工程" in quotes
    wider = graph.around("东数西算", steps=2)
    assert set(part.things) < set(wider.things)
    assert set(part.network()) <= set(wider.network())
    assert b"cn-east-data-west-computing" in part.turtle()
    assert Seen(part._repr_html_()).text.startswith(f"{len(part.things)} things")


def test_a_thing_that_is_not_there_is_refused(graph: PolicyGraph) -> None:
    for name in ("nobody", "https://example.org/nobody"):
        with pytest.raises(WrongUsage):
            graph.entity(name)
        with pytest.raises(WrongUsage):
            graph.around(name)


def test_short_forms_in_a_console(graph: PolicyGraph) -> None:
    assert repr(graph.query("numbers")).startswith("<Answer: ")
    assert repr(graph.entity("cn-nda")).startswith("<Entity institution/cn-nda: ")
    assert repr(graph.around("cn-nda")).endswith("around institution/cn-nda>")


@pytest.mark.slow
def test_the_example_notebook_gives_what_it_shows() -> None:
    shown = nbformat.read(NOTEBOOK, as_version=4)
    assert len(outputs(shown)) > 8
    before = nbformat.v4.writes(shown)
    run = executed(nbformat.reads(before, as_version=4))
    assert outputs(run) == outputs(shown), "python tests/notebook.py writes it again"
    assert nbformat.v4.writes(run) == before
