"""What misread bytes may have been: the readings of a run, the most usual one first.

In: a run, taken apart, and the page that it stands in; out: readings, each of which turns into
exactly what the page shows when it is damaged again. The bytes leave much open: a lost byte may be
any, and pairs of bytes of the user-defined area vanish unseen, so two characters may stand for one.
This room knows no RDF.
"""

from __future__ import annotations

import functools
import itertools
import math
import re
from collections.abc import Iterator
from typing import NamedTuple

from policygraph.text.restore import gbk, pronunciation, signs, wording
from policygraph.text.restore.damaging import DamageModel, damage
from policygraph.text.restore.page import STOPS, Page, as_words
from policygraph.text.restore.readings import WITHOUT_BRACKET, without_readings
from policygraph.text.restore.runs import Run, Slot

_AROUND = 8  # characters of the line before and behind a run that words are weighed with
_NEAR = 3  # of them, those that tell whether a character may stand there
_FAR = 200  # those in which readings stand between them, and something is still open
_AGAIN = 24  # those that are damaged again with it
_WIDTH = 80  # readings that are followed up at a time
_TRIED = 60  # readings that are damaged again
_VANISHED = 2  # pairs of bytes that may have vanished from one run
_COST_OF_VANISHED = math.log(10)  # about one pair in ten lies in the user-defined area
_LONGEST = 24  # characters of a run; a longer one leaves too much open
_PAIRS = (("“", "”"), ("《", "》"), ("（", "）"))
_CUT_BEFORE = re.compile(r"^\(?[^()]*\)")  # a bracket that is cut off, or whose character is
_CUT_BEHIND = re.compile(r".?\([^()]*$")
_BRACKET_FIRST = re.compile(rf"\({WITHOUT_BRACKET}")


class Reading(NamedTuple):
    """One reading of a run.

    Attributes:
        text: its characters, as they were written.
        words: the known words that cover it; none if a character stands alone.
        vanished: how many pairs of bytes have vanished.
        cost: what the line costs with it, least where it consists of usual words.
        keys: the characters whose readings have lost their bracket, with these readings.
    """

    text: str
    words: tuple[str, ...]
    vanished: int
    cost: float
    keys: tuple[tuple[str, str], ...] = ()


class _Path(NamedTuple):
    """The beginning of a reading.

    Attributes:
        text: its characters.
        line: with what stands before it, as words are compared.
        costs: what the last beginnings of the line cost, all of it last.
        vanished: how many pairs of bytes have vanished.
    """

    text: str
    line: str
    costs: tuple[float, ...]
    vanished: int

    @property
    def cost(self) -> float:
        """What it costs."""
        return self.costs[-1] + self.vanished * _COST_OF_VANISHED

    def grown(self, piece: str) -> _Path:
        """Put the one or two characters of a slot behind it."""
        line, costs = _lengthened(self.line, self.costs, _as_word(piece))
        return _Path(self.text + piece, line, costs, self.vanished + len(piece) - 1)


def readings(run: Run, text: str, page: Page, within: float) -> list[Reading]:
    """Find the readings of a run that damage turns into it again, the least costly one first.

    Args:
        run: the run.
        text: the one that it stands in.
        page: what that text shows of its writing.
        within: how much more than the first reading the last one costs at most.
    """
    if len(run.slots) > _LONGEST:
        return []
    before, after = _line_around(run, text)
    whole = _weighed(_paths(run, before, after, page), before, after, page)
    opened = as_words(text[max(0, run.span.start - _FAR) : run.span.start])
    found: dict[str, Reading] = {}
    for reading in itertools.islice((one for one in whole if _closes(opened, one.text)), _TRIED):
        if found and reading.cost > next(iter(found.values())).cost + within:
            break
        if _as_word(reading.text) not in found and _comes_back(reading.text, run, text, page):
            keys = tuple(_keys_of(run, reading.text).items())
            found[_as_word(reading.text)] = reading._replace(keys=keys)
    return list(found.values())


