"""The shortest way between two things, each step with the sentence behind it."""

from __future__ import annotations

import csv
import json
import random
from collections.abc import Callable
from io import StringIO
from pathlib import Path

import networkx as nx
import pytest
from click.testing import Result
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import NamedNode, Quad

from policygraph.api.policy_graph import PolicyGraph
from policygraph.errors import NothingFound, WrongUsage
from policygraph.graph.store import GraphStore
from policygraph.graph.terms import TYPE, pg
from policygraph.identifiers import Identifiers
from policygraph.study.network.paths import Ways

IDS = Identifiers("https://example.org/")
GRAPHS = {
    "stated": IDS.passage(IDS.text("d", "0" * 64), 0, 9),
    "registry": IDS.graph("registry", "r"),
    "editor": IDS.graph("editor", "e"),
    "inferred": IDS.graph("inferred"),
    "candidate": IDS.graph("candidate"),
}


def thing(number: int) -> NamedNode:
    return NamedNode(IDS.thing("goal", f"g{number}"))


def said(start: int, end: int, origin: str, relation: str = "partOf") -> Quad:
    return Quad(thing(start), pg(relation), thing(end), NamedNode(GRAPHS[origin]))


def store_of(*quads: Quad) -> GraphStore:
    stated = NamedNode(GRAPHS["stated"])
    return GraphStore([*(Quad(thing(n), TYPE, pg("Goal"), stated) for n in range(8)), *quads])


def ways(store: GraphStore, start: int = 0, end: int = 1, **options: bool) -> list[list[str]]:
    found = Ways(store, thing(start).value, thing(end).value, IDS, 6, **options)
    return [[f"{move.end.rsplit('/g', 1)[1]} {move.origin}" for move in way] for way in found]


def test_the_administration_leads_to_the_project_by_sentences_alone(graph: PolicyGraph) -> None:
    way = graph.path("国家数据局", "东数西算", stated_only=True)
    assert [step.relation.rsplit("#", 1)[1] for step in way] == [
        "newsSource",
        "reportsAchievement",
        "implements",
    ]
    assert [step.against for step in way] == [True, False, False]
    quotes = [evidence.words["zh"] for step in way for evidence in step.explanation.leaves()]
    assert quotes == ["据国家数据局的消息", *2 * ["持续实施“东数西算”工程"]]


def test_a_shorter_way_by_a_source_is_taken_unless_only_sentences_count(graph: PolicyGraph) -> None:
    way = graph.path("National Data Administration", "cn-east-data-west-computing")
    assert [step.origin for step in way] == ["registry", "registry"]
    assert [evidence.origin for evidence in way[0].explanation.leaves()] == ["registry"]


def test_a_step_that_follows_is_marked_and_explained(graph: PolicyGraph) -> None:
    way = graph.path("cn-ndrc", "cn-ndwc-2024-g5")
    assert [step.origin for step in way] == ["registry", "inferred"]
    assert way[1].explanation.proof.rule == "prp-spo2"
    assert "editor" in {evidence.origin for evidence in way[1].explanation.leaves()}


def test_of_equal_ways_the_best_founded_comes_first() -> None:
    store = store_of(
        said(0, 2, "inferred"),
        said(2, 1, "stated"),
        said(0, 3, "editor"),
        said(3, 1, "stated"),
        said(0, 4, "stated"),
        said(1, 4, "registry"),
        said(0, 5, "candidate"),
        said(5, 1, "stated"),
    )
    assert ways(store) == [
        ["4 stated", "1 registry"],
        ["3 editor", "1 stated"],
        ["2 inferred", "1 stated"],
    ]
    assert ways(store, stated_only=True) == []


def test_what_follows_does_not_repeat_what_is_said() -> None:
    store = store_of(said(0, 1, "stated"), said(1, 0, "inferred", "hasPart"))
    assert ways(store) == [["1 stated"]]


