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
from contextlib import closing
from pathlib import Path

from pyoxigraph import NamedNode, Quad, RdfFormat, parse

from policygraph.corpus.checks import check_whole, set_aside
from policygraph.corpus.files import Seen, documents_among
from policygraph.corpus.ledger import KNOWN, Ledger
from policygraph.corpus.order import Order
from policygraph.corpus.spool import Spool, merged
from policygraph.corpus.workers import parts
from policygraph.graph.infer import infer_in_store
from policygraph.graph.store import GraphStore
from policygraph.graph.terms import in_graph, text_of, write
from policygraph.identifiers import origin_of

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
        ledger.note_files(files)
        spool = _spooled(order, ledger, documents_among(files), folder / "spool")
        shutil.rmtree(folder / "store", ignore_errors=True)
        with closing(GraphStore.at(folder / "store")) as store:
            spool.load(store.engine)
            _complete(order, store, ledger, folder)
            store.engine.flush()
    shutil.rmtree(folder / "spool")


def _clear_unless_of_use(order: Order, files: Mapping[str, Seen], folder: Path) -> None:
    """Make the folder; what was left there stays only if it was made of the same files, alike."""
    folder.mkdir(parents=True, exist_ok=True)
    try:
        with Ledger(folder / "ledger.sqlite") as ledger:
            same = {name: seen.sha256 for name, seen in ledger.files.items()}
            facts = ledger.facts
        now = {name: seen.sha256 for name, seen in files.items()}
        if same == now and order.facts.items() <= facts.items():
            return
    except sqlite3.DatabaseError:
        pass
    shutil.rmtree(folder)
    folder.mkdir()


def _complete(order: Order, store: GraphStore, ledger: Ledger, folder: Path) -> None:
    """Add to the documents what all of them share, check it, and infer what follows."""
    counts = Counter(json.loads(ledger.facts["counts"]))
    known = order.maker.known(store.passages_of)
    ledger.note_part(KNOWN, known, content=known.quads)
    store.add(parse(known.quads, RdfFormat.N_QUADS))
    ontology = in_graph(order.vocabulary.triples, order.ids.graph("ontology"))
    store.add(ontology)
    counts.update(known.counts)
    told = {"documents": len(ledger.folders) - 1, "count": counts.total()}
    order.progress("build/asserted", told)
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
    counts.update(ontology=len(ontology), inferred=inferred)
    ledger.note(counts=json.dumps(counts), mark="", quarantined=len(aside))


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
    made = parts(order.place, folders, order.jobs, drafts=order.drafts, on=order.on)
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
