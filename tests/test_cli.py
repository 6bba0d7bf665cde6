"""The command line as a user meets it: data on standard output, messages that help, exit codes."""

from __future__ import annotations

import csv
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

from conftest import ROOT
from policygraph.cli import _COMMANDS

SOURCE = ROOT / "data/documents/cn-ndwc-2024/source/conference.txt"
RESTORED = ROOT / "data/documents/cn-ndwc-2024/restored.txt"
Run = Callable[..., Result]


def shell(*arguments: str | Path, **options: object) -> subprocess.CompletedProcess[str]:
    """Run the real program in a process of its own."""
    command = [sys.executable, "-m", "policygraph", *map(str, arguments)]
    env = {**os.environ, "LANG": "C.UTF-8", "POLICYGRAPH_LANG": "", **options.pop("env", {})}
    return subprocess.run(command, capture_output=True, text=True, env=env, check=False, **options)


def test_help_lists_every_command_without_importing_rdflib() -> None:
    code = (
        "import sys; from policygraph.cli import main\n"
        "try: main()\n"
        "finally: print('rdflib' in sys.modules, 'pyoxigraph' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, "--help"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0
    assert all(name in done.stdout for name in _COMMANDS)
    assert done.stdout.endswith("False False\n")


def loaded_by(*arguments: str | Path) -> set[str]:
    """Name the modules that a command loads."""
    command = [sys.executable, "-X", "importtime", "-m", "policygraph", *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return {line.rpartition("|")[2].strip() for line in done.stderr.splitlines()}


def test_an_answer_loads_what_draws_tables_only_for_a_table(conference: Path) -> None:
    question = ("query", "-C", conference, "-q", "goals-of-year", "-p", "year=2024")
    assert "rich" in loaded_by(*question)
    assert "rich" not in loaded_by(*question, "-f", "csv")


def test_a_question_loads_nothing_that_makes_a_graph(conference: Path) -> None:
    loaded = loaded_by("query", "-C", conference, "goals-of-year", "-p", "year=2024")
    assert "policygraph.graph.query" in loaded
    rooms = {"corpus", "graph.build", "graph.validate", "graph.infer", "study.reading"}
    rooms |= {"text.model", "text.restore", "text.draft", "text.review", "remote", "graph.explain"}
    unused = {f"policygraph.{room}" for room in rooms}
    unused |= {"filelock", "rdflib", "networkx", "rapidfuzz", "html"}
    assert loaded & unused == set()


@pytest.mark.parametrize("command", _COMMANDS)
def test_every_command_has_help_with_its_shared_options(run: Run, command: str) -> None:
    result = run(command, "--help")
    assert result.exit_code == 0
    for option in ("--workspace", "--lang", "--quiet"):
        assert option in result.stdout


def test_restore_prints_the_text_and_nothing_else(run: Run) -> None:
    result = run("restore", SOURCE)
    assert result.stdout == RESTORED.read_text("utf-8")
    assert result.stderr == ""


def test_restore_accounts_for_every_edit(run: Run) -> None:
    edits = json.loads(run("restore", SOURCE, "--ledger", "-f", "json").stdout)
    statuses = {
        edit["restored_text"]: edit["status"] for edit in edits if edit["kind"] == "misread-bytes"
    }
    assert statuses == {"省": "inferred", "（区": "proved"}
    assert all(edit["why"]["en"] and edit["why"]["zh"] for edit in edits)
    assert "省" in run("restore", SOURCE, "--ledger").stdout


def test_restore_checks_itself(run: Run) -> None:
    result = run("restore", SOURCE, "--check")
    assert result.exit_code == 0
    assert "2193" in result.stderr


def test_restore_writes_a_file_whole(run: Run, tmp_path: Path) -> None:
    target = tmp_path / "restored.txt"
    assert run("restore", SOURCE, "-o", target).exit_code == 0
    assert target.read_bytes() == RESTORED.read_bytes()
    assert [path.name for path in tmp_path.iterdir()] == ["restored.txt"]


BAD_FILES = {
    "empty": b"",
    "blank": b" \n",
    "no encoding": bytes(range(0x81, 0xFF)) * 3,
    "no text": "\ufeff\u3000".encode("utf-16-le"),
}


@pytest.mark.parametrize("name", BAD_FILES)
def test_an_unreadable_source_gets_a_message_and_exit_code_3(
    run: Run, tmp_path: Path, name: str
) -> None:
    path = tmp_path / f"{name}.txt"
    path.write_bytes(BAD_FILES[name])
    result = run("restore", path)
    assert result.exit_code == 3
    assert str(path) in result.stderr.replace("\n", "")
    assert result.stdout == ""


def test_a_text_in_another_encoding_is_read_and_the_encoding_said(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes("数据安全，保障能力。".encode("gbk"))
    result = run("restore", path)
    assert (result.exit_code, result.stdout) == (0, "数据安全，保障能力。")
    assert "gb18030" in result.stderr


def test_the_self_test_of_a_folder_names_what_fails_and_does_the_rest(
    run: Run, tmp_path: Path
) -> None:
    (tmp_path / "more").mkdir()
    files = {
        "a.txt": "數(shù)據(jù)工作會(huì)議",
        "b.txt": "数据工作会议。",
        "c.txt": "国度数据局印发数据成分三年步履计划。",
        "more/d.txt": "",
    }
    for name, text in files.items():
        (tmp_path / name).write_text(text, "utf-8")
    result = run("restore", "--check", tmp_path, "-f", "csv")
    assert result.exit_code == 1
    rows = list(csv.DictReader(result.stdout.splitlines()))
    verdicts = [(row["file"], row["verdict"]) for row in rows]
    assert verdicts == [
        ("a.txt", "equal"),
        ("b.txt", "clean"),
        ("c.txt", "refused"),
        ("more/d.txt", "unreadable"),
    ]
    assert (rows[0]["reading"], rows[0]["script"], rows[0]["comes_back"]) == ("3", "4", "1.0")
    assert "数据成分" in result.stderr
    assert "d.txt" in result.stderr
    as_json = run("restore", "--check", tmp_path, "-f", "json")
    assert [row["verdict"] for row in json.loads(as_json.stdout)] == [v for _, v in verdicts]
    table = run("restore", "--check", tmp_path, "--lang", "zh").stdout
    assert "拒绝修复" in table
    for name in ("c.txt", "more/d.txt"):
        (tmp_path / name).unlink()
    assert run("restore", "--check", tmp_path).exit_code == 0


def test_a_folder_without_documents_is_said_to_hold_none(run: Run, tmp_path: Path) -> None:
    result = run("restore", "--check", tmp_path)
    assert result.exit_code == 3
    assert ".docx" in result.stderr


def test_the_ledger_is_written_as_csv_too(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("數(shù)據", "utf-8")
    rows = list(csv.DictReader(run("restore", path, "--ledger", "-f", "csv").stdout.splitlines()))
    assert [(r["kind"], r["source_text"], r["restored_text"]) for r in rows] == [
        ("script", "數", "数"),
        ("reading", "(shù)", ""),
        ("script", "據", "据"),
    ]


def test_a_missing_file_is_named(run: Run, tmp_path: Path) -> None:
    result = run("restore", tmp_path / "nowhere.txt")
    assert result.exit_code == 3
    assert "nowhere.txt" in result.stderr


def test_a_byte_order_mark_is_no_part_of_the_text(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "bom.txt"
    path.write_bytes(b"\xef\xbb\xbf" + "数据安全。".encode())
    assert run("restore", path).stdout == "数据安全。"


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["query", "nosuch"], 2),
        (["query", "goals-of-year"], 2),
        (["query", "goals-of-year", "-p", "year"], 2),
        (["query", "goals-of-year", "-p", "year=1999"], 2),
        (["query", "goals-of-year", "-p", "year=2024", "-f", "ttl"], 2),
        (["query", "initiative-graph", "-p", "initiative=算力网", "-f", "csv"], 2),
        (["explain", "cn-nda", "convenes", "cn-xpcc"], 2),
        (["explain", "cn-nda", "pg:convenes", "nobody"], 2),
        (["export", "docx"], 2),
        (["nosuch"], 2),
        (["build", "--nosuch"], 2),
        (["query", "missing.rq"], 3),
        (["build", "-C", "nowhere"], 3),
    ],
    ids=str,
)
def test_a_mistake_ends_in_a_message_and_no_traceback(arguments: list[str], code: int) -> None:
    done = shell(*arguments, cwd=ROOT)
    assert done.returncode == code
    assert done.stderr.strip()
    assert "Traceback" not in done.stderr
    assert done.stdout == ""


@pytest.mark.parametrize(("lang", "word"), [("zh", "没有查询"), ("en", "there is no query")])
def test_messages_come_in_the_readers_language(run: Run, lang: str, word: str) -> None:
    assert word in run("query", "-C", ROOT, "nosuch", "--lang", lang).stderr


def test_the_locale_chooses_the_language(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("LC_ALL", raising=False)
    monkeypatch.delenv("LC_MESSAGES", raising=False)
    monkeypatch.setenv("LANG", "zh_CN.UTF-8")
    assert "没有查询" in run("query", "-C", ROOT, "nosuch").stderr


def test_queries_are_listed_with_their_questions_in_both_languages(run: Run) -> None:
    assert "goals-of-year" in run("query", "-q", "-C", ROOT).stdout
    assert "某年" in run("query", "-q", "-C", ROOT, "--lang", "zh").stdout


def test_no_colour_is_written_where_none_is_wanted() -> None:
    done = shell("query", "-q", "sums", cwd=ROOT, env={"NO_COLOR": "1", "FORCE_COLOR": ""})
    assert "\x1b[" not in done.stdout


def test_explain_marks_the_words_in_their_sentence(run: Run) -> None:
    result = run("explain", "-q", "-C", ROOT, "cn-ndwc-2024-a4-1", "implements", "东数西算")
    assert "【持续实施“东数西算”工程】，制定加快构建" in result.stdout
    zh = run("explain", "-q", "-C", ROOT, "--lang", "zh", "cn-nda", "behindGoal", "g5").stdout
    assert "非文件所述" in zh
    assert "prp-spo2" in zh


def test_new_makes_a_workspace_that_builds(run: Run, tmp_path: Path) -> None:
    folder = tmp_path / "mine"
    assert run("new", folder).exit_code == 0
    assert run("build", "-C", folder).exit_code == 0
    assert run("coverage", "-C", folder).exit_code == 0
    assert (folder / "dist" / "graph.ttl").exists()
    again = run("new", folder)
    assert again.exit_code == 2
    assert "mine" in again.stderr.replace("\n", "")


def test_the_workspace_of_new_has_the_shape_of_the_repository(run: Run, tmp_path: Path) -> None:
    run("new", tmp_path / "mine")
    shape = {path.parent.name for path in (tmp_path / "mine" / "data").rglob("*.yaml")}
    ours = {path.parent.name for path in (ROOT / "data").rglob("*.yaml")}
    assert {"registry"} == shape & ours
    (document,) = (tmp_path / "mine/data/documents").iterdir()
    (example,) = (ROOT / "data/documents").iterdir()
    assert {p.name for p in document.iterdir()} == {p.name for p in example.iterdir()}


def test_without_a_workspace_the_bundled_example_answers(tmp_path: Path) -> None:
    done = shell("query", "sums", "-f", "csv", cwd=tmp_path)
    assert done.returncode == 0
    assert "32" in done.stdout
    assert "example" in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_an_outdated_dist_is_not_believed(run: Run, workspace: Path) -> None:
    run("build", "-C", workspace)
    topics = workspace / "data/registry/topics.yaml"
    topics.write_text(
        topics.read_text("utf-8").replace("en: public data", "en: open data"), "utf-8"
    )
    result = run("query", "-C", workspace, "topics", "-f", "csv")
    assert "open data" in result.stdout
    assert "older than the data" in result.stderr


def test_inside_the_data_folder_the_settings_above_are_found(
    run: Run, workspace: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(workspace / "data")
    result = run("export", "-q", "nt")
    assert "<https://example.org/policy/id/goal/example-2024-g1>" in result.stdout


def test_a_parameter_that_a_query_does_not_select_is_explained(run: Run, workspace: Path) -> None:
    shutil.copytree(ROOT / "queries", workspace / "queries")
    (workspace / "queries" / "mine.rq").write_text(
        "#+ title: {en: Mine, zh: 我的}\n#+ question: {en: What is it, zh: 这是什么}\n"
        "#+ params:\n#+   words: {type: string, required: true, example: x}\n"
        "#+ columns:\n#+   s: {en: s, zh: s}\n"
        "SELECT ?s { ?s ?p ?o FILTER(STR(?o) = ?words) } ORDER BY ?s\n",
        encoding="utf-8",
    )
    result = run("query", "-q", "-C", workspace, "mine", "-p", "words=x")
    assert result.exit_code == 2
    assert "SELECT" in result.stderr


def test_graphml_holds_what_was_asked_for(run: Run) -> None:
    stated = run("export", "-q", "-C", ROOT, "graphml").stdout
    everything = run("export", "-q", "-C", ROOT, "graphml", "--graph", "all").stdout
    assert "behindGoal" in everything
    assert "behindGoal" not in stated
    assert run("export", "-q", "-C", ROOT, "graphml", "--graph", "inferred").exit_code == 2


def test_the_list_of_queries_has_no_other_format(run: Run) -> None:
    assert run("query", "-q", "-C", ROOT, "-f", "json").exit_code == 2


def test_a_workspace_with_an_ontology_of_its_own_builds(run: Run, workspace: Path) -> None:
    shutil.copytree(ROOT / "ontology", workspace / "ontology")
    (workspace / "ontology" / "context.jsonld").unlink()
    assert run("build", "-q", "-C", workspace).exit_code == 0


def test_export_writes_to_standard_output_or_a_file(run: Run, tmp_path: Path) -> None:
    shown = run("export", "-q", "-C", ROOT, "nt")
    target = tmp_path / "graph.nt"
    assert run("export", "-q", "-C", ROOT, "nt", "-o", target).exit_code == 0
    assert target.read_text("utf-8") == shown.stdout
    inferred = run("export", "-q", "-C", ROOT, "nt", "--graph", "inferred").stdout
    assert inferred
    assert not set(inferred.splitlines()) & set(shown.stdout.splitlines())


@pytest.mark.parametrize("name", ["registry/topics.yaml", "documents/example-2024/statements.yaml"])
@pytest.mark.parametrize(
    "spoil",
    [b"\xff\xfe\x00", b"a: [1\n", b"a: 1\n b: 2\n", b"", b"- a\n- b\n"],
    ids=["bytes", "bracket", "mixed", "empty", "list"],
)
def test_a_spoilt_yaml_file_is_named_with_exit_code_3(
    run: Run, workspace: Path, name: str, spoil: bytes
) -> None:
    (workspace / "data" / name).write_bytes(spoil)
    result = run("build", "-C", workspace)
    assert result.exit_code == 3
    assert Path(name).name in result.stderr.replace("\n", "")
    assert not (workspace / "dist").exists()


def test_a_malformed_ontology_is_named_with_its_line(run: Run, workspace: Path) -> None:
    shutil.copytree(ROOT / "ontology", workspace / "ontology")
    policy = workspace / "ontology" / "policy.ttl"
    policy.write_text(
        policy.read_text("utf-8").replace("pg:Goal a owl:Class ;", "pg:Goal a owl:Class ; ;;;]"),
        "utf-8",
    )
    result = run("build", "-C", workspace)
    assert result.exit_code == 3
    assert "policy.ttl:" in result.stderr.replace("\n", "")


def test_malformed_shapes_are_named(run: Run, workspace: Path) -> None:
    shutil.copytree(ROOT / "ontology", workspace / "ontology")
    (workspace / "ontology" / "shapes.ttl").write_text("this is not turtle", "utf-8")
    result = run("build", "-C", workspace)
    assert result.exit_code == 3
    assert "shapes.ttl" in result.stderr.replace("\n", "")


@pytest.mark.parametrize(
    "text",
    [
        'base = "https://example.org/a b/"\n',
        'bass = "https://example.org/"\n',
        "base = 3\n",
        'base = "no slash"\n',
        "base = \n",
        "\xff",
    ],
)
def test_wrong_settings_are_named(run: Run, workspace: Path, text: str) -> None:
    (workspace / "policygraph.toml").write_text(text, encoding="latin-1")
    result = run("build", "-C", workspace)
    assert result.exit_code == 3
    assert "policygraph.toml" in result.stderr.replace("\n", "")


def test_wrong_settings_here_are_never_passed_over_for_the_example(
    run: Run, workspace: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (workspace / "policygraph.toml").write_text('base = "not an iri"\n', "utf-8")
    monkeypatch.chdir(workspace)
    for command in (["build"], ["query", "sums"], ["validate"]):
        result = run(*command)
        assert result.exit_code == 3
        assert "policygraph.toml" in result.stderr


def test_a_build_without_a_workspace_writes_nothing(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert run("build").exit_code == 3
    assert list(tmp_path.iterdir()) == []


def test_a_misspelt_property_is_answered_with_the_nearest(run: Run) -> None:
    result = run("explain", "-q", "-C", ROOT, "cn-nda", "behindgoal", "g5")
    assert result.exit_code == 2
    assert "behindGoal" in result.stderr


def test_the_demo_shows_goals_and_the_initiative_with_its_sentence(
    run: Run, tmp_path: Path
) -> None:
    result = run("demo", "-C", ROOT, "-o", tmp_path / "dist")
    assert result.exit_code == 0
    assert "优化数据基础设施布局" in result.stdout
    assert "加快全国一体化算力网和数据流通基础设施建设" in result.stdout
    assert "持续实施“东数西算”工程" in result.stdout
    assert "【优化数据基础设施布局】。" in result.stdout
    assert (tmp_path / "dist" / "graph.svg").exists()


@pytest.mark.slow
def test_the_demo_ends_with_the_address_of_pages_that_are_served(tmp_path: Path) -> None:
    makefile = (ROOT / "Makefile").read_text("utf-8")
    recipe = re.search(r"^demo:.*\n\t@\$\(BIN\)/(policygraph .*)$", makefile, re.MULTILINE)
    assert recipe
    command = [sys.executable, "-m", *recipe[1].split(), "-C", str(ROOT), "-o", str(tmp_path / "d")]
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, cwd=tmp_path
    )
    lines: list[str] = []
    try:
        assert process.stdout
        for line in process.stdout:  # until the address is there: then it goes on without a word
            lines.append(line)
            if line.startswith("http://"):
                break
        with urllib.request.urlopen(lines[-1].strip(), timeout=60) as home:
            assert "东数西算".encode() in home.read()
        process.send_signal(signal.SIGINT)
        assert process.stdout.read() == ""
        assert process.wait(timeout=30) == 0
    finally:
        process.kill()
        process.wait()
