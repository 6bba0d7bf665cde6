"""Documents in one process and in several: how long reading and building take, and the same bytes.

Run with ``make bench``. The ways run in turn on the same workspace; medians of several rounds. A
round in several processes includes starting them.
"""

from __future__ import annotations

import hashlib
import os
import statistics
import tempfile
import time
from pathlib import Path

from corpus import write_corpus

from policygraph.corpus.workers import parts
from policygraph.text.documents import document_folders
from policygraph.workspace import Place

DOCUMENTS = 200
ROUNDS = 5


def build(place: Place, jobs: int) -> tuple[float, int, str]:
    """Make all parts; give seconds, the number of quads and a hash of their bytes."""
    start = time.perf_counter()
    quads, sha256 = 0, hashlib.sha256()
    for part in parts(place, document_folders(place.data), jobs):
        quads += part.quads.count(b"\n")
        sha256.update(part.quads)
    return time.perf_counter() - start, quads, sha256.hexdigest()


def main() -> None:
    """Print a row for each number of processes."""
    jobs = sorted({1, os.cpu_count() or 1})
    with tempfile.TemporaryDirectory() as folder:
        write_corpus(Path(folder), DOCUMENTS)
        place = Place.at(folder)
        rounds = [[build(place, each) for each in jobs] for _ in range(ROUNDS)]
    same = len({run[1:] for row in rounds for run in row}) == 1
    quads = rounds[0][0][1]
    print(f"medians of {ROUNDS} rounds, {DOCUMENTS} documents, {quads} quads, same bytes: {same}")
    seconds = [statistics.median(row[place][0] for row in rounds) for place in range(len(jobs))]
    for count, taken in zip(jobs, seconds, strict=True):
        speed = f"{quads / taken:9,.0f} quads/s"
        print(f"{seconds[0] / taken:5.1f} x  {taken:7.2f} s  {speed}  {count} process(es)")


if __name__ == "__main__":
    main()
