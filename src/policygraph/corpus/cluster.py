"""A Dask cluster that makes parts: the same work as in processes here, on any number of machines.

In: a workspace that every machine sees at the same path, and folders. Out: parts in the order of
the folders. Only a few batches for each thread of the cluster are under way at a time. A worker
that dies takes nothing with it: its batches are made by another.
"""

from __future__ import annotations

import itertools
import logging
import platform
import signal
import threading
import uuid
from collections import deque
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from policygraph.corpus.parts import Maker, Part
from policygraph.errors import PolicyGraphError, Where, WorkLost, WrongUsage
from policygraph.workspace import Place, sha256

if TYPE_CHECKING:
    from distributed import Client, Future

ENGINE = "dask"

_BATCH = 16
"""Documents in a task."""
_WAITING = 3
"""Tasks per thread of the cluster that are under way or wait to be taken."""
_PATIENCE = 30
"""Seconds that a scheduler has to answer, and to find its first worker."""
_MUST_MATCH = ("policygraph", "pyoxigraph")
"""Packages whose versions decide which bytes come out."""

_makers: dict[str, Maker] = {}
"""The maker of the build that a worker process works for."""
_turn = threading.Lock()
"""One part at a time in a process: a maker remembers things between parts."""


@dataclass(frozen=True)
class Job:
    """What is the same for all tasks of a build.

    Attributes:
        place: the workspace, with whole paths.
        given: the path of its data as it was given.
        drafts: include rows that nobody reviewed.
        shared: hash of the files that every document rests on.
        versions: of the packages that must be the same everywhere.
        token: tells this build from another.
    """

    place: Place
    given: str
    drafts: bool
    shared: str
    versions: tuple[str, ...]
    token: str


def address_in(on: str) -> str:
    """Take the address out of ``dask`` or ``dask:ADDRESS``; empty where there is none.

    Raises:
        WrongUsage: another engine is asked for.
    """
    engine, _, address = on.partition(":")
    if engine != ENGINE:
        raise WrongUsage("cluster/unknown-engine", name=engine)
    return address


def cluster_parts(
    place: Place, folders: Iterable[Path], on: str, jobs: int, *, drafts: bool
) -> Iterator[Part]:
    """Make the parts of documents on a cluster, in the order of their folders.

    Args:
        place: the workspace; all machines must see it at the same path.
        folders: of the documents.
        on: ``dask:ADDRESS`` of a scheduler, or ``dask`` to start a cluster on this machine.
        jobs: number of processes of a cluster that is started here.
        drafts: include rows that nobody reviewed.

    Raises:
        WrongUsage: the engine is unknown or not installed, or the workers differ from this machine.
        UnreadableInput: a file is missing or malformed; the first such document is named.
        WorkLost: the cluster cannot be reached, or was lost.
    """
    parts = (place.root, place.data, place.ontology, place.queries)
    root, data, ontology, queries = (part.resolve() for part in parts)
    whole = Place(root, data, ontology, queries, place.base)
    job = Job(whole, str(place.data), drafts, _shared(whole), _versions(), uuid.uuid4().hex)
    with _client(address_in(on), jobs) as client:
        _check_workers(client, job)
        absolute = (folder.resolve() for folder in folders)
        try:
            yield from itertools.chain.from_iterable(_in_order(client, job, absolute))
        except _lost() as error:
            raise WorkLost("cluster/lost", why=str(error).splitlines()[0]) from error


def _versions() -> tuple[str, ...]:
    return tuple(map(version, _MUST_MATCH))


def _shared(place: Place) -> str:
    """Hash the ontology and the registry, on which every document rests.

    Raises:
        OSError: a file cannot be read.
    """
    folders = (place.ontology, place.data / "registry")
    files = (path for folder in folders for path in sorted(folder.rglob("*")) if path.is_file())
    seen = (f"{path}\0{sha256(path.read_bytes())}\n" for path in files if path.name[0] != ".")
    return sha256("".join(seen).encode())


@contextmanager
def _client(address: str, jobs: int) -> Iterator[Client]:
    """Speak to a scheduler, or start a cluster here and end it afterwards."""
    try:
        from distributed import Client, LocalCluster
    except ImportError as error:
        raise WrongUsage("cluster/not-installed") from error
    logging.getLogger("distributed").setLevel(logging.CRITICAL)  # what matters we say ourselves
    if address:
        try:
            client = Client(address, timeout=_PATIENCE, set_as_default=False)
        except (OSError, ValueError) as error:
            facts = {"address": address, "why": str(error).splitlines()[0]}
            raise WorkLost("cluster/unreachable", **facts) from error
        with client:
            yield client
        return
    with _uninterrupted():
        cluster = LocalCluster(
            n_workers=jobs,
            threads_per_worker=1,
            dashboard_address="127.0.0.1:0",
            silence_logs=logging.CRITICAL,
        )
        client = Client(cluster, set_as_default=False)
    try:
        yield client
    finally:
        with _uninterrupted():
            client.close()
            cluster.close()


