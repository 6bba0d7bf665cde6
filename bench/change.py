"""What one changed document costs among many, against building everything anew.

``python bench/change.py`` takes 10,000 short documents, about 1.7 million quads; another number may
be given, and ``--ordinary`` takes documents as long as real reports. Every figure is a whole
command, as it is typed. In the end the changed graph is compared with the one that was built anew,
quad by quad.
"""

from __future__ import annotations

import argparse
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from itertools import zip_longest
from pathlib import Path
from typing import NamedTuple

from corpus import write_corpus
from growth import timed

from policygraph.graph.store import GraphStore

CHANGES = 5
_SETTLED = 2.5
"""Seconds after which the time of a file is believed."""


class Spent(NamedTuple):
    """Seconds that a command took, and those of processors that it and its processes used."""

    seconds: float
    processors: float


def build(workspace: Path, output: Path) -> Spent:
    """Bring a graph up to date, or build it; tell what the command took."""
    command = [sys.executable, "-m", "policygraph", "build", "--store", "-q"]
    places = ["-C", str(workspace), "-o", str(output)]
    kept = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    before = _processors()
    seconds = timed(lambda: subprocess.run([*command, *places], env=kept, check=True))
    return Spent(seconds, _processors() - before)


def _processors() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def cut_a_statement(document: Path) -> None:
    """Take the last statement out of a document."""
    path = document / "statements.yaml"
    rows = path.read_text(encoding="utf-8").split("\n      - ")
    path.write_text("\n      - ".join(rows[:-1]) + "\n", encoding="utf-8")


def alike(one: Path, other: Path) -> bool:
    """Tell whether two graphs on disk hold the same quads; stores give them in one order."""
    graphs = (GraphStore.at(each / "store", read_only=True).engine for each in (one, other))
    return all(mine == yours for mine, yours in zip_longest(*graphs))


def measured(documents: int, workspace: Path, *, short: bool) -> Iterator[str]:
    """Build, change some documents one after the other, build anew and compare."""
    write_corpus(workspace, documents, short=short)
    time.sleep(_SETTLED)
    changed, anew = workspace / "dist", workspace / "anew"
    build(workspace, changed)
    folders = sorted((workspace / "data" / "documents").iterdir())
    spent = []
    for number in range(CHANGES):
        cut_a_statement(folders[number * len(folders) // CHANGES])
        spent.append(build(workspace, changed))
    whole, one = build(workspace, anew), Spent(*map(statistics.median, zip(*spent, strict=True)))
    quads = len(GraphStore.at(anew / "store", read_only=True))
    yield f"{documents:,} documents, {quads:,} quads; the same quads: {alike(changed, anew)}"
    yield f"{'seconds':>9} {'of processors':>14}"
    yield f"{whole.seconds:9.2f} {whole.processors:14.2f}  everything built anew"
    yield f"{one.seconds:9.2f} {one.processors:14.2f}  one changed, medians of {CHANGES}"
    ratios = [all_ / each for all_, each in zip(whole, one, strict=True)]
    yield f"{ratios[0]:7.0f} x {ratios[1]:12.0f} x"


def main() -> None:
    """Print the figures."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("documents", type=int, nargs="?", default=10_000)
    options.add_argument("--ordinary", action="store_true", help="documents of the usual length")
    asked = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        rows = measured(asked.documents, Path(folder), short=not asked.ordinary)
        print("\n".join(rows))


if __name__ == "__main__":
    main()
