"""The outline of a text: which sentences head an item, and what stands under what.

In: the clauses of a text in order; out: for each the number of the clause that heads it, and
whether it heads something itself. A heading is known by its marker, by standing alone on its line,
or as the short sentence that opens a line and the next one, too; in a text that has one sentence to
a line, as the short sentence whose words come back behind it. The first clause of a heading speaks
for it. This room knows no RDF.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import accumulate, groupby

from policygraph.text.draft.lines import Piece
from policygraph.text.draft.model import Parts
from policygraph.text.draft.record import record
from policygraph.text.draft.topics import Topics

_LONGEST = 40  # code points of a heading without a marker
_SHORT = 14  # code points of a heading in a text that has one sentence to a line
_LONG = 20  # and of one whose words come back behind it
_COMES_BACK = 0.15  # share of the words of such a heading that must
_CLAUSES = 3  # clauses of a heading
_RUN_IN = 16  # code points of a heading that the words of its item follow on its line
_LINE_LEVEL = 7  # rank of a heading that only its line shows, below all markers


@record
class Place:
    """Where a clause stands in the outline.

    Attributes:
        heading: it belongs to a heading.
        first: it is the first clause of that heading and speaks for it.
        under: number of the clause that heads it, or -1.
        level: rank of its heading, 1 the highest; 0 for other clauses.
    """

    heading: bool
    first: bool
    under: int
    level: int


@record
class _Sentence:
    numbers: tuple[int, ...]
    pieces: tuple[Piece, ...]
    alone: bool  # nothing else stands on its line

    @property
    def length(self) -> int:
        return self.pieces[-1].span.end - self.pieces[0].span.start


def outline(
    text: str,
    pieces: Sequence[Piece],
    parts: Sequence[Parts | None],
    leads: Sequence[bool],
    ends: str,
) -> list[Place]:
    """Find headings and what stands under them.

    Args:
        text: the restored text.
        pieces: the clauses of a text.
        parts: what the grammar found in each.
        leads: whether each opens a report or a plan.
        ends: the signs that end a sentence.
    """
    sentences = _sentences(pieces, ends)
    one_a_line = sum(s.alone for s in sentences) > 0.7 * len(sentences) and len(sentences) > 10
    unmarked = _run_in(sentences, parts, ends)
    if one_a_line:
        unmarked |= _topical(text, sentences, parts, ends)
    places: list[Place] = []
    stack: list[tuple[int, int]] = []  # level and number of the headings that are open
    for number, sentence in enumerate(sentences):
        after = sentences[number + 1] if number + 1 < len(sentences) else None
        level = _level(sentence, after, one_a_line=one_a_line)
        if not level and number in unmarked:
            level = _LINE_LEVEL
        closes = level or (_LINE_LEVEL if _opens_anew(sentence, leads, stack) else 0)
        if closes:
            stack = [open_ for open_ in stack if open_[0] < closes]
        under = stack[-1][1] if stack else -1
        for place in sentence.numbers:
            first = place == sentence.numbers[0]
            places.append(Place(bool(level), bool(level) and first, under, level))
        if level and not (number == 0 and _is_title(sentence)):
            stack.append((level, sentence.numbers[0]))
    return places


def _opens_anew(
    sentence: _Sentence, leads: Sequence[bool], stack: Sequence[tuple[int, int]]
) -> bool:
    """Tell whether a lead-in opens a line; right behind a heading it belongs to its item."""
    first = sentence.numbers[0]
    return leads[first] and sentence.pieces[0].opens and bool(stack) and stack[-1][1] < first - 1


def _is_title(sentence: _Sentence) -> bool:
    """Tell whether what opens a text is its title, under which no item of it stands."""
    first = sentence.pieces[0]
    return sentence.alone and not first.level and not sentence.pieces[-1].sign


def _run_in(sentences: Sequence[_Sentence], parts: Sequence[Parts | None], ends: str) -> set[int]:
    """Find short sentences that open lines one after the other, each with more on its line."""
    openings = [
        number
        for number, sentence in enumerate(sentences)
        if sentence.pieces[0].opens and not sentence.pieces[0].level
    ]
    short = [_opens_an_item(sentences[number], parts, ends) for number in openings]
    beside = zip(openings, short, [False, *short], [*short[1:], False], strict=False)
    return {number for number, is_one, before, after in beside if is_one and (before or after)}


def _topical(
    text: str, sentences: Sequence[_Sentence], parts: Sequence[Parts | None], ends: str
) -> set[int]:
    """Find short statements, one to a line, whose words come back behind them."""
    whole = list(_joined(sentences, ends))
    topics = Topics([text[of[0].pieces[0].span.start : of[-1].pieces[-1].span.end] for of in whole])
    found = set()
    number = 0
    for place, joined in enumerate(whole):
        first = joined[0]
        found_parts = parts[first.numbers[0]]
        thing = found_parts.object if found_parts and _governs(found_parts) else None
        alone = len(joined) == 1 and len(first.pieces) == 1 and first.pieces[0].sign in ends
        if thing and alone and first.pieces[0].opens and first.length <= _LONG:
            gain = topics.gain(place, text[thing.start : thing.end])
            if gain >= (_COMES_BACK if first.length > _SHORT else 0):
                found.add(number)
        number += len(joined)
    return found


def _joined(sentences: Sequence[_Sentence], ends: str) -> Iterator[list[_Sentence]]:
    """Join lines that a sentence runs over."""
    run: list[_Sentence] = []
    for sentence in sentences:
        run.append(sentence)
        sign = sentence.pieces[-1].sign
        if not sign or sign in ends:
            yield run
            run = []
    if run:
        yield run


def _opens_an_item(sentence: _Sentence, parts: Sequence[Parts | None], ends: str) -> bool:
    """Tell whether a sentence is one short statement that others follow on its line."""
    first = sentence.pieces[0]
    stated = not sentence.alone and len(sentence.pieces) == 1 and first.sign in ends
    return stated and sentence.length <= _RUN_IN and parts[sentence.numbers[0]] is not None


def _governs(parts: Parts | None) -> bool:
    """Tell whether a clause is a verb with its object and nothing before: the form of headings."""
    return parts is not None and parts.object is not None and parts.subject is None


def _sentences(pieces: Sequence[Piece], ends: str) -> list[_Sentence]:
    """Group clauses into sentences; the only item of one, behind a lead-in, is one by itself."""
    lines = [len({p.sentence for p in group}) for _, group in groupby(pieces, lambda p: p.line)]
    marked = Counter(p.sentence for p in pieces if p.level)
    items = accumulate(_ends_alone(p, ends, marked[p.sentence]) for p in pieces)
    numbered = groupby(
        zip(enumerate(pieces), items, strict=True), lambda both: (both[0][1].sentence, both[1])
    )
    found = []
    for _, group in numbered:
        numbers, members = zip(*(pair for pair, _ in group), strict=True)
        found.append(_Sentence(numbers, members, lines[members[0].line] == 1))
    return found


def _ends_alone(piece: Piece, ends: str, items: int) -> bool:
    """Tell whether a clause is the only item of its sentence, and ends it."""
    return items == 1 and piece.level > 0 and piece.sign != "" and piece.sign in ends


def _level(sentence: _Sentence, after: _Sentence | None, *, one_a_line: bool) -> int:
    """Rank of a sentence as a heading; 0 where it is none."""
    if after is None or len(sentence.pieces) > _CLAUSES:
        return 0
    first = sentence.pieces[0]
    same_line = after.pieces[0].line == first.line
    marked = first.level
    if marked:
        follows = same_line or not after.pieces[0].level or after.pieces[0].level > marked
        return marked if follows else 0
    if not sentence.alone or len(sentence.pieces) > 1 or sentence.length > _LONGEST:
        return 0
    if one_a_line:
        return 0
    title = not first.sign and not after.alone
    return _LINE_LEVEL if title or (not after.alone and not after.pieces[0].level) else 0
