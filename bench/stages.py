"""The parts of the way by themselves, on the conference report; pytest-benchmark takes the times.

Run with ``python bench/stages.py``. A row is one stage of one document, all in memory.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from pyoxigraph import RdfFormat, parse

from policygraph.api.policy_graph import PolicyGraph
from policygraph.corpus.parts import Maker
from policygraph.graph.infer import infer
from policygraph.graph.proofs import rows_of
from policygraph.graph.store import GraphStore
from policygraph.graph.validate import read_shapes, validate_store
from policygraph.pipeline import build
from policygraph.publish.rdf import FORMATS
from policygraph.text.documents import read_document
from policygraph.text.draft.drafter import Drafter
from policygraph.text.restore import restore
from policygraph.workspace import Place

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / "data" / "documents" / "cn-ndwc-2024"
Benchmark = Callable[..., Any]


@pytest.fixture(scope="module")
def graph() -> PolicyGraph:
    """Build the graph of the report."""
    return build(ROOT, engine="fast")


@pytest.fixture(scope="module")
def maker() -> Maker:
    """Read what all documents share."""
    made = Maker(Place.at(ROOT))
    made.part(FOLDER)
    return made


def test_restore_the_text(benchmark: Benchmark) -> None:
    """Repair the text as it was found."""
    damaged = (FOLDER / "source" / "conference.txt").read_text(encoding="utf-8")
    assert len(benchmark(restore, damaged).text) < len(damaged)


def test_read_the_document(benchmark: Benchmark) -> None:
    """Read record and statements, and find every quote."""
    assert benchmark(read_document, FOLDER, []).text


def test_draft_statements(benchmark: Benchmark) -> None:
    """Draft the statements of the restored text."""
    text = (FOLDER / "restored.txt").read_text(encoding="utf-8")
    assert benchmark(Drafter.read().clauses, text, year=2024)


def test_make_quads_of_the_document(benchmark: Benchmark, maker: Maker) -> None:
    """Make its quads, from the files to N-Quads."""
    assert benchmark(maker.part, FOLDER).quads


def test_load_n_quads(benchmark: Benchmark, graph: PolicyGraph) -> None:
    """Load the quads of the graph."""
    data = graph.export("nq", "all")
    assert len(benchmark(lambda: GraphStore(parse(data, RdfFormat.N_QUADS))))


def test_check_all_shapes(benchmark: Benchmark, graph: PolicyGraph) -> None:
    """Hold the loaded graph against the shapes."""
    shapes = read_shapes(graph.place.ontology / "shapes.ttl")
    benchmark(validate_store, graph.store.engine, shapes, "fast")


def test_infer(benchmark: Benchmark, graph: PolicyGraph, maker: Maker) -> None:
    """Infer all that follows."""
    triples = {quad.triple for quad in graph.store.quads("stated", "record", "registry", "editor")}
    assert benchmark(infer, triples, maker.vocabulary.triples, graph.ids, "fast")


def test_explain_all_that_was_inferred(benchmark: Benchmark, graph: PolicyGraph) -> None:
    """Prove every inferred triple, down to the passages."""
    assert benchmark(lambda: [list(rows_of(each)) for each in graph.explanations()])


@pytest.mark.parametrize("form", FORMATS)
def test_export(benchmark: Benchmark, graph: PolicyGraph, form: str) -> None:
    """Write the graph in a format."""
    assert benchmark(graph.export, form)


if __name__ == "__main__":
    columns = "--benchmark-columns=median,iqr,rounds"
    options = ["-q", columns, "--benchmark-sort=name", "--benchmark-disable-gc", "-p", "no:xdist"]
    sys.exit(pytest.main([__file__, *options]))
