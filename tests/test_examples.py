"""The example workspace is what its README says: invented, damaged, drafted, reviewed, built."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

from conftest import ROOT
from policygraph.graph.wording import states_day
from policygraph.pipeline import PolicyGraph
from policygraph.text.restore import restore
from policygraph.text.restore.redamage import check
from policygraph.text.review.sheet import Sheet

YUNZE = ROOT / "examples" / "yunze"
DOCUMENTS = sorted(path.name for path in (YUNZE / "data" / "documents").iterdir())


def test_the_example_builds_without_an_error_or_a_warning(yunze: PolicyGraph) -> None:
    assert {finding.severity for finding in yunze.findings} <= {"info"}
    assert {row["document"] for row in yunze.query("documents")} == {
        f"https://example.org/yunze/id/document/{name}" for name in DOCUMENTS
    }


@pytest.mark.parametrize(("name", "damaged"), [(DOCUMENTS[0], True), (DOCUMENTS[1], False)])
def test_one_source_is_damaged_and_one_is_clean(name: str, damaged: bool) -> None:
    source = (YUNZE / "data/documents" / name / "source/news.txt").read_text("utf-8")
    restored = restore(source)
    assert bool(restored.edits) is damaged
    assert check(restored).equal
    assert all(edit.status == "proved" for edit in restored.edits)


def test_every_label_of_the_example_is_in_chinese_and_in_english(yunze: PolicyGraph) -> None:
    asked = """SELECT ?thing { ?thing prov:wasQuotedFrom ?passage .
        FILTER NOT EXISTS { ?thing rdfs:label ?en . ?thing rdfs:label ?zh
            FILTER(langMatches(lang(?en), "en") && langMatches(lang(?zh), "zh")) } }"""
    assert yunze.query(asked).rows == []


def test_the_texts_say_that_they_are_examples(yunze: PolicyGraph) -> None:
    for row in yunze.query("documents"):
        assert "（示例）" in row["document_zh"]
        assert "(an example)" in row["document_en"]
        assert "示例" in row["legal_status_zh"]


@pytest.mark.parametrize("name", DOCUMENTS)
def test_the_statements_are_those_of_the_draft_reviewed(
    name: str, run: Callable[..., Result]
) -> None:
    source = YUNZE / "data/documents" / name / "source/news.txt"
    drafted = run("draft", "-q", "-C", YUNZE, source).stdout
    reviewed = (YUNZE / "data/documents" / name / "statements.yaml").read_text("utf-8")
    offered, decided = (
        {row.fields["quote"] for row in Sheet(text).rows.values()} for text in (drafted, reviewed)
    )
    kept = [words for words in offered if any(each in words or words in each for each in decided)]
    assert len(kept) >= len(offered) * 0.6
    assert "review: draft" not in reviewed


def test_a_span_of_days_states_its_last_day_and_no_day_between() -> None:
    said = "会议于1月16日至18日召开"
    issued = "2024-01-20"
    days = [datetime.date(2024, 1, day).isoformat() for day in range(15, 20)]
    assert [day for day in days if states_day(said, day, issued)] == ["2024-01-16", "2024-01-18"]


def test_nothing_of_the_example_is_named_as_if_it_were_real() -> None:
    for path in Path(YUNZE).rglob("*.yaml"):
        assert "w3id.org" not in path.read_text("utf-8"), path
