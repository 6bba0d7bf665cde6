"""How one triple follows: the proof of least height, found backwards from the triple.

In: the rules, a state, a triple. Out: its last step; the premises are proved in the same way. Only
triples from which it may follow are looked up. A proof never goes round in a circle, for each
premise must be provable in fewer steps than what follows from it.
"""

from __future__ import annotations

from pyoxigraph import Triple

from policygraph.graph.rules.axioms import Rules
from policygraph.graph.rules.state import State
from policygraph.graph.rules.steps import Proof, ways_to


class Prover:
    """Proves triples of one state; what it found out once it remembers."""

    def __init__(self, rules: Rules, state: State) -> None:
        self._rules, self._state = rules, state
        self._proved: dict[Triple, tuple[int, Proof]] = {}
        self._in_vain: dict[Triple, int] = {}
        self._ways: dict[Triple, list[Proof]] = {}

    def prove(self, triple: Triple) -> Proof | None:
        """Give the last step of the lowest proof; None for what is asserted or does not follow.

        Among proofs of the same height the first by rules, then by premises, is taken.
        """
        if self._state.is_asserted(triple) or not self._state.holds(triple):
            return None
        height = 1
        while not self._is_within(triple, height):
            height += 1
            if height > len(self._ways) + 1:
                return None
        return self._proved[triple][1]

    def _is_within(self, triple: Triple, height: int) -> bool:
        """Tell whether a triple has a proof of at most a height; what is asserted has height 0."""
        if self._state.is_asserted(triple):
            return True
        if triple in self._proved:
            return self._proved[triple][0] <= height
        for limit in range(self._in_vain.get(triple, 0) + 1, height + 1):
            for way in self._ways_to(triple):
                if all(self._is_within(premise, limit - 1) for premise in way.premises):
                    self._proved[triple] = (limit, way)
                    return True
            self._in_vain[triple] = limit
        return False

    def _ways_to(self, triple: Triple) -> list[Proof]:
        if triple not in self._ways:
            order = {rule.axiom: place for place, rule in enumerate(self._rules.all)}
            found = dict.fromkeys(ways_to(self._rules, self._state, triple))
            self._ways[triple] = sorted(
                found,
                key=lambda way: (order.get(way.axiom, len(order)), way.rule, str(way.premises)),
            )
        return self._ways[triple]
