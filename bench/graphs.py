"""What many small named graphs cost: ``python bench/graphs.py [GRAPHS]``, 100,000 if not told.

Every triple here stands in the graph of whoever says it, so a graph of a million sentences is a
million graphs of a few quads. The same triples are loaded as one named graph and as many small
ones; asked over Oxigraph's union of the named graphs, and over a default graph that is their merge,
as policygraph keeps it. One quad in ten says again, in another graph, what one said before.

Each way has a process of its own, so that its memory is its own. The data is made from a seed.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import cast

from pyoxigraph import QuerySolution, QuerySolutions, RdfFormat, Store

SPACE = "https://example.org/"
EACH = 5
"""Quads in a small graph."""
AGAIN = 0.1
LOOK_UPS = 500
WAYS = {
    "one graph": (False, False),
    "many graphs, union": (True, False),
    "many graphs, merge": (True, True),
}
"""Name of a way → whether graphs are small, and whether the default graph is their merge."""

JOIN = "SELECT (COUNT(*) AS ?n) { ?s a <e:Goal> ; <e:about> ?t . ?t <e:label> ?l }"
COUNT = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
LOOK_UP = "SELECT ?p ?o { <%s> ?p ?o }"
WHO = 'SELECT ?g { GRAPH ?g { <%s> <e:number> "%d" } }'


def triples(things: int) -> Iterator[str]:
    """Give the triples of so many things, ``EACH`` a thing, as N-Triples without the full stop."""
    chance = random.Random(7)
    for number in range(things):
        thing, said = f"<{SPACE}thing/{number}>", []
        about = chance.randrange(things)
        said.append(f'{thing} <e:label> "thing {number}"')
        said.append(f"{thing} <e:about> <{SPACE}thing/{about}>")
        said.append(f'{thing} <e:number> "{number}"')
        kind = "Goal" if number % 10 == 0 else "Action"
        said.append(f"{thing} <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <e:{kind}>")
        earlier = chance.randrange(number + 1)
        again = chance.random() < AGAIN * EACH
        said.append(
            f'<{SPACE}thing/{earlier}> <e:number> "{earlier}"'
            if again
            else f'{thing} <e:day> "2024-01-{chance.randrange(1, 29):02}"'
        )
        yield from said


def write(path: Path, things: int, *, small: bool, merge: bool) -> None:
    """Write the quads, and their merge if it is wanted."""
    with path.open("w", encoding="utf-8") as file:
        for number, triple in enumerate(triples(things)):
            file.write(f"{triple} <{SPACE}graph/{number // EACH if small else 0}> .\n")
            if merge:
                file.write(f"{triple} .\n")


def measure(way: str, things: int, folder: Path, *, in_memory: bool) -> dict[str, float]:
    """Load the quads in one way and ask them; give seconds, bytes and numbers."""
    small, merge = WAYS[way]
    path = folder / "quads.nq"
    write(path, things, small=small, merge=merge)
    before = resident()
    store = Store() if in_memory else Store(str(folder / "store"))
    seconds = timed(lambda: store.bulk_load(path=str(path), format=RdfFormat.N_QUADS))
    if in_memory:
        return {"memory": resident() - before}
    store.optimize()
    disk = sum(file.stat().st_size for file in (folder / "store").iterdir())

    def rows(text: str) -> list[QuerySolution]:
        found = store.query(text, use_default_graph_as_union=not merge)
        return list(cast("QuerySolutions", found))

    def asked(text: str) -> float:
        return float(rows(text)[0]["n"].value)  # type: ignore[union-attr]

    return {
        "load": seconds,
        "disk": disk,
        "look": _median(lambda n: rows(LOOK_UP % f"{SPACE}thing/{n}"), things),
        "who": _median(lambda n: rows(WHO % (f"{SPACE}thing/{n}", n)), things),
        "join": timed(lambda: asked(JOIN)),
        "count": timed(lambda: asked(COUNT)),
        "told": asked(COUNT),
        "graphs": timed(lambda: sum(1 for _ in store.named_graphs())),
    }


def _median(work: Callable[[int], object], things: int) -> float:
    """Give the median of some look-ups, in seconds; the first hundred are not counted."""
    chance = random.Random(8)
    times = [timed(lambda: work(chance.randrange(things))) for _ in range(LOOK_UPS + 100)]
    return statistics.median(times[100:])


def timed(work: Callable[[], object]) -> float:
    """Give the seconds that some work takes."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def resident() -> int:
    """Give the bytes of memory that this process holds."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")


def run_apart(way: str, things: int, *, in_memory: bool) -> dict[str, float]:
    """Measure a way in a process and a folder of its own."""
    with tempfile.TemporaryDirectory() as folder:
        told = [way, str(things), folder, "memory" if in_memory else "disk"]
        command = [sys.executable, __file__, "--one", *told]
        done = subprocess.run(command, check=True, stdout=subprocess.PIPE)
        figures: dict[str, float] = json.loads(done.stdout)
        return figures


def main() -> None:
    """Print a line for each way."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("graphs", nargs="?", type=int, default=100_000)
    parser.add_argument("--one", nargs=4, metavar=("WAY", "THINGS", "FOLDER", "WHERE"))
    given = parser.parse_args()
    if given.one:
        way, things, folder, where = given.one
        in_memory = where == "memory"
        print(json.dumps(measure(way, int(things), Path(folder), in_memory=in_memory)))
        return
    print(f"{given.graphs:,} graphs of {EACH} quads, {given.graphs * EACH:,} quads")
    print(
        f"{'':20}{'load':>8}{'disk':>9}{'memory':>9}{'look-up':>10}{'who says':>10}"
        f"{'join':>9}{'count':>9}{'list':>9}   counted"
    )
    for way in WAYS:
        found = run_apart(way, given.graphs, in_memory=False)
        found |= run_apart(way, given.graphs, in_memory=True)
        print(_line(way, found), flush=True)


def _line(way: str, found: dict[str, float]) -> str:
    sizes = "".join(f"{found[name] / 2**20:6,.0f} MB" for name in ("disk", "memory"))
    looked = "".join(f"{found[name] * 1e6:7,.0f} µs" for name in ("look", "who"))
    asked = "".join(f"{found[name]:7.2f} s" for name in ("join", "count", "graphs"))
    return f"{way:20}{found['load']:6.1f} s{sizes}{looked}{asked} {found['told']:11,.0f}"


if __name__ == "__main__":
    main()
