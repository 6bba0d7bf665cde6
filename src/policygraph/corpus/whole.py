"""The whole graph on disk, from nothing: documents are spooled, loaded in bulk, checked, inferred.

In: a workspace. Out: a folder with the store and the ledger. What was spooled is noted as it is on
the disk, so that a build that was cut off goes on where it was.
"""

from __future__ import annotations

import json
import shutil
import sqlite3
from collections import Counter
from collections.abc import Mapping
from contextlib import closing, suppress
from pathlib import Path
from tempfile import TemporaryDirectory

from pyoxigraph import NamedNode, Quad, RdfFormat, parse

from policygraph.corpus.checks import (
    STAGES,
    all_findings,
    check_whole,
    reach_noted,
    results,
    set_aside,
)
from policygraph.corpus.files import Seen, difference, documents_among, look
from policygraph.corpus.ledger import KNOWN, Ledger
from policygraph.corpus.order import Order
from policygraph.corpus.shares import STILL
from policygraph.corpus.spool import Spool, merged
from policygraph.corpus.workers import parts
from policygraph.graph.infer import infer_in_store
from policygraph.graph.store import GraphStore
from policygraph.graph.terms import in_graph, text_of, write
from policygraph.graph.validate import Result
from policygraph.identifiers import origin_of
from policygraph.report import DataError, Finding

QUARANTINE = "quarantine.nq"

_SETTLE = 64
"""Documents after which the spool is put on the disk and what it holds is noted."""


def build_whole(order: Order, files: Mapping[str, Seen], folder: Path) -> None:
    """Build a graph into a folder of its own.

    Args:
        order: what to build.
        files: what the workspace holds.
        folder: where to; what a build that was cut off left there is used if it is of use.

    Raises:
        DataError: the data has errors.
    """
    _clear_unless_of_use(order, files, folder)
    with Ledger(folder / "ledger.sqlite") as ledger:
        ledger.note(**order.facts)
        ledger.note_files(files, {})
        spool = _spooled(order, ledger, documents_among(files), folder / "spool")
        for name in ("store", STILL):  # of a build that was cut off
            shutil.rmtree(folder / name, ignore_errors=True)
        with closing(GraphStore.at(folder / "store")) as store:
            spool.load(store.engine)
            _complete(order, store, ledger, folder)
            store.engine.flush()
    shutil.rmtree(folder / "spool")


def check_apart(order: Order) -> tuple[list[Finding], list[Result]]:
    """Check a workspace in a folder that is thrown away, so that memory does not grow with it.

    Args:
        order: what to check; shapes of the asserted graph only, nothing is inferred.

    Returns:
        What was found in the files and by the shapes, and the results of the shapes.
    """
    documents = documents_among(look(order.place, {}))
    with TemporaryDirectory(prefix="policygraph-") as name, Ledger(Path(name) / "ledger") as ledger:
        spool = _spooled(order, ledger, documents, Path(name) / "spool")
        with closing(GraphStore.at(Path(name) / "store")) as store:
            spool.load(store.engine)
            _join_shared(order, store, ledger)
            with suppress(DataError):  # what is wrong is noted, and that is what was asked for
                check_whole(order, store, ledger, "shapes")
            return all_findings(order, store, ledger), results(ledger)


def _clear_unless_of_use(order: Order, files: Mapping[str, Seen], folder: Path) -> None:
    """Make the folder; what was left there stays only if it was made of the same files, alike."""
    folder.mkdir(parents=True, exist_ok=True)
    try:
        with Ledger(folder / "ledger.sqlite") as ledger:
            differs = difference(ledger.files, files)
            facts = ledger.facts
        if facts and not differs and order.facts.items() <= facts.items():
            return
    except sqlite3.DatabaseError:
        pass
    shutil.rmtree(folder)
    folder.mkdir()


def _complete(order: Order, store: GraphStore, ledger: Ledger, folder: Path) -> None:
    """Check what is asserted, and infer what follows."""
    counts = _join_shared(order, store, ledger)
    aside = set_aside(store, check_whole(order, store, ledger, "shapes"))
    counts.subtract(origin_of(text_of(quad.graph_name)) for quad in aside)
    if aside:
        (folder / QUARANTINE).write_bytes(write(aside, RdfFormat.N_QUADS))
    follows = infer_in_store(store.engine, order.vocabulary.triples, order.ids)
    graph = NamedNode(order.ids.graph("inferred"))
    inferred = store.fill(
        Quad(triple.subject, triple.predicate, triple.object, graph) for triple in follows
    )
    order.progress("build/inferred", {"count": inferred})
    check_whole(order, store, ledger, "consistency")
    for stage in STAGES:
        reach_noted(order, ledger, stage)
    counts.update(inferred=inferred)
    ledger.note(counts=json.dumps(counts), mark="", quarantined=len(aside))


def _join_shared(order: Order, store: GraphStore, ledger: Ledger) -> Counter[str]:
    """Add to the documents what all of them share; give the number of quads of each origin."""
    counts = Counter(json.loads(ledger.facts["counts"]))
    known = order.maker.known(store.passages_of)
    ledger.note_part(KNOWN, known, content=known.quads)
    ledger.note_things(order.maker.names.shared)
    store.add(parse(known.quads, RdfFormat.N_QUADS))
    ontology = in_graph(order.vocabulary.triples, order.ids.graph("ontology"))
    store.add(ontology)
    counts.update(known.counts)
    told = {"documents": len(ledger.folders) - 1, "count": counts.total()}
    order.progress("build/asserted", told)
    counts.update(ontology=len(ontology))
    return counts


def _spooled(order: Order, ledger: Ledger, documents: list[str], folder: Path) -> Spool:
    """Make the parts of documents that are not noted yet, and spool them."""
    facts = ledger.facts
    mark = json.loads(facts.get("mark") or "[0, 0]")
    spool = Spool(folder, (mark[0], mark[1]))
    counts = Counter(json.loads(facts.get("counts") or "{}"))
    done = ledger.folders
    waiting = [name for name in documents if name not in done]
    folders = [order.place.data / "documents" / name for name in waiting]
    candidate = order.ids.graph("candidate")
    made = parts(
        order.place, folders, order.jobs, drafts=order.drafts, on=order.on, maker=order.maker
    )
    for count, (name, part) in enumerate(zip(waiting, made, strict=True), 1):
        merge, aside = merged(part.quads, candidate)
        spool.add(part.quads + merge)
        ledger.note_part(name, part, aside)
        counts.update(part.counts)
        if count % _SETTLE == 0 or count == len(waiting):
            ledger.note(mark=json.dumps(spool.settle()), counts=json.dumps(counts))
            ledger.commit()
        told = {"count": len(done) + count, "total": len(documents), "quads": counts.total()}
        order.progress("build/document", told)
    ledger.note(counts=json.dumps(counts))
    return spool
