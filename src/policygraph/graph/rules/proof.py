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
        self._order = {rule.axiom: place for place, rule in enumerate(rules.all)}
        self._said: set[Triple] = set()
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
        if triple in self._said:
            return True
        if triple in self._proved:
            return self._proved[triple][0] <= height
        tried = self._in_vain.get(triple, -1)
        if tried < 0 and self._state.is_asserted(triple):
            self._said.add(triple)
            return True
        return any(
            self._has_proof_of(triple, tall) for tall in range(max(tried, 0) + 1, height + 1)
        )

    def _has_proof_of(self, triple: Triple, height: int) -> bool:
        """Try the ways to a triple that has no lower proof than this."""
        for way in self._ways_to(triple):
            if all(self._is_within(premise, height - 1) for premise in way.premises):
                self._proved[triple] = (height, way)
                return True
        self._in_vain[triple] = height
        return False

    def _ways_to(self, triple: Triple) -> list[Proof]:
        """List the ways to a triple in their order, found once."""
        if triple not in self._ways:
            found = list(dict.fromkeys(ways_to(self._rules, self._state, triple)))
            self._ways[triple] = sorted(found, key=self._place) if len(found) > 1 else found
        return self._ways[triple]

    def _place(self, way: Proof) -> tuple[int, str, str]:
        place = self._order.get(way.axiom, len(self._order))
        return place, way.rule, str(way.premises[0]) + str(way.premises[-1])
