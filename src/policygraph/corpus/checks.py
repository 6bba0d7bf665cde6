"""Shapes held against a store on disk, their results noted by the thing they speak of.

In: the store, as asserted or with its inferences. Out: results in the ledger; findings, which stop
the build if one of them is an error.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from itertools import chain
from typing import Any

from pyoxigraph import DefaultGraph, NamedNode, Quad

from policygraph.corpus.ledger import Ledger
from policygraph.corpus.order import Order
from policygraph.errors import Where
from policygraph.graph.store import GraphStore, is_reviewed
from policygraph.graph.terms import QUOTED, text_of
from policygraph.graph.validate import Result, culprit, findings_of, read_shapes, validate, words_of
from policygraph.identifiers import origin_of
from policygraph.namespaces import NIF
from policygraph.report import DataError, Finding, errors_among

_STAGES = ("shapes", "consistency")
"""The shapes of the asserted graph, and those of the graph with its inferences."""


def check_whole(order: Order, store: GraphStore, ledger: Ledger, stage: str) -> list[Result]:
    """Hold the whole graph against the shapes of a stage, and note the results.

    Returns:
        The results that are violations, where the order is to keep what is valid; else there are
        none.

    Raises:
        DataError: a rule is broken, or rows could not be read.
    """
    shapes = read_shapes(order.place.ontology / f"{stage}.ttl")
    apart = {"ontology", *(("inferred",) if stage == "shapes" else ())}
    found = validate(_asserted(store, apart), order.vocabulary.triples, shapes, order.engine)
    ledger.note_results(stage, ((result.focus, _noted(result)) for result in found))
    if stage == "shapes":
        order.progress("build/validated", {"count": len(found)})
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
    return [_result(json.loads(text)) for stage in _STAGES for text in ledger.results(stage)]


def _asserted(store: GraphStore, apart: set[str]) -> Iterator[Quad]:
    for quad in filter(is_reviewed, store.quads()):
        if origin_of(text_of(quad.graph_name)) not in apart:
            yield quad


def _noted(result: Result) -> str:
    return json.dumps(asdict(result), ensure_ascii=False, sort_keys=True)


def _result(values: dict[str, Any]) -> Result:
    for name in ("messages", "mend"):
        values[name] = tuple(map(tuple, values[name]))
    return Result(**values)


def _made(order: Order, thing: str) -> Iterator[tuple[str, Where]]:
    """Give the rows that make the things of the document, or the registry, that made a thing."""
    pieces = order.ids.key(thing.partition("/text/")[0]).split("-")
    for count in range(len(pieces), 0, -1):
        folder = order.place.data / "documents" / "-".join(pieces[:count])
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
