"""A graph on disk, changed by what changed in the workspace: documents, registry, shapes.

In: a copy of the store and the ledger, and what differs in the files. Out: the same copy, as a full
build would have made it. A document is built anew if a file of it differs or if a name it uses has
come to mean something else.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import closing
from pathlib import Path

from pyoxigraph import NamedNode, Quad, RdfFormat, Triple, parse

from policygraph.corpus.checks import STAGES, Change, check_change, check_whole
from policygraph.corpus.files import Difference
from policygraph.corpus.ledger import KNOWN, Ledger
from policygraph.corpus.order import Order
from policygraph.corpus.spool import merged
from policygraph.corpus.workers import parts
from policygraph.graph.rules.axioms import read_rules
from policygraph.graph.rules.change import update
from policygraph.graph.rules.stored import StoredState
from policygraph.graph.store import GraphStore, is_reviewed
from policygraph.graph.terms import QUOTED, in_graph, text_of
from policygraph.graph.written import iri_of
from policygraph.identifiers import origin_of, passage_span


def change(order: Order, difference: Difference, folder: Path) -> None:
    """Change the graph in a folder by what differs.

    Args:
        order: what to build.
        difference: what differs from the files it was built from.
        folder: the graph; if this fails, it is of no use any more.

    Raises:
        DataError: the data has errors.
        WrongUsage: the ontology says so much that inferences cannot be changed, only made anew.
    """
    with (
        closing(GraphStore.at(folder / "store")) as store,
        Ledger(folder / "ledger.sqlite") as ledger,
    ):
        swap = _Swap(order, ledger, store)
        touched = swap.documents(difference)
        if difference.registry or KNOWN in touched or swap.rests_on(touched):
            swap.registry()
        if difference.registry:
            ledger.note_things(order.maker.names.shared)
        added, removed = swap.net()
        told = {"documents": len(touched - {KNOWN}), "added": len(added), "removed": len(removed)}
        order.progress("build/changed", told)
        more, less = _inferences(order, store, added, removed)
        changed = Change([*added, *more], [*removed, *less])
        store.change(*changed)
        _count(ledger, *changed)
        for stage in STAGES:
            if difference.shapes:
                check_whole(order, store, ledger, stage)
            else:
                check_change(order, store, ledger, stage, changed)
        ledger.note_files(difference.after, difference.before)
        store.engine.flush()


class _Swap:
    """Old parts out, new ones in; nothing is written to the store yet."""

    def __init__(self, order: Order, ledger: Ledger, store: GraphStore) -> None:
        self._order, self._ledger, self._store = order, ledger, store
        self._out: dict[Quad, None] = {}
        self._in: dict[Quad, None] = {}

    def documents(self, difference: Difference) -> set[str]:
        """Take the documents that differ or use a changed name; give the folders of all."""
        files = {*difference.changed, *difference.gone}
        renamed = self._renamed(None if difference.registry else files)
        again = sorted((renamed | set(difference.changed)) - {KNOWN, *difference.gone})
        for name in {*again, *difference.gone}:
            self._out.update(dict.fromkeys(self._old(name)))
            self._ledger.forget(name)
        order = self._order
        folders = [order.place.data / "documents" / name for name in again]
        made = parts(
            order.place,
            folders,
            order.jobs,
            drafts=order.drafts,
            on=order.on,
            maker=order.maker,
        )
        for name, part in zip(again, made, strict=True):
            self._in.update(dict.fromkeys(parse(part.quads, RdfFormat.N_QUADS)))
            _, aside = merged(part.quads, order.ids.graph("candidate"))
            self._ledger.note_part(name, part, aside)
        return renamed | files

    def rests_on(self, documents: Iterable[str]) -> bool:
        """Tell whether the registry speaks of things of these documents."""
        return any(
            KNOWN in self._ledger.users(reference, digest)
            for reference, digest in self._ledger.uses(documents)
        )

    def registry(self) -> None:
        """Take the registry and the judgements."""
        old = self._ledger.content(KNOWN)
        part = self._order.maker.known(self._passages_of)
        self._out.update(dict.fromkeys(parse(old, RdfFormat.N_QUADS)))
        self._in.update(dict.fromkeys(parse(part.quads, RdfFormat.N_QUADS)))
        self._ledger.note_part(KNOWN, part, content=part.quads)

    def net(self) -> tuple[list[Quad], list[Quad]]:
        """Give the quads to add and those to remove."""
        added = [quad for quad in self._in if quad not in self._out]
        return added, [quad for quad in self._out if quad not in self._in]

    def _renamed(self, documents: set[str] | None) -> set[str]:
        """List the folders that use a name which means something else now."""
        names = self._order.maker.names.asked_anew()
        folders = set[str]()
        for reference, digest in list(self._ledger.uses(documents)):
            names.find(reference)
            if names.used[reference] != digest:
                folders.update(self._ledger.users(reference, digest))
        return folders

    def _old(self, name: str) -> Iterator[Quad]:
        """Give the quads that a document gave: those of its graphs, and its share of others'."""
        ids, engine = self._order.ids, self._store.engine
        record = NamedNode(ids.graph("document", name))
        translation = NamedNode(ids.graph("editor", f"{name}-translation"))
        sources = NamedNode(ids.graph("sources"))
        told = list(engine.quads_for_pattern(None, None, None, record))
        subjects = {text_of(quad.subject) for quad in told}
        passages = (NamedNode(subject) for subject in subjects if passage_span(subject))
        for graph in (translation, *passages):
            yield from engine.quads_for_pattern(None, None, None, graph)
        yield from told
        yield from engine.quads_for_pattern(translation, None, None, sources)
        lines = "\n".join(self._ledger.unreviewed(name))
        yield from parse(lines, RdfFormat.N_QUADS)

    def _passages_of(self, thing: str) -> list[str]:
        """List the passages that a thing is quoted from, once the change is made."""
        node = NamedNode(iri_of(thing))
        fresh = [
            str(quad.object)
            for quad in self._in
            if quad.subject == node and is_reviewed(quad) and quad.predicate == QUOTED
        ]
        stale = {str(quad.object) for quad in self._out if quad.subject == node}
        kept = (passage for passage in self._store.passages_of(thing) if passage not in stale)
        return [*kept, *fresh]


