"""A graph kept on disk: built whole the first time, then changed by what changed.

In: a workspace and the folder of the graph. Out: the folder as a full build would write it, whole
or not at all: the work is done on a copy beside it (the store's files are linked, not copied), and
the two are swapped. A copy that cannot be used is thrown away and the graph built anew.
"""

from __future__ import annotations

import errno
import json
import os
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from policygraph.assets import asset
from policygraph.corpus.change import change
from policygraph.corpus.checks import all_findings, results
from policygraph.corpus.files import Difference, Seen, difference, documents_among, look
from policygraph.corpus.ledger import Ledger
from policygraph.corpus.order import Order
from policygraph.corpus.standing import LEDGER, KnownThings, noted
from policygraph.corpus.whole import build_whole
from policygraph.errors import CannotWrite, Where, WrongUsage
from policygraph.graph.infer import limits
from policygraph.graph.store import GraphStore
from policygraph.publish.folder import MANIFEST, STORE, locked, recover, refuse_foreign, swap_in
from policygraph.publish.report import report_turtle
from policygraph.report import Finding

_DAMAGED = (OSError, RuntimeError, sqlite3.DatabaseError, ValueError, KeyError)
"""What opening or reading a store or a ledger raises that is not what was written."""

_NOT_WRITABLE = (errno.ENOSPC, errno.EFBIG, errno.EDQUOT, errno.EROFS, errno.EACCES)


@dataclass(frozen=True)
class Kept:
    """A graph on disk.

    Attributes:
        folder: where it lies.
        findings: what is worth knowing about it.
        counts: number of quads of each origin.
    """

    folder: Path
    findings: list[Finding]
    counts: Mapping[str, int]


def keep(order: Order, target: Path) -> Kept:
    """Bring the graph in a folder up to date, or build it there.

    Raises:
        DataError: the data has errors; what was there stays.
        CannotWrite: somebody else is building it, or the disk is full or not writable.
    """
    try:
        with locked(target):
            recover(target)
            refuse_foreign(target)
            return _kept(order, target)
    except sqlite3.OperationalError as error:
        raise CannotWrite("publish/cannot-write", Where(str(target)), why=str(error)) from error


def _kept(order: Order, target: Path) -> Kept:
    facts, known = noted(target)
    files = look(order.place, known)
    alike = order.facts.items() <= facts.items()
    differs = difference(known, files)
    informed = order if differs.registry else replace(order, shared=KnownThings(target))
    if alike and _brought_up_to_date(informed, target, differs):
        return _opened(informed, target)
    if (target / LEDGER).is_file() and not facts:
        order.progress("build/store-damaged", {"path": str(target)})
    _build(order, target, files)
    return _opened(order, target)


def _brought_up_to_date(order: Order, target: Path, differs: Difference) -> bool:
    """Change the graph by what changed; tell whether that could be done."""
    if differs.terms or 2 * len(differs.changed) > len(documents_among(differs.after)):
        return False
    try:
        if differs:
            _change(order, target, differs)
        else:
            GraphStore.at(target / STORE, read_only=True)
    except WrongUsage:
        return False
    except _DAMAGED as error:
        if _is_for_want_of_room(error):
            raise CannotWrite("publish/cannot-write", Where(str(target)), why=str(error)) from error
        order.progress("build/store-damaged", {"path": str(target)})
        return False
    return True


def _is_for_want_of_room(error: Exception) -> bool:
    """Tell whether the disk is to blame; engines give the words of the system, not its number."""
    words = str(error)
    told = ("disk is full", "readonly database", *map(os.strerror, _NOT_WRITABLE))
    return any(each in words for each in told)


def _change(order: Order, target: Path, differs: Difference) -> None:
    with _fresh(target) as fresh:
        _link_store(target / STORE, fresh / STORE)
        shutil.copyfile(target / LEDGER, fresh / LEDGER)
        change(order, differs, fresh)
        _finish(order, fresh)
        swap_in(fresh, target)


def _link_store(store: Path, copy: Path) -> None:
    """Copy a store that nobody writes to; files that never change are linked.

    Opening the store to have it copied would wait for the disk, and write into it.
    """
    copy.mkdir()
    for path in store.iterdir():
        if path.suffix == ".sst":
            _link(path, copy / path.name)
        elif path.name != "LOCK" and not path.name.startswith("LOG"):
            shutil.copyfile(path, copy / path.name)


def _link(path: Path, copy: Path) -> None:
    try:
        copy.hardlink_to(path)
    except OSError:  # not every file system has links
        shutil.copyfile(path, copy)


def _build(order: Order, target: Path, files: Mapping[str, Seen]) -> None:
    """Build the whole graph; what a build that was cut off left behind is gone on with."""
    fresh = target.with_name(f".{target.name}.building")
    build_whole(order, files, fresh)
    _finish(order, fresh)
    swap_in(fresh, target)


@contextmanager
def _fresh(target: Path) -> Iterator[Path]:
    fresh = Path(tempfile.mkdtemp(prefix=f".{target.name}.new-", dir=target.parent))
    try:
        yield fresh
    finally:
        shutil.rmtree(fresh, ignore_errors=True)


def _finish(order: Order, folder: Path) -> None:
    """Write what lies beside the store; the manifest last."""
    with Ledger(folder / LEDGER) as ledger:
        facts = ledger.facts
        (folder / "report.ttl").write_bytes(report_turtle(results(ledger), order.ids))
    shutil.copyfile(order.place.ontology / "policy.ttl", folder / "ontology.ttl")
    shutil.copyfile(asset("ontology", "context.jsonld"), folder / "context.jsonld")
    manifest = {
        "policygraph": facts["policygraph"],
        "base": order.place.base,
        "counts": dict(sorted(json.loads(facts["counts"]).items())),
        STORE: STORE,
    }
    text = json.dumps(manifest, ensure_ascii=False, indent=1)
    (folder / MANIFEST).write_text(text + "\n", encoding="utf-8")
    folder.chmod(0o755)


def _opened(order: Order, target: Path) -> Kept:
    with Ledger(target / LEDGER) as ledger:
        told = results(ledger)
        store = GraphStore.at(target / STORE, read_only=True) if told else GraphStore()
        findings = [*all_findings(order, store, ledger), *limits(order.vocabulary.triples)]
        return Kept(target, findings, json.loads(ledger.facts["counts"]))
