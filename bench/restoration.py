"""How well restoration does on damaged texts and on clean ones: ``bench/quality.py`` prints it too.

Two sets, both beside the checkout and no part of the project: the damaged texts with their clean
originals, and the clean texts, which are damaged here by known profiles. A difference from the
original is *silent* where the ledger does not say that the place is undecided. Signs are compared
folded: a site that folds them leaves no trace of what they were.
"""

from __future__ import annotations

import difflib
import functools
import json
import random
import re
import sys
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import opencc
from pypinyin.constants import PINYIN_DICT

from policygraph.text.restore import Restoration, restore, signs
from policygraph.text.restore.damaging import DamageModel, damage

ROOT = Path(__file__).resolve().parents[1]
CORPUS = ROOT.parent / "shared" / "corpus" / "dev"
COMMITTED = ROOT / "bench" / "restoration.json"
BRACKET = re.compile(r"[(（][^()（）\n]{1,20}[)）]")
SYLLABLE = re.compile(r"[(（][ \u00a0]?[a-zü\u00e0-\u01dc\u1e3f\u1ebf\u1ec1]{1,6}[ \u00a0]?[)）]")
HAN = re.compile("[\u4e00-\u9fff]")


class Profile(NamedTuple):
    """One way to damage a text.

    Attributes:
        share: of the character types that get a reading.
        form: how the bracket is written; ``{}`` is the reading.
        toned: with tones.
        traditional: the text is made traditional first.
        splits, aligned: as in ``DamageModel``.
    """

    share: float
    form: str = "({})"
    toned: bool = True
    traditional: bool = True
    splits: bool = False
    aligned: bool = True


PROFILES = {
    "P1 tones, split bytes": Profile(0.45, splits=True),
    "P2 tones, inserted anywhere, split": Profile(0.55, splits=True, aligned=False),
    "P3 nearly all annotated": Profile(0.88),
    "P4 space inside": Profile(0.40, "({} )"),
    "no tone, space behind": Profile(0.50, "({}) ", toned=False),
    "no tone, simplified text": Profile(0.50, toned=False, traditional=False),
    "tones, simplified text": Profile(0.30, traditional=False),
    "full-width, tones": Profile(0.50, "（{}）"),
    "full-width, tones, simplified text": Profile(0.50, "（{}）", traditional=False),
    "full-width, no tone, simplified text": Profile(0.50, "（{}）", toned=False, traditional=False),
    "traditional only": Profile(0.0),
}


def model_of(text: str, profile: Profile, seed: int) -> DamageModel:
    """Draw one site of a profile: which characters it annotates is fixed for the whole text."""
    to_traditional = _converter()
    types = sorted(set(HAN.findall(text)))
    script = {c: to_traditional(c) for c in types} if profile.traditional else {}
    script = {c: t for c, t in script.items() if t != c and len(t) == 1}
    annotatable = sorted(script.values()) if profile.traditional else types
    drawn = random.Random(seed).sample(annotatable, int(profile.share * len(annotatable)))
    keys = {c: profile.form.format(_reading(c, toned=profile.toned)) for c in drawn if _known(c)}
    folds = dict(signs.foldable())
    return DamageModel(script, keys, profile.splits, folds, profile.aligned)


@functools.cache
def _converter() -> Callable[[str], str]:
    return opencc.OpenCC("s2t").convert  # loads its tables: once for all texts


def _known(character: str) -> bool:
    return ord(character) in PINYIN_DICT


def _reading(character: str, *, toned: bool) -> str:
    reading = PINYIN_DICT[ord(character)].split(",")[0]
    if toned:
        return reading
    plain = unicodedata.normalize("NFD", reading)
    plain = re.sub("[\u0300\u0301\u0304\u030c]", "", plain)
    return unicodedata.normalize("NFC", plain).replace("ü", "v")


class Score(NamedTuple):
    """What one restoration did; all are counts.

    Attributes:
        readings: bracketed readings that the damaged text has and the original has not.
        noise_left: how many of them stand in the restored text.
        genuine: brackets of the original.
        genuine_lost: how many of them the restored text lacks.
        runs: places where bytes were lost.
        runs_restored: how many of them were restored.
        wrong: characters that differ from the original.
        silent: of these, those whose place the ledger does not call undecided.
    """

    readings: int = 0
    noise_left: int = 0
    genuine: int = 0
    genuine_lost: int = 0
    runs: int = 0
    runs_restored: int = 0
    wrong: int = 0
    silent: int = 0

    def plus(self, other: Score) -> Score:
        """Add two scores."""
        return Score(*(one + two for one, two in zip(self, other, strict=True)))


