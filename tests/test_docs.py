"""The documents say what is true: their commands run, their examples print what they show.

Each page of the guide, and each README, is executed in a folder of its own: a copy of what a clone
holds after ``make demo``. CONTRIBUTING.md says how blocks are marked.
"""

from __future__ import annotations

import contextlib
import doctest
import io
import os
import re
import shlex
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from click.testing import Result

import policygraph
from conftest import ROOT
from policygraph.cli import _COMMANDS
from policygraph.cli.build import write_dist
from policygraph.graph.terms import pg, text_of
from policygraph.graph.vocabulary import Vocabulary
from policygraph.messages import catalogue

READMES = ("README.md", "README.zh-CN.md")
GUIDE = tuple(f"docs/guide/{path.name}" for path in sorted((ROOT / "docs/guide").glob("*.md")))
EXECUTED = ("README.md", *GUIDE)  # the Chinese README shows the same commands: a test says so
PAGES = sorted(
    path.relative_to(ROOT).as_posix()
    for pattern in ("*.md", "docs/**/*.md", "ontology/*.md")
    for path in ROOT.glob(pattern)
)

_FENCE = r"^```(?P<kind>[\w-]+)(?: file=(?P<file>\S+))?\n(?P<text>.*?)^```$"
_BLOCK = re.compile(_FENCE, re.MULTILINE | re.DOTALL)
_EXIT_CODE = re.compile(r"# exit code (\d+)$")
_LINK = re.compile(r"\]\(([^)#\s]+)?(?:#([^)\s]+))?\)")


@dataclass(frozen=True)
class Block:
    """A fenced block: its kind, the file it is the text of (or none) and its text."""

    kind: str
    file: str
    text: str


@dataclass(frozen=True)
class Command:
    """A command as a page shows it, with the lines of output shown below it."""

    line: str
    shown: tuple[str, ...]

    @property
    def exit_code(self) -> int:
        marked = _EXIT_CODE.search(self.line)
        return int(marked[1]) if marked else 0


def blocks(page: str) -> Iterator[Block]:
    for found in _BLOCK.finditer((ROOT / page).read_text(encoding="utf-8")):
        yield Block(found["kind"], found["file"] or "", found["text"])


def commands(text: str) -> Iterator[Command]:
    for part in re.split(r"^\$ ", text, flags=re.MULTILINE)[1:]:
        line, *shown = part.splitlines()
        yield Command(line, tuple(filter(None, map(str.strip, shown))))


@pytest.fixture(scope="session")
def demonstrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What a clone holds after ``make demo``: data, ontology, queries and dist/."""
    folder = tmp_path_factory.mktemp("clone")
    for part in ("data", "ontology", "queries"):
        shutil.copytree(ROOT / part, folder / part)
    write_dist(policygraph.build(folder), folder / "dist")
    return folder


@pytest.fixture
def clone(demonstrated: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of it to write into, as the current folder."""
    folder = Path(shutil.copytree(demonstrated, tmp_path / "clone"))
    monkeypatch.chdir(folder)
    monkeypatch.delenv("POLICYGRAPH_LANG", raising=False)
    return folder


class Reader:
    """Does what a page says, block by block, in the current folder."""

    def __init__(self, run: Callable[..., Result]) -> None:
        self.run = run

    def follow(self, block: Block) -> None:
        if block.file:
            Path(block.file).parent.mkdir(parents=True, exist_ok=True)
            Path(block.file).write_text(block.text, encoding="utf-8")
        elif block.kind == "console":
            for command in commands(block.text):
                self.execute(command)

    def execute(self, command: Command) -> None:
        words = shlex.split(command.line, comments=True)
        if words[0] == "make":
            assert f"\n{words[1]}:" in (ROOT / "Makefile").read_text(encoding="utf-8")
            return
        if words[0] == "cd":
            os.chdir(words[1])
            return
        plain = words[0] == "policygraph" and not set(words) & {"|", ">"}
        code, output = self.call(words[1:]) if plain else shell(command.line)
        assert code == command.exit_code, f"$ {command.line}\n{output}"
        printed = "".join(output.split())
        for line in command.shown:
            assert "".join(line.split()) in printed, f"$ {command.line}\n{output}"

    def call(self, arguments: list[str]) -> tuple[int, str]:
        result = self.run(*arguments)
        return result.exit_code, result.output


