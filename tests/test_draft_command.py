"""``policygraph draft``: rows to review, the guide's JSON, folders, and the way into the graph."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml
from click.testing import Result
from hypothesis import example, given
from hypothesis import strategies as st

import policygraph
from conftest import ROOT
from policygraph.cli.drafting import Job, draft_file
from policygraph.errors import UnreadableInput
from policygraph.identifiers import origin_of
from policygraph.report import Finding
from policygraph.text.documents import read_document
from policygraph.text.draft.confidence import Rating, rated, ratings, read_calibration, wilson
from policygraph.text.draft.drafter import Drafter, draft_text
from policygraph.text.draft.write import statements_yaml
from policygraph.text.draft.yaml_words import scalar
from policygraph.text.statements import read_statements, walk

Run = Callable[..., Result]
PLAN = ROOT / "tests" / "cases" / "draft" / "plan.txt"
REPORT = ROOT / "data" / "documents" / "cn-ndwc-2024"
DAMAGED = REPORT / "source" / "conference.txt"


@pytest.fixture
def workspace_of_report(tmp_path: Path) -> Path:
    """A workspace with the conference report, its statements replaced by a draft."""
    root = tmp_path / "workspace"
    shutil.copytree(ROOT / "data", root / "data", ignore=shutil.ignore_patterns("lexicon"))
    return root


def test_a_draft_is_yaml_whose_rows_are_marked_and_name_their_rule(run: Run) -> None:
    result = run("draft", PLAN)
    assert result.exit_code == 0
    top = yaml.safe_load(result.stdout)
    assert top["document"] == "plan"
    assert top["text"] == hashlib.sha256(PLAN.read_bytes()).hexdigest()
    rows = [row for section in top["sections"] for row in section["statements"]]
    assert rows
    for row in rows:
        assert row["review"] == "draft"
        assert row["rule"]
        assert row["confidence"] == "unrated"
    assert "36 clauses" in result.stderr or "clauses" in result.stderr


def test_a_draft_loads_in_the_reader_with_every_quote_in_its_place(tmp_path: Path) -> None:
    text = PLAN.read_text("utf-8")
    made = draft_file(PLAN, Job("yaml", "2026-03-01", "", None))
    path = tmp_path / "statements.yaml"
    path.write_text(made.written, "utf-8")
    findings: list[Finding] = []
    sha256 = hashlib.sha256(text.encode()).hexdigest()
    sections = read_statements(path, "plan", text, sha256, findings)
    assert findings == []
    stated = [clause.span for clause in made.draft.clauses if clause.kind != "context"]
    assert (
        sorted(
            row.span
            for part in sections
            for row in walk(part.rows)
            if row.kind != "Figure" and not row.of
        )
        == stated
    )


@given(st.text(alphabet="数据要建设推进加快，。、：\n了去年今年要1%", max_size=150))
@example("")
def test_any_draft_loads_and_names_no_row_twice(text: str) -> None:
    draft = draft_text(Drafter.read(), "any", text, issued="2024-05-01")
    written = statements_yaml(draft, periods={"2023", "2024"})
    path = Path(os.environ.get("TMPDIR", "/tmp")) / f"draft-{os.getpid()}.yaml"
    path.write_text(written, "utf-8")
    findings: list[Finding] = []
    sha256 = hashlib.sha256(text.encode()).hexdigest()
    read_statements(path, "any", text, sha256, findings)
    path.unlink()
    assert findings == []


@given(
    st.text(max_size=30) | st.sampled_from(["no", "null", "~", "2024", "2024-13-01", "甲: 乙 #"])
)
def test_any_words_come_back_from_yaml_as_they_were(words: str) -> None:
    written = f"- {scalar(words)}\n"
    assert yaml.safe_load(written) == [words]


def test_the_json_counts_in_the_file_as_it_is_even_a_damaged_one(run: Run) -> None:
    source = DAMAGED.read_text("utf-8")
    top = json.loads(run("draft", DAMAGED, "-f", "json", "-q").stdout)
    assert top["sha256"] == hashlib.sha256(DAMAGED.read_bytes()).hexdigest()
    for clause in top["clauses"]:
        for part in (clause, *(clause.get(name) for name in ("verb", "object", "subject"))):
            if part:
                assert source[part["start"] : part["end"]] == part["text"]


def test_the_json_of_a_clean_text_has_the_offsets_of_the_restored_one(run: Run) -> None:
    text = PLAN.read_text("utf-8")
    top = json.loads(run("draft", PLAN, "-f", "json", "-q").stdout)
    spans = [(clause["start"], clause["end"]) for clause in top["clauses"]]
    assert spans == [tuple(clause.span) for clause in Drafter.read().clauses(text)]


def test_a_table_shows_the_parts_of_each_clause(run: Run) -> None:
    shown = run("draft", PLAN, "-f", "table", "--lang", "zh").stdout
    assert "健全数据归集制度" in shown
    assert "宾语" in shown


def test_the_draft_of_a_document_knows_its_id_and_the_years_of_its_sections(
    workspace_of_report: Path, run: Run
) -> None:
    source = workspace_of_report / "data/documents/cn-ndwc-2024/source/conference.txt"
    top = yaml.safe_load(run("draft", source, "-C", workspace_of_report, "-q").stdout)
    assert top["document"] == "cn-ndwc-2024"
    known = [(part["status"], part.get("period")) for part in top["sections"]]
    assert ("achieved", "2023") in known
    assert ("planned", "2024") in known


def test_a_draft_builds_into_the_candidate_graph_and_nowhere_else(
    workspace_of_report: Path, run: Run
) -> None:
    folder = workspace_of_report / "data/documents/cn-ndwc-2024"
    (folder / "statements.yaml").unlink()
    run("draft", "cn-ndwc-2024", "-C", workspace_of_report)
    (workspace_of_report / "data/registry/judgements.yaml").unlink()  # about curated rows
    built = policygraph.build(workspace_of_report, drafts=True, keep_invalid=True)
    drafted = [q for q in built.store.quads() if "/cn-ndwc-2024-d-" in str(q.triple)]
    assert any(q.predicate.value.endswith("ns#verb") for q in drafted)
    assert {origin_of(quad.graph_name.value) for quad in drafted} == {"candidate"}


def test_a_reviewed_document_is_offered_only_what_was_never_decided(
    workspace_of_report: Path, run: Run
) -> None:
    target = workspace_of_report / "data/documents/cn-ndwc-2024/statements.yaml"
    before = target.read_text("utf-8")
    result = run("draft", "cn-ndwc-2024", "-C", workspace_of_report)
    assert result.exit_code == 0
    assert "rows kept because a person touched them: 73" in result.stderr
    after = target.read_text("utf-8").splitlines()
    left = iter(after)
    assert all(line in left for line in before.splitlines()), "a line of before is gone"
    assert 0 < after.count("        review: draft") < 10


def test_decisions_whose_words_are_gone_are_named_with_their_line(tmp_path: Path, run: Run) -> None:
    text, target = tmp_path / "plan.txt", tmp_path / "plan.yaml"
    text.write_text("健全数据基础制度。明确部门职责。", "utf-8")
    run("draft", text, "-o", target)
    reviewed = target.read_text("utf-8").replace("review: draft", "review: accepted")
    target.write_text(reviewed, "utf-8")
    text.write_text("健全数据基础制度。厘清部门职责。", "utf-8")
    result = run("draft", text, "-o", target)
    assert result.exit_code == 0
    assert f"{target}:" in result.stderr
    assert "“明确部门职责” are no longer in their place" in result.stderr
    assert target.read_text("utf-8").count("review: lost") == 1


def test_what_is_neither_a_file_nor_a_document_is_refused(run: Run) -> None:
    for path in ("no-such", "../documents/cn-ndwc-2024", "/etc/nothing"):
        result = run("draft", path, "-C", ROOT)
        assert result.exit_code == 3
        assert "neither a file nor a document" in result.stderr


def test_a_folder_is_drafted_text_by_text_and_goes_on_where_it_was(
    tmp_path: Path, run: Run
) -> None:
    texts, drafts = tmp_path / "texts", tmp_path / "drafts"
    texts.mkdir()
    shutil.copy(PLAN, texts / "one.txt")
    (texts / "two.txt").write_text("健全数据基础制度。", "utf-8")
    (texts / "bad.txt").write_bytes(b"\xff\xfe\x00")
    first = run("draft", texts, "-o", drafts, "--jobs", "2")
    assert first.exit_code == 1  # one text cannot be read, the others are drafted
    assert "2 texts drafted" in first.stderr
    assert sorted(path.name for path in drafts.iterdir()) == ["one.yaml", "two.yaml"]
    (texts / "bad.txt").unlink()
    (texts / "two.txt").write_text("完善数据基础制度。", "utf-8")
    second = run("draft", texts, "-o", drafts)
    assert second.exit_code == 0
    assert "1 texts drafted, 1 kept" in second.stderr
    assert "完善" in (drafts / "two.yaml").read_text("utf-8")


def test_lint_says_that_the_tables_are_sound(run: Run) -> None:
    result = run("draft", "--lint")
    assert result.exit_code == 0
    assert "examples" in result.stderr


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ((), "name a text"),
        ((PLAN, "--document-date", "2024-13-01"), "not an existing day"),
        ((PLAN, "--genre", "poem"), "no genre poem"),
        ((PLAN.parent,), "into a folder"),
    ],
)
def test_what_makes_no_sense_is_refused_with_advice(
    run: Run, arguments: tuple[object, ...], says: str
) -> None:
    result = run("draft", *arguments)  # type: ignore[arg-type]
    assert result.exit_code == 2
    assert says in result.stderr


def test_a_folder_without_texts_is_refused(tmp_path: Path, run: Run) -> None:
    result = run("draft", tmp_path, "-o", tmp_path / "out")
    assert result.exit_code == 3
    assert "no *.txt" in result.stderr


@pytest.mark.slow
@pytest.mark.parametrize("ended_by", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_a_run_that_is_ended_leaves_whole_drafts_and_the_next_goes_on(
    tmp_path: Path, run: Run, ended_by: signal.Signals
) -> None:
    texts, out = tmp_path / "texts", tmp_path / "out"
    texts.mkdir()
    for number in range(12):
        (texts / f"{number:02}.txt").write_text(
            f"第{number}份。\n" + PLAN.read_text("utf-8") * 15, "utf-8"
        )
    command = [
        sys.executable,
        "-m",
        "policygraph",
        "draft",
        str(texts),
        "-o",
        str(out),
        "--jobs",
        "2",
    ]
    with subprocess.Popen(command, stderr=subprocess.PIPE) as process:
        while process.poll() is None and not list(out.glob("*.yaml")):
            time.sleep(0.02)
        process.send_signal(ended_by)
        said = process.communicate(timeout=60)[1]  # ends only when its workers are gone too
    assert b"Traceback" not in said
    whole = {path.name: path.read_bytes() for path in out.glob("*.yaml")}
    assert 0 < len(whole) < 12
    result = run("draft", texts, "-o", out, "--jobs", "2")
    assert result.exit_code == 0, result.stderr
    assert len(list(out.glob("*.yaml"))) == 12
    assert all((out / name).read_bytes() == data for name, data in whole.items())
    assert all(yaml.safe_load(data)["document"] == name[:2] for name, data in whole.items())


def test_a_script_without_a_guard_can_draft_in_processes(tmp_path: Path) -> None:
    (tmp_path / "texts").mkdir()
    for number in range(2):
        shutil.copy(PLAN, tmp_path / "texts" / f"{number}.txt")
    script = tmp_path / "script.py"
    script.write_text(
        "from pathlib import Path\n"
        "from policygraph.cli.drafting import Job, draft_folder\n"
        f"here = Path({str(tmp_path)!r})\n"
        "texts = sorted((here / 'texts').iterdir())\n"
        "print(draft_folder(texts, here / 'out', Job('yaml', '', '', None), 2)[0])\n",
        "utf-8",
    )
    made = subprocess.run(
        [sys.executable, str(script)], capture_output=True, text=True, check=False
    )
    assert "Traceback" not in made.stderr
    assert made.stdout.strip() == "{'drafted': 2, 'kept': 0, 'failed': 0}"


# confidence


def test_confidence_is_the_lower_bound_of_what_reviewers_decided() -> None:
    assert str(Rating(70, 74)) == "high: at least 0.88 (70 of 74 right)"
    assert str(Rating(5, 6)) == "low: at least 0.50 (5 of 6 right)"
    assert str(rated("never-reviewed", {})) == "unrated"


@given(st.integers(0, 500), st.integers(1, 500))
def test_the_bound_never_passes_the_share_and_grows_with_more_of_the_same(a: int, n: int) -> None:
    accepted = min(a, n)
    assert 0 <= wilson(accepted, n) <= accepted / n + 1e-12
    assert wilson(accepted, n) <= wilson(10 * accepted, 10 * n) + 1e-12


def test_decisions_are_counted_from_reviewed_rows_that_name_their_rule(
    workspace_of_report: Path,
) -> None:
    folder = workspace_of_report / "data/documents/cn-ndwc-2024"
    path = folder / "statements.yaml"
    made = draft_file(folder / "source/conference.txt", Job("yaml", "", "", None)).written
    first, *others = made.split("review: draft\n")
    path.write_text(
        first
        + "review: accepted\n"
        + "review: rejected\n".join(others[:1])
        + "review: rejected\n"
        + "review: draft\n".join(others[1:]),
        "utf-8",
    )
    known = ratings([read_document(folder, [])])
    assert sum(rating.decided for rating in known.values()) == 2
    assert sum(rating.accepted for rating in known.values()) == 1


def decided(folder: Path) -> None:
    """Draft the report and decide on three rows: accepted, corrected, rejected."""
    path = folder / "statements.yaml"
    made = draft_file(folder / "source/conference.txt", Job("yaml", "", "", None)).written
    parts = made.split("review: draft\n")
    kinds = ["accepted\n", "accepted\n    drafted: {type: Goal, quote: 另一句}\n", "rejected\n"]
    marks = [f"review: {kind}" for kind in kinds] + ["review: draft\n"] * (len(parts) - 4)
    path.write_text("".join(a + b for a, b in zip(parts, [*marks, ""], strict=True)), "utf-8")


def test_calibration_counts_what_was_right_corrected_and_rejected(
    workspace_of_report: Path, run: Run
) -> None:
    folder = workspace_of_report / "data/documents/cn-ndwc-2024"
    decided(folder)
    result = run("draft", "--calibrate", "-C", workspace_of_report)
    assert result.exit_code == 0, result.stderr
    assert "3 decisions" in result.stderr
    table = workspace_of_report / "data/lexicon/zh/calibration.tsv"
    first = table.read_bytes()
    head, *rows = first.decode().splitlines()
    assert head == "rule\taccepted\tcorrected\trejected"
    counts = [[int(count) for count in row.split("\t")[1:]] for row in rows]
    assert [sum(column) for column in zip(*counts, strict=True)] == [1, 1, 1]
    run("draft", "--calibrate", "-C", workspace_of_report)
    assert table.read_bytes() == first
    known = ratings([read_document(folder, [])])
    assert read_calibration(table.parent) == known


def test_a_draft_in_a_workspace_shows_the_bound_of_what_was_decided_there(
    workspace_of_report: Path, run: Run
) -> None:
    decided(workspace_of_report / "data/documents/cn-ndwc-2024")
    rows = run("draft", PLAN, "-C", workspace_of_report).stdout
    assert 'confidence: "low: at least 0.' in rows
    assert "right)" in rows


def test_a_table_that_takes_an_accepted_row_back_is_named(
    workspace_of_report: Path, run: Run
) -> None:
    folder = workspace_of_report / "data/documents/cn-ndwc-2024"
    decided(folder)
    assert run("draft", "--lint", "-C", workspace_of_report).exit_code == 0
    path = folder / "statements.yaml"
    text = path.read_text("utf-8")
    first = text.index("review: accepted")
    start = text.rindex("type: ", 0, first)
    end = text.index("\n", start)
    other = "Achievement" if "Achievement" not in text[start:end] else "Action"
    path.write_text(f"{text[:start]}type: {other}{text[end:]}", "utf-8")
    result = run("draft", "--lint", "-C", workspace_of_report)
    assert result.exit_code == 1
    assert "would now be drafted as" in result.stderr


def test_counts_that_are_no_numbers_are_refused_with_their_line(tmp_path: Path) -> None:
    (tmp_path / "calibration.tsv").write_text(
        "rule\taccepted\tcorrected\trejected\nvo\t1\tmany\t0\n", "utf-8"
    )
    with pytest.raises(UnreadableInput) as caught:
        read_calibration(tmp_path)
    assert (caught.value.name, caught.value.where.line) == ("draft/count", 2)


@pytest.mark.slow
def test_the_bench_measures_or_says_why_not(tmp_path: Path) -> None:
    import subprocess
    import sys

    done = subprocess.run(
        [sys.executable, ROOT / "bench" / "quality.py"],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
        env={**os.environ, "PYTHONPATH": str(ROOT / "src")},
    )
    assert done.returncode == 0, done.stderr
    assert "statement" in done.stdout or "nothing to measure" in done.stdout
