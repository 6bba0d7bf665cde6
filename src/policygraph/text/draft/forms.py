"""What a regular expression cannot do without, told by its form.

In: a pattern; out: with what its finds begin and end, and the characters, or pairs of neighbouring
ones, that stand in everything it finds (as in Glushkov's construction of automata: first, last and
following characters). What is not known is None, never a guess. This room knows no language.
"""

from __future__ import annotations

import functools
import importlib
import re
from array import array
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

Grams = frozenset[str]
"""Characters and pairs of neighbouring characters."""

_ONCE = 512  # a class of more characters than that tells little of words
_PAIRS = 512  # so many pairs tell much and still cost little
_SINGLE = 12  # a single character stands in words as much more often than a pair
_DIGITS = 24  # cost of all digits together


@dataclass(frozen=True)
class Form:
    """What is known of everything a pattern finds.

    Attributes:
        begins: characters one of which it begins with; None where that is unknown.
        ends: characters one of which it ends with; None where that is unknown.
        letters: all characters it may consist of; None where they are unknown.
        empty: it may be nothing at all; then the above tell of the rest.
        needs: sets of grams; one of each set stands in it.
        anchored: it stands at the beginning of the words searched.
        after: characters one of which stands right before it, or nothing, for the beginning of the
            words; None where that is unknown.
    """

    begins: Grams | None = frozenset()
    ends: Grams | None = frozenset()
    letters: Grams | None = frozenset()
    empty: bool = True
    needs: tuple[Grams, ...] = ()
    anchored: bool = False
    after: Grams | None = None


_NOTHING = Form()
_ANYTHING = Form(None, None, None)
_BEGINNING = Form(anchored=True, after=frozenset([""]))


@functools.cache
def form_of(pattern: re.Pattern[str]) -> Form:
    """Tell what is known of everything a pattern finds.

    Nothing is where it ignores upper and lower case or counts lines, or where this Python hides its
    parser of patterns.

    >>> form = form_of(re.compile("^(?:ab|cd)+x?$"))
    >>> sorted(form.begins), sorted(form.ends), form.empty
    (['a', 'c'], ['b', 'd', 'x'], False)
    """
    parsed = _parsed(pattern)
    return _ANYTHING if parsed is None else _sequence(list(parsed))


def begins_of(pattern: re.Pattern[str]) -> Grams | None:
    """Give the characters with which everything begins that a pattern finds; None where unknown."""
    form = form_of(pattern)
    return None if form.empty else form.begins


def ends_of(pattern: re.Pattern[str]) -> Grams | None:
    """Give the characters with which everything ends that a pattern finds; None where unknown."""
    form = form_of(pattern)
    return None if form.empty else form.ends


def needs(pattern: re.Pattern[str], most: int) -> list[Grams]:
    """Give sets of characters and pairs; one of each set stands in everything a pattern finds.

    They stand on the line of what is found, though a look behind may find them before it.

    Args:
        pattern: the pattern.
        most: how many sets; the most telling ones come first.

    >>> [sorted(each) for each in needs(re.compile("^(?:about|for) .*"), 2)]
    [['ab', 'fo'], ['r ', 't ']]
    """
    found: list[Grams] = []
    for grams in sorted(form_of(pattern).needs, key=_cost):
        if len(found) < most and not any(_implies(each, grams) for each in found):
            found.append(grams)
    return found


def finder(pattern: re.Pattern[str]) -> Callable[[str], re.Match[str] | None]:
    """Give what finds a pattern in words: without a search where it can only stand at their start.

    >>> finder(re.compile("^a|^b"))("cb") is finder(re.compile("b$"))("bc") is None
    True
    """
    return pattern.match if form_of(pattern).anchored else pattern.search


def _parsed(pattern: re.Pattern[str]) -> Sequence[tuple[Any, Any]] | None:
    if pattern.flags & (re.IGNORECASE | re.MULTILINE):
        return None
    try:
        parser = importlib.import_module("re._parser")
        return parser.parse(pattern.pattern, pattern.flags & ~re.UNICODE)  # type: ignore[no-any-return]
    except (ImportError, AttributeError):
        return None


def _sequence(steps: Sequence[tuple[Any, Any]]) -> Form:
    whole = _NOTHING
    for step, of in reversed(steps):
        whole = _then(_step(str(step), of), whole)
    return whole


def _step(step: str, of: Any) -> Form:
    told = _STEPS.get(step)
    return told(of) if told else _ANYTHING


def _looked_at(form: Form, *, back: bool) -> Form:
    """Keep what must stand beside the finds; before them only if it is sure to be on their line."""
    after = form.ends if back and not form.empty else None
    if back and (form.letters is None or "\n" in form.letters):
        return Form(after=after)
    return Form(needs=form.needs, after=after)


