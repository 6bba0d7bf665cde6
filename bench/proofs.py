"""How long it takes to explain everything that was inferred, down to passages.

``python bench/proofs.py [--documents N]`` builds a corpus (see corpus.py) and explains all of it.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import policygraph
from policygraph.graph.proofs import rows_of


def main() -> None:
    """Measure and print one line."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--documents", type=int, default=16)
    documents = options.parse_args().documents
    with tempfile.TemporaryDirectory() as folder:
        corpus = Path(folder) / "corpus"
        script = Path(__file__).with_name("corpus.py")
        command = [sys.executable, script, corpus, "--documents", str(documents)]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        graph = policygraph.build(corpus, engine="fast")
    begun = time.perf_counter()
    triples = rows = 0
    for explanation in graph.explanations():
        triples += 1
        rows += sum(1 for _ in rows_of(explanation))
    seconds = time.perf_counter() - begun
    print(f"{len(graph.store)} quads, {triples} inferred: {rows} rows in {seconds:.1f} s")


if __name__ == "__main__":
    main()