def test_the_order_of_the_quads_does_not_matter() -> None:
    quads = [said(a, b, "stated") for a in (0, 1) for b in range(2, 8)]
    shuffled = random.Random(7).sample(quads, len(quads))
    assert ways(store_of(*quads)) == ways(store_of(*shuffled))
    assert len(ways(store_of(*quads))) == 6


edges = st.tuples(
    st.integers(0, 7), st.integers(0, 7), st.sampled_from(["stated", "editor", "inferred"])
).filter(lambda edge: edge[0] != edge[1])


@settings(max_examples=60, deadline=None)
@given(st.lists(edges, max_size=16))
def test_the_ways_are_those_that_networkx_finds(found: list[tuple[int, int, str]]) -> None:
    quads = [said(*edge) for edge in found]
    plain: nx.Graph[int] = nx.Graph()
    plain.add_nodes_from((0, 1))
    plain.add_edges_from((a, b) for a, b, _ in found)
    expected = set()
    if nx.has_path(plain, 0, 1) and nx.shortest_path_length(plain, 0, 1) <= 6:
        expected = {tuple(path[1:]) for path in nx.all_shortest_paths(plain, 0, 1)}
    listed = ways(store_of(*quads))
    weakness = {"stated": 0, "editor": 3, "inferred": 4}
    totals = [sum(weakness[step.split()[1]] for step in way) for way in listed]
    assert {tuple(int(step.split()[0]) for step in way) for way in listed} == expected
    assert totals == sorted(totals)


def test_no_way_and_no_such_name_are_told(graph: PolicyGraph) -> None:
    with pytest.raises(NothingFound, match="at most 2 steps"):
        graph.path("cn-nda", "cn-east-data-west-computing", longest=2, stated_only=True)
    with pytest.raises(WrongUsage, match="nearest"):
        graph.path("国家数居局", "东数西算")
    with pytest.raises(WrongUsage, match="same thing"):
        graph.path("国家数据局", "cn-nda")


# The command


def test_the_command_shows_each_step_with_its_sentence(
    run: Callable[..., Result], conference: Path
) -> None:
    shown = run(
        "path", "国家数据局", "东数西算", "--stated", "-C", conference, "--lang", "zh", "-q"
    )
    assert shown.exit_code == 0
    assert "3 步" in shown.output
    assert "据国家数据局的消息" in shown.output
    assert "【持续实施“东数西算”工程】，制定加快构建全国一体化算力网的实施意见" in shown.output


def test_weak_steps_are_marked(run: Callable[..., Result], conference: Path) -> None:
    shown = run("path", "cn-ndrc", "cn-ndwc-2024-g5", "-C", conference, "--lang", "en", "-q").output
    steps = [line for line in shown.splitlines() if line[:2] in ("1.", "2.")]
    assert [step.rpartition("(")[2] for step in steps] == ["from a source)", "inferred)"]


def test_rows_hold_a_sentence_for_every_step(run: Callable[..., Result], conference: Path) -> None:
    arguments = ("path", "国家数据局", "东数西算", "--stated", "-C", conference, "-q", "-f")
    rows = list(csv.DictReader(StringIO(run(*arguments, "csv").output)))
    assert [row["step"] for row in rows] == ["1", "2", "3"]
    assert all("#char=" in row["evidence"] and row["sentence"] for row in rows)
    assert [row["direction"] for row in rows] == ["against", "along", "along"]
    as_json = json.loads(run(*arguments, "json").output)
    assert [{name: str(value) for name, value in row.items()} for row in as_json] == rows


def test_no_path_is_exit_code_one(run: Callable[..., Result], conference: Path) -> None:
    result = run("path", "cn-ndrc", "CN-BJ", "--stated", "-C", conference, "-q")
    assert result.exit_code == 1
    assert "no way of at most 6 steps" in result.output
    assert run("path", "nobody", "CN-BJ", "-C", conference, "-q").exit_code == 2
