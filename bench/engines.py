"""The fast engines beside the references: shapes and inference on corpora that grow.

Run with ``make bench``. Each pair runs in turn on the same quads in the same process, medians of
several rounds; results are counted and compared, so that nobody is fast by being wrong.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from corpus import write_corpus

from policygraph.graph.build import build
from policygraph.graph.infer import infer
from policygraph.graph.validate import read_shapes, validate
from policygraph.graph.vocabulary import read_vocabulary
from policygraph.identifiers import Identifiers
from policygraph.text.documents import read_workspace

ROOT = Path(__file__).resolve().parents[1]
SIZES = (1, 4, 16)
ROUNDS = 3


def timed(work: Callable[[], Any]) -> tuple[float, Any]:
    """Run some work and give the seconds it took, and its result."""
    start = time.perf_counter()
    result = work()
    return time.perf_counter() - start, result


def compare(name: str, reference: Callable[[], Any], fast: Callable[[], Any]) -> None:
    """Time two ways in turn and print their medians and the ratio of each round's median."""
    pairs = [(timed(reference), timed(fast)) for _ in range(ROUNDS)]
    same = all(one[1] == other[1] for one, other in pairs)
    slow, quick = (statistics.median(run[side][0] for run in pairs) for side in (0, 1))
    count = len(pairs[0][0][1])
    figures = f"{slow / quick:7.1f} x  {slow:8.2f} s  {quick:7.3f} s"
    print(f"{figures}  {name}  {count} results, equal: {same}")


def main() -> None:
    """Print a row for each size and stage."""
    vocabulary = read_vocabulary(ROOT / "ontology")
    shapes = read_shapes(ROOT / "ontology" / "shapes.ttl")
    ids = Identifiers()
    print(f"medians of {ROUNDS} rounds, Python {sys.version.split()[0]}")
    print("  ratio   reference      fast  stage")
    for size in SIZES:
        with tempfile.TemporaryDirectory() as folder:
            write_corpus(Path(folder), size)
            quads = list(build(read_workspace(Path(folder) / "data", []), vocabulary, ids).quads)
        triples = {quad.triple for quad in quads}
        compare(
            f"shapes, {len(quads)} quads: pyshacl | compiled to SPARQL",
            lambda quads=quads: validate(quads, vocabulary.triples, shapes, "pyshacl"),
            lambda quads=quads: validate(quads, vocabulary.triples, shapes, "fast"),
        )
        compare(
            f"OWL RL, {len(triples)} triples: owlrl | closure with proofs",
            lambda triples=triples: infer(triples, vocabulary.triples, ids, "owlrl"),
            lambda triples=triples: infer(triples, vocabulary.triples, ids, "fast"),
        )


if __name__ == "__main__":
    main()
