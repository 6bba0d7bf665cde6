"""How the time of each stage grows with the graph: 10,000 quads, 100,000, a million, ten million.

``python bench/growth.py`` measures up to a million; ``--largest 10M`` goes on (it takes a while and
some 10 GB of disk). Each size has a process of its own, so that its peak of memory is its own. The
exponent of growth is the slope of a line through the logarithms: 1.0 is proportional.
"""

from __future__ import annotations

import argparse
import itertools
import json
import math
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path

import psutil
from corpus import write_corpus
from plot import growth_plot

from policygraph.bounded import Limits, bounded
from policygraph.corpus.kept import keep
from policygraph.corpus.order import Order
from policygraph.errors import WorkLost
from policygraph.graph.query import NamedQuery
from policygraph.pipeline import PolicyGraph, Progress
from policygraph.pipeline import open as open_graph
from policygraph.publish.folder import write_file
from policygraph.publish.stream import streamed
from policygraph.workspace import Place

SIZES = {"10k": 4, "100k": 40, "1M": 400, "10M": 4000}
"""Documents for a graph of about so many asserted quads."""
PATIENCE = Limits(seconds=20)
_GLANCE = 0.1
"""Seconds between two looks at the memory."""
STAGES = ("read", "load", "validate", "infer", "build", "export", "query", "change")


def measure(documents: int, folder: Path) -> dict[str, float]:
    """Take a corpus through every stage; give seconds by stage, quads and peak memory.

    The stage "change" is a build after one of the documents lost a section.
    """
    write_corpus(folder, documents)
    seconds = _built(folder)
    graph = open_graph(folder / "dist")
    start = time.perf_counter()
    write_file(folder / "graph.nq", streamed(graph.store, "nq", "all", graph.ids))
    seconds["export"] = time.perf_counter() - start
    answers = list(_asked(graph))
    seconds["query"] = statistics.median(filter(None, answers))
    seconds["unanswered"] = answers.count(None)
    cut_a_section(next((folder / "data" / "documents").iterdir()))
    seconds["change"] = timed(lambda: _kept(folder))
    counts = json.loads((folder / "dist" / "MANIFEST.json").read_text())["counts"]
    return {**seconds, "quads": sum(counts.values()) - counts["inferred"]}


def _built(folder: Path) -> dict[str, float]:
    """Build the graph on disk; the stages are told apart by what they report."""
    times = {"begin": time.perf_counter()}

    def told(name: str, _facts: Mapping[str, object]) -> None:
        times[name] = time.perf_counter()

    _kept(folder, told)
    ends = ["begin", "build/document", "build/asserted", "build/validated", "build/inferred"]
    moments = [times[name] for name in ends]
    spans = [after - before for before, after in itertools.pairwise(moments)]
    whole = time.perf_counter() - times["begin"]
    return dict(zip(STAGES, [*spans, whole], strict=False))


def _kept(folder: Path, told: Progress = lambda _name, _facts: None) -> None:
    keep(Order(Place.at(folder), told, jobs=os.cpu_count() or 1), folder / "dist")


def cut_a_section(document: Path) -> None:
    """Take the last section out of the statements of a document."""
    path = document / "statements.yaml"
    sections = path.read_text(encoding="utf-8").split("\n  - ")
    path.write_text("\n  - ".join(sections[:-1]) + "\n", encoding="utf-8")


def _asked(graph: PolicyGraph) -> Iterator[float | None]:
    """Ask every named query of one thing or one year; give seconds, None where it was too slow."""
    for name, query in graph.asker.queries.items():
        values = values_for(query, graph)
        if values:
            try:
                yield bounded(lambda n=name, v=values: timed(lambda: graph.query(n, **v)), PATIENCE)
            except WorkLost:
                yield None


def values_for(query: NamedQuery, graph: PolicyGraph) -> dict[str, str] | None:
    """Give every parameter that must be given: the first thing of its class, or the example."""
    values = {}
    for parameter in query.parameters:
        if parameter.required and parameter.kind:
            text = f"SELECT (MIN(STR(?x)) AS ?first) {{ ?x a <{parameter.kind}> }}"
            values[parameter.name] = next(iter(graph.query(text)))["first"]
        elif parameter.required:
            return None
    return values if None not in values.values() else None


def timed(work: Callable[[], object]) -> float:
    """Give the seconds that some work takes."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def exponent(quads: list[float], seconds: list[float]) -> float:
    """Give the slope of the line through the logarithms."""
    return statistics.linear_regression(
        [math.log(each) for each in quads], [math.log(each) for each in seconds]
    ).slope


def run_apart(size: str) -> dict[str, float]:
    """Measure a size in a process and a folder of its own; its memory is looked at from here."""
    folder = Path(tempfile.mkdtemp())
    try:
        command = [sys.executable, __file__, "--one", size, str(folder)]
        with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
            peak = _peak_of(process)
            told = process.stdout.read() if process.stdout else b""
        figures: dict[str, float] = json.loads(told)
        return {**figures, "peak": peak}
    finally:
        shutil.rmtree(folder)


def _peak_of(process: subprocess.Popen[bytes]) -> int:
    """Give the most memory that a process and those it started held at once, in bytes."""
    whole, peak = psutil.Process(process.pid), 0
    while process.poll() is None:
        with suppress(psutil.NoSuchProcess):  # one of them ended while it was looked at
            family = [whole, *whole.children(recursive=True)]
            peak = max(peak, sum(each.memory_info().rss for each in family))
        time.sleep(_GLANCE)
    return peak


def table(found: Mapping[str, Mapping[str, float]]) -> Iterator[str]:
    """Write the figures of all sizes, and how each stage grows."""
    yield "stage      " + "".join(f"{size:>11}" for size in found) + "   exponent"
    quads = [figures["quads"] for figures in found.values()]
    for stage in STAGES:
        seconds = [figures[stage] for figures in found.values()]
        slope = f"   {exponent(quads[1:], seconds[1:]):.2f}" if len(found) > 2 else ""
        yield f"{stage:<11}" + "".join(f"{each:>9.2f} s" for each in seconds) + slope
    yield "quads      " + "".join(f"{each:>11,.0f}" for each in quads)
    yield "unanswered " + "".join(f"{f['unanswered']:>11,.0f}" for f in found.values())
    peaks = (figures["peak"] / 2**30 for figures in found.values())
    yield "peak memory" + "".join(f"{each:>9.2f} G" for each in peaks)


def main() -> None:
    """Print the table, or the figures of one size as JSON."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--largest", choices=SIZES, default="1M")
    options.add_argument("--only", choices=SIZES)
    options.add_argument("--plot", type=Path, help="write the curves there, as SVG")
    options.add_argument("--one", nargs=2, metavar=("SIZE", "FOLDER"), help=argparse.SUPPRESS)
    chosen = options.parse_args()
    if chosen.one:
        print(json.dumps(measure(SIZES[chosen.one[0]], Path(chosen.one[1]))))
        return
    names = list(SIZES)[: list(SIZES).index(chosen.largest) + 1]
    found = {size: run_apart(size) for size in ([chosen.only] if chosen.only else names)}
    print("\n".join(table(found)))
    if chosen.plot:
        quads = [figures["quads"] for figures in found.values()]
        seconds = {stage: [figures[stage] for figures in found.values()] for stage in STAGES}
        chosen.plot.write_text(growth_plot(quads, seconds), encoding="utf-8")


if __name__ == "__main__":
    main()
