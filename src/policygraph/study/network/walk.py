"""A projection walked over a graph: what is joined, by which triples, on whose word.

In: a store and a projection. Out: a networkx graph. By construction no edge is without evidence:
it is made of the triples that were walked along, and each triple of the graphs that hold it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

import networkx as nx
from pyoxigraph import DefaultGraph, NamedNode, Quad, Triple

from policygraph.errors import NothingFound
from policygraph.graph.store import GraphStore
from policygraph.graph.terms import LABEL, TYPE, language_of, pg, text_of
from policygraph.identifiers import origin_of, passage_span
from policygraph.namespaces import NIF
from policygraph.study.network.measures import measure
from policygraph.study.network.projections import Hop, Projection, Rule, Step
from policygraph.study.network.things import ORIGINS, Facts, about_of, gather, kinds_of

WEAKER = (*ORIGINS, "inferred")
"""Origins, each weaker than the one before: a chain is as strong as its weakest triple."""

_STATEMENT = pg("Statement")
_QUOTE = NamedNode(NIF + "anchorOf")

Way = tuple[Triple, ...]
Chain = list[tuple[str, Way]]
"""The stops of a rule, each with the way to it from the one before."""


@dataclass
class _Edge:
    """What joins two things: the ways from one to the other, and what they are called."""

    ways: dict[frozenset[Triple], Way] = field(default_factory=dict)
    names: list[Mapping[str, str]] = field(default_factory=list)


def project(store: GraphStore, projection: Projection) -> nx.Graph[str]:
    """Make the network that a projection describes.

    Nodes are IRIs with ``kind``, ``key``, labels, period, status, their measures (see
    ``measures``), and the ``statements`` and ``passages`` behind their edges. Edges have
    ``relation_en`` and ``relation_zh``, ``weight`` (the number of different ways from one end to
    the other), ``origin`` (of the weakest triple of the strongest way), ``statements`` (IRIs),
    ``passages`` (IRIs), ``other_evidence`` (IRIs of sources and judgements) and ``quotes``, in
    reading order. It is a ``networkx.DiGraph`` where the projection has arrows.

    Args:
        store: the graph; candidates are left out.
        projection: what to join.

    Raises:
        NothingFound: nothing is joined.
    """
    walker = _Walker(store, projection)
    edges = walker.edges()
    if not edges:
        title = projection.title
        raise NothingFound(
            "network/no-edge", name=projection.name, title_en=title["en"], title_zh=title["zh"]
        )
    network: nx.Graph[str] = nx.DiGraph() if projection.has_arrows else nx.Graph()
    network.graph.update(name=projection.name, title=projection.title)
    describe = Describer(store, {end for ends in edges for end in ends})
    for iri in describe.iris:
        network.add_node(iri, **describe.thing(iri))
    for (start, end), edge in sorted(edges.items()):
        network.add_edge(start, end, **walker.about(edge))
    for iri, about in network.nodes(data=True):
        about.update(_behind(network, iri))
    measure(network)
    return network


def _behind(network: nx.Graph[str], iri: str) -> dict[str, tuple[str, ...]]:
    """Gather what is behind all edges of a node."""
    edges = [about for *_, about in network.edges(iri, data=True)]
    if isinstance(network, nx.DiGraph):
        edges += [about for *_, about in network.in_edges(iri, data=True)]
    return {
        name: tuple(sorted({one for about in edges for one in about[name]}, key=reading_order))
        for name in ("statements", "passages", "other_evidence")
    }


def reading_order(iri: str) -> tuple[str, int, int, str]:
    """Sort passages as they are read, all else by name."""
    return (*(passage_span(iri) or (iri, 0, 0)), iri)


class Describer:
    """Tells class, key, labels, period and status of some things, by look-ups around them."""

    def __init__(self, store: GraphStore, iris: Iterable[str]) -> None:
        self.store = store
        self.iris = sorted(iris)
        quads = [quad for iri in self.iris for quad in _said_of(store, iri)]
        sections = sorted({text_of(q.object) for q in quads if q.predicate == pg("inSection")})
        quads += [quad for iri in sections for quad in _said_of(store, iri)]
        self.facts: Facts = gather(quads)
        self.kinds = kinds_of(store, self.facts)

    def thing(self, iri: str) -> dict[str, str]:
        """Describe one of the things."""
        about = about_of(iri, self.facts) if iri in self.facts else {}
        kind = self.kinds.get(iri, "")
        return {"kind": kind, **self._names(kind), "key": iri.rsplit("/", 1)[-1], **about}

    def _names(self, kind: str) -> dict[str, str]:
        """Give the label of a class in both languages, as the ontology has it."""
        labels = self.store.engine.quads_for_pattern(pg(kind), LABEL, None, DefaultGraph())
        found = {language_of(quad.object): text_of(quad.object) for quad in labels}
        return {f"kind_{lang}": found[lang] for lang in ("en", "zh") if lang in found}


def _said_of(store: GraphStore, iri: str) -> Iterator[Quad]:
    for quad in store.engine.quads_for_pattern(NamedNode(iri), None, None, None):
        if origin_of(text_of(quad.graph_name)) in ORIGINS:
            yield quad


class _Walker:
    """Walks along paths and remembers the triples."""

    def __init__(self, store: GraphStore, projection: Projection) -> None:
        self.store = store
        self.projection = projection
        self.origins = frozenset(WEAKER if projection.uses_inferred else ORIGINS)
        self.graphs: dict[Triple, list[str]] = {}

    def edges(self) -> dict[tuple[str, str], _Edge]:
        """Find all edges: their ends and the ways between them."""
        edges: dict[tuple[str, str], _Edge] = {}
        for rule in self.projection.rules:
            for chain in self._chains(rule):
                for (start, _), (end, way), hop in zip(chain, chain[1:], rule.hops, strict=False):
                    edge = edges.setdefault(self._ordered(start, end), _Edge())
                    edge.ways.setdefault(frozenset(way), way)
                    if hop.name not in edge.names:
                        edge.names.append(hop.name)
        return edges

    def _chains(self, rule: Rule) -> Iterator[Chain]:
        """Find where a rule leads, from every thing it may start at."""
        for start in self._members(rule.starts):
            for chain in self._from(start, rule.hops):
                stops = [stop for stop, _ in chain]
                if len(set(stops)) == len(stops) and self._is_one_of(stops[-1], rule.ends):
                    yield chain

    def _from(self, start: str, hops: tuple[Hop, ...]) -> Iterator[Chain]:
        if not hops:
            yield [(start, ())]
            return
        for stop, way in self._ways(start, hops[0].steps):
            for _, *rest in self._from(stop, hops[1:]):
                yield [(start, ()), (stop, way), *rest]

    def _ordered(self, start: str, end: str) -> tuple[str, str]:
        return (start, end) if self.projection.has_arrows else (min(start, end), max(start, end))

    def _members(self, classes: Iterable[str]) -> list[str]:
        found = (
            quad.subject
            for each in classes
            for quad in self.store.engine.quads_for_pattern(
                None, TYPE, NamedNode(each), DefaultGraph()
            )
        )
        return sorted(set(map(text_of, found)))

    def _is_one_of(self, iri: str, classes: Iterable[str]) -> bool:
        types = self.store.engine.quads_for_pattern(NamedNode(iri), TYPE, None, DefaultGraph())
        return not {text_of(quad.object) for quad in types}.isdisjoint(classes)

    def _ways(self, start: str, path: tuple[Step, ...]) -> Iterator[tuple[str, Way]]:
        """Give where a path leads, and the triples along it."""
        if not path:
            yield start, ()
            return
        for near, triple in self._next(start, path[0]):
            for end, way in self._ways(near, path[1:]):
                if triple not in way:  # there and back again is no way to somewhere else
                    yield end, (triple, *way)

    def _next(self, iri: str, step: Step) -> Iterator[tuple[str, Triple]]:
        for name, against in step.ways:
            for triple in self._along(NamedNode(iri), NamedNode(name), against=against):
                near = triple.subject if against else triple.object
                if isinstance(near, NamedNode) and self._fits(near.value, step):
                    yield near.value, triple

    def _along(self, here: NamedNode, relation: NamedNode, *, against: bool) -> list[Triple]:
        """List the triples that lead on by a property and are said by somebody who counts."""
        start, end = (None, here) if against else (here, None)
        quads = self.store.engine.quads_for_pattern(start, relation, end, DefaultGraph())
        found = {quad.triple for quad in quads}
        return sorted(filter(self.evidence, found), key=str)

    def _fits(self, iri: str, step: Step) -> bool:
        return not step.classes or self._is_one_of(iri, step.classes)

    def evidence(self, triple: Triple) -> list[str]:
        """List the graphs that hold a triple and count here."""
        if triple not in self.graphs:
            graphs = self.store.graphs_of(triple)
            self.graphs[triple] = [name for name in graphs if origin_of(name) in self.origins]
        return self.graphs[triple]

    def about(self, edge: _Edge) -> dict[str, object]:
        """Describe an edge: what it is, and everything behind it."""
        triples = dict.fromkeys(triple for way in edge.ways.values() for triple in way)
        graphs = sorted(
            {name for triple in triples for name in self.evidence(triple)}, key=reading_order
        )
        passages = tuple(name for name in graphs if origin_of(name) == "stated")
        ends = {text_of(end) for triple in triples for end in (triple.subject, triple.object)}
        return {
            **_relation(edge.names),
            "weight": len(edge.ways),
            "origin": WEAKER[min(map(self._weakness, edge.ways.values()))],
            "statements": tuple(sorted(end for end in ends if self._is_statement(end))),
            "passages": passages,
            "other_evidence": tuple(name for name in graphs if name not in passages),
            "quotes": tuple(map(self._quote, passages)),
        }

    def _weakness(self, way: Way) -> int:
        return max(
            min(WEAKER.index(origin_of(name)) for name in self.evidence(triple)) for triple in way
        )

    def _is_statement(self, iri: str) -> bool:
        return self._is_one_of(iri, {_STATEMENT.value})

    def _quote(self, passage: str) -> str:
        pattern = (NamedNode(passage), _QUOTE, None, DefaultGraph())
        return next((text_of(q.object) for q in self.store.engine.quads_for_pattern(*pattern)), "")


def _relation(names: list[Mapping[str, str]]) -> dict[str, str]:
    return {f"relation_{lang}": "; ".join(name[lang] for name in names) for lang in ("en", "zh")}
