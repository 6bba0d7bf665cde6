"""What tests of attacks use: who watches, who listens, who dawdles; a cell to run commands in."""

from __future__ import annotations

import contextlib
import hashlib
import multiprocessing
import resource
import socket
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path

from click.testing import Result

from policygraph.bounded import mapped
from servers import free_port

SECONDS, MEMORY = 180, 3 << 30
"""What a command may take of the clock, and of memory, whatever file it is given."""


class Listener:
    """An address inside, which no question may ever reach: it counts who comes.

    Attributes:
        visits: what came, as bytes.
    """

    def __init__(self) -> None:
        self.port = free_port()
        self.visits: list[bytes] = []
        self._socket = socket.create_server(("127.0.0.1", self.port))
        self._thread = threading.Thread(target=self._listen, daemon=True)
        self._thread.start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/latest/meta-data"

    def _listen(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                visitor, _ = self._socket.accept()
                self.visits.append(visitor.recv(1000))
                visitor.close()

    def close(self) -> None:
        self._socket.close()


class Watch:
    """Asks a server how it is, again and again, while something else is done to it.

    Args:
        endpoint: its address.
        path: what else is asked for each time; empty for nothing.

    Attributes:
        slowest: seconds that the slowest answer about its health took.
        failures: what came instead of an answer within five seconds.
    """

    def __init__(self, endpoint: str, path: str = "") -> None:
        self._endpoint, self._end = endpoint, threading.Event()
        self._paths = {"/healthz": b'"ok"'} | ({path: b""} if path else {})
        self._thread = threading.Thread(target=self._watch)
        self.slowest, self.failures = 0.0, list[str]()

    def __enter__(self) -> Watch:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._end.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._end.wait(0.05):
            for path, words in self._paths.items():
                began = time.monotonic()
                self._ask(path, words)
                if words:
                    self.slowest = max(self.slowest, time.monotonic() - began)

    def _ask(self, path: str, words: bytes) -> None:
        try:
            with urllib.request.urlopen(self._endpoint + path, timeout=5) as answer:
                if words not in answer.read():
                    self.failures.append(f"{path}: {answer.status}")
        except OSError as error:
            self.failures.append(f"{path}: {error!r}")


def many_files(wanted: int) -> int:
    """Let this process have so many files open, or as many as it may; tell how many."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    most = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, most), hard))
    return max(soft, most)


@contextlib.contextmanager
def crowd(port: int, number: int, say: bytes = b"") -> Iterator[list[socket.socket]]:
    """Have many clients connect, say something, and then nothing more."""
    with contextlib.ExitStack() as stack:
        clients = []
        for _ in range(number):
            client = stack.enter_context(socket.socket())
            client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 65536)
            client.settimeout(30)
            client.connect(("127.0.0.1", port))
            if say:
                with contextlib.suppress(ConnectionError):
                    client.sendall(say)
            clients.append(client)
        yield clients


def heard(client: socket.socket) -> bytes:
    """Read until the other side closes."""
    pieces = []
    with contextlib.suppress(ConnectionError):
        while piece := client.recv(65536):
            pieces.append(piece)
    return b"".join(pieces)


def held(folder: Path) -> dict[str, bytes]:
    """Tell what a folder holds, but for locks and what searches keep."""
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).digest()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not path.name.startswith(".dist")
    }


@dataclass(frozen=True)
class Said:
    """What a command said."""

    exit_code: int
    stdout: str
    stderr: str


def within_limits(run: Callable[..., Result], *command: str | Path) -> Said:
    """Run a command in a process that may take so long and so much memory and no more."""

    def work(theirs: Connection) -> None:
        most = mapped() + MEMORY
        resource.setrlimit(resource.RLIMIT_AS, (most, resource.RLIM_INFINITY))
        result = run(*command)
        theirs.send(Said(result.exit_code, result.stdout, result.stderr))

    context = multiprocessing.get_context("fork")
    ours, theirs = context.Pipe(duplex=False)
    process = context.Process(target=work, args=(theirs,))
    process.start()
    theirs.close()
    try:
        assert ours.poll(SECONDS), "it hangs"
        said: Said = ours.recv()
    finally:
        process.kill()
        process.join()
    return said
