"""The options of ``policygraph draft``: each does what it says, or is refused with advice."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml
from click.testing import Result

from conftest import ROOT

Run = Callable[..., Result]
PLAN = ROOT / "tests" / "cases" / "draft" / "plan.txt"
TEXT = "健全数据基础制度。明确部门职责。"
EDITED = "健全数据基础制度。厘清部门职责。"


def documents(root: Path, key: str, text: str) -> Path:
    """Write a document whose source, hashes and restored text are those of a text."""
    folder = root / "data" / "documents" / key
    (folder / "source").mkdir(parents=True, exist_ok=True)
    for path in (folder / "source" / "plan.txt", folder / "restored.txt"):
        path.write_text(text, "utf-8")
    sha256 = hashlib.sha256(text.encode()).hexdigest()
    (folder / "document.yaml").write_text(
        f"id: {key}\n"
        "title: {zh-Hans: 要点, en: Key points}\n"
        "language: zh-Hans\n"
        "issued_on: 2026-01-10\n"
        f"source: {{file: source/plan.txt, sha256: {sha256}}}\n"
        f"text_sha256: {sha256}\n"
        "translation: {by: editors, on: 2026-11-27, status: proposed}\n",
        "utf-8",
    )
    return folder


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    """A workspace of two documents whose drafts were accepted, before both texts were edited."""
    root = tmp_path / "workspace"
    shutil.copytree(ROOT / "data" / "registry", root / "data" / "registry")
    (root / "data" / "registry" / "judgements.yaml").unlink()
    return root


def accept(path: Path) -> None:
    path.write_text(path.read_text("utf-8").replace("review: draft", "review: accepted"), "utf-8")


def test_an_edited_document_is_drafted_by_its_id_as_the_message_says(
    workspace: Path, tmp_path: Path, run: Run
) -> None:
    was = tmp_path / "was.txt"
    was.write_text(TEXT, "utf-8")
    folders = [documents(workspace, key, TEXT) for key in ("one", "two")]
    for folder in folders:
        assert run("draft", folder.name, "-C", workspace).exit_code == 0
        accept(folder / "statements.yaml")
        documents(workspace, folder.name, EDITED)
    refused = run("draft", "--calibrate", "-C", workspace)
    assert "--was" in refused.stderr
    for folder in folders:
        result = run("draft", folder.name, "--was", was, "-C", workspace)
        assert result.exit_code == 0, result.stderr
        assert "“明确部门职责” are no longer in their place" in result.stderr
        written = (folder / "statements.yaml").read_text("utf-8")
        assert written.count("review: accepted") == 1
        assert written.count("review: lost") == 1
        assert written.count("review: draft") == 1
    assert run("draft", "--calibrate", "-C", workspace).exit_code == 0


def test_a_source_is_drafted_into_its_file_with_the_text_as_it_was(
    workspace: Path, tmp_path: Path, run: Run
) -> None:
    was = tmp_path / "was.txt"
    was.write_text(TEXT, "utf-8")
    folder = documents(workspace, "one", TEXT)
    target = folder / "statements.yaml"
    run("draft", "one", "-C", workspace)
    accept(target)
    documents(workspace, "one", EDITED)
    source = folder / "source" / "plan.txt"
    result = run("draft", source, "-o", target, "--was", was, "-C", workspace)
    assert result.exit_code == 0, result.stderr
    assert target.read_text("utf-8").count("review: accepted") == 1


def test_a_draft_of_reviewed_rows_counts_them(workspace: Path, run: Run) -> None:
    target = documents(workspace, "one", TEXT) / "statements.yaml"
    first = run("draft", "one", "-C", workspace)
    assert "none is reviewed" in first.stderr
    accept(target)
    again = run("draft", "one", "-C", workspace)
    assert "none is reviewed" not in again.stderr
    assert "2 rows of the file are reviewed" in again.stderr
    assert "已审核 2 行" in run("draft", "one", "-C", workspace, "--lang", "zh").stderr


def test_an_encoding_that_the_bytes_do_not_tell_can_be_said(tmp_path: Path, run: Run) -> None:
    text = tmp_path / "gbk.txt"
    text.write_bytes("健全数据基础制度。犇羴鱻麤龘驫飝厵叒淼焱垚㗊。".encode("gb18030"))
    refused = run("draft", text)
    assert refused.exit_code == 3
    assert "--encoding" in refused.stderr
    assert run("restore", text, "--encoding", "gbk").exit_code == 0
    made = run("draft", text, "--encoding", "gbk")
    assert made.exit_code == 0, made.stderr
    assert "健全数据基础制度" in made.stdout
    texts = tmp_path / "texts"
    texts.mkdir()
    shutil.copy(text, texts)
    assert run("draft", texts, "-o", tmp_path / "out", "--encoding", "gbk").exit_code == 0
    text.write_bytes(text.read_bytes() + b"\xff")
    assert run("draft", text, "--encoding", "gbk").exit_code == 3  # as restore does


def test_an_encoding_that_contradicts_the_record_is_refused(workspace: Path, run: Run) -> None:
    documents(workspace, "one", TEXT)
    result = run("draft", "one", "-C", workspace, "--encoding", "gbk")
    assert result.exit_code == 2
    assert "the record of the document says" in result.stderr


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("PLAN", "-f", "table", "-o", "OUT"), ("on the screen", "屏幕")),
        (("FOLDER", "-f", "table", "-o", "OUT"), ("for a single text", "单个文本")),
        (("FOLDER", "--table", "OUT.csv", "-o", "OUT"), ("for a single text", "单个文本")),
        (("FOLDER", "--was", "PLAN", "-o", "OUT"), ("for a single text", "单个文本")),
        (("PLAN", "--was", "PLAN"), ("no such file is written", "并不写出")),
        (("PLAN", "--was", "PLAN", "-f", "json", "-o", "OUT"), ("no such file", "并不写出")),
        (("PLAN", "--table", "OUT.csv", "-f", "json"), ("together with -f json", "-f json")),
        (("PLAN", "--lint"), ("each stands alone", "单独使用")),
        (("--calibrate", "-o", "OUT"), ("each stands alone", "单独使用")),
    ],
)
def test_options_that_mean_nothing_together_are_refused(
    tmp_path: Path, run: Run, arguments: tuple[str, ...], says: tuple[str, str]
) -> None:
    texts = tmp_path / "texts"
    texts.mkdir()
    shutil.copy(PLAN, texts)
    names = {
        "PLAN": PLAN,
        "FOLDER": texts,
        "OUT": tmp_path / "out",
        "OUT.csv": tmp_path / "out.csv",
    }
    for lang, words in zip(("en", "zh"), says, strict=True):
        given = [str(names.get(each, each)) for each in arguments]
        result = run("draft", *given, "--lang", lang)
        assert result.exit_code == 2
        assert words in result.stderr
    assert sorted(path.name for path in tmp_path.iterdir()) == ["texts"]


def test_the_json_of_a_document_goes_where_it_is_asked_for(workspace: Path, run: Run) -> None:
    folder = documents(workspace, "one", TEXT)
    target = workspace / "one.json"
    assert run("draft", "one", "-C", workspace, "-f", "json", "-o", target).exit_code == 0
    assert yaml.safe_load(target.read_text("utf-8"))["clauses"]
    assert not (folder / "statements.yaml").exists()


# resuming


def test_a_folder_is_drafted_again_where_other_things_are_asked(tmp_path: Path, run: Run) -> None:
    texts, out = tmp_path / "texts", tmp_path / "out"
    texts.mkdir()
    (texts / "one.txt").write_text(TEXT, "utf-8")
    for options in ((), ("--genre", "plan"), ("--document-date", "2026-03-01"), ("-f", "json")):
        first = run("draft", texts, "-o", out, *options)
        assert "1 texts drafted, 0 kept" in first.stderr
        again = run("draft", texts, "-o", out, *options)
        assert "0 texts drafted, 1 kept" in again.stderr


def test_what_was_decided_in_a_folder_survives_other_options(tmp_path: Path, run: Run) -> None:
    texts, out = tmp_path / "texts", tmp_path / "out"
    texts.mkdir()
    (texts / "one.txt").write_text(TEXT, "utf-8")
    run("draft", texts, "-o", out)
    accept(out / "one.yaml")
    assert "1 texts drafted" in run("draft", texts, "-o", out, "--genre", "plan").stderr
    written = (out / "one.yaml").read_text("utf-8")
    assert written.count("review: accepted") == 2
    assert written.splitlines()[1].endswith("genre plan")
    assert "0 texts drafted, 1 kept" in run("draft", texts, "-o", out, "--genre", "plan").stderr


# the tables of a workspace


def own_table(workspace: Path, name: str) -> Path:
    folder = workspace / "data" / "lexicon" / "zh"
    folder.mkdir(parents=True, exist_ok=True)
    return Path(shutil.copy(ROOT / "data" / "lexicon" / "zh" / name, folder / name))


def test_a_table_of_the_workspace_takes_the_place_of_the_one_of_the_package(
    workspace: Path, tmp_path: Path, run: Run
) -> None:
    text = tmp_path / "text.txt"
    text.write_text("加快羴羴数据基础制度。", "utf-8")
    texts, out = tmp_path / "texts", tmp_path / "out"
    texts.mkdir()
    shutil.copy(text, texts)
    run("draft", texts, "-o", out, "-C", workspace)
    assert "verb: 羴羴" not in run("draft", text, "-C", workspace).stdout
    table = own_table(workspace, "verbs.tsv")
    row = next(line for line in table.read_text("utf-8").splitlines() if line.startswith("健全\t"))
    table.write_text(table.read_text("utf-8") + row.replace("健全", "羴羴", 1) + "\n", "utf-8")
    assert "verb: 羴羴" in run("draft", text, "-C", workspace).stdout
    assert "verb: 羴羴" not in run("draft", text).stdout
    assert "1 texts drafted" in run("draft", texts, "-o", out, "-C", workspace).stderr
    assert run("draft", "--lint", "-C", workspace).exit_code == 0
    table.write_text(table.read_text("utf-8") + row.replace("健全", "羴羴", 1) + "\n", "utf-8")
    twice = run("draft", "--lint", "-C", workspace)
    assert twice.exit_code == 1
    assert str(table) in twice.stderr


def test_names_of_a_workspace_are_found(workspace: Path, tmp_path: Path, run: Run) -> None:
    text = tmp_path / "text.txt"
    text.write_text("羴羴局牵头推进改革。", "utf-8")
    folder = workspace / "data" / "lexicon" / "zh" / "names"
    folder.mkdir(parents=True)
    table = folder / "institution.tsv"
    shipped = (ROOT / "data/lexicon/zh/names/institution.tsv").read_text("utf-8")
    columns = len(shipped.splitlines()[0].split("\t"))
    table.write_text(shipped + "\t".join(["羴羴局", *[""] * (columns - 1)]) + "\n", "utf-8")
    assert "羴羴局" in run("names", text, "-C", workspace).stdout


def test_counts_of_a_workspace_rate_the_drafts_of_another_that_has_the_table(
    workspace: Path, tmp_path: Path, run: Run
) -> None:
    folder = documents(workspace, "one", TEXT)
    run("draft", "one", "-C", workspace)
    accept(folder / "statements.yaml")
    assert run("draft", "--calibrate", "-C", workspace).exit_code == 0
    other = tmp_path / "other"
    shutil.copytree(ROOT / "data" / "registry", other / "data" / "registry")
    (other / "data" / "registry" / "judgements.yaml").unlink()
    assert "of 2 right" not in run("draft", PLAN, "-C", other).stdout
    shutil.copytree(workspace / "data" / "lexicon", other / "data" / "lexicon")
    assert "of 2 right" in run("draft", PLAN, "-C", other).stdout


def test_a_language_without_tables_is_refused(run: Run) -> None:
    for command in ("draft", "names"):
        result = run(command, PLAN, "--language", "../zh")
        assert result.exit_code == 2
        assert "there are zh" in result.stderr


def test_a_text_in_another_script_is_refused(tmp_path: Path, run: Run) -> None:
    text = tmp_path / "english.txt"
    text.write_text("We build 2026. 数据中心。\n" * 3, "utf-8")
    assert run("draft", text).exit_code == 0  # some of it is Chinese
    text.write_text("We will build a data centre in 2026.\n" * 3, "utf-8")
    result = run("draft", text)
    assert result.exit_code == 3
    assert "LATIN" in result.stderr
    assert "--language" in result.stderr


def test_tables_on_the_screen_speak_chinese(tmp_path: Path, run: Run) -> None:
    shown = run("draft", PLAN, "-f", "table", "--lang", "zh").stdout
    assert "行动" in shown
    assert "action" not in shown
    text = tmp_path / "text.txt"
    text.write_text("国家数据局牵头推进改革。", "utf-8")
    named = run("names", text, "--lang", "zh").stdout
    assert "institution" not in named
    assert "机构" in named
