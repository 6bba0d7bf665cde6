"""``policygraph serve`` under load, with Oxigraph's own server beside it in the same run.

``python bench/serving.py`` builds a corpus of about a million quads on disk (``--documents``),
serves it, and has 50 clients read for a minute, or for ``--minutes 10``: pages of things in two
languages, their data, small questions and tables of 1,000 rows, with a pause of a second on average
between requests. Then four clients ask both servers in turn for tables of 1,000 rows, without one.
The clients are in this process; they share the processors with the servers.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from urllib.parse import quote
from urllib.request import urlopen

from corpus import write_corpus
from pyoxigraph import Store

from policygraph.corpus.kept import keep
from policygraph.corpus.order import Order
from policygraph.graph.store import GraphStore
from policygraph.namespaces import PG
from policygraph.workspace import Place

CLIENTS, HURRIED, ROUNDS = 50, 4, 3
PORTS = {"policygraph": 8791, "oxigraph": 8792}
JSON = "application/sparql-results+json"
MIX = {"page": 60, "data": 15, "small": 15, "table": 10}
"""Of a hundred requests, how many are of a kind."""


class Asked:
    """What clients ask for.

    Args:
        things: paths of things below ``id/``.
        base: how their IRIs begin.
    """

    def __init__(self, things: list[str], base: str, ways: Mapping[str, str]) -> None:
        self._things, self._base, self._ways = things, base, ways
        self._random = random.Random(7)

    def one(self, kind: str, server: str = "policygraph") -> tuple[str, str]:
        """Give a path and what to accept."""
        # most read some things again and again: the 100 first are as likely as all others
        few = self._things[:100] if self._random.random() < 0.5 else self._things
        thing = self._random.choice(few)
        if kind == "page":
            return f"/{self._random.choice(('en', 'zh'))}/doc/{thing}.html", "text/html"
        if kind == "data":
            return f"/doc/{thing}.ttl", "text/turtle"
        if kind == "small":
            return self._query(f"SELECT ?p ?o {{ <{self._base}id/{thing}> ?p ?o }}", server), JSON
        offset = self._random.randrange(2000)
        text = f"SELECT ?s ?p ?o {{ ?s ?p ?o }} OFFSET {offset} LIMIT 1000"
        return self._query(text, server), JSON

    def any(self) -> tuple[str, tuple[str, str]]:
        """Give a kind by the mix, and a request of it."""
        kind = self._random.choices(list(MIX), list(MIX.values()))[0]
        return kind, self.one(kind)

    def _query(self, text: str, server: str) -> str:
        return f"{self._ways[server]}?query={quote(text)}"


class Client:
    """One connection that is kept."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader, self._writer = reader, writer

    @classmethod
    @asynccontextmanager
    async def to(cls, port: int) -> AsyncIterator[Client]:
        """Connect."""
        reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=1 << 20)
        try:
            yield cls(reader, writer)
        finally:
            writer.close()

    async def get(self, path: str, accept: str) -> tuple[int, int]:
        """Ask; give the status and the bytes of the body."""
        head = f"GET {path} HTTP/1.1\r\nHost: here\r\nAccept: {accept}\r\n\r\n"
        self._writer.write(head.encode())
        told = (await self._reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower()
        status, size = int(told.split(" ", 2)[1]), 0
        if "content-length:" in told:
            size = int(told.split("content-length:")[1].split("\r\n")[0])
            await self._reader.readexactly(size)
            return status, size
        while length := int(await self._reader.readline(), 16):  # sent in chunks
            size += len(await self._reader.readexactly(length))
            await self._reader.readline()
        await self._reader.readline()
        return status, size


async def reading(asked: Asked, seconds: float) -> tuple[dict[str, list[float]], int]:
    """Have readers read; give seconds by kind of request, and the number of errors."""
    times: dict[str, list[float]] = defaultdict(list)
    errors = 0
    end = time.monotonic() + seconds

    async def reader(number: int) -> None:
        nonlocal errors
        pause = random.Random(number)
        while time.monotonic() < end:
            await asyncio.sleep(pause.uniform(0, 2))
            kind, request = asked.any()
            began = time.perf_counter()
            try:
                async with Client.to(PORTS["policygraph"]) as client:
                    status, _ = await client.get(*request)
                errors += status != 200
            except (OSError, EOFError):
                errors += 1
            times[kind].append(time.perf_counter() - began)

    async def health() -> None:
        nonlocal errors
        while time.monotonic() < end:
            began = time.perf_counter()
            try:
                async with Client.to(PORTS["policygraph"]) as client:
                    await client.get("/healthz", "*/*")
            except (OSError, EOFError):
                errors += 1
            times["health"].append(time.perf_counter() - began)
            await asyncio.sleep(0.2)

    await asyncio.gather(health(), *(reader(number) for number in range(CLIENTS)))
    return times, errors


async def hurrying(asked: Asked, server: str, seconds: float) -> tuple[float, int]:
    """Ask for tables without a pause; give requests a second, and the number of errors."""
    count, errors = 0, 0
    began = time.monotonic()

    async def hurried() -> None:
        nonlocal count, errors
        async with Client.to(PORTS[server]) as client:
            while time.monotonic() < began + seconds:
                status, size = await client.get(*asked.one("table", server))
                count += 1
                errors += status != 200 or size < 10_000

    await asyncio.gather(*(hurried() for _ in range(HURRIED)))
    return count / (time.monotonic() - began), errors


@contextmanager
def servers(folder: Path) -> Iterator[None]:
    """Serve the same store by both."""
    beside = folder / "beside"
    Store.read_only(str(folder / "dist" / "store")).backup(str(beside))
    oxigraph = [str(Path(sys.executable).with_name("oxigraph")), "serve-read-only"]
    ours = [sys.executable, "-m", "policygraph", "serve", str(folder)]
    commands = {
        "policygraph": [*ours, "--port", str(PORTS["policygraph"])],
        "oxigraph": [*oxigraph, "-l", str(beside), "-b", f"127.0.0.1:{PORTS['oxigraph']}"],
    }
    nowhere = subprocess.DEVNULL
    started = [subprocess.Popen(each, stdout=nowhere, stderr=nowhere) for each in commands.values()]
    try:
        for port in PORTS.values():
            asyncio.run(_there(port))
        _indexed()
        yield
    finally:
        for process in started:
            process.terminate()
        for process in started:
            process.wait()


def _indexed() -> None:
    """Wait until the server has laid down its index, which takes a processor while it does."""
    while True:
        with urlopen(f"http://127.0.0.1:{PORTS['policygraph']}/healthz", timeout=10) as answer:
            if json.load(answer)["ready"]["search"]:
                return
        time.sleep(1)


async def _there(port: int) -> None:
    for _ in range(6000):
        try:
            async with Client.to(port) as client:
                await client.get("/sparql" if port == PORTS["policygraph"] else "/", "*/*")
        except (OSError, EOFError):
            await asyncio.sleep(0.1)
        else:
            return


def things_of(folder: Path, number: int) -> tuple[list[str], str, int]:
    """Choose things by chance; give their paths, how their IRIs begin, and the number of quads."""
    graph = GraphStore.at(folder / "dist" / "store", read_only=True)
    manifest = json.loads((folder / "dist" / "MANIFEST.json").read_text("utf-8"))
    base = manifest["base"]
    query = "SELECT DISTINCT ?s { VALUES ?kind { pg:Goal pg:Action pg:Institution pg:Initiative } "
    rows = graph.engine.query(f"{query} ?s a ?kind }}", prefixes={"pg": PG})
    found = sorted(row[0].value.removeprefix(f"{base}id/") for row in rows)  # type: ignore[union-attr]
    return (
        random.Random(1).sample(found, min(number, len(found))),
        base,
        sum(manifest["counts"].values()),
    )


def told(name: str, seconds: list[float]) -> str:
    """Write a row of times."""
    if len(seconds) < 2:
        return f"  {name}: too few"
    cuts = statistics.quantiles(seconds, n=100)
    middle, high, most = (f"{each * 1000:9.1f} ms" for each in (cuts[49], cuts[94], max(seconds)))
    return f"{middle} {high} {most}  {name}, {len(seconds)} requests"


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--documents", type=int, default=400)
    parser.add_argument("--minutes", type=float, default=1)
    parser.add_argument("--corpus", type=Path, help="A folder to build in, or one that was built.")
    given = parser.parse_args()
    folder = given.corpus or Path(tempfile.mkdtemp())
    try:
        if not (folder / "dist").is_dir():
            write_corpus(folder, given.documents)
            order = Order(Place.at(folder), lambda _name, _facts: None, jobs=os.cpu_count() or 1)
            keep(order, folder / "dist")
        shutil.rmtree(folder / "beside", ignore_errors=True)
        things, base, quads = things_of(folder, 2000)
        ways = {"policygraph": "/sparql", "oxigraph": "/query"}
        asked = Asked(things, base, ways)
        print(f"{quads:,} quads; {CLIENTS} readers for {given.minutes:g} minutes")
        with servers(folder):
            times, errors = asyncio.run(reading(asked, given.minutes * 60))
            print("   median         95 %        longest")
            for kind in (*MIX, "health"):
                print(told(kind, times[kind]))
            print(f"  {errors} errors")
            print(
                f"tables of 1,000 rows, {HURRIED} clients without a pause, {ROUNDS} rounds in turn"
            )
            rates: dict[str, list[float]] = defaultdict(list)
            for _ in range(ROUNDS):
                for server in PORTS:
                    rate, wrong = asyncio.run(hurrying(asked, server, 10))
                    rates[server].append(rate)
                    errors += wrong
            for server, found in rates.items():
                print(f"{statistics.median(found):9.1f} requests/s  {server}")
            print(f"  {errors} errors in all")
    finally:
        if not given.corpus:
            shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
