"""Ways between two things, step by step, each step explained.

In: a built graph and two things. Out: ``Way`` values; see ``PolicyGraph.path``.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from policygraph.graph.explain import Explanation
from policygraph.graph.proofs import ProofRow, rows_of
from policygraph.graph.terms import text_of


@dataclass(frozen=True)
class WayStep:
    """One step of a way.

    Attributes:
        start: IRI of the thing it leads from.
        end: IRI of the thing it leads to.
        against: whether the triple says it the other way round, from ``end`` to ``start``.
        origin: ``stated``, ``record``, ``registry``, ``editor`` or ``inferred``.
        explanation: why the triple is in the graph, down to sentences.
    """

    start: str
    end: str
    against: bool
    origin: str
    explanation: Explanation

    @property
    def relation(self) -> str:
        """IRI of the property of the triple."""
        return text_of(self.explanation.triple.predicate)


@dataclass(frozen=True)
class Way(Sequence[WayStep]):
    """A way from one thing to another: a sequence of steps."""

    steps: tuple[WayStep, ...]

    def __len__(self) -> int:
        return len(self.steps)

    def __getitem__(self, place: int) -> WayStep:  # type: ignore[override]
        return self.steps[place]

    def rows(self, lang: str = "en") -> Iterator[tuple[int, WayStep, ProofRow]]:
        """Give the number of each step, the step, and a row for each piece of its evidence.

        Args:
            lang: language of names and grounds.
        """
        for number, step in enumerate(self.steps, 1):
            for row in rows_of(step.explanation, lang):
                yield number, step, row
