"""What many tests need: the built graph of the conference report, a workspace to spoil, the CLI."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from filelock import FileLock
from hypothesis import settings

import policygraph
from policygraph.api.policy_graph import PolicyGraph
from policygraph.graph.vocabulary import Vocabulary, read_vocabulary

settings.register_profile("untimed", deadline=None)  # a busy machine is no failure
settings.load_profile("untimed")

ROOT = Path(__file__).parents[1]
SHARED = ROOT.parent / "shared"


@pytest.fixture(scope="session", autouse=True)
def report_is_built(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Have the report's graph written once, so that commands which ask it need not build it."""
    beside = tmp_path_factory.getbasetemp().parent / "built.lock"
    with FileLock(beside):
        command = [sys.executable, "-m", "policygraph", "build", "-q", "--engine", "fast"]
        subprocess.run([*command, "-C", str(ROOT)], check=True, capture_output=True)


@pytest.fixture(scope="session")
def graph() -> PolicyGraph:
    """The graph of the conference report."""
    return policygraph.build(ROOT)


@pytest.fixture(scope="session")
def yunze() -> PolicyGraph:
    """The graph of the invented province: two reports of one year, one of the next."""
    return policygraph.build(ROOT / "examples" / "yunze")


@pytest.fixture(scope="session")
def vocabulary() -> Vocabulary:
    """The terms of the ontology."""
    return read_vocabulary(ROOT / "ontology")


@pytest.fixture(scope="session")
def conference(graph: PolicyGraph, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace of the conference report whose graph is written; only to be read."""
    from policygraph.cli.build import write_dist

    folder = tmp_path_factory.mktemp("conference")
    for part in ("data", "ontology", "queries"):
        shutil.copytree(ROOT / part, folder / part)
    shutil.copy(ROOT / "policygraph.toml", folder)
    write_dist(graph, folder / "dist")
    return folder


@pytest.fixture
def shared() -> Path:
    """The material beside the checkout that is not part of the project."""
    if not SHARED.is_dir():
        pytest.skip("the folder ../shared is not here")
    return SHARED


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    """A copy of the small example workspace, to be spoilt."""
    template = ROOT / "src" / "policygraph" / "template"
    return Path(shutil.copytree(template, tmp_path / "workspace"))


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
    """Run the command line in this process."""
    from policygraph.cli import policygraph

    monkeypatch.setenv("LANG", "C.UTF-8")

    def invoke(*arguments: str | Path, input: str | bytes | None = None) -> Result:
        result = CliRunner().invoke(policygraph, [str(part) for part in arguments], input=input)
        if result.exception and not isinstance(result.exception, SystemExit):
            raise result.exception
        return result

    return invoke
