"""What studies found, as tables: the matrix of tasks, comparisons, conflicts.

In: the values of ``study/`` and a language. Out: sheets. Names and sentences are those of the
graph, headings those of ``words.toml``.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator

from policygraph.publish.sheets.sheet import (
    Cell,
    Column,
    Group,
    Piece,
    Sheet,
    counted,
    fixed,
    named,
    place,
    sentence,
    worded,
)
from policygraph.study.compare import OUTCOMES, Comparison, Item, Pair
from policygraph.study.compare.likeness import Part
from policygraph.study.conflicts import Answer, Claim, Conflicts, Fact
from policygraph.study.matrix import GAPS, Matrix, Task
from policygraph.study.said import Said, Thing, Words

_MATRIX = {
    "action": 34,
    "goal": 24,
    "period": 9,
    "responsible": 20,
    "supporting": 20,
    "deadline": 12,
    "initiative": 20,
    "gaps": 18,
    "sentence": 50,
    "passage": 30,
}
_COMPARE = {
    "outcome": 14,
    "certainty": 12,
    "score": 9,
    "earlier": 30,
    "later": 30,
    "parts": 40,
    "earlier_sentence": 44,
    "later_sentence": 44,
    "editor": 18,
    "review": 18,
}
_CONFLICTS = {
    "state": 10,
    "thing": 26,
    "relation": 14,
    "value": 22,
    "sources": 9,
    "source": 30,
    "origin": 14,
    "words": 60,
    "passage": 30,
}


def matrix_sheet(matrix: Matrix, lang: str) -> Sheet:
    """Lay out the matrix of tasks."""
    word = _words(lang, "matrix")
    period = matrix.period.name(lang).text if matrix.period else word("all")
    groups = tuple(
        Group(_heading(group.thing, lang), tuple(_task(task, lang) for task in group.tasks))
        for group in matrix.groups
    )
    gaps = matrix.gaps()
    counts = [(fixed(lang, "matrix", "without", name), gaps[name]) for name in GAPS]
    return Sheet(
        title=f"{word('title')} · {period}",
        lang=lang,
        columns=_columns("matrix", _MATRIX, lang),
        groups=groups,
        counts=((word("actions"), matrix.actions), *counts),
        grouping=word("group") if matrix.by != "goal" else "",
        told=frozenset(_told(matrix)),
    )


def _told(matrix: Matrix) -> Iterator[str]:
    yield "gaps"
    if matrix.by == "goal":
        yield "goal"
    if matrix.period:
        yield "period"


def _heading(thing: Thing | None, lang: str) -> str:
    return thing.name(lang).text if thing else fixed(lang, "matrix", "none")


def _task(task: Task, lang: str) -> tuple[Cell, ...]:
    word = _words(lang, "matrix")
    gap = Piece(word("not_stated"), gap=True)

    def stated(name: str, pieces: Cell) -> Cell:
        if task.action is None:
            return ()
        if name in task.of_goal:
            return tuple(_of_goal(piece, word("of_goal")) for piece in pieces)
        return pieces or (gap,)

    action = _said(task.action, lang) if task.action else (Piece(word("no_action"), gap=True),)
    return (
        action,
        _said(task.goal, lang) if task.goal else (gap,),
        tuple(named(period, lang) for period in task.periods),
        stated("responsible", _things(task.responsible, lang)),
        stated("supporting", _things(task.supporting, lang)),
        stated("deadline", tuple(map(Piece, task.deadlines))),
        stated("initiative", _things(task.initiatives, lang)),
        tuple(Piece(word(name)) for name in task.gaps),
        tuple(map(sentence, task.passages)),
        tuple(place(passage, lang) for passage in task.passages),
    )


def _of_goal(piece: Piece, words: str) -> Piece:
    return Piece(f"{piece.text} ({words})", piece.href, piece.lang)


def comparison_sheet(comparison: Comparison, lang: str) -> Sheet:
    """Lay out a comparison: every pair with its sentences and why, then what stands alone."""
    sides = comparison.sides
    before, after = (side.name(lang).text for side in (sides.before, sides.after))
    alone = {
        "dropped": comparison.dropped,
        "not-resumed": comparison.not_resumed,
        "new": comparison.new,
    }
    groups = []
    for outcome in OUTCOMES:
        pairs = [pair for pair in comparison.pairs if pair.outcome == outcome]
        rows = [_pair(pair, lang) for pair in pairs]
        rows += [_alone(item, outcome, lang) for item in alone.get(outcome, ())]
        if rows:
            groups.append(Group(fixed(lang, "compare", "outcomes", outcome), tuple(rows)))
    counts = comparison.counts()
    return Sheet(
        title=f"{fixed(lang, 'compare', 'title')} · {before} → {after}",
        lang=lang,
        columns=_columns("compare", _COMPARE, lang),
        groups=tuple(groups),
        counts=tuple((fixed(lang, "compare", "outcomes", name), counts[name]) for name in OUTCOMES),
        remarks=(fixed(lang, "compare", "proposals"),),
        told=frozenset({"outcome"}),
    )


def _pair(pair: Pair, lang: str) -> tuple[Cell, ...]:
    score = pair.likeness.score
    review = pair.decision and fixed(lang, "compare", "reviews", pair.decision.review)
    return (
        (Piece(fixed(lang, "compare", "outcomes", pair.outcome)),),
        (Piece(fixed(lang, "compare", "certainties", pair.certainty)),),
        (Piece(f"{score:.2f}", number=score),),
        _said(pair.earlier.first, lang),
        _said(pair.later.first, lang),
        tuple(Piece(_part(part, lang)) for part in pair.likeness.parts),
        _sentences(pair.earlier),
        _sentences(pair.later),
        tuple(Piece(each.key, each.iri) for each in pair.judgements),
        (Piece(review),) if review else (),
    )


def _part(part: Part, lang: str) -> str:
    """Say what a part of a score is: its value, its weight, what is shared or compared."""
    shared = " / ".join(thing.name(lang).text for thing in part.shared)
    compared = shared or " ~ ".join(filter(None, part.words))
    told = f"{fixed(lang, 'compare', 'part', part.name)} {part.value:.2f} × {part.weight:g}"
    return f"{told}: {compared}" if compared else told


def _alone(item: Item, outcome: str, lang: str) -> tuple[Cell, ...]:
    said, sentences = _said(item.first, lang), _sentences(item)
    later = outcome == "new"
    return (
        (Piece(fixed(lang, "compare", "outcomes", outcome)),),
        (),
        (),
        () if later else said,
        said if later else (),
        (),
        () if later else sentences,
        sentences if later else (),
        (),
        (),
    )


def conflicts_sheet(found: Conflicts, lang: str, *, agreeing: bool = False) -> Sheet:
    """Lay out what several sources say, a row for each claim.

    Args:
        found: the facts.
        lang: language of headings and names.
        agreeing: show the facts too on which all agree.
    """
    facts = found.facts if agreeing else found.disagreements
    word = _words(lang, "conflicts")
    return Sheet(
        title=word("title"),
        lang=lang,
        columns=_columns("conflicts", _CONFLICTS, lang),
        groups=tuple(_fact(fact, lang) for fact in facts),
        counts=(
            (word("disagreements"), len(found.disagreements)),
            (word("corroborated"), len(found.corroborated)),
        ),
        told=frozenset({"thing", "relation"}),
    )


def _fact(fact: Fact, lang: str) -> Group:
    heading = f"{fact.subject.name(lang).text} · {fact.relation.name(lang).text}"
    rows = (_claim(fact, answer, claim, lang) for answer in fact.answers for claim in answer.claims)
    return Group(heading, tuple(rows))


def _claim(fact: Fact, answer: Answer, claim: Claim, lang: str) -> tuple[Cell, ...]:
    word = _words(lang, "conflicts")
    told = claim.words if claim.passage else tuple(_in_language(claim.words, lang))
    href = claim.passage.iri if claim.passage else claim.source.iri
    return (
        (Piece(word("disagree" if fact.disagrees else "agree")),),
        (named(claim.about, lang),),
        (named(fact.relation, lang),),
        (Piece(value_text(answer, lang)),),
        (counted(answer.sources),),
        (named(claim.source, lang),),
        (Piece(fixed(lang, "conflicts", "origins", claim.origin)),),
        tuple(worded(words, href) for words in told),
        (place(claim.passage, lang),) if claim.passage else (),
    )


def value_text(answer: Answer, lang: str) -> str:
    """Give a value with what is read with it: two days as a span, a number with its unit."""
    days = [value for value in answer.values if isinstance(value, datetime.date)]
    others = [value for value in answer.values if not isinstance(value, datetime.date)]
    names = [each.name(lang).text if isinstance(each, Thing) else each.text for each in others]
    return " ".join(["–".join(day.isoformat() for day in days), *names]).strip()


def _in_language(words: tuple[Words, ...], lang: str) -> Iterator[Words]:
    """Choose what a source says in a language, else all it says."""
    fitting = [each for each in words if each.lang.split("-")[0] == lang]
    yield from fitting or words


def _said(said: Said, lang: str) -> Cell:
    return (named(said.thing, lang),)


def _things(things: tuple[Thing, ...], lang: str) -> Cell:
    return tuple(named(thing, lang) for thing in things)


def _sentences(item: Item) -> Cell:
    return tuple(sentence(said.passages[0]) for said in item.said if said.passages)


def _columns(room: str, widths: dict[str, int], lang: str) -> tuple[Column, ...]:
    return tuple(Column(key, fixed(lang, room, key), width) for key, width in widths.items())


def _words(lang: str, room: str) -> Callable[[str], str]:
    return lambda name: fixed(lang, room, name)