def compare(restoration: Restoration, gold: str) -> Score:
    """Score a restoration against the original."""
    made, wanted = _folded(restoration.text), _folded(gold)
    noise = _brackets(SYLLABLE, restoration.source) - _brackets(SYLLABLE, wanted)
    left = _brackets(SYLLABLE, made) - _brackets(SYLLABLE, wanted)
    genuine = _brackets(BRACKET, wanted)
    lost = genuine - _brackets(BRACKET, made)
    wrong = list(_differences(made, wanted))
    doubtful = _doubtful(restoration)
    runs = [edit for edit in restoration.edits if edit.kind == "misread-bytes"]
    undecided = [edit for edit in runs if edit.status == "undecided"]
    inferred = [edit for edit in runs if edit.status == "inferred"]
    return Score(
        noise.total(),
        left.total(),
        genuine.total(),
        lost.total(),
        len(undecided) + len(inferred),
        len(inferred),
        sum(max(size, end - start) for start, end, size in wrong),
        sum(
            max(size, end - start)
            for start, end, size in wrong
            if not doubtful.intersection(range(start - 1, end + 1))
        ),
    )


def _folded(text: str) -> str:
    return signs.fold(text, signs.foldable())


def _brackets(pattern: re.Pattern[str], text: str) -> Counter[str]:
    return Counter(
        re.sub(r"[（）]", lambda f: "()"["（）".index(f[0])], t) for t in pattern.findall(text)
    )


def _differences(made: str, wanted: str) -> Iterator[tuple[int, int, int]]:
    """Give start and end in the text made, and how many characters should stand there."""
    at = 0
    made_lines, wanted_lines = made.splitlines(keepends=True), wanted.splitlines(keepends=True)
    if len(made_lines) != len(wanted_lines):
        made_lines, wanted_lines = [made], [wanted]
    for one, other in zip(made_lines, wanted_lines, strict=True):
        if one != other:
            matcher = difflib.SequenceMatcher(None, one, other, autojunk=False)
            for tag, start, end, first, last in matcher.get_opcodes():
                if tag != "equal":
                    yield at + start, at + end, last - first
        at += len(one)


def _doubtful(restoration: Restoration) -> set[int]:
    """List the places of the restored text that the ledger calls undecided."""
    return {
        at
        for edit in restoration.edits
        if edit.status == "undecided"
        for at in range(*restoration.to_restored(*edit.source))
    }


def damaged_pairs(corpus: Path) -> Iterator[tuple[str, str, str]]:
    """Give the damaged texts of a corpus with their originals: profile, damaged text, original."""
    for path in sorted(corpus.glob("**/damaged/*.txt")):
        gold = path.with_suffix(".gold.txt")
        if gold.is_file():
            profile = path.stem.rsplit("_", 1)[-1].upper()
            yield f"pair {profile}", _read(path), _read(gold)


def clean_texts(corpus: Path) -> list[Path]:
    """List the clean Chinese texts of a corpus."""
    return sorted(corpus.glob("**/[ab]_*.txt"))


def measure(corpus: Path, length: int = 1500) -> dict[str, dict[str, int]]:
    """Score the pairs, the clean texts, and the clean texts damaged by each profile.

    Args:
        corpus: folder of the development texts.
        length: characters of each clean text that are damaged.
    """
    scores: dict[str, Score] = {}
    for name, text, gold in damaged_pairs(corpus):
        scores[name] = scores.get(name, Score()).plus(compare(restore(text), gold))
    texts = [_read(path) for path in clean_texts(corpus) if "seed_gold" not in path.stem]
    for name, profile in PROFILES.items():
        total = Score()
        for seed, text in enumerate(texts):
            excerpt = text[:length]
            damaged = damage(excerpt, model_of(excerpt, profile, seed))
            total = total.plus(compare(restore(damaged), excerpt))
        scores[name] = total
    changed = sum(restore(text).edits != () for text in texts)
    figures = {name: dict(score._asdict()) for name, score in scores.items()}
    return {**figures, "clean texts": {"texts": len(texts), "changed": changed}}


def show(figures: dict[str, dict[str, int]]) -> None:
    """Print the table."""
    heads = Score._fields
    print(f"\n{'restoration':36}", *(f"{head:>13}" for head in heads))
    for name, row in figures.items():
        if name != "clean texts":
            print(f"{name:36}", *(f"{row[head]:13,}" for head in heads))
    clean = figures["clean texts"]
    print(f"clean texts with a change or a remark: {clean['changed']} of {clean['texts']}")


def changes(now: dict[str, dict[str, int]], before: dict[str, dict[str, int]]) -> list[str]:
    """Say which counts differ from the committed ones."""
    return [
        f"{name}: {head} {before.get(name, {}).get(head)} -> {count}"
        for name, row in now.items()
        for head, count in row.items()
        if count != before.get(name, {}).get(head)
    ]


def report(*, update: bool) -> None:
    """Measure, print, tell what changed since the committed figures, and commit them if asked."""
    if not CORPUS.is_dir():
        print(f"no texts at {CORPUS}: restoration is not measured")
        return
    figures = measure(CORPUS)
    show(figures)
    before = json.loads(COMMITTED.read_text("utf-8")) if COMMITTED.is_file() else {}
    said = changes(figures, before)
    print("against the committed figures:", *(said or ["no change"]), sep="\n  ")
    if update:
        COMMITTED.write_text(json.dumps(figures, indent=1) + "\n", "utf-8")


def _read(path: Path) -> str:
    return path.read_bytes().decode("utf-8")


if __name__ == "__main__":
    report(update="--update" in sys.argv)
