"""A Dask cluster gives the parts that this machine gives, also where a worker dies."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result

from policygraph.corpus import cluster
from policygraph.corpus.kept import keep
from policygraph.corpus.order import Order
from policygraph.corpus.workers import parts
from policygraph.errors import PolicyGraphError, UnreadableInput, WorkLost, WrongUsage
from policygraph.text.documents import document_folders
from policygraph.workspace import Place

sys.path.insert(0, str(Path(__file__).parents[1] / "bench"))
from corpus import write_corpus

pytestmark = pytest.mark.slow

distributed = pytest.importorskip("distributed", reason="the extra cluster is not installed")

DOCUMENTS = 40


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Place:
    folder = tmp_path_factory.mktemp("corpus")
    write_corpus(folder, DOCUMENTS)
    return Place.at(folder)


@pytest.fixture(scope="module")
def scheduler() -> Iterator[str]:
    """A cluster of two processes that somebody else started; its address."""
    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, dashboard_address="127.0.0.1:0", silence_logs=50
    ) as started:
        yield f"dask:{started.scheduler_address}"


def processes_of(on: str) -> dict[str, int]:
    with distributed.Client(on.partition(":")[2], set_as_default=False) as client:
        found: dict[str, int] = client.run(os.getpid)
        return found


def test_a_cluster_gives_the_parts_of_this_machine_in_the_same_order(
    corpus: Place, scheduler: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(corpus.root)
    place = Place.at(Path())  # the files of findings are named from here, not as workers see them
    folders = document_folders(place.data)
    assert list(parts(place, folders, on=scheduler)) == list(parts(place, folders))


def test_a_worker_that_is_killed_in_the_middle_loses_nothing(
    corpus: Place, scheduler: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cluster, "_BATCH", 2)
    folders = document_folders(corpus.data)
    expected = list(parts(corpus, folders))
    victim = min(processes_of(scheduler).values())
    made = parts(corpus, folders, on=scheduler)
    found = [next(made)]
    os.kill(victim, signal.SIGKILL)
    found += made
    assert found == expected
    assert victim not in processes_of(scheduler).values()


def test_only_a_few_batches_are_under_way_at_a_time(
    corpus: Place, scheduler: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cluster, "_BATCH", 1)
    taken: list[Path] = []

    def folders() -> Iterator[Path]:
        for folder in document_folders(corpus.data):
            taken.append(folder)
            yield folder

    made = parts(corpus, folders(), on=scheduler)
    ahead = [len(taken) - count for count, _ in enumerate(made, 1)]
    assert max(ahead) < 2 * cluster._WAITING
    assert len(taken) == DOCUMENTS


def test_a_graph_on_disk_is_built_and_changed_by_a_cluster_of_its_own(tmp_path: Path) -> None:
    write_corpus(tmp_path, 3)
    built = {}
    for on in ("", "dask"):
        order = Order(Place.at(tmp_path), lambda _name, _facts: None, jobs=1, on=on)
        target = tmp_path / f"kept{on}"
        keep(order, target)
        built[on] = [
            (target / name).read_bytes() for name in ("report.ttl", "ontology.ttl", "MANIFEST.json")
        ]
    assert built[""] == built["dask"]


def test_a_document_that_cannot_be_read_is_named_as_it_was_given(
    scheduler: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_corpus(tmp_path, 2)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "data/documents/synthetic-0000002/restored.txt").write_text("别的", "utf-8")
    place = Place.at(Path())
    here, there = (failure(place, on) for on in ("", scheduler))
    assert isinstance(there, UnreadableInput)
    assert str(there) == str(here)


def failure(place: Place, on: str) -> PolicyGraphError:
    with pytest.raises(PolicyGraphError) as caught:
        list(parts(place, document_folders(place.data), on=on))
    return caught.value


def test_workers_with_another_version_are_refused(
    corpus: Place, scheduler: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cluster, "_versions", lambda: ("9.9.9", "9.9.9"))
    error = failure(corpus, scheduler)
    assert (error.name, error.facts["wanted"]) == ("cluster/other-version", "9.9.9")


def test_workers_that_see_other_files_are_refused(
    corpus: Place, scheduler: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cluster, "_shared", lambda _place: "of other files")
    assert failure(corpus, scheduler).name == "cluster/other-files"


def test_a_worker_that_joins_late_is_checked_too(corpus: Place) -> None:
    names = ("1", "1")
    job = cluster.Job(corpus, "", False, cluster._shared(corpus), names, "a token of its own")
    with pytest.raises(WrongUsage, match="has policygraph"):
        cluster.make_batch(job, [])
    assert cluster.make_batch(replace(job, versions=cluster._versions()), []) == []


def test_a_scheduler_that_goes_away_ends_the_build_with_a_message(
    corpus: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cluster, "_BATCH", 1)
    script = Path(sys.executable).with_name("dask")
    port = free_port()
    started = [
        subprocess.Popen([script, *line.split()], stderr=subprocess.DEVNULL)
        for line in (
            f"scheduler --host 127.0.0.1 --port {port} --no-dashboard",
            f"worker tcp://127.0.0.1:{port} --nthreads 1 --no-dashboard --no-nanny",
        )
    ]
    try:
        made = parts(corpus, document_folders(corpus.data), on=f"dask:tcp://127.0.0.1:{port}")
        next(made)
        started[0].kill()
        with pytest.raises(WorkLost, match="the cluster was lost"):
            list(made)
    finally:
        for process in started:
            process.kill()
            process.wait()


def free_port() -> int:
    import socket

    with socket.socket() as opened:
        opened.bind(("127.0.0.1", 0))
        return int(opened.getsockname()[1])


def test_a_scheduler_that_nobody_runs_is_named(
    run: Callable[..., Result], corpus: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cluster, "_PATIENCE", 0.5)
    address = f"tcp://127.0.0.1:{free_port()}"
    result = run("build", "-C", corpus.root, "--on", f"dask:{address}")
    assert result.exit_code == 3
    assert f"no scheduler answers at {address}" in result.stderr
    assert "Traceback" not in result.stderr


def test_without_the_extra_the_message_says_how_to_get_it(
    run: Callable[..., Result], corpus: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    absent: Any = None
    monkeypatch.setitem(sys.modules, "distributed", absent)
    result = run("build", "-C", corpus.root, "--on", "dask")
    assert result.exit_code == 2
    assert 'pip install "policygraph[cluster]"' in result.stderr


def test_another_engine_is_refused(run: Callable[..., Result], corpus: Place) -> None:
    result = run("build", "-C", corpus.root, "--on", "spark")
    assert result.exit_code == 2
    assert "there is no engine spark" in result.stderr


def test_ctrl_c_ends_the_cluster_that_was_started(tmp_path: Path) -> None:
    write_corpus(tmp_path, 200)
    command = [sys.executable, "-m", "policygraph", "build", "-C", str(tmp_path)]
    run = subprocess.Popen(
        [*command, "--on", "dask", "--jobs", "1"], stderr=subprocess.PIPE, start_new_session=True
    )
    try:
        deadline = time.monotonic() + 60
        while not ((begun := started_by(run.pid)) and hears_ctrl_c(run.pid)):
            assert time.monotonic() < deadline
            time.sleep(0.1)
        os.killpg(run.pid, signal.SIGINT)  # as a terminal does: to all of them
        _, told = run.communicate(timeout=60)
    finally:
        run.kill()  # where it did not end, nothing else shall wait for it
    assert run.returncode == 130, told
    assert b"Traceback" not in told
    assert not (tmp_path / "dist").exists()
    deadline = time.monotonic() + 10
    while (left := [p for p in begun if Path(f"/proc/{p}").exists()]) and (
        time.monotonic() < deadline
    ):
        time.sleep(0.1)
    assert not left


def started_by(parent: int) -> list[int]:
    threads = Path(f"/proc/{parent}/task")
    if not (threads / str(parent) / "children").exists():
        pytest.skip("no list of child processes on this system")
    return [int(child) for each in threads.glob("*/children") for child in each.read_text().split()]


def hears_ctrl_c(process: int) -> bool:
    status = Path(f"/proc/{process}/status").read_text()
    ignored = int(status.split("SigIgn:")[1].split()[0], 16)
    return not ignored >> (signal.SIGINT - 1) & 1
