"""The part of a graph around a thing: what is near, what is said of it, on whose word.

In: the store and a thing. Out: things, triples, quads.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad, Triple

from policygraph.graph.store import GraphStore, is_reviewed
from policygraph.graph.terms import TYPE, pg, text_of
from policygraph.identifiers import Identifiers
from policygraph.study.network.paths import Ways

_IN_SENTENCE, _TEXT_OF = pg("inSentence"), pg("textOf")


def around(
    store: GraphStore, centre: str, ids: Identifiers, steps: int
) -> tuple[tuple[str, ...], tuple[Triple, ...], list[Quad]]:
    """Gather what lies around a thing.

    Args:
        store: the graph; candidates are left out.
        centre: IRI of the thing.
        ids: how IRIs look.
        steps: how far to go, over relations between things.

    Returns:
        The IRIs of the things, the triples of and between them, and the quads of these with the
        description of every passage, source and judgement behind them.
    """
    things = tuple(sorted(_near(store, centre, ids, steps)))
    quads = [quad for iri in things for quad in _said_of(store, iri) if _is_within(quad, things)]
    evidence = {text_of(quad.graph_name) for quad in quads}
    quads += [quad for iri in sorted(_described(store, evidence)) for quad in _said_of(store, iri)]
    triples = {quad.triple for quad in quads if text_of(quad.subject) in set(things)}
    return things, tuple(sorted(triples, key=str)), quads


def _near(store: GraphStore, centre: str, ids: Identifiers, steps: int) -> set[str]:
    ways = Ways(store, centre, centre, ids, steps)
    near, edge = {centre}, {centre}
    for _ in range(steps):
        edge = {move.end for iri in edge for move in ways.moves(iri)} - near
        near |= edge
    return near


def _said_of(store: GraphStore, iri: str) -> Iterator[Quad]:
    """List what is said of a thing in named graphs."""
    for quad in store.engine.quads_for_pattern(NamedNode(iri), None, None, None):
        if isinstance(quad.graph_name, NamedNode) and is_reviewed(quad):
            yield quad


def _is_within(quad: Quad, things: Iterable[str]) -> bool:
    """Tell whether a quad joins the things, or says something of one of them alone."""
    value = quad.object
    return isinstance(value, Literal) or quad.predicate == TYPE or text_of(value) in set(things)


def _described(store: GraphStore, evidence: set[str]) -> set[str]:
    """Add to pieces of evidence the sentences they stand in and the documents they are from."""
    found = set(evidence)
    for iri in evidence:
        text = iri.partition("#char=")[0]
        for subject, relation in ((iri, _IN_SENTENCE), (text, _TEXT_OF)):
            quads = store.engine.quads_for_pattern(
                NamedNode(subject), relation, None, DefaultGraph()
            )
            found.update(text_of(quad.object) for quad in quads)
        found.add(text)
    return found
