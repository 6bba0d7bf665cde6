"""Which workspace a command works on."""

from __future__ import annotations

from pathlib import Path

from policygraph.cli.console import tell
from policygraph.errors import UnreadableInput
from policygraph.workspace import Place


def place_of(workspace: Path | None) -> Place:
    """Find the workspace: the one named, the one here, else the bundled example.

    Raises:
        UnreadableInput: the folder named is no workspace.
    """
    if workspace:
        return Place.at(workspace)
    try:
        return Place.at(Path())
    except UnreadableInput:
        tell("build/example")
        return Place.bundled()
