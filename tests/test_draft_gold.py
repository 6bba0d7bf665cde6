"""Drafts beside annotations: the project's own example, and the figures that the README states."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Hashable, Iterable
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result

from conftest import ROOT

Run = Callable[..., Result]
GOLD = ROOT / "tests" / "cases" / "draft" / "gold"
FIGURES = json.loads((ROOT / "bench" / "quality.json").read_text("utf-8"))
TABLES = ["README.md", "README.zh-CN.md", "docs/guide/draft.md"]
MEASURES = [
    "statement",
    "entity, all",
    "entity institution",
    "entity initiative",
    "entity document",
    "entity place",
    "relation, all",
]
"""What the tables state, row by row; events, persons, dates and figures share a row."""


def words(part: dict[str, Any] | None) -> tuple[int, int] | None:
    return (part["start"], part["end"]) if part else None


def facts(annotated: dict[str, Any]) -> dict[str, set[Hashable]]:
    """Give what an annotation says, free of its ids."""
    things = [*annotated["clauses"], *annotated["entities"]]
    places = {thing["id"]: words(thing) for thing in things}
    clauses = annotated["clauses"]
    stated = [clause for clause in clauses if clause.get("verb")]
    return {
        "clauses": {words(clause) for clause in clauses},
        "kinds": {(words(clause), clause["kind"]) for clause in clauses},
        "statements": {(words(c["verb"]), words(c["object"]), words(c["subject"])) for c in stated},
        "mentions": {(words(e), e["type"]) for e in annotated["entities"]},
        "values": {(words(e), str(e["value"])) for e in annotated["entities"] if "value" in e},
        "relations": {
            (r["type"], places[r["from"]], places[r["to"]]) for r in annotated["relations"]
        },
    }


def f1(gold: Iterable[Hashable], found: Iterable[Hashable]) -> float:
    both = set(gold) & set(found)
    return 2 * len(both) / (len(set(gold)) + len(set(found)))


def annotations() -> list[Path]:
    return sorted(GOLD.glob("*.json"))


@pytest.mark.parametrize("path", annotations(), ids=lambda path: path.stem)
def test_an_annotated_example_quotes_its_text(path: Path) -> None:
    gold = json.loads(path.read_text("utf-8"))
    text = path.with_suffix(".txt").read_text("utf-8")
    assert gold["sha256"] == hashlib.sha256(text.encode()).hexdigest()
    things = [*gold["clauses"], *gold["entities"]]
    parts = [
        c[name] for c in gold["clauses"] for name in ("verb", "object", "subject") if c.get(name)
    ]
    assert all(text[part["start"] : part["end"]] == part["text"] for part in (*things, *parts))
    assert {end for r in gold["relations"] for end in (r["from"], r["to"])} <= {
        t["id"] for t in things
    }


@pytest.mark.parametrize("path", annotations(), ids=lambda path: path.stem)
def test_the_draft_of_an_annotated_example_comes_close_to_a_person_s(path: Path, run: Run) -> None:
    gold = json.loads(path.read_text("utf-8"))
    result = run("draft", path.with_suffix(".txt"), "-f", "json", "--document-date", gold["issued"])
    assert result.exit_code == 0
    draft = json.loads(result.stdout)
    assert draft["sha256"] == gold["sha256"]
    assert set(gold) - {"issued"} <= set(draft)
    expected, found = facts(gold), facts(draft)
    scores = {name: round(f1(expected[name], found[name]), 3) for name in expected}
    least = {"clauses": 1, "kinds": 0.9, "statements": 0.9, "mentions": 0.9, "relations": 0.9}
    assert {name: score for name, score in scores.items() if score < least.get(name, 0.9)} == {}


def table(page: str) -> list[tuple[str, ...]]:
    """Read the rows of figures of a page: precision, recall and F1."""
    text = (ROOT / page).read_text("utf-8")
    return re.findall(r"(?m)^\|[^|\n]+\| (\d?\.\d\d) \| (\d?\.\d\d) \| (\d?\.\d\d) \|$", text)


def two_digits(number: float) -> str:
    return f"{number:.2f}".removeprefix("0")


@pytest.mark.parametrize("page", TABLES)
def test_the_figures_a_page_states_are_those_that_were_measured(page: str) -> None:
    rows = [FIGURES["all"]["spans"][measure] for measure in MEASURES]
    measured = [tuple(two_digits(row[k]) for k in ("P", "R", "F1")) for row in rows]
    shared = [FIGURES["all"]["spans"][f"entity {t}"] for t in ("event", "person", "date", "figure")]
    assert {row["F1"] for row in shared} == {1}
    assert sorted(table(page)) == sorted([*measured, ("1.00", "1.00", "1.00")])


@pytest.mark.parametrize("page", TABLES)
def test_a_page_says_on_how_many_clauses_and_mentions_it_was_measured(page: str) -> None:
    text = (ROOT / page).read_text("utf-8")
    spans = FIGURES["all"]["spans"]
    assert str(spans["clause"]["gold"]) in text
    assert str(spans["entity, all"]["gold"]) in text