def _paths(run: Run, before: str, after: str, page: Page) -> list[_Path]:
    """Follow up the least costly readings, character by character."""
    paths = [_Path("", *_lengthened("", (0.0,), before), 0)]
    alone = [_of_slot(slot, page) for slot in run.slots]
    for at, slot in enumerate(run.slots):
        ahead = _ahead(alone[at + 1 :], after)
        grown = (
            path.grown(piece)
            for path in paths
            for piece in (*alone[at], *_of_two(path, slot, ahead, page))
        )
        paths = sorted(grown, key=lambda path: (path.cost, path.text))[:_WIDTH]
    return paths


def _closes(before: str, reading: str) -> bool:
    """Tell whether a reading closes only what is open, as far as lost bytes do not hide it."""
    line = before + reading
    return "?" in before or all(
        line.rfind(opening, 0, at) > line.rfind(closing, 0, at)
        for opening, closing in _PAIRS
        for at in range(len(before), len(line))
        if line[at] == closing
    )


def _weighed(paths: list[_Path], before: str, after: str, page: Page) -> list[Reading]:
    """Weigh whole readings with what stands behind them, the least costly one first."""
    whole = []
    for path in paths:
        line, costs = _lengthened(path.line, path.costs, after)
        cost = costs[-1] + path.vanished * _COST_OF_VANISHED
        start, end = len(before), len(path.line)
        words = wording.cover(line, start, end, page.repeated)
        whole.append(Reading(path.text, words, path.vanished, cost))
    strange = {reading: sum(c not in page.characters for c in reading.text) for reading in whole}
    return sorted(whole, key=lambda reading: (reading.cost, strange[reading], reading.text))


def _lengthened(line: str, costs: tuple[float, ...], further: str) -> tuple[str, tuple[float, ...]]:
    for character in further:
        line += character
        costs = (*costs[1 - wording.LONGEST :], wording.cheapest(line, costs))
    return line, costs


@functools.lru_cache(maxsize=1 << 15)
def _as_word(piece: str) -> str:
    return as_words(piece) if len(piece) == 1 else "".join(map(_as_word, piece))


def _line_around(run: Run, text: str) -> tuple[str, str]:
    """Give what stands around a run in its line, as words are compared, up to other lost bytes."""
    start, end = run.span
    before, after = _undamaged(text, start, end, _FAR)
    line = as_words(without_readings(before)).rpartition("\n")[2][-_AROUND:]
    return line, as_words(_without_first_reading(after)).partition("\n")[0][:_AROUND]


def _undamaged(text: str, start: int, end: int, far: int) -> tuple[str, str]:
    """Give so much of what stands around a run, up to the next lost bytes."""
    before = text[max(0, start - far) : start].rpartition("?")[2]
    return before, text[end : end + far].partition("?")[0]


def _of_slot(slot: Slot, page: Page) -> list[str]:
    """List the characters that one slot may be, if no bytes have vanished."""
    leads, trail, reading, _ = slot
    found = (c for lead in leads or (None,) for c in gbk.with_bytes(lead, trail))
    return [c for c in found if page.may_hold(c) and _is_read(c, reading)]


def _is_read(character: str, reading: str) -> bool:
    return not reading or pronunciation.usual(character) == reading


def _ahead(slots: list[list[str]], after: str) -> str | None:
    """Give what stands behind a slot, as far as it is certain; none if the next one is not."""
    line = ""
    for slot in slots:
        if len(slot) != 1:
            return line or None
        line += _as_word(slot[0])
    return line + after


def _of_two(path: _Path, slot: Slot, ahead: str | None, page: Page) -> Iterator[str]:
    """Give the two characters that one slot may be, the bytes between them having vanished."""
    leads, trail, reading, parted = slot
    if parted and path.vanished < _VANISHED and (trail is not None or reading):
        ahead = ahead and ahead[:_NEAR]
        for lead in leads:
            for pair in _likely(path.line[-_NEAR:], lead, trail, reading, ahead):
                if all(map(page.may_hold, pair)):
                    yield pair