def _inferences(
    order: Order, store: GraphStore, added: list[Quad], removed: list[Quad]
) -> tuple[list[Quad], list[Quad]]:
    """Give the inferences to add and to remove; the store is still as it was."""
    rules = read_rules(order.vocabulary.triples)
    state = StoredState(rules, store.engine, order.ids)
    gone = set(_unsaid(store, removed))
    new = {quad.triple for quad in added if is_reviewed(quad)}
    inferred = update(rules, state, new, gone - new, order.ids)
    graph = order.ids.graph("inferred")
    return in_graph(inferred.added, graph), in_graph(inferred.removed, graph)


def _unsaid(store: GraphStore, removed: Iterable[Quad]) -> Iterator[Triple]:
    """List the triples that no graph asserts once some quads are removed."""
    graphs: dict[Triple, set[str]] = {}
    for quad in filter(is_reviewed, removed):
        graphs.setdefault(quad.triple, set()).add(text_of(quad.graph_name))
    for triple, those in graphs.items():
        rest = store.asserted_in(triple, but=those)
        if all(origin_of(graph) == "inferred" for graph in rest):
            yield triple


def _count(ledger: Ledger, added: Iterable[Quad], removed: Iterable[Quad]) -> None:
    counts = Counter(json.loads(ledger.facts["counts"]))
    counts.update(origin_of(text_of(quad.graph_name)) for quad in added)
    counts.subtract(origin_of(text_of(quad.graph_name)) for quad in removed)
    ledger.note(counts=json.dumps({origin: count for origin, count in counts.items() if count}))
