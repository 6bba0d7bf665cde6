"""``policygraph new``: a workspace with a commented example, which builds."""

from __future__ import annotations

from importlib.resources import as_file, files
from pathlib import Path

import click

from policygraph.cli.console import common, tell
from policygraph.errors import CannotWrite, Where, WrongUsage, reason


@click.command("new")
@click.argument("folder", type=click.Path(path_type=Path))
@common
def new_command(folder: Path, workspace: Path | None) -> None:
    """Make a workspace in FOLDER, which must be new or empty."""
    del workspace
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise WrongUsage("workspace/exists", path=str(folder))
    with as_file(files("policygraph").joinpath("template")) as template:
        _copy(template, folder)
    tell("new/made", {"path": str(folder)})


def _copy(template: Path, folder: Path) -> None:
    """Copy plain files, writable whatever the mode of the installed ones."""
    try:
        for source in sorted(path for path in template.rglob("*") if path.is_file()):
            target = folder / source.relative_to(template)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(source.read_bytes())
    except OSError as error:
        raise CannotWrite("publish/cannot-write", Where(str(folder)), why=reason(error)) from error