def _one(letters: Grams | None) -> Form:
    needed = (letters,) if letters else ()
    return Form(letters, letters, letters, empty=False, needs=needed)


@functools.cache
def _members(members: Sequence[tuple[Any, Any]]) -> Grams | None:
    found: set[str] = set()
    for step, of in members:
        if str(step) == "LITERAL":
            found.add(chr(of))
        elif str(step) == "RANGE" and of[1] - of[0] < _ONCE:
            found.update(map(chr, range(of[0], of[1] + 1)))
        elif str(of) == "CATEGORY_DIGIT":
            found |= _digits()
        else:
            return None
    return frozenset(found)


@functools.cache
def _digits() -> Grams:
    """Give all digits there are: they stand in the first two planes of Unicode."""
    points = array("I", range(0x20000)).tobytes()
    return frozenset(re.findall(r"\d", points.decode("utf-32-le", "surrogatepass")))


def _then(first: Form, rest: Form) -> Form:
    pairs = () if first.empty or rest.empty else _pairs(first.ends, rest.begins)
    return Form(
        _joined(first.begins, rest.begins) if first.empty else first.begins,
        _joined(rest.ends, first.ends) if rest.empty else rest.ends,
        _joined(first.letters, rest.letters),
        first.empty and rest.empty,
        (*first.needs, *pairs, *rest.needs),
        first.anchored,
        rest.after if first.after is None and not first.letters and first.empty else first.after,
    )


def _repeated(least: int, form: Form) -> Form:
    if not least:
        return replace(form, empty=True, needs=(), anchored=False, after=None)
    pairs = _pairs(form.ends, form.begins) if least > 1 and not form.empty else ()
    return replace(form, needs=(*form.needs, *pairs))


def _either(forms: Sequence[Form]) -> Form:
    best = [min(form.needs, key=_cost, default=None) for form in forms]
    return Form(
        functools.reduce(_joined, (form.begins for form in forms)),
        functools.reduce(_joined, (form.ends for form in forms)),
        functools.reduce(_joined, (form.letters for form in forms)),
        any(form.empty for form in forms),
        () if None in best else (frozenset[str]().union(*filter(None, best)),),
        all(form.anchored for form in forms),
        functools.reduce(_joined, (form.after for form in forms)),
    )


def _joined(one: Grams | None, other: Grams | None) -> Grams | None:
    return None if one is None or other is None else one | other


def _pairs(before: Grams | None, after: Grams | None) -> tuple[Grams, ...]:
    if not before or not after or len(before) * len(after) > _PAIRS:
        return ()
    return (frozenset(one + other for one in before for other in after),)


@functools.cache
def _cost(grams: Grams) -> int:
    """Guess how often one of a set stands in words."""
    digits = len(grams) >= len(_digits()) and grams >= _digits()
    pairs = [gram for gram in grams if len(gram) == 2]
    singles = len(grams) - len(pairs) - len(_digits()) * digits
    return singles * _SINGLE + min(_of_pairs(pairs, 0), _of_pairs(pairs, 1)) + digits * _DIGITS


def _of_pairs(pairs: Sequence[str], place: int) -> int:
    """Guess how often some pairs stand in words: less often than what they have in common."""
    shared = Counter(pair[place] for pair in pairs)
    return sum(min(times, _SINGLE - 1) for times in shared.values())


def _implies(grams: Grams, others: Grams) -> bool:
    """Tell whether words that have one of a set are sure to have one of others."""
    return all(gram in others or not others.isdisjoint(gram) for gram in grams)


_STEPS: dict[str, Callable[[Any], Form]] = {
    "LITERAL": lambda of: _one(frozenset(chr(of))),
    "IN": lambda of: _one(_members(tuple(of))),
    "ANY": lambda _: _one(None),
    "NOT_LITERAL": lambda _: _one(None),
    "BRANCH": lambda of: _either([_sequence(branch) for branch in of[1]]),
    "SUBPATTERN": lambda of: _ANYTHING if of[1] else _sequence(of[-1]),  # it may have own flags
    "MAX_REPEAT": lambda of: _repeated(of[0], _sequence(of[2])),
    "MIN_REPEAT": lambda of: _repeated(of[0], _sequence(of[2])),
    "ASSERT": lambda of: _looked_at(_sequence(of[1]), back=of[0] < 0),
    "ASSERT_NOT": lambda _: _NOTHING,
    "AT": lambda of: _BEGINNING if str(of) in ("AT_BEGINNING", "AT_BEGINNING_STRING") else _NOTHING,
}
"""What is known of a step that the parser of patterns tells; of any other nothing is."""
