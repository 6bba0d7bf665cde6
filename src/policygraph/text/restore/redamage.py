"""The self-test without gold: damage the restored text again and compare it with the source.

In: a restoration; out: whether a general model of the damage, estimated from the ledger, turns the
restored text into the source. The model knows rules (this character becomes that one, this sign is
folded), never places. This room knows no RDF.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import chain
from typing import cast

from policygraph.text.restore import Restoration, signs
from policygraph.text.restore.damaging import DamageModel, damage
from policygraph.text.restore.ledger import Edit
from policygraph.text.restore.readings import WITHOUT_BRACKET

_EXCERPT = 20  # characters shown of a difference
_DOUBLED = "restore/doubled"
_PUT_ACROSS = re.compile(rf"\?{WITHOUT_BRACKET}")  # a reading, between the bytes of two characters


@dataclass(frozen=True)
class SelfTest:
    """How a text that was damaged again compares with the source.

    Attributes:
        equal: whether they agree in every character.
        compared: number of characters of the source.
        agreeing: how many of them agree before the first difference.
        share: of the characters of the source, those that come back in their line.
        first_difference: where in the source they part; none if they are equal.
        expected: some characters of the source from there on.
        found: what the model made instead.
    """

    equal: bool
    compared: int
    agreeing: int
    share: float = 1.0
    first_difference: int | None = None
    expected: str = ""
    found: str = ""


def check(restoration: Restoration) -> SelfTest:
    """Damage the restored text by the estimated model and compare it with the source.

    Misread text that was left as it was found is taken over from the source; lines that a site put
    before the text are left out.
    """
    source = restoration.source[_length_of_inserted(restoration) :]
    text, left = _without_undecided(restoration)
    damaged = _with(left, damage(text, estimate(restoration)))
    if damaged == source:
        return SelfTest(equal=True, compared=len(source), agreeing=len(source))
    same = _common_prefix(source, damaged)
    excerpt = slice(same, same + _EXCERPT)
    return SelfTest(
        equal=False,
        compared=len(source),
        agreeing=same,
        share=_share(source, damaged),
        first_difference=len(restoration.source) - len(source) + same,
        expected=source[excerpt],
        found=damaged[excerpt],
    )


def _length_of_inserted(restoration: Restoration) -> int:
    """Tell how long the lines are that a site put before the text: no rule makes them again."""
    removed = (e for e in restoration.edits if e.kind == "inserted-line" and not e.restored_text)
    ends = [edit.source.end for edit in removed]
    return max(ends, default=0)


def _without_undecided(restoration: Restoration) -> tuple[str, tuple[str, list[str]]]:
    """Put a sign for each stretch of misread text that was left, and give what the source has.

    Such a stretch was damaged once; to damage it again would prove nothing.
    """
    text, traced = restoration.text, restoration.traced
    sign = next((c for c in map(chr, range(0x0E, 0x20)) if c not in restoration.source), "")
    pieces: list[str] = []
    left: list[str] = []
    done = 0
    for edit in restoration.edits if sign else ():
        start, end = edit.restored
        if edit.kind == "misread-bytes" and edit.status == "undecided" and start >= done:
            behind = traced.starts[end] if end < len(text) else traced.source_length
            left.append(restoration.source[traced.starts[start] : behind])
            pieces += text[done:start], sign
            done = end
    return "".join(pieces) + text[done:], (sign, left)


def _with(left: tuple[str, list[str]], damaged: str) -> str:
    """Put what the source has back for the signs."""
    sign, stretches = left
    pieces = damaged.split(sign) if stretches else [damaged]
    if len(pieces) != len(stretches) + 1:
        return damaged
    return "".join(chain.from_iterable(zip(pieces, [*stretches, ""], strict=True)))


def estimate(restoration: Restoration) -> DamageModel:
    """Estimate the model of the damage from the ledger."""
    edits = [edit for edit in restoration.edits if edit.status != "undecided"]
    by_bytes = any(_PUT_ACROSS.match(e.source_text) for e in edits if e.kind == "misread-bytes")
    script = _script(edits, restoration.text)
    return DamageModel(
        script,
        _keys(edits, "".join(script.get(c, c) for c in restoration.text)),
        splits=any(edit.kind == "misread-bytes" for edit in restoration.edits),
        folds=_folds(edits, restoration.source),
        aligned=not by_bytes,
        doubled=frozenset(str(dict(e.facts)["sign"]) for e in edits if e.reason == _DOUBLED),
        indents=any(edit.kind == "space" for edit in edits),
    )


def _script(edits: Iterable[Edit], text: str) -> dict[str, str]:
    """Learn for each simplified character what the source mostly writes for it."""
    forms: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for edit in edits:
        if edit.kind == "script":
            facts = dict(edit.facts)
            forms[str(facts["after"])][str(facts["before"])] += 1
    totals = Counter(text)
    return {
        character: form
        for character, counts in forms.items()
        for form, count in counts.most_common(1)
        if count >= totals[character] - counts.total()
    }


def _keys(edits: Iterable[Edit], traditional: str) -> dict[str, str]:
    """Learn which characters and words mostly carry a reading, and how it is written.

    Those whose reading parted others come first: the tool found their bytes in one piece.
    """
    brackets: defaultdict[str, Counter[str]] = defaultdict(Counter)
    edits = list(edits)
    for edit in edits:
        parting = cast("tuple[tuple[str, str], ...]", dict(edit.facts).get("keys", ()))
        for key, bracket in parting:
            brackets[key][bracket] += 1
    for edit in edits:
        if edit.kind == "reading":
            brackets[str(dict(edit.facts)["character"])][edit.source_text] += 1
    occurrences = Counter(traditional)
    return {
        key: bracket
        for key, counts in brackets.items()
        for bracket, _ in counts.most_common(1)
        if 2 * counts.total() >= (occurrences[key] if len(key) == 1 else traditional.count(key))
    }


def _folds(edits: Iterable[Edit], source: str) -> dict[str, str]:
    """Learn which signs are folded; a site that folds any folds all it never shows full-width."""
    unfolded = Counter(edit.restored_text for edit in edits if edit.kind == "punctuation")
    unfolded.pop("", None)
    return {
        sign: ascii_form
        for sign, ascii_form in signs.foldable().items()
        if unfolded and source.count(sign) <= unfolded[sign]
    }


def _share(source: str, damaged: str) -> float:
    """Tell how much of a text comes back: whole lines, and of others what begins and ends alike."""
    lines, others = source.split("\n"), damaged.split("\n")
    if len(lines) != len(others):
        lines, others = [source], [damaged]
    back = 0
    for one, other in zip(lines, others, strict=True):
        before = _common_prefix(one, other)
        after = _common_prefix(one[before:][::-1], other[before:][::-1])
        back += before + after + 1
    return (back - 1) / max(1, len(source))


def _common_prefix(one: str, other: str) -> int:
    pairs = enumerate(zip(one, other, strict=False))
    return next((at for at, (a, b) in pairs if a != b), min(len(one), len(other)))
