"""Documents are built one by one, in one process or several, and give the graph of the whole."""

from __future__ import annotations

import gc
import signal
import subprocess
import sys
import time
from multiprocessing import active_children
from pathlib import Path

import pytest
from pyoxigraph import RdfFormat, parse

from policygraph.corpus.parts import Maker
from policygraph.corpus.workers import parts
from policygraph.errors import WorkLost
from policygraph.graph.build import build as build_whole
from policygraph.graph.vocabulary import read_vocabulary
from policygraph.identifiers import Identifiers
from policygraph.pipeline import check
from policygraph.report import Finding
from policygraph.text.documents import document_folders, read_document, read_workspace
from policygraph.text.model import Document
from policygraph.workspace import Place

sys.path.insert(0, str(Path(__file__).parents[1] / "bench"))
from corpus import document_files, registry_files, write, write_corpus


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Place:
    folder = tmp_path_factory.mktemp("corpus")
    write_corpus(folder, 20)
    return Place.at(folder)


def test_parts_and_registry_are_the_graph_of_the_whole(corpus: Place) -> None:
    whole = build_whole(
        read_workspace(corpus.data, []), read_vocabulary(corpus.ontology), Identifiers(corpus.base)
    )
    checked = check(corpus, engine="fast")
    assert set(checked.quads) == set(whole.quads)
    assert checked.made_at == whole.made_at
    assert checked.findings == whole.findings == []


def test_several_processes_give_the_same_parts_in_the_same_order(corpus: Place) -> None:
    folders = document_folders(corpus.data)
    assert list(parts(corpus, folders, 2)) == list(parts(corpus, folders, 1))


def test_a_part_notes_what_its_names_mean_outside_the_document(corpus: Place) -> None:
    folder = document_folders(corpus.data)[0]
    before = Maker(corpus).part(folder)
    assert before.uses["place-37"]
    assert not before.uses.get("s1", "")
    registry = corpus.data / "registry" / "places.yaml"
    text = registry.read_text(encoding="utf-8")
    label = text.split("place-37:\n  label: ", 1)[1].split("\n", 1)[0]
    registry.write_text(text.replace(label, '{zh: "别处", en: "Elsewhere"}'), encoding="utf-8")
    after = Maker(corpus).part(folder)
    registry.write_text(text, encoding="utf-8")
    changed = {name for name, digest in before.uses.items() if after.uses[name] != digest}
    assert changed == {"place-37"}


def test_a_document_may_speak_of_a_statement_of_another(tmp_path: Path) -> None:
    write(tmp_path, registry_files(2))
    first, second = document_files(1), document_files(2)
    write(tmp_path, first | second)
    folder = tmp_path / "data/documents/synthetic-0000002"
    statements = folder / "statements.yaml"
    text = statements.read_text(encoding="utf-8")
    place = text.index("        type: Statement\n") + len("        type: Statement\n")
    link = "        continues: synthetic-0000001-s1\n"
    statements.write_text(text[:place] + link + text[place:], encoding="utf-8")
    part = Maker(Place.at(tmp_path)).part(folder)
    links = [
        quad.object
        for quad in parse(part.quads, RdfFormat.N_QUADS)
        if quad.predicate.value.endswith("#continues")
    ]
    assert [str(link) for link in links] == [
        "<https://w3id.org/policygraph/id/statement/synthetic-0000001-s1>"
    ]
    assert part.uses["synthetic-0000001-s1"]
    both = frozenset({"synthetic-0000001", "synthetic-0000002"})
    assert list(Maker(Place.at(tmp_path)).parts([folder], both)) == [part]
    assert not [finding for finding in part.findings if finding.severity == "error"]


def test_nobody_looks_for_cycles_while_a_document_is_made(
    corpus: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    looking: list[bool] = []

    def read(folder: Path, findings: list[Finding]) -> Document:
        looking.append(gc.isenabled())
        return read_document(folder, findings)

    monkeypatch.setattr("policygraph.corpus.parts.read_document", read)
    for _ in Maker(corpus).parts(document_folders(corpus.data)[:2]):
        looking.append(gc.isenabled())
    assert looking == [False, True, False, True]


@pytest.mark.slow
def test_a_script_that_asks_for_several_processes_need_not_guard_itself(corpus: Place) -> None:
    script = corpus.root / "script.py"
    script.write_text(
        "import sys\n"
        "import policygraph\n"
        "print('run')\n"
        "graph = policygraph.build(sys.argv[1], engine='fast', jobs=2)\n"
        "print(len(graph.query('documents')))\n",
        encoding="utf-8",
    )
    command = [sys.executable, str(script), str(corpus.root)]
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (run.stdout, run.stderr) == ("run\n20\n", "")


@pytest.mark.slow
def test_a_worker_that_is_killed_ends_the_build_with_a_message(tmp_path: Path) -> None:
    write_corpus(tmp_path, 200)
    place = Place.at(tmp_path)
    made = parts(place, document_folders(place.data), 2)
    next(made)
    worker = active_children()[0]  # of all children one may be the tracker of resources
    worker.kill()
    with pytest.raises(WorkLost, match="ended from outside"):
        list(made)


@pytest.mark.slow
def test_ctrl_c_leaves_no_process_and_nothing_half_written(tmp_path: Path) -> None:
    write_corpus(tmp_path, 300)
    command = [sys.executable, "-m", "policygraph", "build", "-C", str(tmp_path), "--jobs", "2"]
    run = subprocess.Popen(command, stderr=subprocess.PIPE)
    deadline = time.monotonic() + 30
    while len(_children(run.pid)) < 2 and time.monotonic() < deadline:
        time.sleep(0.05)
    workers = _children(run.pid)
    assert workers
    run.send_signal(signal.SIGINT)
    _, told = run.communicate(timeout=30)
    assert run.returncode == 130
    assert b"Traceback" not in told
    assert not (tmp_path / "dist").exists()
    deadline = time.monotonic() + 10
    while (left := [each for each in workers if Path(f"/proc/{each}").exists()]) and (
        time.monotonic() < deadline
    ):
        time.sleep(0.05)
    assert not left


def _children(parent: int) -> list[int]:
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(") ")[2].split()
        except OSError:
            continue
        if int(fields[1]) == parent and fields[0] != "Z":
            found.append(int(stat.parent.name))
    return sorted(found, reverse=True)
