"""What the tests of attacks use: someone who watches, someone who listens, someone who dawdles."""

from __future__ import annotations

import contextlib
import socket
import threading
import time
import urllib.request
from collections.abc import Iterator

from servers import free_port


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

    Attributes:
        slowest: seconds that the slowest answer took.
    """

    def __init__(self, endpoint: str) -> None:
        self._endpoint, self._end = endpoint, threading.Event()
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
            began = time.monotonic()
            try:
                with urllib.request.urlopen(f"{self._endpoint}/healthz", timeout=5) as answer:
                    if answer.read() != b"ok\n":
                        self.failures.append(str(answer.status))
            except OSError as error:
                self.failures.append(repr(error))
            self.slowest = max(self.slowest, time.monotonic() - began)


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
