"""A graph loaded into Oxigraph's server: many graphs in a request, and one graph in each.

Run with ``python bench/remote.py``; it needs the package ``oxigraph``. The two ways run in turn,
each into an empty store; medians of several rounds. The content is compared at the end.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

from corpus import write_corpus

from policygraph.graph.store import GraphStore
from policygraph.identifiers import Identifiers
from policygraph.pipeline import check
from policygraph.remote.addresses import Identity, addresses
from policygraph.remote.check import check_loaded
from policygraph.remote.connection import Connection, Patience
from policygraph.remote.journal import Journal
from policygraph.remote.load import Load
from policygraph.remote.store import RemoteStore
from policygraph.workspace import Place

DOCUMENTS = 10
ROUNDS = 5
PORT = 7949


class OneByOne(RemoteStore):
    """Does not ask whether the store takes many graphs at once."""

    def learn(self, probe: str) -> None:
        """Leave things as they are."""


def load(store: GraphStore, ids: Identifiers, kind: type[RemoteStore]) -> tuple[float, float, bool]:
    """Load into an empty store; give seconds to load, to check, and whether all agrees."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        program = str(Path(sys.executable).with_name("oxigraph"))
        command = [program, "serve", "-l", str(folder / "data"), "-b", f"127.0.0.1:{PORT}"]
        server = subprocess.Popen(command, stderr=subprocess.DEVNULL)
        try:
            url = f"http://127.0.0.1:{PORT}"
            wait_for(url)
            remote = kind(addresses(url), Connection(Identity(), Patience()))
            with Journal(folder / "journal.sqlite") as journal:
                start = time.perf_counter()
                Load(store, remote, journal, ids, lambda _name, _facts: None).run()
                middle = time.perf_counter()
                findings = check_loaded(store, remote, journal, ids, whole=True)
            return middle - start, time.perf_counter() - middle, not findings
        finally:
            server.kill()
            server.wait()


def wait_for(url: str) -> None:
    """Wait until a server answers."""
    for _ in range(300):
        try:
            urllib.request.urlopen(url, timeout=5).close()
        except OSError:
            time.sleep(0.1)
        else:
            return


def main() -> None:
    """Print a row for each way."""
    with tempfile.TemporaryDirectory() as folder:
        write_corpus(Path(folder), DOCUMENTS)
        place = Place.at(folder)
        store = GraphStore(check(place, engine="fast").quads)
    ways = {"many graphs a request": RemoteStore, "one graph a request": OneByOne}
    rounds = [
        [load(store, Identifiers(place.base), way) for way in ways.values()] for _ in range(ROUNDS)
    ]
    agree = all(agrees for row in rounds for _, _, agrees in row)
    graphs = len(list(store.engine.named_graphs()))
    print(f"{len(store)} quads in {graphs} graphs, medians of {ROUNDS}, content agrees: {agree}")
    for column, name in enumerate(ways):
        seconds, checking = (
            statistics.median(row[column][part] for row in rounds) for part in (0, 1)
        )
        print(f"{seconds:8.2f} s  {len(store) / seconds:9,.0f} quads/s  {name}", end="")
        print(f"  (comparing everything: {checking:.2f} s)")


if __name__ == "__main__":
    main()
