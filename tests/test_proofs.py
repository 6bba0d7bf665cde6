"""Everything that was inferred, explained in rows: each premise down to who says it."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from io import StringIO
from pathlib import Path

import pytest
from click.testing import Result
from pyoxigraph import NamedNode, Quad

from policygraph.api.policy_graph import PolicyGraph
from policygraph.graph.explain import Explainer
from policygraph.graph.proofs import explanations, rows_of
from policygraph.graph.store import GraphStore
from policygraph.graph.terms import pg
from policygraph.identifiers import Identifiers

IDS = Identifiers("https://example.org/")


@pytest.fixture(scope="module")
def table(tmp_path_factory: pytest.TempPathFactory, conference: Path) -> list[dict[str, str]]:
    """What the command writes about the conference report."""
    from click.testing import CliRunner

    from policygraph.cli import policygraph

    path = tmp_path_factory.mktemp("proofs") / "proofs.csv"
    arguments = [
        "explain",
        "--all-inferred",
        "-f",
        "csv",
        "-o",
        str(path),
        "-C",
        str(conference),
        "-q",
    ]
    assert CliRunner().invoke(policygraph, arguments).exit_code == 0
    return list(csv.DictReader(StringIO(path.read_text("utf-8"))))


def inferred(row: dict[str, str]) -> tuple[str, str, str]:
    return row["inferred_subject"], row["inferred_predicate"], row["inferred_object"]


def test_every_inferred_triple_has_a_proof(graph: PolicyGraph, table: list[dict[str, str]]) -> None:
    wanted = {
        (quad.subject.value, quad.predicate.value, quad.object.value)
        for quad in graph.store.quads("inferred")
    }
    proved = {inferred(row) for row in table if row["step"] == "" and row["rule"] and row["axiom"]}
    assert proved == wanted
    assert len(wanted) > 500


def test_no_premise_is_empty_and_every_branch_ends_with_evidence(
    table: list[dict[str, str]],
) -> None:
    steps: dict[tuple[str, str, str], set[str]] = {}
    for row in table:
        steps.setdefault(inferred(row), set()).add(row["step"])
    for row in table:
        assert row["subject"]
        assert row["predicate"]
        assert row["object"]
        if row["origin"] == "inferred":
            below = f"{row['step']}.1" if row["step"] else "1"
            assert below in steps[inferred(row)], row
        else:
            assert row["graph"], row
        if row["origin"] == "stated":
            assert row["words"] in row["sentence"]
            assert row["words"], row


def test_a_row_is_a_premise_with_its_place_in_the_proof(table: list[dict[str, str]]) -> None:
    goal = "https://w3id.org/policygraph/id/goal/cn-ndwc-2024-g5"
    rows = [
        row
        for row in table
        if inferred(row)[1].endswith("#behindGoal") and row["inferred_object"] == goal
    ]
    assert [(row["step"], row["origin"]) for row in rows] == [
        ("", "inferred"),
        ("1", "editor"),
        ("2", "stated"),
        ("3", "stated"),
    ]
    assert rows[0]["rule"] == "prp-spo2"
    assert "does not say who convened" in rows[1]["words"]
    assert rows[3]["sentence"] == "5）优化数据基础设施布局。"


def test_premises_that_follow_themselves_are_taken_further_down(
    table: list[dict[str, str]],
) -> None:
    deep = [row for row in table if "." in row["step"]]
    assert deep
    assert {row["origin"] for row in deep} & {"stated", "registry", "editor"}


def test_what_our_rules_do_not_give_is_a_row_without_a_rule() -> None:
    triple = (NamedNode(IDS.thing("goal", "a")), pg("advances"), NamedNode(IDS.thing("goal", "b")))
    store = GraphStore([Quad(*triple, NamedNode(IDS.graph("inferred")))])
    (explanation,) = explanations(Explainer(store))
    (row,) = rows_of(explanation)
    assert (row.step, row.origin, row.rule) == ("", "inferred", "")


def test_the_rows_of_one_triple_and_of_all_agree(
    run: Callable[..., Result], conference: Path, table: list[dict[str, str]]
) -> None:
    parts = ("cn-nda", "behindGoal", "cn-ndwc-2024-g5", "-f", "json", "-C", conference, "-q")
    rows = json.loads(run("explain", *parts).output)
    assert rows
    assert all(row in table for row in rows)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["cn-nda", "behindGoal"], "2 parts were given"),
        ([], "0 parts were given"),
        (["a", "b", "c", "--all-inferred"], "3 parts were given"),
        (["--all-inferred", "-o", "out.txt"], "not written to a file"),
    ],
)
def test_bad_input_is_told(
    run: Callable[..., Result], conference: Path, arguments: list[str], words: str
) -> None:
    result = run("explain", *arguments, "-C", conference, "-q")
    assert result.exit_code == 2
    assert words in " ".join(result.output.split())
