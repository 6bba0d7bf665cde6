"""How long a command takes from the shell, beside what its parts cost alone.

Run with ``make bench``. Every row is the median of several whole processes, taken in turn, so that
a slow moment of the machine strikes all alike. Ratios are against starting Python alone.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
RUNS = 9
KEPT = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
"""Compiled modules are kept, as a user has them."""
POLICYGRAPH = [sys.executable, "-m", "policygraph"]
COMMANDS = {
    "python, nothing imported": [sys.executable, "-c", "pass"],
    "python, import click": [sys.executable, "-c", "import click"],
    "python, import rdflib": [sys.executable, "-c", "import rdflib"],
    "python, import pyshacl": [sys.executable, "-c", "import pyshacl"],
    "policygraph --help": [*POLICYGRAPH, "--help"],
    "policygraph restore (2,193 characters)": [
        *POLICYGRAPH,
        "restore",
        str(ROOT / "data/documents/cn-ndwc-2024/source/conference.txt"),
    ],
    "policygraph query (built graph)": [
        *POLICYGRAPH,
        "query",
        "-q",
        "goals-of-year",
        "-p",
        "year=2024",
    ],
    "policygraph validate": [*POLICYGRAPH, "validate", "-q"],
    "policygraph build": [*POLICYGRAPH, "build", "-q"],
}


def seconds(command: list[str]) -> float:
    """Time one run of a command, in seconds of wall clock."""
    start = time.perf_counter()
    subprocess.run(command, cwd=ROOT, env=KEPT, check=True, capture_output=True)
    return time.perf_counter() - start


def main() -> None:
    """Print the medians, slowest last."""
    seconds([*POLICYGRAPH, "build", "-q"])
    times: dict[str, list[float]] = {name: [] for name in COMMANDS}
    for _ in range(RUNS):
        for name, command in COMMANDS.items():
            times[name].append(seconds(command))
    floor = statistics.median(times["python, nothing imported"])
    print(f"medians of {RUNS} whole processes, Python {sys.version.split()[0]}")
    for name, taken in sorted(times.items(), key=lambda item: statistics.median(item[1])):
        median = statistics.median(taken)
        print(f"{median:7.3f} s  {median / floor:6.1f} x  {name}")


if __name__ == "__main__":
    main()