def shell(line: str) -> tuple[int, str]:
    """Run a line that is more than a call of policygraph: a pipe, a file, another program."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(
        ["bash", "-c", line],
        env={**os.environ, "PATH": path, "LANG": "C.UTF-8"},
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout + done.stderr


@pytest.mark.slow
@pytest.mark.parametrize("page", EXECUTED)
def test_the_commands_of_a_page_do_what_it_says(
    page: str, clone: Path, run: Callable[..., Result]
) -> None:
    reader = Reader(run)
    for block in blocks(page):
        reader.follow(block)


@pytest.mark.parametrize("page", [*READMES, *GUIDE])
def test_no_block_of_a_page_is_read_over(page: str) -> None:
    fences = re.findall(r"^\s*```", (ROOT / page).read_text(encoding="utf-8"), re.MULTILINE)
    assert len(fences) == 2 * len(list(blocks(page)))


@pytest.mark.parametrize("page", READMES)
def test_the_python_of_a_readme_prints_what_it_shows(page: str, clone: Path) -> None:
    found = list(blocks(page))
    place = next(at for at, block in enumerate(found) if block.kind == "python")
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(found[place].text, {})
    assert printed.getvalue() == found[place + 1].text


def test_the_python_of_the_guide_gives_what_it_shows(clone: Path) -> None:
    page = "docs/guide/python-api.md"
    text = "\n".join(block.text for block in blocks(page) if block.kind == "pycon")
    test = doctest.DocTestParser().get_doctest(text, {}, page, page, 0)
    assert test.examples
    report = io.StringIO()
    runner = doctest.DocTestRunner(optionflags=doctest.NORMALIZE_WHITESPACE)
    runner.run(test, out=report.write)
    assert not runner.failures, report.getvalue()


def test_both_readmes_say_the_same() -> None:
    def outline(page: str) -> tuple[object, ...]:
        text = (ROOT / page).read_text(encoding="utf-8")
        lines = [shlex.split(command.line, comments=True) for command in _all_commands(page)]
        code = [re.sub(r"#.*", "", block.text) for block in blocks(page) if block.kind == "python"]
        levels = re.findall(r"^#+(?= )", re.sub(r"```.*?```", "", text, flags=re.S), re.MULTILINE)
        links = sorted(set(_LINK.findall(text)) - {("README.md", ""), ("README.zh-CN.md", "")})
        return lines, code, levels, links, text.count("\n| "), text.count("\n- ")

    assert outline("README.md") == outline("README.zh-CN.md")


def _all_commands(page: str) -> list[Command]:
    shown = (block for block in blocks(page) if block.kind == "console")
    return [command for block in shown for command in commands(block.text)]


def test_the_readme_shows_every_command() -> None:
    lines = [command.line for page in READMES[:1] for command in _all_commands(page)]
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    shown = {name for name in _COMMANDS if f"policygraph {name}" in text or f"make {name}" in text}
    assert lines
    assert shown == set(_COMMANDS)


def test_the_guide_lists_every_query_with_the_parameters_it_has() -> None:
    text = (ROOT / "docs/guide/ask-questions.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `([\w-]+)` \| .* \| (.*) ?\|$", text, re.MULTILINE)
    from policygraph.graph.query import read_queries

    queries = read_queries(ROOT / "queries")
    listed = {name: set(re.findall(r"`(\w+)=", given)) for name, given in rows if name in queries}
    assert listed == {
        name: {parameter.name for parameter in query.parameters} for name, query in queries.items()
    }


def test_every_message_is_listed_in_findings_and_nothing_else() -> None:
    text = (ROOT / "docs/findings.md").read_text(encoding="utf-8")
    listed = re.findall(r"^\| `([\w/-]+)` \|", text, re.MULTILINE)
    assert sorted(listed) == sorted(catalogue())


def test_every_key_of_the_vocabulary_is_described_in_files(vocabulary: Vocabulary) -> None:
    text = (ROOT / "docs/guide/files.md").read_text(encoding="utf-8")
    unsaid = [key for key in vocabulary.properties if f"`{key}`" not in text]
    assert not unsaid, f"say in docs/guide/files.md what goes into {unsaid}"


@pytest.mark.parametrize("page", PAGES)
def test_every_link_of_a_page_leads_somewhere(page: str) -> None:
    text = re.sub(r"```.*?```", "", (ROOT / page).read_text(encoding="utf-8"), flags=re.S)
    dead = []
    for target, anchor in _LINK.findall(text):
        if target.startswith(("http://", "https://")):
            continue
        there = (ROOT / page).parent / target if target else ROOT / page
        if not there.exists() or (anchor and anchor not in _anchors(there)):
            dead.append(f"{target}#{anchor}" if anchor else target)
    assert not dead


def _anchors(page: Path) -> set[str]:
    headings = re.findall(r"^#+ (.*)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading).lower().replace(" ", "-") for heading in headings}


def test_every_place_that_contributing_names_exists() -> None:
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    table = "\n".join(line for line in text.splitlines() if line.startswith("| "))
    named = [name for name in re.findall(r"`([^`\s]+)`", table) if name[0] != "["]
    missing = [name for name in named if not _exists(name)]
    assert not missing


def _exists(name: str) -> bool:
    return name == "dist/" or any(ROOT.glob(re.sub(r"<\w+>", "*", name).rstrip("/")))


def test_contributing_names_the_rooms_in_their_order() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    contracts = project["tool"]["importlinter"]["contracts"]
    layers = next(contract["layers"] for contract in contracts if contract["id"] == "flow")
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    sentence = re.search(r"^The rooms, from top to bottom: (.*?)\. A room", text, re.M | re.S)
    assert sentence
    assert re.findall(r"`(\w+)`", sentence[1]) == [
        room.strip() for layer in layers for room in layer.split("|")
    ]


def test_every_decision_named_in_the_house_is_written() -> None:
    files = [
        *(ROOT / "src").rglob("*.py"),
        *(ROOT / "ontology").rglob("*.ttl"),
        *(ROOT / "tests").glob("*.py"),
    ]
    named = {
        number
        for path in files
        for number in re.findall(r"docs/decisions/(\d{4})", path.read_text(encoding="utf-8"))
    }
    written = {path.name[:4] for path in (ROOT / "docs/decisions").glob("0*.md")}
    index = (ROOT / "docs/decisions/README.md").read_text(encoding="utf-8")
    assert named <= written
    assert set(re.findall(r"^\| \[(\d{4})\]", index, re.MULTILINE)) == written


def test_the_picture_of_the_readme_is_the_one_a_build_writes(demonstrated: Path) -> None:
    shown = ROOT / "docs/images/graph.svg"
    written = demonstrated / "dist" / "graph.svg"
    mend = "policygraph build && cp dist/graph.svg docs/images/graph.svg"
    assert shown.read_bytes() == written.read_bytes(), f"out of date; mend it with: {mend}"


def test_the_table_of_outputs_names_every_file_a_build_writes(demonstrated: Path) -> None:
    written = {path.name for path in (demonstrated / "dist").iterdir()}
    for page in READMES:
        text = (ROOT / page).read_text(encoding="utf-8")
        assert not {name for name in written if f"`{name}`" not in text}, page


def test_a_term_added_as_the_ontology_says_is_used_without_python(clone: Path) -> None:
    block = next(block.text for block in blocks("ontology/README.md") if block.kind == "turtle")
    with (clone / "ontology/policy.ttl").open("a", encoding="utf-8") as ontology:
        ontology.write(block)
    row = next(block.text for block in blocks("ontology/README.md") if block.kind == "yaml")
    statements = clone / "data/documents/cn-ndwc-2024/statements.yaml"
    quote, fact = row.splitlines()[-2:]
    text = statements.read_text(encoding="utf-8")
    assert text.count(quote.strip()) == 1
    indent = next(line for line in text.splitlines() if quote.strip() in line).split("quote")[0]
    added = text.replace(quote.strip(), f"{quote.strip()}\n{indent}{fact.strip()}")
    statements.write_text(added, encoding="utf-8")
    graph = policygraph.build(clone)
    [quad] = [quad for quad in graph.store.quads("stated") if quad.predicate == pg("audience")]
    assert text_of(quad.object) == "有条件的地方"
    [evidence] = graph.why("cn-ndwc-2024-g8-a1", "audience", "有条件的地方").evidence
    assert evidence.words["zh"] == quote.split(": ")[1]
