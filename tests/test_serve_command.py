"""``policygraph serve`` at the command line: what it serves, and what it says where it cannot."""

from __future__ import annotations

import builtins
import json
import re
import shutil
import socket
import subprocess
import sys
import tomllib
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from click.testing import Result
from pyoxigraph import RdfFormat, Store

from conftest import ROOT
from servers import Policygraph


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace of the conference report with its graph."""
    folder = tmp_path_factory.mktemp("written")
    for part in ("data", "dist"):
        shutil.copytree(ROOT / part, folder / part)
    return folder


COUNT = (  # of the graph alone; the server adds what describes it
    "SELECT (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } "
    'FILTER(!STRENDS(STR(?g), "/graph/description")) }'
)


def counted(server: Policygraph) -> int:
    with urllib.request.urlopen(f"{server.sparql}?query={quote(COUNT)}", timeout=30) as answer:
        return int(json.load(answer)["results"]["bindings"][0]["n"]["value"])


def quads_of(path: Path) -> int:
    return len(path.read_text("utf-8").splitlines())


@pytest.mark.parametrize("form", ["workspace", "dist", "nq", "trig", "store", "kept"])
def test_a_graph_is_served_whatever_it_lies_in(
    form: str, written: Path, tmp_path: Path, run: Callable[..., Result]
) -> None:
    quads = written / "dist" / "graph.nq"
    place = {"workspace": written, "dist": written / "dist", "nq": quads}.get(form)
    if form == "trig":
        place = written / "dist" / "graph.trig"
    if form == "store":
        place = tmp_path / "store"
        store = Store(str(place))
        store.bulk_load(path=str(quads), format=RdfFormat.N_QUADS)
        store.flush()
        del store
    if form == "kept":
        place = tmp_path / "workspace"
        shutil.copytree(ROOT / "data", place / "data")
        assert run("build", "--store", "--engine", "fast", "-C", place).exit_code == 0
    assert place
    server = Policygraph(tmp_path, place, "--workers", "1")
    server.start()
    try:
        assert counted(server) == quads_of(quads)
    finally:
        server.stop()
    beside = place if place.is_dir() else place.parent
    assert not list(beside.parent.glob(".*.serving-*")), "what was linked is cleared away"


def test_a_build_in_place_of_the_one_served_does_not_disturb_it(
    tmp_path: Path, run: Callable[..., Result]
) -> None:
    place = tmp_path / "workspace"
    shutil.copytree(ROOT / "data", place / "data")
    assert run("build", "--store", "--engine", "fast", "-C", place).exit_code == 0
    server = Policygraph(tmp_path, place, "--workers", "1", "--timeout", "1")
    server.start()
    try:
        before = counted(server)
        shutil.rmtree(place / "dist")
        endless = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
        with pytest.raises(urllib.error.HTTPError, match="504"):  # a new worker opens it again
            urllib.request.urlopen(f"{server.sparql}?query={quote(endless)}", timeout=30)
        assert counted(server) == before
    finally:
        server.kill()


def serve(*arguments: str | Path, cwd: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "policygraph", "serve", *map(str, arguments)]
    return subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=False, timeout=60)


@pytest.mark.parametrize(
    ("name", "code", "words"),
    [
        ("nothing", 3, "there is no file nothing"),
        ("here.txt", 3, "no file of RDF"),
        ("broken.nq", 3, "broken.nq"),
        ("unbuilt", 3, "Build one first"),
        ("empty", 3, "no workspace"),
        ("damaged", 3, "is not the one that was built"),
    ],
)
def test_what_cannot_be_served_is_said_without_a_traceback(
    name: str, code: int, words: str, tmp_path: Path
) -> None:
    (tmp_path / "here.txt").write_text("not a graph")
    (tmp_path / "broken.nq").write_text("<a> <b>")
    (tmp_path / "unbuilt" / "data" / "documents").mkdir(parents=True)
    (tmp_path / "empty").mkdir()
    damaged = tmp_path / "damaged"
    damaged.mkdir()
    manifest = {"base": "https://example.org/", "store": "store"}
    (damaged / "MANIFEST.json").write_text(json.dumps(manifest))
    (damaged / "store").mkdir()
    done = serve(name, "--port", "0", cwd=tmp_path)
    assert done.returncode == code
    assert words in done.stderr
    assert "Traceback" not in done.stderr
    assert done.stdout == ""


def test_a_port_that_is_taken_is_said(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        done = serve("x.nq", "--port", str(taken.getsockname()[1]), "--lang", "zh", cwd=tmp_path)
    assert done.returncode == 3
    assert "无法在该地址提供服务" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_host_that_is_not_ours_is_said(tmp_path: Path) -> None:
    done = serve("x.nq", "--host", "192.0.2.1", cwd=tmp_path)
    assert done.returncode == 3
    assert "192.0.2.1:8000" in done.stderr


def test_without_the_extra_its_name_is_said(
    run: Callable[..., Result], monkeypatch: pytest.MonkeyPatch
) -> None:
    real = builtins.__import__

    def without(name: str, *rest: Any, **more: Any) -> Any:
        if name.startswith(("starlette", "uvicorn", "policygraph.serve")):
            raise ImportError(name)
        return real(name, *rest, **more)

    monkeypatch.setattr(builtins, "__import__", without)
    done = run("serve")
    assert done.exit_code == 2
    assert "pip install 'policygraph[serve]'" in done.stderr


def test_the_unit_is_one_that_systemd_takes() -> None:
    program = shutil.which("systemd-analyze")
    if not program:
        pytest.skip("systemd-analyze is not installed (Debian: systemd)")
    unit = ROOT / "docs" / "deploy" / "policygraph.service"
    done = subprocess.run([program, "verify", unit], capture_output=True, text=True, check=False)
    said = done.stdout + done.stderr
    unknown = [line for line in said.splitlines() if "Unknown" in line or "Failed to parse" in line]
    assert not unknown


def test_the_unit_and_the_container_call_the_command_as_it_is(run: Callable[..., Result]) -> None:
    deploy = ROOT / "docs" / "deploy"
    started = (deploy / "policygraph.service").read_text("utf-8").split("ExecStart=")[1]
    words = started.splitlines()[0].split()
    assert words[:3] == ["/opt/policygraph/bin/policygraph", "serve", "/srv/policygraph"]
    last = (deploy / "Containerfile").read_text("utf-8").split("CMD ")[1]
    told = run("serve", "--help").output
    for word in [*words[3:], *json.loads(last)]:
        assert not word.startswith("--") or word in told


def test_the_container_copies_all_that_an_installation_takes_and_installs_what_is_locked() -> None:
    recipe = (ROOT / "docs" / "deploy" / "Containerfile").read_text("utf-8")
    copied = {
        name
        for line in re.findall(r"^COPY (?!--)(.*)$", recipe, re.MULTILINE)
        for name in line.split()[:-1]
    }
    wheel = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["hatch"]["build"]
    assert {*wheel["targets"]["wheel"]["force-include"], "src", "requirements.lock"} <= copied
    assert all((ROOT / name).exists() for name in copied)
    assert "python .ci/bootstrap.py ship" in recipe
    assert '("run", "ship")' in (ROOT / ".ci" / "bootstrap.py").read_text("utf-8")
