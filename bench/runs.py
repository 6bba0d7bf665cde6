"""How often misread runs are restored, and how often wrongly: clean texts damaged at every place.

Each text is cut into pieces of some length, and each piece is damaged as a site would, with other
annotated characters each time. What restoration infers is right where the clean text holds it with
the characters around it. The texts lie beside the checkout and are no part of the project.
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from restoration import CORPUS, PROFILES, clean_texts, model_of

from policygraph.text.restore import Restoration, restore, signs
from policygraph.text.restore.damaging import damage

_AROUND = 6  # characters beside a run that are compared with it
_SPLIT = [name for name, profile in PROFILES.items() if profile.splits]


def verdicts(restoration: Restoration, clean: str) -> Iterator[tuple[str, str]]:
    """Say of each run whether it is undecided, right or wrong, and show the wrong ones."""
    text, original = _bare(restoration.text), _bare(clean).replace("\n", "")
    for edit in restoration.edits:
        if edit.kind != "misread-bytes" or edit.status == "proved":
            continue
        if edit.status == "undecided":
            yield "undecided", ""
            continue
        start, end = edit.restored
        before = text[max(0, start - _AROUND) : start].replace("?", "\n").rpartition("\n")[2]
        after = text[end : end + _AROUND].replace("?", "\n").partition("\n")[0]
        shown = before + text[start:end] + after
        yield ("right", "") if shown in original else ("wrong", f"{edit.source_text} → {shown}")


def _bare(text: str) -> str:
    return signs.fold(text, signs.foldable())


def _texts() -> list[Path]:
    return [path for path in clean_texts(CORPUS) if "seed_gold" not in path.stem]


def measure(half: int, length: int, seeds: int) -> None:
    """Damage one half of the texts, 0 (the rule was made on it) or 1, and print the counts."""
    for profile in _SPLIT:
        counts: Counter[str] = Counter()
        for path in _texts()[half::2]:
            text = path.read_text("utf-8")
            for at in range(0, len(text), length):
                piece = text[at : at + length]
                for seed in range(seeds):
                    model = model_of(piece, PROFILES[profile], at + seed)
                    damaged = damage(piece, model)
                    if "?" in damaged:
                        for verdict, shown in verdicts(restore(damaged), piece):
                            counts[verdict] += 1
                            if shown:
                                print(f"  {path.stem}: {shown!r}")
        print(
            f"half {half}, {profile}: {counts['undecided'] + counts['right'] + counts['wrong']}",
            f"runs; right {counts['right']}, wrong {counts['wrong']}",
        )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--half", type=int, choices=(0, 1), default=1)
    parser.add_argument("--length", type=int, default=1500, help="characters of a piece")
    parser.add_argument("--seeds", type=int, default=1, help="sites that damage each piece")
    arguments = parser.parse_args()
    measure(arguments.half, arguments.length, arguments.seeds)
