"""The shortest ways between two things, each step a triple that somebody says or that follows.

In: the store and two things. Out: ways in order, the best founded first. Only what lies around the
two ends is looked at, so the size of the graph hardly matters.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

from pyoxigraph import DefaultGraph, NamedNode, Triple

from policygraph.graph.store import GraphStore
from policygraph.graph.terms import TYPE, text_of
from policygraph.identifiers import Identifiers, origin_of
from policygraph.namespaces import PG, SKOS
from policygraph.study.network.things import NO_THINGS
from policygraph.study.network.walk import WEAKER

_BROADER = SKOS + "broader"


class Move(NamedTuple):
    """A step of a way.

    Attributes:
        weakness: place of its origin in ``WEAKER``: 0 for what a document states.
        end: where it leads.
        against: whether the triple is gone against, from its object to its subject.
        triple: the triple.
    """

    weakness: int
    end: str
    against: bool
    triple: Triple

    @property
    def origin(self) -> str:
        """Who says the triple: the best of several."""
        return WEAKER[self.weakness]


@dataclass(eq=False)
class Ways:
    """The shortest ways between two things.

    Attributes:
        store: the graph; candidates are left out.
        start: IRI of the one end.
        end: IRI of the other.
        ids: how IRIs of things look.
        most: number of steps a way may have.
        stated_only: whether each step must be stated by a document.
    """

    store: GraphStore
    start: str
    end: str
    ids: Identifiers
    most: int
    stated_only: bool = False
    _known: dict[str, list[Move]] = field(default_factory=dict, init=False, repr=False)

    @cached_property
    def _distances(self) -> dict[str, int]:
        """Tell how far from the end things are, as far as the start; empty if it is not reached."""
        distances, edge = {self.end: 0}, [self.end]
        for distance in range(1, self.most + 1):
            if self.start in distances:
                break
            edge = sorted({move.end for iri in edge for move in self.moves(iri)} - set(distances))
            distances.update(dict.fromkeys(edge, distance))
        return distances if self.start in distances else {}

    @property
    def length(self) -> int | None:
        """Number of steps; None if there is no way."""
        return self._distances.get(self.start)

    def __iter__(self) -> Iterator[tuple[Move, ...]]:
        """Give the shortest ways: those with fewer weak steps first, equal ones by their IRIs."""
        if self.length is None:
            return
        least = self._least_weakness()
        waiting: list[tuple[int, tuple[str, ...], str, tuple[Move, ...]]]
        waiting = [(least[self.start], (), self.start, ())]
        while waiting:
            _, names, here, way = heapq.heappop(waiting)
            if here == self.end:
                yield way
                continue
            so_far = sum(move.weakness for move in way)
            for move in self._onwards(here):
                total = so_far + move.weakness + least[move.end]
                step = (*names, move.end, str(move.triple))
                heapq.heappush(waiting, (total, step, move.end, (*way, move)))

    def _least_weakness(self) -> dict[str, int]:
        """Tell how weak the rest of a way is at least, from each thing on one."""
        least = {self.end: 0}
        on_a_way, layers = {self.start}, [{self.start}]
        for _ in range(self.length or 0):
            layers.append({move.end for iri in layers[-1] for move in self._onwards(iri)})
            on_a_way |= layers[-1]
        for iri in sorted(on_a_way - {self.end}, key=self._distances.__getitem__):
            least[iri] = min(move.weakness + least[move.end] for move in self._onwards(iri))
        return least

    def _onwards(self, iri: str) -> list[Move]:
        """List the moves that lead nearer to the end."""
        nearer = self._distances[iri] - 1
        return [move for move in self.moves(iri) if self._distances.get(move.end) == nearer]

    def moves(self, iri: str) -> list[Move]:
        """List what leads from a thing to others, in order; of each other the best founded only."""
        if iri not in self._known:
            moves = sorted(self._all_moves(iri), key=_order)
            best = {move.end: move.weakness for move in reversed(moves)}
            self._known[iri] = [move for move in moves if move.weakness == best[move.end]]
        return self._known[iri]

    def _all_moves(self, iri: str) -> Iterator[Move]:
        node, engine = NamedNode(iri), self.store.engine
        forth = engine.quads_for_pattern(node, None, None, DefaultGraph())
        back = engine.quads_for_pattern(None, None, node, DefaultGraph())
        moves = [(text_of(quad.object), False, quad.triple) for quad in forth]
        moves += [(text_of(quad.subject), True, quad.triple) for quad in back]
        for end, against, triple in moves:
            if end != iri and _is_relation(triple) and self._is_thing(end):
                for weakness in self._weakness(triple):
                    yield Move(weakness, end, against, triple)

    def _is_thing(self, iri: str) -> bool:
        """Tell whether something of this graph is more than evidence or a qualification."""
        if not iri.startswith(f"{self.ids.base}id/"):
            return False
        types = self.store.engine.quads_for_pattern(NamedNode(iri), TYPE, None, DefaultGraph())
        kinds = {text_of(quad.object) for quad in types}
        kinds = {kind.removeprefix(PG) for kind in kinds if kind.startswith(PG)}
        return bool(kinds) and not kinds & NO_THINGS

    def _weakness(self, triple: Triple) -> list[int]:
        """Rank who says a triple; none where nobody does who counts here."""
        origins = {origin_of(graph) for graph in self.store.graphs_of(triple)}
        ranks = sorted(WEAKER.index(origin) for origin in origins if origin in WEAKER)
        return [rank for rank in ranks[:1] if rank == 0 or not self.stated_only]


def _is_relation(triple: Triple) -> bool:
    """Tell whether a triple is in our own words: others say the same once more."""
    return triple.predicate.value.startswith(PG) or triple.predicate.value == _BROADER


def _order(move: Move) -> tuple[int, str, str]:
    return move.weakness, move.end, str(move.triple)
