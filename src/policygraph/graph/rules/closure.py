"""The closure of many triples at once, semi-naive, over numbers instead of terms.

In: rules and a source of asserted triples. Out: the triples that follow. A relation is a set of
numbers: a property's subject and object packed into one, or the members of a class. So most rules
are differences of sets. Nothing is kept about how a triple follows: ``proofs`` finds that out for
the few that somebody asks about. Things that are the same are folded into one while the rules run,
and unfolded afterwards (OWL 2 Profiles, section 4.3, table 4).
"""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from itertools import count
from typing import Any

from pyoxigraph import Literal, NamedNode, Triple

from policygraph.graph.rules.axioms import SAME, Rule, Rules
from policygraph.graph.rules.folding import Folding
from policygraph.graph.rules.published import SELF_EVIDENT, says_something
from policygraph.graph.rules.sources import Given, Source
from policygraph.graph.terms import TYPE, Term
from policygraph.identifiers import Identifiers

_BITS = 32
_LOW = (1 << _BITS) - 1
_HIGH = _LOW << _BITS

Pairs = set[int]
"""Numbers of a subject and an object, packed: the subject in the high half."""

Row = tuple[int, int, int]
"""The numbers of a triple."""

Ways = dict[int, list[int]]
"""Where a step leads from each node."""

Move = Callable[[Pairs], Pairs]


