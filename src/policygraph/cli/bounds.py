"""Options that bound what a stranger's questions may take, for the commands that serve a graph."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import click

Command = Callable[..., Any]


def bounds(what: str, rows: int) -> Callable[[Command], Command]:
    """Give a command ``--timeout``, ``--memory`` and ``--max-rows``.

    Args:
        what: to which the limits apply, in the words of the help.
        rows: of one answer, if the user does not say.
    """
    options = (
        _bound("--timeout", click.FloatRange(0, min_open=True), 10, f"Seconds for one {what}."),
        _bound("--memory", click.IntRange(64), 1024, f"MiB for one {what}."),
        _bound("--max-rows", click.IntRange(1), rows, "Rows of one answer."),
    )

    def decorated(command: Command) -> Command:
        for option in reversed(options):
            command = option(command)
        return command

    return decorated


def _bound(name: str, kind: click.ParamType[Any], default: int, words: str) -> Callable[..., Any]:
    return click.option(name, type=kind, default=default, show_default=True, help=words)
