"""Two documents or two years compared: what carried over, was reworded, dropped, done, is new.

In: a reading, two things, thresholds, decisions of reviewers. Out: a ``Comparison``: pairs with an
explained score, and what has no counterpart. Pairs are proposals; nothing here becomes a fact of
the graph. The editors' links are shown beside the pairs and never used to find them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from policygraph.errors import WrongUsage
from policygraph.identifiers import origin_of
from policygraph.study.compare.assignment import assign
from policygraph.study.compare.likeness import Comparer, Likeness, Weights
from policygraph.study.compare.sides import POOLS, Item, Sides, sides
from policygraph.study.reading import Reading
from policygraph.study.said import ACHIEVED, PLANNED, Document, LeftOut, Thing
from policygraph.text.pairs import ACCEPTED, REJECTED, Decision

__all__ = ["Comparison", "Item", "Pair", "Sides", "Thresholds", "compare"]

CARRIED, REWORDED, DONE, RESTATED = "carried-over", "reworded", "reported-done", "restated"
NEW, DROPPED, NOT_RESUMED = "new", "dropped", "not-resumed"
OUTCOMES = (CARRIED, REWORDED, DONE, RESTATED, DROPPED, NOT_RESUMED, NEW)
"""What can become of a statement, in the order in which it is shown."""


@dataclass(frozen=True)
class Thresholds:
    """When two statements are taken to be of the same thing.

    Attributes:
        likely: from this score on a pair is likely.
        least: from this score on a pair is offered for review; below it there is none.
        same: from this likeness of wording on, words count as the same.
    """

    likely: float = 0.6
    least: float = 0.4
    same: float = 0.95

    def __post_init__(self) -> None:
        """Refuse what makes no sense.

        Raises:
            WrongUsage: a threshold is not between 0 and 1, or ``least`` is above ``likely``.
        """
        for name in ("likely", "least", "same"):
            value = getattr(self, name)
            if not 0 < value <= 1:
                raise WrongUsage("study/threshold", name=name, value=f"{value:g}")
        if self.least > self.likely:
            facts = {"least": f"{self.least:g}", "likely": f"{self.likely:g}"}
            raise WrongUsage("study/thresholds-crossed", **facts)


@dataclass(frozen=True)
class Pair:
    """Two statements that seem to be of the same thing.

    Attributes:
        earlier: what was said then.
        later: what is said now.
        likeness: how alike they are, part by part.
        outcome: ``carried-over``, ``reworded``, ``reported-done`` or ``restated``.
        certainty: ``likely``, ``uncertain``, or ``accepted`` where a reviewer said so.
        decision: what a reviewer said of it, if anything.
        judgements: the editors' judgements that link the two already.
    """

    earlier: Item
    later: Item
    likeness: Likeness
    outcome: str
    certainty: str
    decision: Decision | None = None
    judgements: tuple[Thing, ...] = ()


@dataclass(frozen=True)
class Comparison:
    """What became of what was said.

    Attributes:
        sides: what was compared.
        thresholds: under which thresholds.
        pairs: by outcome, then in the order of the later statements.
        dropped: planned then; nothing like it was found now.
        not_resumed: reported as done then; nothing like it was found now.
        new: said now; nothing like it was found then.
        left_out: what was not looked at, and why.
    """

    sides: Sides
    thresholds: Thresholds
    pairs: tuple[Pair, ...]
    dropped: tuple[Item, ...]
    not_resumed: tuple[Item, ...]
    new: tuple[Item, ...]
    left_out: tuple[LeftOut, ...] = field(default_factory=tuple)

    @property
    def uncertain(self) -> tuple[Pair, ...]:
        """The pairs that are for a person to decide on."""
        return tuple(pair for pair in self.pairs if pair.certainty == "uncertain")

    def counts(self) -> dict[str, int]:
        """Count the outcomes, in their order."""
        found = dict.fromkeys(OUTCOMES, 0)
        for pair in self.pairs:
            found[pair.outcome] += 1
        alone = ((DROPPED, self.dropped), (NOT_RESUMED, self.not_resumed), (NEW, self.new))
        return found | {outcome: len(items) for outcome, items in alone}


def compare(
    reading: Reading,
    one: Thing,
    other: Thing,
    thresholds: Thresholds | None = None,
    weights: Weights | None = None,
    decisions: Iterable[Decision] = (),
) -> Comparison:
    """Compare two documents or two periods.

    Args:
        reading: what is read, perhaps as of a day.
        one: a document or a period.
        other: another of the same kind; which is the earlier one is told by their days.
        thresholds: when a pair is likely, and when it is offered at all.
        weights: what each part of the score weighs.
        decisions: what reviewers said: accepted pairs are kept, rejected ones left out.

    Raises:
        WrongUsage: they are the same, one is a document and the other a period, or there is
            nothing to compare.
    """
    if one.iri == other.iri:
        raise WrongUsage("study/same-twice", name=one.key)
    if isinstance(one, Document) != isinstance(other, Document):
        raise WrongUsage("study/two-kinds", one=one.key, other=other.key)
    asked = sides(reading, one, other)
    for side, items in ((asked.before, asked.then), (asked.after, asked.now)):
        if not items:
            raise WrongUsage("study/nothing-said", name=side.key)
    matcher = Matcher(reading, asked, thresholds or Thresholds(), weights, decisions)
    pairs = sorted(matcher.pairs(), key=_shown)
    return _whole(asked, matcher.thresholds, tuple(pairs), reading)


def _whole(
    asked: Sides, thresholds: Thresholds, pairs: tuple[Pair, ...], reading: Reading
) -> Comparison:
    earlier = {iri for pair in pairs for iri in pair.earlier.iris}
    later = {iri for pair in pairs for iri in pair.later.iris}
    ended = [item for item in asked.then if not item.iris & (earlier | later)]
    by_year = not isinstance(asked.before, Document)
    return Comparison(
        sides=asked,
        thresholds=thresholds,
        pairs=pairs,
        dropped=tuple(item for item in ended if item.first.status == PLANNED),
        not_resumed=tuple(item for item in ended if item.first.status == ACHIEVED),
        new=tuple(item for item in asked.now if not item.iris & later),
        left_out=tuple(reading.left_out(without_period=by_year)),
    )


def _shown(pair: Pair) -> tuple[int, float, str, str]:
    first, later = pair.earlier.first, pair.later.first
    return OUTCOMES.index(pair.outcome), -pair.likeness.score, later.thing.iri, first.thing.iri


class Matcher:
    """Finds the pairs of a comparison."""

    def __init__(
        self,
        reading: Reading,
        asked: Sides,
        thresholds: Thresholds,
        weights: Weights | None,
        decisions: Iterable[Decision],
    ) -> None:
        self.reading = reading
        self.sides = asked
        self.thresholds = thresholds
        self.comparer = Comparer(reading, weights)
        self.decisions = {(each.earlier, each.later): each for each in decisions}

    def pairs(self) -> Iterator[Pair]:
        """Match each pool by itself."""
        for then, now in POOLS:
            yield from self._matched(*self.sides.pool(then, now))

    def _matched(self, before: list[Item], after: list[Item]) -> Iterator[Pair]:
        likenesses = self._likenesses(before, after)
        scores = {
            place: self._weight(before[place[0]], after[place[1]], likeness)
            for place, likeness in likenesses.items()
        }
        for row, column in assign(scores):
            yield self._pair(before[row], after[column], likenesses[row, column])

    def _likenesses(
        self, before: list[Item], after: list[Item]
    ) -> Mapping[tuple[int, int], Likeness]:
        """Compare all that may belong together, and keep what is alike enough or was accepted."""
        found = {}
        for row, earlier in enumerate(before):
            for column, later in enumerate(after):
                if self._may_pair(earlier, later):
                    found[row, column] = self.comparer.likeness(earlier.first, later.first)
        return found

    def _may_pair(self, earlier: Item, later: Item) -> bool:
        """Tell whether two may belong together: an aim of a whole plan goes with another only."""
        if earlier.is_aim != later.is_aim or earlier.iris & later.iris:
            return False
        decision = self._decision(earlier, later)
        if decision and decision.review in (ACCEPTED, REJECTED):
            return decision.review == ACCEPTED
        return self.comparer.score(earlier.first, later.first) >= self.thresholds.least

    def _weight(self, earlier: Item, later: Item, likeness: Likeness) -> float:
        """Weigh a pair for the matching: what a reviewer accepted outweighs every score."""
        decision = self._decision(earlier, later)
        accepted = decision is not None and decision.review == ACCEPTED
        return likeness.score + (1000 if accepted else 0)

    def _pair(self, earlier: Item, later: Item, likeness: Likeness) -> Pair:
        decision = self._decision(earlier, later)
        certainty = "likely" if likeness.score >= self.thresholds.likely else "uncertain"
        if decision and decision.review == ACCEPTED:
            certainty = ACCEPTED
        return Pair(
            earlier,
            later,
            likeness,
            self._outcome(earlier, later, likeness),
            certainty,
            decision,
            tuple(self._judgements(earlier, later)),
        )

    def _outcome(self, earlier: Item, later: Item, likeness: Likeness) -> str:
        then, now = earlier.first.status, later.first.status
        if (then, now) == (PLANNED, ACHIEVED):
            return DONE
        if then == now and earlier.times and earlier.times == later.times:
            return RESTATED
        same = likeness.part("wording") >= self.thresholds.same
        return CARRIED if same or then != now else REWORDED

    def _decision(self, earlier: Item, later: Item) -> Decision | None:
        if not self.decisions:
            return None
        pairs = ((one, other) for one in sorted(earlier.iris) for other in sorted(later.iris))
        return next((self.decisions[pair] for pair in pairs if pair in self.decisions), None)

    def _judgements(self, earlier: Item, later: Item) -> Iterator[Thing]:
        """List the editors' judgements that say the one continues the other."""
        for said in later.said:
            for value in said.values.get("continues", ()):
                if isinstance(value.value, Thing) and value.value.iri in earlier.iris:
                    yield from (
                        self.reading.thing(graph)
                        for graph in value.graphs
                        if origin_of(graph) == "editor"
                    )
