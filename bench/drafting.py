"""How fast texts are drafted, and whether memory grows with their number.

``python bench/drafting.py`` drafts policy reports (``../shared/corpus/dev`` beside the checkout, or
the project's own short texts where it is absent) once and ten times over, and all of them as one
long text once and four times over, each in a process of its own: clauses, mentions, relations and
the rows to review. Figures are the best of several rounds, in characters for a second of one
processor's time, because other work slows a clock; and the peak of memory.
"""

from __future__ import annotations

import resource
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from policygraph.text.draft.drafter import Drafter, draft_text
from policygraph.text.draft.write import statements_yaml

ROOT = Path(__file__).resolve().parents[1]
REPORTS = ROOT.parent / "shared" / "corpus" / "dev"
OWN = (ROOT / "data" / "documents", ROOT / "tests" / "cases" / "draft")
TIMES = (1, 10)
LONG = (1, 4)
"""How often all texts are put one behind the other to make one text."""
ROUNDS = {1: 5, 4: 3, 10: 3}
"""How often each size is measured."""


def texts() -> list[str]:
    """Read the reports, or the project's own texts where there are none."""
    paths = sorted(REPORTS.glob("b_*.txt")) or [p for f in OWN for p in sorted(f.rglob("*.txt"))]
    return [path.read_text("utf-8") for path in paths]


def speed(work: Callable[[str], object], read: list[str], times: int, rounds: int) -> float:
    """Give characters a second of processor time, in the best of some rounds."""
    best = float("inf")
    for _ in range(rounds):
        start = time.process_time()
        for text in read * times:
            work(text)
        best = min(best, time.process_time() - start)
    return sum(map(len, read)) * times / best


def one(times: int, *, long: bool) -> None:
    """Measure one size and print its row."""
    drafter, read, rounds = Drafter.read(), texts(), ROUNDS[times]
    if long:
        read, times = ["\n".join(read * times)], 1
    draft_text(drafter, "warm", read[0][:100_000])
    stages: dict[str, Callable[[str], object]] = {
        "clauses": lambda text: drafter.clauses(text, year=2024),
        "draft": lambda text: draft_text(drafter, "d", text, issued="2024-03-05"),
        "draft, rows": lambda text: statements_yaml(
            draft_text(drafter, "d", text, issued="2024-03-05")
        ),
    }
    found = [f"{name} {speed(work, read, times, rounds):9,.0f}" for name, work in stages.items()]
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    size = f"{len(read[0]):,} characters" if long else f"{len(read) * times:4} texts"
    print(f"{size:>20}  " + "  ".join(found) + f" characters/s  {peak:5.0f} MiB")


def main() -> None:
    """Measure each size in a process of its own."""
    read = texts()
    print(f"{len(read)} texts of {sum(map(len, read)):,} characters, and these again and again")
    for times in TIMES:
        subprocess.run([sys.executable, __file__, str(times)], check=True)
    for times in LONG:
        subprocess.run([sys.executable, __file__, str(times), "long"], check=True)


if __name__ == "__main__":
    if len(sys.argv) > 1:
        one(int(sys.argv[1]), long="long" in sys.argv)
    else:
        main()
