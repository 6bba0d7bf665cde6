"""A change of the inferences: delete and rederive, then add, by look-ups around the change alone.

In: the rules, the state before the change, and what is asserted no longer or newly. Out: the
inferred triples to remove and to add, exactly those by which a full inference would differ.
Following Gupta, Mumick and Subrahmanian, "Maintaining views incrementally" (SIGMOD 1993).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from pyoxigraph import Triple

from policygraph.errors import WrongUsage
from policygraph.graph.rules.axioms import SAME, Rules
from policygraph.graph.rules.published import is_published
from policygraph.graph.rules.state import Changed, State
from policygraph.graph.rules.steps import consequences, ways_to
from policygraph.identifiers import Identifiers
from policygraph.namespaces import shorten


@dataclass(frozen=True)
class Change:
    """What changes in the graph of inferences.

    Attributes:
        added: triples to add.
        removed: triples to remove.
    """

    added: frozenset[Triple]
    removed: frozenset[Triple]


def update(
    rules: Rules,
    before: State,
    added: Iterable[Triple],
    removed: Iterable[Triple],
    ids: Identifiers,
) -> Change:
    """Tell how the published inferences change when assertions do.

    Args:
        rules: the rules, the same before and after; after a change of the ontology infer anew.
        before: the state before the change; it is only read.
        added: triples asserted newly; those asserted before are passed over.
        removed: triples that nobody asserts any longer; those added too stay.
        ids: how the IRIs of our things begin.

    Raises:
        WrongUsage: the ontology says more than the rules do, so that only owlrl can infer.
    """
    if rules.beyond:
        use = rules.beyond[0]
        names = {"term": shorten(use.term), "construct": shorten(use.construct)}
        raise WrongUsage("infer/only-as-a-whole", **names)
    new = {triple for triple in added if not before.is_asserted(triple)}
    lost = {triple for triple in removed if before.is_asserted(triple)}.difference(added)
    doubtful = _in_doubt(rules, before, lost)
    equal = before.equal or rules.makes_equal or any(t.predicate == SAME for t in new)
    after = Changed(before, set(doubtful), equal=equal)
    again = [triple for triple in doubtful if any(ways_to(rules, after, triple))]
    _take_up(rules, after, [*again, *new])

    def was_inferred(triple: Triple) -> bool:
        return not before.is_asserted(triple) and before.holds(triple)

    def is_inferred(triple: Triple) -> bool:
        asserted = triple in new or (before.is_asserted(triple) and triple not in lost)
        return not asserted and after.holds(triple)

    touched = {triple for triple in {*doubtful, *after.news, *new} if is_published(triple, ids)}
    return Change(
        frozenset(t for t in touched if is_inferred(t) and not was_inferred(t)),
        frozenset(t for t in touched if was_inferred(t) and not is_inferred(t)),
    )


def _in_doubt(rules: Rules, before: State, lost: set[Triple]) -> set[Triple]:
    """Collect the lost triples and all that followed from one of them and is not asserted."""
    doubtful, waiting = set(lost), list(lost)
    while waiting:
        for found, _ in consequences(rules, before, waiting.pop()):
            if found not in doubtful and not before.is_asserted(found):
                doubtful.add(found)
                waiting.append(found)
    return doubtful


def _take_up(rules: Rules, after: Changed, waiting: list[Triple]) -> None:
    """Add triples, and all that follows from them and did not hold yet."""
    while waiting:
        triple = waiting.pop()
        if after.holds(triple):
            continue
        after.add(triple)
        found = (conclusion for conclusion, _ in consequences(rules, after, triple))
        waiting += [conclusion for conclusion in found if not after.holds(conclusion)]
