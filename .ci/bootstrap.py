"""Set up ``.venv`` with the python3 that is there: locked packages, then this project in place.

Without arguments everything that requirements.lock names; with ``run`` only what the commands and
the served pages need; with ``ship`` the same, not in place, for a container. pip installs uv, uv
the rest; both check each file by its hash. A Debian machine may come without the ``venv`` parts
(ensurepip); then a system pip is used. The variable VENV names another place than ``.venv``.
"""

from __future__ import annotations

import importlib.util
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
VENV = Path(os.environ.get("VENV", ROOT / ".venv"))
PYTHON = VENV / "bin" / "python"
LOCK = ROOT / "requirements.lock"


def run(*command: str | Path) -> None:
    """Run a command in the project folder and stop at its first failure."""
    done = subprocess.run([str(part) for part in command], cwd=ROOT, check=False)
    if done.returncode:
        sys.exit(done.returncode)


def pip() -> list[str | Path]:
    """Make the environment and return the pip that installs into it."""
    if importlib.util.find_spec("ensurepip"):
        run(sys.executable, "-m", "venv", VENV)
        return [PYTHON, "-m", "pip"]
    if importlib.util.find_spec("pip"):
        run(sys.executable, "-m", "venv", "--without-pip", VENV)
        return [sys.executable, "-m", "pip", "--python", PYTHON]
    sys.exit("This python3 has neither ensurepip nor pip; run: apt-get install python3-venv")


def uv() -> list[str | Path]:
    """Install the locked uv and return the command that installs with it."""
    locked = re.search(r"(?m)^uv==.*\n(?: +--hash.*\n)+", LOCK.read_text(encoding="utf-8"))
    if not locked:
        sys.exit("requirements.lock names no uv; run: make lock")
    with tempfile.TemporaryDirectory() as folder:
        wanted = Path(folder) / "uv.lock"
        wanted.write_text(locked[0], encoding="utf-8")
        install = [*pip(), "--disable-pip-version-check", "install", "--quiet"]
        run(*install, "--require-hashes", "--no-deps", "-r", wanted)
    return [VENV / "bin" / "uv", "pip", "install", "--quiet", "--python", PYTHON]


def main(part: str = "all") -> None:
    """Install the locked packages, by hash, and the project itself in place."""
    if sys.version_info < (3, 11):  # noqa: UP036 - it runs under whatever python3 is there
        sys.exit(f"policygraph needs Python 3.11 or newer; this is {sys.version.split()[0]}")
    install = uv()
    if part in ("run", "ship"):
        locked = ["--constraint", LOCK, "--build-constraint", LOCK]
        run(*install, *locked, *(["--editable"] if part == "run" else []), ".[serve]")
        return
    run(*install, "--require-hashes", "--no-deps", "-r", LOCK)
    run(*install, "--no-deps", "--no-build-isolation", "--editable", ".")


if __name__ == "__main__":
    main(*sys.argv[1:2])
