"""Our inference beside owlrl and reasonable, on the same triples in the same process.

Run with ``python bench/inference.py`` (``--documents`` for other sizes). Everybody gets the triples
that rules read, in their own kind of terms, so that nobody is timed at converting; results are
counted and compared, so that nobody is fast by being wrong. reasonable is left out where it is not
installed (``pip install reasonable``), owlrl where it would take minutes. reasonable knows no
property chains, so it misses what they give.
"""

from __future__ import annotations

import argparse
import importlib.util
import itertools
import math
import random
import resource
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import owlrl
import rdflib
from corpus import write_corpus
from pyoxigraph import NamedNode, Quad, Store, Triple

from policygraph.graph.build import build
from policygraph.graph.face import from_rdflib, to_rdflib
from policygraph.graph.infer import infer, infer_in_store
from policygraph.graph.rules.axioms import is_axiom, read_rules
from policygraph.graph.rules.change import update
from policygraph.graph.rules.proof import Prover
from policygraph.graph.rules.published import is_published
from policygraph.graph.rules.stored import StoredState
from policygraph.graph.vocabulary import read_vocabulary
from policygraph.identifiers import Identifiers
from policygraph.text.documents import read_workspace

ROOT = Path(__file__).resolve().parents[1]
IDS = Identifiers()
ONTOLOGY = read_vocabulary(ROOT / "ontology").triples
RULES = read_rules(ONTOLOGY)
SIZES = (1, 4, 40, 410)
ROUNDS = 5
OWLRL_UP_TO = 20_000
REASONABLE_UP_TO = 200_000

RdflibTriples = list[tuple[Any, ...]]


def asserted(documents: int) -> set[Triple]:
    """Build a corpus and give its triples."""
    vocabulary = read_vocabulary(ROOT / "ontology")
    with tempfile.TemporaryDirectory() as folder:
        write_corpus(Path(folder), documents)
        quads = build(read_workspace(Path(folder) / "data", []), vocabulary, IDS).quads
    return {quad.triple for quad in quads}


def for_others(triples: Iterable[Triple]) -> RdflibTriples:
    """Give what rules read, as rdflib terms."""
    relevant = RULES.relevant()
    every = [*triples, *ONTOLOGY]
    return [to_rdflib(t) for t in every if t.predicate in relevant or is_axiom(t)]


def by_owlrl(triples: RdflibTriples) -> RdflibTriples:
    """Infer with owlrl."""
    graph = rdflib.Graph()
    for triple in triples:
        graph.add(triple)
    owlrl.DeductiveClosure(owlrl.OWLRL_Semantics).expand(graph)
    return list(graph)


def by_reasonable(triples: RdflibTriples) -> RdflibTriples:
    """Infer with reasonable."""
    import reasonable

    reasoner = reasonable.PyReasoner()
    reasoner.from_graph(triples)
    return list(reasoner.reason())


def news(found: RdflibTriples, given: set[Triple]) -> set[Triple]:
    """Keep what another engine says of our things that is not asserted."""
    triples = {triple for triple in map(from_rdflib, found) if triple is not None}
    return {triple for triple in triples if is_published(triple, IDS)}.difference(given, ONTOLOGY)


def timed(work: Callable[[], Any]) -> tuple[float, Any]:
    """Run some work and give the seconds it took, and its result."""
    start = time.perf_counter()
    result = work()
    return time.perf_counter() - start, result


def compare(given: set[Triple]) -> float:
    """Time every engine in turn, print a row for each, and give our median."""
    engines: dict[str, Callable[[], Any]] = {"ours": lambda: infer(given, ONTOLOGY, IDS, "fast")}
    if len(given) <= REASONABLE_UP_TO:
        others = for_others(given)
        if importlib.util.find_spec("reasonable"):
            engines["reasonable"] = lambda: by_reasonable(others)
        if len(given) <= OWLRL_UP_TO:
            engines["owlrl"] = lambda: by_owlrl(others)
    medians, results = dict[str, float](), dict[str, Any]()
    for name, work in engines.items():
        spans = []
        for _ in range(ROUNDS):
            results.pop(name, None)
            span, results[name] = timed(work)
            spans.append(span)
        medians[name] = statistics.median(spans)
    ours = set(results["ours"])
    for name, seconds in medians.items():
        found = ours if name == "ours" else news(results[name], given)
        apart = f"{len(ours - found)} missing, {len(found - ours)} more"
        print(
            f"{seconds / medians['ours']:7.1f} x {seconds:9.3f} s  {name:10}  "
            f"{len(given):>9,} triples, {len(found):>7,} inferred"
            f"{'' if name == 'ours' else ', equal' if found == ours else ', ' + apart}"
        )
    return medians["ours"]


def change_and_explain(given: set[Triple]) -> None:
    """Time a full inference from a store, changes of one and of fifty triples, and proofs."""
    store, inferred = Store(), NamedNode(IDS.graph("inferred"))
    store.bulk_extend(Quad(*triple) for triple in {*given, *ONTOLOGY})
    seconds, found = timed(lambda: list(infer_in_store(store, ONTOLOGY, IDS)))
    print(f"{seconds:19.3f} s  from a store, {len(found):,} inferred")
    store.bulk_extend(quad for t in found for quad in (Quad(*t), Quad(*t, inferred)))
    choose, relevant = random.Random(0), RULES.relevant()
    choices = sorted((t for t in given if t.predicate in relevant), key=str)
    for size in (1, 50):
        spans = []
        for _ in range(9):
            removed = choose.sample(choices, size)
            state = StoredState(RULES, store, IDS)
            span, change = timed(lambda r=removed, s=state: update(RULES, s, (), r, IDS))
            spans.append((span, len(change.removed) + len(change.added)))
        middle = statistics.median(spans)
        print(f"{middle[0]:19.4f} s  a change of {size} triples, {middle[1]} inferences of it")
    prover = Prover(RULES, StoredState(RULES, store, IDS))
    spans = [timed(lambda t=t: prover.prove(t))[0] for t in choose.sample(found, 200)]
    print(f"{statistics.median(spans):19.4f} s  a proof, the slowest of 200 {max(spans):.4f} s")


def main() -> None:
    """Print rows for each size, and how our time grows."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--documents", type=int, nargs="+", default=SIZES)
    sizes = parser.parse_args().documents
    print(f"medians of {ROUNDS} rounds, Python {sys.version.split()[0]}")
    if not importlib.util.find_spec("reasonable"):
        print("reasonable is not installed; left out")
    points = []
    for size in sizes:
        given = asserted(size)
        points.append((len(given), compare(given)))
    for (few, quick), (many, slow) in itertools.pairwise(points):
        exponent = math.log(slow / quick) / math.log(many / few)
        print(f"{few:,} to {many:,} triples: time grows with their number to the {exponent:.2f}")
    change_and_explain(given)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(f"{peak:,} MB at most, with the corpus in memory")


if __name__ == "__main__":
    main()
