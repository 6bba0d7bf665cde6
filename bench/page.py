"""Measure everything and write the figures into docs/performance.md.

``make bench`` runs it. In the page a comment ``<!-- measured by bench/NAME.py ... -->`` names the
command whose output stands in the block after it, under the line with the day and the versions.
``python bench/page.py NAME`` measures only the blocks of one script.
"""

from __future__ import annotations

import os
import platform
import re
import subprocess
import sys
import time
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "performance.md"
PEERS = ("pyrudof", "pyshifty", "pyshacl-turbo", "reasonable")
PACKAGES = ("rdflib", "pyshacl", "owlrl", "pyoxigraph", *PEERS)
BLOCK = re.compile(r"<!-- measured by (bench/(\w+)\.py[^\n]*?) -->\n+```text\n.*?```\n", re.DOTALL)


def measured(command: str) -> str:
    """Run a script of this folder and give the block that stands in the page."""
    print(command, end=" ", file=sys.stderr, flush=True)
    start = time.monotonic()
    environment = {**os.environ, "RUST_BACKTRACE": "0"}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)  # a user's Python keeps what it compiled
    done = subprocess.run(
        [sys.executable, *command.split()],
        cwd=ROOT,
        env=environment,
        check=True,
        stdout=subprocess.PIPE,
        text=True,
    )
    print(f"{time.monotonic() - start:.0f} s", file=sys.stderr, flush=True)
    figures = f"{circumstances()}\n\n{done.stdout.strip()}"
    return f"<!-- measured by {command} -->\n\n```text\n{figures}\n```\n"


def circumstances() -> str:
    """Say when and on what something was measured."""
    day = datetime.now(UTC).date()
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    busy = os.getloadavg()[0]
    machine = f"{os.cpu_count()} processors, {memory:.0f} GiB, {platform.system()}, load {busy:.1f}"
    return f"{day}, {machine}, Python {platform.python_version()}, {', '.join(versions())}"


def versions() -> list[str]:
    """List the peers that are installed."""
    found = []
    for name in PACKAGES:
        try:
            found.append(f"{name} {version(name)}")
        except PackageNotFoundError:
            continue
    return found


def main() -> None:
    """Measure the blocks of all scripts, or of those that are named, and write each at once."""
    chosen = set(sys.argv[1:])
    for place in BLOCK.finditer(PAGE.read_text(encoding="utf-8")):
        if chosen and place[2] not in chosen:
            continue
        block = measured(place[1])
        PAGE.write_text(PAGE.read_text(encoding="utf-8").replace(place[0], block), encoding="utf-8")


if __name__ == "__main__":
    main()