class Closure:
    """What follows from a source under rules; iterate over it for the new triples, in any order."""

    def __init__(self, rules: Rules, asserted: Source | Iterable[Triple]) -> None:
        self._source = Given(asserted) if isinstance(asserted, Iterable) else asserted
        self._rules = rules
        self._ids: dict[Term, int] = defaultdict(count().__next__)
        self._fold = Folding()
        self._given: dict[int, Pairs] = {}
        for predicate in sorted(rules.relevant(), key=str):
            self._load(predicate)
        self._run()
        while self._fold_what_is_same():
            self._run()
        self._others = self._rows_of_other_predicates()
        self._terms = list(self._ids)

    def __iter__(self) -> Iterator[Triple]:
        terms = self._terms
        for predicate, pairs in self._new():
            term = terms[predicate]
            for pair in pairs:
                yield Triple(terms[pair >> _BITS], term, terms[pair & _LOW])  # type: ignore[arg-type]

    def published(self, ids: Identifiers) -> Iterator[Triple]:
        """Give the new triples that are worth publishing, in the order of their N-Triples."""
        groups = list(self._worth_publishing(ids))
        used = {predicate for predicate, _ in groups}
        for _, pairs in groups:
            used.update(pair >> _BITS for pair in pairs)
            used.update(pair & _LOW for pair in pairs)
        in_order = sorted(used, key=lambda number: str(self._terms[number]))
        terms: list[Any] = [self._terms[number] for number in in_order]
        rank = {number: place for place, number in enumerate(in_order)}
        rows = sorted(
            (rank[pair >> _BITS] << _BITS | rank[predicate]) << _BITS | rank[pair & _LOW]
            for predicate, pairs in groups
            for pair in pairs
        )
        for row in rows:
            yield Triple(terms[row >> 2 * _BITS], terms[row >> _BITS & _LOW], terms[row & _LOW])

    def _worth_publishing(self, ids: Identifiers) -> Iterator[tuple[int, list[int]]]:
        """Leave out of the new triples what ``is_published`` would, a term at a time."""
        terms, type_ = self._terms, self._ids[TYPE]
        ours = {n for n, term in enumerate(terms) if ids.is_ours(term.value)}
        quiet = {n for n, term in enumerate(terms) if not says_something(TYPE, term)}
        for predicate, pairs in self._new():
            if predicate == type_:
                yield predicate, [k for k in pairs if k >> _BITS in ours and k & _LOW not in quiet]
            elif terms[predicate] == SELF_EVIDENT:
                others = (k for k in pairs if k >> _BITS != k & _LOW)
                yield predicate, [k for k in others if k >> _BITS in ours]
            elif says_something(terms[predicate], None):  # type: ignore[arg-type]
                yield predicate, [k for k in pairs if k >> _BITS in ours]

    # Reading

    def _load(self, predicate: NamedNode) -> None:
        """Read a predicate; the classes of ``rdf:type`` are relations of their own, below zero."""
        ids = self._ids
        number = ids[predicate]
        if number in self._given:
            return
        if predicate != TYPE:
            self._given[number] = {ids[s] << _BITS | ids[o] for s, o in self._source.of(predicate)}
            return
        self._given[number] = set()
        for subject, kind in self._source.of(predicate):
            self._given.setdefault(~ids[kind], set()).add(ids[subject])

    # Running the rules

    def _run(self) -> None:
        """Take up relations with news until there is none."""
        self._moves = self._compiled()
        self._known = self._folded_given()
        self._new_of: dict[int, list[Pairs]] = defaultdict(list)
        self._literals = {n for term, n in self._ids.items() if isinstance(term, Literal)}
        for relation, _ in self._ways:
            self._extend(relation, self._known.get(relation, ()))
        waiting: dict[int, Pairs] = {}
        for relation, pairs in list(self._known.items()):
            self._apply(relation, pairs, waiting)
        while waiting:
            relation = next(iter(waiting))
            news = waiting.pop(relation)
            self._known.setdefault(relation, set()).update(news)
            self._new_of[relation].append(news)
            self._extend(relation, news)
            self._apply(relation, news, waiting)

    def _folded_given(self) -> dict[int, Pairs]:
        if not self._fold:
            return {relation: set(pairs) for relation, pairs in self._given.items()}
        known: dict[int, Pairs] = defaultdict(set)
        of = self._fold.of
        for relation, pairs in self._given.items():
            if relation < 0:
                known[~of(~relation)].update(map(of, pairs))
            else:
                folded = (of(k >> _BITS) << _BITS | of(k & _LOW) for k in pairs)
                known[of(relation)].update(folded)
        return dict(known)

    def _apply(self, relation: int, news: Pairs, waiting: dict[int, Pairs]) -> None:
        for target, move in self._moves.get(relation, ()):
            found = move(news)
            found = found - self._known[target] if target in self._known else set(found)
            if found:
                waiting.setdefault(target, set()).update(found)

    def _extend(self, relation: int, news: Iterable[int]) -> None:
        """Add pairs to the ways over which paths are walked."""
        onward = self._ways.get((relation, False))
        if onward is not None:
            for pair in news:
                onward[pair >> _BITS].append(pair & _LOW)
        back = self._ways.get((relation, True))
        if back is not None:
            for pair in news:
                back[pair & _LOW].append(pair >> _BITS)

    # Rules as moves from sets to sets

    def _number(self, term: NamedNode) -> int:
        return self._fold.of(self._ids[term])

    def _relation(self, predicate: NamedNode, kind: NamedNode | None) -> int:
        return ~self._number(kind) if kind else self._number(predicate)

    def _compiled(self) -> dict[int, list[tuple[int, Move]]]:
        self._ways: dict[tuple[int, bool], Ways] = {}
        moves: dict[int, list[tuple[int, Move]]] = defaultdict(list)
        for rule in self._rules.all:
            target = self._relation(rule.predicate, rule.kind)
            for place, step in enumerate(rule.steps):
                relation = self._relation(step.predicate, step.kind)
                moves[relation].append((target, self._move(rule, place)))
        return dict(moves)

    def _move(self, rule: Rule, place: int) -> Move:
        step = rule.steps[place]
        if step.kind:
            return _as_it_is
        if rule.kind:
            return self._objects if step.backwards else _subjects
        if len(rule.steps) == 1:
            return self._turned if step.backwards else _as_it_is
        before = [self._way(s.predicate, back=not s.backwards) for s in rule.steps[:place]]
        after = [self._way(s.predicate, back=s.backwards) for s in rule.steps[place + 1 :]]
        return self._path(before[::-1], after, turn=step.backwards, same=rule.predicate == SAME)

    def _way(self, predicate: NamedNode, *, back: bool) -> Ways:
        return self._ways.setdefault((self._number(predicate), back), defaultdict(list))

    def _path(self, before: list[Ways], after: list[Ways], *, turn: bool, same: bool) -> Move:
        def move(news: Pairs) -> Pairs:
            pairs = _turn(news) if turn else news
            for ways in after:
                get = ways.get
                pairs = {k & _HIGH | end for k in pairs for end in get(k & _LOW, ())}
            for ways in before:
                get = ways.get
                pairs = {start << _BITS | k & _LOW for k in pairs for start in get(k >> _BITS, ())}
            return self._between_things(pairs) if same else self._from_things(pairs)

        return move

    def _objects(self, news: Pairs) -> Pairs:
        return {k & _LOW for k in news} - self._literals

    def _turned(self, news: Pairs) -> Pairs:
        return self._from_things(_turn(news))

    def _from_things(self, pairs: Pairs) -> Pairs:
        """Leave out pairs whose subject would be a literal."""
        literals = self._literals
        return {k for k in pairs if k >> _BITS not in literals} if literals else pairs

    def _between_things(self, pairs: Pairs) -> Pairs:
        """Leave out what says of a literal, or of a thing and itself, that they are the same."""
        literals = self._literals
        return {
            k for k in pairs if k >> _BITS != k & _LOW and not literals & {k >> _BITS, k & _LOW}
        }

    # Things that are the same

    def _fold_what_is_same(self) -> bool:
        """Fold what the last run found to be the same; tell whether there was anything."""
        pairs = self._known.get(self._number(SAME), set())
        pairs = self._between_things(pairs)
        joined = sum(self._fold.join(pair >> _BITS, pair & _LOW) for pair in sorted(pairs))
        if not joined:
            return False
        terms = list(self._ids)
        for member in sorted(self._fold.members()):
            term = terms[member]
            if isinstance(term, NamedNode):
                self._load(term)
        return True

    def _new(self) -> Iterator[tuple[int, Iterable[int]]]:
        """Give what is new: a predicate, and its subjects and objects."""
        folded = set(self._fold.groups())
        for relation, sets in self._new_of.items():
            predicate, pairs = self._pairs(relation, itertools.chain.from_iterable(sets))
            if not folded:
                yield predicate, pairs
            elif predicate not in folded:
                yield (
                    predicate,
                    [k for k in pairs if k >> _BITS not in folded and k & _LOW not in folded],
                )
        if folded:
            yield from self._unfolded(folded).items()

    def _pairs(self, relation: int, numbers: Iterable[int]) -> tuple[int, Iterable[int]]:
        """Give the predicate of a relation and its pairs; a class is paired with its members."""
        if relation >= 0:
            return relation, numbers
        return self._ids[TYPE], (number << _BITS | ~relation for number in numbers)

    def _unfolded(self, folded: set[int]) -> dict[int, Pairs]:
        """Say of each folded thing what is known of any that is the same, and is not given."""
        found: dict[int, Pairs] = defaultdict(set)
        for subject, predicate, value in self._rows_of(folded):
            starts, ends = self._fold.same_as(subject), self._fold.same_as(value)
            for each in self._fold.same_as(predicate):
                found[each].update(start << _BITS | end for start in starts for end in ends)
        for predicate in found:
            found[predicate] -= self._given.get(predicate, set())
        for subject, predicate, value in self._others:
            found[predicate].discard(subject << _BITS | value)
        same, type_ = self._ids[SAME], self._ids[TYPE]
        found[same] = {k for k in found[same] if k >> _BITS != k & _LOW}
        given = self._given.get
        found[type_] = {k for k in found[type_] if k >> _BITS not in given(~(k & _LOW), ())}
        return found

    def _rows_of(self, folded: set[int]) -> Iterator[Row]:
        """Give what is known of folded things, in the relations of the rules and in all others."""
        of = self._fold.of
        for relation, known in self._known.items():
            predicate, pairs = self._pairs(relation, known)
            for k in pairs:
                if predicate in folded or k >> _BITS in folded or k & _LOW in folded:
                    yield k >> _BITS, predicate, k & _LOW
        for group in folded:
            yield group, of(self._ids[SAME]), group
        yield from {(of(s), predicate, of(o)) for s, predicate, o in self._others}

    def _rows_of_other_predicates(self) -> set[Row]:
        """Read what predicates without a rule say of things that were folded."""
        ids, terms = self._ids, list(self._ids)
        return {
            (ids[subject], ids[predicate], ids[value])
            for member in sorted(self._fold.members())
            for subject, predicate, value in self._source.about(terms[member])  # type: ignore[arg-type]
            if ids[predicate] not in self._given
        }


def _as_it_is(news: Pairs) -> Pairs:
    return news


def _subjects(news: Pairs) -> Pairs:
    return {k >> _BITS for k in news}


def _turn(news: Pairs) -> Pairs:
    return {(k & _LOW) << _BITS | k >> _BITS for k in news}
