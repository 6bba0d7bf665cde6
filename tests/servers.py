"""Real stores for the tests of the remote room, started and ended on this machine."""

from __future__ import annotations

import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest


def free_port() -> int:
    with socket.socket() as opened:
        opened.bind(("127.0.0.1", 0))
        return int(opened.getsockname()[1])


class Server:
    """A store in a process of its own that can be killed and started again on the same data."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.port = folder, free_port()
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def endpoint(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def command(self) -> list[str]:
        raise NotImplementedError

    def start(self) -> None:
        self.process = subprocess.Popen(
            self.command(),
            cwd=self.folder,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            try:
                urllib.request.urlopen(self.endpoint, timeout=5).close()
            except urllib.error.HTTPError:
                return
            except OSError:
                time.sleep(0.1)
            else:
                return
        pytest.fail(f"{self.command()[0]} does not start")

    def kill(self) -> None:
        if self.process:
            self.process.kill()
            self.process.wait()
            self.process = None


class Oxigraph(Server):
    """The server of the package ``oxigraph``."""

    def command(self) -> list[str]:
        found = Path(sys.executable).with_name("oxigraph")
        if not found.exists():
            pytest.skip("the package oxigraph is not installed")
        data = str(self.folder / "data")
        return [str(found), "serve", "-l", data, "-b", f"127.0.0.1:{self.port}"]


class Virtuoso(Server):
    """Virtuoso 7 of Debian's package ``virtuoso-opensource-7-bin``."""

    PASSWORD = "dba"

    def command(self) -> list[str]:
        if not shutil.which("virtuoso-t"):
            pytest.skip("virtuoso-t is not installed (Debian: virtuoso-opensource-7-bin)")
        settings = f"""
            [Database]
            DatabaseFile = v.db
            ErrorLogFile = v.log
            LockFile = v.lck
            TransactionFile = v.trx
            xa_persistent_file = v.pxa
            [TempDatabase]
            DatabaseFile = t.db
            TransactionFile = t.trx
            [Parameters]
            ServerPort = {free_port()}
            ServerThreads = 10
            NumberOfBuffers = 10000
            MaxDirtyBuffers = 6000
            DirsAllowed = .
            [HTTPServer]
            ServerPort = 127.0.0.1:{self.port}
            ServerThreads = 5
            """
        lines = (line.strip() for line in settings.splitlines())
        (self.folder / "v.ini").write_text("\n".join(lines), "utf-8")
        return ["virtuoso-t", "-f", "-c", "v.ini"]


class Policygraph(Server):
    """``policygraph serve`` over a file or folder."""

    def __init__(self, folder: Path, graph: Path, *options: str) -> None:
        super().__init__(folder)
        self._graph, self._options = graph, options

    @property
    def sparql(self) -> str:
        return f"{self.endpoint}/sparql"

    def command(self) -> list[str]:
        program = [sys.executable, "-m", "policygraph", "serve", str(self._graph)]
        return [*program, "--port", str(self.port), *self._options]

    def stop(self) -> float:
        """End it as a system does; tell how many seconds that took."""
        assert self.process
        began = time.monotonic()
        self.process.terminate()
        code = self.process.wait(timeout=30)
        self.process = None
        assert code == 0
        return time.monotonic() - began
