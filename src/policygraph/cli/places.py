"""Which workspace a command works on."""

from __future__ import annotations

from pathlib import Path

from policygraph.cli.console import tell
from policygraph.workspace import Place


def place_of(workspace: Path | None) -> Place:
    """Find the workspace a command asks: the one named, the one here, else the bundled example.

    Raises:
        UnreadableInput: the folder named is no workspace, or its settings are wrong.
    """
    if workspace or Place.is_at(Path()):
        return Place.at(workspace or Path())
    tell("build/example")
    return Place.bundled()


def own_place(workspace: Path | None) -> Place:
    """Find the workspace a command writes for: the one named or the one here, never the example.

    Raises:
        UnreadableInput: there is none, or its settings are wrong.
    """
    return Place.at(workspace or Path())
