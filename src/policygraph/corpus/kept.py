"""A graph kept on disk: built whole the first time, then changed by what changed.

In: a workspace and the folder of the graph. Out: the folder as a full build would write it, whole
or not at all: the work is done on a copy beside it (the store's files are linked, not copied), and
the two are swapped. A copy that cannot be used is thrown away and the graph built anew.
"""

from __future__ import annotations

import json
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from pyoxigraph import Store

from policygraph.assets import asset
from policygraph.corpus.change import change
from policygraph.corpus.checks import all_findings, results
from policygraph.corpus.files import Seen, difference, documents_among, look
from policygraph.corpus.ledger import Ledger
from policygraph.corpus.order import Order
from policygraph.corpus.whole import build_whole
from policygraph.errors import WrongUsage
from policygraph.graph.infer import limits
from policygraph.graph.store import GraphStore
from policygraph.publish.folder import MANIFEST, locked, recover, refuse_foreign, swap_in
from policygraph.publish.report import report_turtle
from policygraph.report import Finding
from policygraph.workspace import Place

STORE = "store"
LEDGER = "ledger.sqlite"

_DAMAGED = (OSError, sqlite3.DatabaseError, ValueError, KeyError)
"""What opening or reading a store or a ledger raises that is not what was written."""


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
    with locked(target):
        recover(target)
        refuse_foreign(target)
        files = look(order.place, _files_of(target))
        if not _is_current(order, target, files) and not _changed(order, target, files):
            _built(order, target, files)
        return _opened(order, target)


def keeps(target: Path, place: Place) -> bool:
    """Tell whether the graph in a folder is what building the workspace on disk would give now."""
    drafts = _facts_of(target).get("drafts") == str(True)
    order = Order(place, lambda _name, _facts: None, drafts=drafts)
    return _is_current(order, target, look(place, _files_of(target)))


def _is_current(order: Order, target: Path, files: Mapping[str, Seen]) -> bool:
    facts = _facts_of(target)
    return bool(
        facts and order.facts.items() <= facts.items() and not difference(_files_of(target), files)
    )


def _changed(order: Order, target: Path, files: Mapping[str, Seen]) -> bool:
    """Change the graph by what changed; tell whether that could be done."""
    facts = _facts_of(target)
    if not facts or not order.facts.items() <= facts.items():
        return False
    differs = difference(_files_of(target), files)
    many = 2 * len(differs.changed) > len(documents_among(files))
    if differs.terms or many:
        return False
    try:
        with _fresh(target) as fresh:
            Store(str(target / STORE)).backup(str(fresh / STORE))
            shutil.copyfile(target / LEDGER, fresh / LEDGER)
            change(order, differs, files, fresh)
            _finish(order, fresh)
            swap_in(fresh, target)
    except WrongUsage:
        return False
    except _DAMAGED:
        order.progress("build/store-damaged", {"path": str(target)})
        return False
    return True


def _built(order: Order, target: Path, files: Mapping[str, Seen]) -> None:
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
    ledger = Ledger(folder / LEDGER)
    facts = ledger.facts
    report = report_turtle(results(ledger), order.ids)
    (folder / "report.ttl").write_bytes(report)
    shutil.copyfile(order.place.ontology / "policy.ttl", folder / "ontology.ttl")
    shutil.copyfile(asset("ontology", "context.jsonld"), folder / "context.jsonld")
    ledger.close()
    manifest = {
        "policygraph": version("policygraph"),
        "base": order.place.base,
        "counts": dict(sorted(json.loads(facts["counts"]).items())),
        STORE: STORE,
    }
    text = json.dumps(manifest, ensure_ascii=False, indent=1)
    (folder / MANIFEST).write_text(text + "\n", encoding="utf-8")
    folder.chmod(0o755)


def _opened(order: Order, target: Path) -> Kept:
    ledger = Ledger(target / LEDGER)
    store = GraphStore.at(target / STORE, read_only=True)
    findings = [*all_findings(order, store, ledger), *limits(order.vocabulary.triples)]
    counts = json.loads(ledger.facts["counts"])
    ledger.close()
    return Kept(target, findings, counts)


@contextmanager
def _ledger_of(target: Path) -> Iterator[Ledger | None]:
    """Open the ledger of a graph that is complete."""
    if not ((target / LEDGER).is_file() and (target / MANIFEST).is_file()):
        yield None
        return
    with closing(Ledger(target / LEDGER)) as ledger:
        yield ledger


def _files_of(target: Path) -> dict[str, Seen]:
    """Give the files a graph was built from; none where there is no graph, or a damaged one."""
    with _ledger_of(target) as ledger:
        return ledger.files if ledger else {}


def _facts_of(target: Path) -> dict[str, str]:
    with _ledger_of(target) as ledger:
        return ledger.facts if ledger else {}
