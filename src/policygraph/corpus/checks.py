"""Shapes held against a store on disk, their results noted by the thing they speak of.

In: the store, as asserted or with its inferences. Out: results in the ledger; findings, which stop
the build if one of them is an error.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator
from dataclasses import asdict
from itertools import chain
from pathlib import Path
from typing import Any, NamedTuple

from pyoxigraph import DefaultGraph, NamedNode, Quad

from policygraph.corpus.ledger import Ledger
from policygraph.corpus.order import Order
from policygraph.corpus.shares import judged
from policygraph.errors import Where
from policygraph.graph.shacl import Shapes
from policygraph.graph.shacl.reach import Asserted, Reach, read_reach
from policygraph.graph.store import GraphStore, is_reviewed
from policygraph.graph.terms import QUOTED, text_of
from policygraph.graph.validate import (
    Result,
    culprit,
    findings_of,
    read_shapes,
    validate,
    words_of,
)
from policygraph.identifiers import documents_for
from policygraph.namespaces import NIF
from policygraph.report import DataError, Finding, errors_among
from policygraph.workspace import sha256


class Change(NamedTuple):
    """Quads that a change adds to the store and removes from it, inferences included."""

    added: list[Quad]
    removed: list[Quad]


STAGES = ("shapes", "consistency")
"""The shapes of the asserted graph, and those of the graph with its inferences."""


def check_whole(order: Order, store: GraphStore, ledger: Ledger, stage: str) -> list[Result]:
    """Hold the whole graph against the shapes of a stage, and note the results.

    Returns:
        The results that are violations, where the order is to keep what is valid; else there are
        none.

    Raises:
        DataError: a rule is broken, or rows could not be read.
    """
    if stage == "shapes" and store.holds(order.ids.graph("inferred")):
        apart = _apart(order, stage)
        reviewed = filter(is_reviewed, store.quads())
        quads = (quad for quad in reviewed if text_of(quad.graph_name) not in apart)
        shapes = _shapes(order, stage)
        found = validate(quads, order.vocabulary.triples, shapes, order.engine)
    else:
        found = judged(store, _file(order, stage), order.engine, order.jobs)
    return _noted(order, store, ledger, stage, found)


def check_change(
    order: Order, store: GraphStore, ledger: Ledger, stage: str, changed: Change
) -> None:
    """Hold what a change touches against the shapes of a stage, and note the results.

    Shapes that look too far to tell what is touched are held against the whole graph.

    Raises:
        DataError: a rule is broken, or rows could not be read.
    """
    reach = reach_noted(order, ledger, stage)
    if reach.wide:
        check_whole(order, store, ledger, stage)
        return
    apart = {*_apart(order, stage), order.ids.graph("candidate")}
    around = Asserted(store.engine, apart, changed.removed)
    added, removed = (
        [quad for quad in quads if text_of(quad.graph_name) not in apart] for quads in changed
    )
    focus = reach.affected(around, [*added, *removed])
    quads = reach.needed(Asserted(store.engine, apart), focus, added)
    found = validate(quads, order.vocabulary.triples, _shapes(order, stage), order.engine)
    asked = {*reach.nodes, *(node.value for node in focus)}
    _noted(order, store, ledger, stage, [r for r in found if r.focus in asked], asked)


def reach_noted(order: Order, ledger: Ledger, stage: str) -> Reach:
    """Tell how far the shapes of a stage look, as it was noted or, if they are others, anew."""
    name, shapes = f"reach of {stage}", sha256(_file(order, stage).read_bytes())
    noted, _, written = ledger.facts.get(name, "").partition(" ")
    if noted == shapes:
        return read_reach(written)
    from policygraph.graph.shacl.links import reach_of

    reach = reach_of(_shapes(order, stage))
    ledger.note(**{name: f"{shapes} {reach.written()}"})
    return reach


def _shapes(order: Order, stage: str) -> Shapes:
    return read_shapes(_file(order, stage))


def _file(order: Order, stage: str) -> Path:
    return order.place.ontology / f"{stage}.ttl"


def _apart(order: Order, stage: str) -> set[str]:
    """Name the graphs that are not looked at; the ontology is given beside the graph."""
    names = ("ontology", *(("inferred",) if stage == "shapes" else ()))
    return {order.ids.graph(name) for name in names}


def _noted(
    order: Order,
    store: GraphStore,
    ledger: Ledger,
    stage: str,
    found: list[Result],
    asked: Collection[str] | None = None,
) -> list[Result]:
    """Note results, and stop if they forbid to go on."""
    ledger.note_results(stage, ((result.focus, _written(result)) for result in found), asked)
    if stage == "shapes":
        order.progress("build/validated", {"count": len(ledger.results(stage))})
    violations = [result for result in found if result.severity.endswith("#Violation")]
    unreadable = errors_among(ledger.findings())
    if unreadable or (violations and not (order.keep_invalid and stage == "shapes")):
        raise DataError(all_findings(order, store, ledger))
    return violations


def all_findings(order: Order, store: GraphStore, ledger: Ledger) -> list[Finding]:
    """List what was found in the files and by the shapes."""
    found = results(ledger)
    things = [thing for result in found for thing in (culprit(result), result.focus)]
    made = dict(chain.from_iterable(_made(order, thing) for thing in dict.fromkeys(things)))
    return [*ledger.findings(), *findings_of(found, made, words_of(_about(store, things)))]


def set_aside(store: GraphStore, violations: Iterable[Result]) -> list[Quad]:
    """Take out every quad that speaks of a thing which breaks a rule; give them, sorted."""
    aside: dict[Quad, None] = {}
    for thing in {NamedNode(culprit(result)) for result in violations}:
        for quad in chain(
            store.engine.quads_for_pattern(thing, None, None, None),
            store.engine.quads_for_pattern(None, None, thing, None),
        ):
            if quad.graph_name != DefaultGraph():
                aside[quad] = None
    store.change([], aside)
    return sorted(aside, key=str)


def results(ledger: Ledger) -> list[Result]:
    """List the results of all stages."""
    return [_result(json.loads(text)) for stage in STAGES for text in ledger.results(stage)]


def _written(result: Result) -> str:
    return json.dumps(asdict(result), ensure_ascii=False, sort_keys=True)


def _result(values: dict[str, Any]) -> Result:
    for name in ("messages", "mend"):
        values[name] = tuple(map(tuple, values[name]))
    return Result(**values)


def _made(order: Order, thing: str) -> Iterator[tuple[str, Where]]:
    """Give the rows that make the things of the document, or the registry, that made a thing."""
    for document in documents_for(order.ids.key(thing.partition("/text/")[0])):
        folder = order.place.data / "documents" / document
        if (folder / "document.yaml").is_file():
            yield from order.maker.part(folder).made_at.items()
            return
    yield from order.maker.known(lambda _thing: ()).made_at.items()


def _about(store: GraphStore, things: Iterable[str]) -> Iterator[Quad]:
    """Give the quads that tell from which words things are quoted."""
    anchor = NamedNode(NIF + "anchorOf")
    for thing in dict.fromkeys(things):
        node = NamedNode(thing)
        yield from store.engine.quads_for_pattern(node, anchor, None, DefaultGraph())
        for quad in store.engine.quads_for_pattern(node, QUOTED, None, DefaultGraph()):
            yield quad
            passage = NamedNode(text_of(quad.object))
            yield from store.engine.quads_for_pattern(passage, anchor, None, DefaultGraph())
