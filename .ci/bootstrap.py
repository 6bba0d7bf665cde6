"""Set up ``.venv`` with the python3 that is there: locked packages, then this project.

A Debian machine may come without the ``venv`` parts (ensurepip); then a system pip is used.
"""

from __future__ import annotations

import importlib.util
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"


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


def main() -> None:
    """Install what requirements.lock names, by hash, and the project itself in place."""
    if sys.version_info < (3, 11):  # noqa: UP036 - it runs under whatever python3 is there
        sys.exit(f"policygraph needs Python 3.11 or newer; this is {sys.version.split()[0]}")
    install = [*pip(), "--disable-pip-version-check", "install", "--quiet"]
    run(*install, "--require-hashes", "--no-deps", "-r", "requirements.lock")
    run(*install, "--no-deps", "--no-build-isolation", "--editable", ".")


if __name__ == "__main__":
    main()