@functools.lru_cache(maxsize=1 << 12)
def _likely(
    before: str, lead: int, trail: int | None, reading: str, ahead: str | None
) -> tuple[str, ...]:
    """List the pairs of which each character may stand where it is."""
    at = len(before)
    return tuple(
        pair
        for pair, alone in _going_on(lead, trail, reading, ahead)
        if alone or wording.may_stand(before + _as_word(pair) + (ahead or ""), at)
    )


@functools.lru_cache(maxsize=1 << 10)
def _going_on(
    lead: int, trail: int | None, reading: str, ahead: str | None
) -> tuple[tuple[str, bool], ...]:
    """List the pairs whose second character may stand before what follows.

    With each, whether its first one may stand there whatever is before it.
    """
    lines = {pair: _as_word(pair) + (ahead or "") for pair in _parted(lead, trail, reading)}
    return tuple(
        (pair, wording.may_stand(line, 0))
        for pair, line in lines.items()
        if ahead is None or wording.may_stand(line, 1)
    )


@functools.cache
def _parted(lead: int, trail: int | None, reading: str) -> tuple[str, ...]:
    """List the usual characters that begin and end so, two together, with bytes that vanish."""
    return tuple(
        first + second
        for first in filter(_is_usual, gbk.beginning_with(lead))
        for second in _seconds(gbk.encode(first)[1], trail)
        if _is_read(second, reading)
    )


@functools.cache
def _seconds(end_of_first: int, trail: int | None) -> tuple[str, ...]:
    """List the usual characters before whose second byte bytes may vanish with such a one."""
    leads = (lead for lead in gbk.LEADS if not gbk.decode(bytes((end_of_first, lead))))
    return tuple(c for lead in leads for c in gbk.with_bytes(lead, trail) if _is_usual(c))


def _is_usual(character: str) -> bool:
    return character in STOPS or gbk.is_usual(_as_word(character))


def _comes_back(reading: str, run: Run, text: str, page: Page) -> bool:
    """Tell whether a reading, damaged as the page was, looks like the run and what is beside it."""
    start, end = run.span
    before, after = _undamaged(text, start, end, _AGAIN)
    before = _CUT_BEFORE.sub("", before)
    after = _CUT_BEHIND.sub("", after if text[end + len(after) :][:1] != "(" else after[:-1])
    shown = signs.fold(text[start - len(before) : end + len(after)], signs.foldable())
    rest = _without_first_reading(after, reading[-1])
    whole = "".join(map(signs.full_form, without_readings(before) + reading + rest))
    carried = _BRACKET_FIRST.match(after)
    keys = page.keys | ({reading[-1]: carried[0]} if carried else {})
    data = gbk.encode(whole)
    keys = {key: bracket for key, bracket in keys.items() if gbk.encode(key) in data}
    models = (
        DamageModel({}, in_order, splits=True, folds=signs.foldable(), aligned=aligned)
        for in_order, aligned in _ways(run, reading, keys)
    )
    return any(damage(whole, model) == shown for model in models)


def _without_first_reading(after: str, last: str = "") -> str:
    """Take the readings out of what stands behind a run, that of its last character first."""
    if not last and _BRACKET_FIRST.match(after):
        return without_readings(_BRACKET_FIRST.sub("", after))
    return without_readings(last + after)[len(last) :]


def _keys_of(run: Run, reading: str) -> dict[str, str]:
    """Give the character whose bytes the opening reading has parted, and the one it closes with."""
    opening, closing = run.brackets
    second = gbk.encode(reading)[:1]
    closed = {reading[-1]: closing} if closing else {}  # looked for first, else it were parted
    return closed | {key: opening for key in run.keys if gbk.encode(key)[1:] == second}


def _ways(run: Run, reading: str, keys: dict[str, str]) -> Iterator[tuple[dict[str, str], bool]]:
    """Give the ways in which the readings may have been put in: between characters, or by bytes.

    Where bytes of two keys overlap, it matters which one the tool looked for first.
    """
    keys = keys | _keys_of(run, reading)
    yield keys, True
    for first in (run.keys, tuple(reading), ()):
        in_order = sorted(keys, key=lambda key: key not in first)
        yield {key: keys[key] for key in in_order}, False
