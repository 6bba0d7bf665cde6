"""A graph on disk: the whole build beside the build after one document changed.

Run with ``make bench``. For each size the graph is built once from nothing; then one document after
the other loses a section and is built in again. The last line of a size compares the changed graph
with one that is built anew.
"""

from __future__ import annotations

import shutil
import statistics
import tempfile
import time
from pathlib import Path

from corpus import write_corpus

from policygraph.corpus.kept import keep
from policygraph.corpus.order import Order
from policygraph.corpus.workers import processes
from policygraph.graph.store import GraphStore
from policygraph.workspace import Place

SIZES = (40, 160)
CHANGES = 5


def timed(place: Place, documents: int, target: Path) -> float:
    """Bring the graph up to date and give the seconds it took."""
    start = time.perf_counter()
    keep(Order(place, lambda _name, _facts: None, jobs=processes(documents)), target)
    return time.perf_counter() - start


def cut_a_section(folder: Path) -> None:
    """Take the last section out of the statements of a document."""
    path = folder / "statements.yaml"
    sections = path.read_text(encoding="utf-8").split("\n  - ")
    path.write_text("\n  - ".join(sections[:-1]) + "\n", encoding="utf-8")


def quads_in(folder: Path) -> set[str]:
    """Give every quad of a graph on disk."""
    return set(map(str, GraphStore.at(folder / "store", read_only=True).engine))


def measure(documents: int, root: Path) -> None:
    """Print the rows of one size."""
    write_corpus(root, documents)
    place = Place.at(root)
    whole = timed(place, documents, root / "dist")
    seconds = []
    for folder in sorted((root / "data" / "documents").iterdir())[:CHANGES]:
        cut_a_section(folder)
        seconds.append(timed(place, documents, root / "dist"))
    changed = statistics.median(seconds)
    timed(place, documents, root / "anew")
    quads = quads_in(root / "dist")
    same = quads == quads_in(root / "anew")
    size = f"{documents} documents, {len(quads)} quads with the merge"
    print(f"{whole / changed:7.1f} x  {whole:8.2f} s  {changed:7.3f} s  {size}, equal: {same}")


def main() -> None:
    """Print a row for each size."""
    print(f"the whole once, one changed document: median of {CHANGES}")
    print("  ratio       whole    change")
    for documents in SIZES:
        root = Path(tempfile.mkdtemp())
        try:
            measure(documents, root)
        finally:
            shutil.rmtree(root)


if __name__ == "__main__":
    main()
