"""Languages are data: another one is a folder of tables, and the lint watches over all of it."""

from __future__ import annotations

import ast
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import Result

from conftest import ROOT
from policygraph.text.draft.drafter import Drafter, draft_text
from policygraph.text.draft.lint import lint

Run = Callable[..., Result]
HAN = re.compile("[\u3400-\u9fff]")
CODE = sorted((ROOT / "src" / "policygraph" / "text").rglob("*.py"))

SKELETON = {
    "verbs.tsv": [
        "form\tclass\tflags\ten\tcomment",
        *(
            f"{verb}\tbuild\t\t{verb.lower()}\t"
            for verb in ("Build", "build", "Improve", "improve")
        ),
    ],
    "modifiers.tsv": ["form\ten\tcomment", "quickly\tquickly\t"],
    "words.tsv": [
        "list\tform\tcomment",
        *("pause\t;\t", "space\t \t", "modal\tshall\t", "modal\tmust\t"),
    ],
    "prepositions.tsv": ["form\tclass\tclosers\tcomment", "for\tfor\t\t"],
    "shapes.tsv": ["name\tpattern\texample\tnot\tcomment", "figure\t\\d+%?\t12%\tabc\ta number"],
    "macros.tsv": [
        "name\tpattern\tcomment",
        "lead\t(?:(?:modifier|modal)space)*\twhat stands before the verb",
        "first_joined\tlead verb space any+\ta statement in a row",
        "next_joined\tverb space any+\tone that follows",
        "after\tpause figure\tanother figure",
    ],
    "patterns.tsv": [
        "name\tpattern\texample\tgives\tnot\twhy",
        "svo\tsubject:((?!verb)any+?)space modal space verb:(verb)space object:(any+)"
        "\tTowns must build roads\tV=build O=roads S=Towns\tbuild roads\twho must do what",
        "vo\tlead verb:(verb)space object:(any+)\tquickly build roads\tV=build O=roads\troads"
        "\ta verb and what it governs",
    ],
    "signs.tsv": [
        "list\tform\tcomment",
        *("sentence\t.\t", "clause\t,\t", "soft\t:\t", "open\t(\t", "close\t)\t"),
        *("speech\t“\t", "unspeech\t”\t"),
    ],
    "markers.tsv": [
        "name\tlevel\tpattern\texample\tnot\tcomment",
        "number\t1\t\\(\\d+\\) \t(1) Build\tBuild\ta number in brackets",
    ],
    "kinds.tsv": [
        "name\tkind\tstatus\tparts\tpattern\texample\tnot\twhy",
        "time-only\tcontext\tany\tany\t^In \\d{4}$\tIn 2030\tIn towns\ta time by itself",
    ],
    "sections.tsv": [
        "name\tplace\tstatus\tperiod\tpattern\texample\tnot\twhy",
        "looks-back\tclause\tachieved\t\t^So far$\tSo far\tFar\twhat was done",
    ],
    "votes.tsv": ["name\tpoints\tpattern\texample\tnot\twhy", "must\t-2\tmust\tmust\tmay\tdemands"],
    "years.tsv": ["name\tadds\tpattern\texample\tnot\twhy"],
    "genres/plan.tsv": [
        "key\tvalue\tcomment",
        *("detect\tAction plan\t", "status\tplanned\t", "lasts\tsection\t"),
    ],
    "names/institution.tsv": [
        "form\tflags\tnot_before\tnot_after\tcomment",
        "Towns\tgeneric\t\t\t",
    ],
}
TEXT = "Action plan\n(1) Build data centres. Towns must improve public access, build roads.\n"


@pytest.fixture
def skeleton(tmp_path: Path) -> Path:
    """The smallest tables of another language."""
    folder = tmp_path / "en"
    for name, lines in SKELETON.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text("\n".join(lines) + "\n", "utf-8")
    return folder


def test_another_language_drafts_without_a_line_of_code(skeleton: Path) -> None:
    draft = draft_text(Drafter.read(skeleton), "plan", TEXT, issued="2026-03-01")

    def said(clause_parts: object) -> list[str]:
        spans = (getattr(clause_parts, name, None) for name in ("verb", "object", "subject"))
        return [TEXT[slice(*span)] if span else "" for span in spans]

    found = [(clause.kind, *said(clause.parts)) for clause in draft.clauses[1:]]
    assert found == [
        ("goal", "Build", "data centres", ""),
        ("action", "improve", "public access", "Towns"),
        ("action", "build", "roads", ""),
    ]
    assert [(r.type, r.carried) for r in draft.relations] == [("actor", False), ("actor", True)]
    assert [TEXT[slice(*m.span)] for m in draft.mentions] == ["Towns"]


def literals(path: Path) -> Iterator[str]:
    """Give the words in the code of a module as they are written there, docstrings left out."""
    source = path.read_text("utf-8")
    tree = ast.parse(source)
    said = {
        id(line.value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)
        for line in node.body
        if isinstance(line, ast.Expr)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in said:
            yield ast.get_source_segment(source, node) or node.value


@pytest.mark.parametrize("path", CODE, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_no_chinese_stands_in_the_code_that_reads_texts(path: Path) -> None:
    assert [words for words in literals(path) if HAN.search(words)] == []


def test_chinese_in_code_would_be_seen(tmp_path: Path) -> None:
    path = tmp_path / "code.py"
    path.write_text('"""说明"""\nword = "改革"\n', "utf-8")
    assert [words for words in literals(path) if HAN.search(words)] == ['"改革"']


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    return Path(shutil.copytree(ROOT / "data" / "lexicon" / "zh", tmp_path / "zh"))


@pytest.mark.parametrize(
    "table", ["patterns.tsv", "kinds.tsv", "sections.tsv", "names/patterns.tsv"]
)
def test_a_pattern_that_stands_twice_is_named(copied: Path, table: str) -> None:
    lines = (copied / table).read_text("utf-8").splitlines()
    name, *rest = lines[1].split("\t")
    (copied / table).write_text(
        "\n".join([*lines, "\t".join([f"{name}-again", *rest])]) + "\n", "utf-8"
    )
    found = lint(copied)
    assert [(finding.name, finding.where.line) for finding in found] == [
        ("draft/twice", len(lines) + 1)
    ]