@contextmanager
def _uninterrupted() -> Iterator[None]:
    """Ignore Ctrl-C for the seconds in which a cluster starts or ends.

    Its processes inherit that, so afterwards Ctrl-C is heard by the one who asks alone, who ends
    them in good order.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def _lost() -> tuple[type[BaseException], ...]:
    """Name what is raised where the scheduler goes away or a task kills every worker it gets."""
    from concurrent.futures import CancelledError

    from distributed import KilledWorker
    from distributed.comm import CommClosedError

    return CancelledError, KilledWorker, CommClosedError, TimeoutError


def _check_workers(client: Client, job: Job) -> None:
    """See to it that there are workers and that each has our version and our files."""
    try:
        client.wait_for_workers(1, timeout=_PATIENCE)
    except TimeoutError as error:
        raise WorkLost("cluster/no-worker", seconds=_PATIENCE) from error
    for worker, about in client.get_versions(packages=list(_MUST_MATCH))["workers"].items():
        _check_versions(job, [about["packages"][name] for name in _MUST_MATCH], worker)
    for trouble in client.run(_trouble_with, job).values():
        if trouble:
            raise trouble


def _check_versions(job: Job, versions: Iterable[str | None], worker: str) -> None:
    """Compare the versions that a worker has with ours.

    Raises:
        WrongUsage: one differs.
    """
    for name, wanted, found in zip(_MUST_MATCH, job.versions, versions, strict=True):
        if wanted != found:
            facts = {"name": name, "wanted": wanted, "found": found or "-"}
            raise WrongUsage("cluster/other-version", worker=worker, **facts)


def _trouble_with(job: Job) -> WrongUsage | None:
    try:
        _check_here(job)
    except WrongUsage as error:
        return error
    return None


def _check_here(job: Job) -> None:
    """Compare what this machine has with what the one that asks has.

    Raises:
        WrongUsage: versions or files differ.
    """
    here = platform.node()
    _check_versions(job, _versions(), here)
    try:
        same = _shared(job.place) == job.shared and job.place.data.is_dir()
    except OSError:
        same = False
    if not same:
        raise WrongUsage("cluster/other-files", worker=here, path=str(job.place.root))


def _in_order(client: Client, job: Job, folders: Iterable[Path]) -> Iterator[list[Part]]:
    """Hand out batches, a few for each thread there is now, and give their parts in order."""
    waiting: deque[Future[Any]] = deque()
    remaining = iter(folders)
    try:
        while batch := list(itertools.islice(remaining, _BATCH)):
            waiting.append(client.submit(make_batch, job, batch, pure=False))
            if len(waiting) >= max(1, sum(client.nthreads().values())) * _WAITING:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
    finally:
        client.cancel(list(waiting), force=True)


def make_batch(job: Job, folders: list[Path]) -> list[Part]:
    """Make the parts of some documents, on a worker.

    Raises:
        WrongUsage: this machine has other versions or files than the one that asks.
        UnreadableInput: a file is missing or malformed.
    """
    with _turn:
        if job.token not in _makers:  # this worker may have joined after the others were checked
            _check_here(job)
            _makers.clear()
            _makers[job.token] = Maker(job.place, drafts=job.drafts)
        maker = _makers[job.token]
        try:
            return [_as_given(part, job) for part in maker.parts(folders)]
        except PolicyGraphError as error:
            error.where = _named_as_given(error.where, job)
            raise


def _as_given(part: Part, job: Job) -> Part:
    """Name files as the one who asks named them, who may have named them from where he stands."""
    if job.given == str(job.place.data):
        return part
    findings = tuple(
        replace(each, where=_named_as_given(each.where, job)) for each in part.findings
    )
    made_at = {thing: _named_as_given(where, job) for thing, where in part.made_at.items()}
    return replace(part, findings=findings, made_at=made_at)


def _named_as_given(where: Where, job: Job) -> Where:
    return where._replace(file=where.file.replace(str(job.place.data), job.given, 1))
