"""The self-test without gold: damage the restored text again and compare it with the source.

In: a restoration; out: whether a general model of the damage, estimated from the ledger, turns the
restored text into the source. The model knows rules (this character becomes that one, this sign is
folded), never places. This room knows no RDF.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import chain

from policygraph.text.restore import Restoration, gbk, signs
from policygraph.text.restore.ledger import Edit

_EXCERPT = 20  # characters shown of a difference


@dataclass(frozen=True)
class DamageModel:
    """What the tools of a site do to a text.

    Attributes:
        script: simplified character → traditional one.
        keys: traditional character → the bracketed reading put behind it wherever it occurs.
        splits: the site searches the bytes of the text for signs, across characters.
        folds: full-width sign → ASCII sign.
    """

    script: dict[str, str]
    keys: dict[str, str]
    splits: bool
    folds: dict[str, str]


@dataclass(frozen=True)
class SelfTest:
    """How a text that was damaged again compares with the source.

    Attributes:
        equal: whether they agree in every character.
        compared: number of characters of the source.
        agreeing: how many of them agree before the first difference.
        first_difference: where in the source they part; none if they are equal.
        expected: some characters of the source from there on.
        found: what the model made instead.
    """

    equal: bool
    compared: int
    agreeing: int
    first_difference: int | None = None
    expected: str = ""
    found: str = ""


def check(restoration: Restoration) -> SelfTest:
    """Damage the restored text by the estimated model and compare it with the source."""
    source = restoration.source
    damaged = damage(restoration.text, estimate(restoration))
    if damaged == source:
        return SelfTest(equal=True, compared=len(source), agreeing=len(source))
    same = _common_prefix(source, damaged)
    excerpt = slice(same, same + _EXCERPT)
    return SelfTest(
        equal=False,
        compared=len(source),
        agreeing=same,
        first_difference=same,
        expected=source[excerpt],
        found=damaged[excerpt],
    )


def estimate(restoration: Restoration) -> DamageModel:
    """Estimate the model of the damage from the ledger."""
    edits = [edit for edit in restoration.edits if edit.status != "undecided"]
    script = _script(edits, restoration.text)
    traditional = Counter(restoration.text.translate(_table(script)))
    return DamageModel(
        script,
        _keys(edits, traditional),
        splits=any(edit.kind == "misread-bytes" for edit in restoration.edits),
        folds=_folds(edits, restoration.source),
    )


def damage(text: str, model: DamageModel) -> str:
    """Apply a model of damage to a text, in the order in which a site works."""
    keys = {key: key + reading for key, reading in model.keys.items()}
    annotated = text.translate(_table(model.script)).translate(_table(keys))
    split = _split(annotated) if model.splits else annotated
    return signs.fold(split, model.folds)


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


def _keys(edits: Iterable[Edit], occurrences: Counter[str]) -> dict[str, str]:
    """Learn which characters mostly carry a reading, and how it is written."""
    brackets: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for edit in edits:
        if edit.kind == "reading":
            brackets[str(dict(edit.facts)["character"])][edit.source_text] += 1
    return {
        character: bracket
        for character, counts in brackets.items()
        for bracket, _ in counts.most_common(1)
        if 2 * counts.total() >= occurrences[character]
    }


def _folds(edits: Iterable[Edit], source: str) -> dict[str, str]:
    """Learn which signs are folded; a site that folds any folds all it never shows full-width."""
    unfolded = Counter(edit.restored_text for edit in edits if edit.kind == "punctuation")
    return {
        sign: ascii_form
        for sign, ascii_form in signs.foldable().items()
        if unfolded and source.count(sign) <= unfolded[sign]
    }


def _split(text: str) -> str:
    """Search the GBK bytes for each sign in turn and decode the pieces between them alone."""
    pieces = [gbk.encode(text)]
    for sign in signs.splitting():
        mark = gbk.encode(sign)
        pieces = list(chain.from_iterable(_around(mark, piece) for piece in pieces))
    return "".join(map(gbk.decode, pieces))


def _around(mark: bytes, piece: bytes) -> list[bytes]:
    first, *others = piece.split(mark)
    return [first, *chain.from_iterable((mark, other) for other in others)]


def _table(replacements: dict[str, str]) -> dict[int, str]:
    return {ord(character): text for character, text in replacements.items()}


def _common_prefix(one: str, other: str) -> int:
    pairs = enumerate(zip(one, other, strict=False))
    return next((at for at, (a, b) in pairs if a != b), min(len(one), len(other)))
