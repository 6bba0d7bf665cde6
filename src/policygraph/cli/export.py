"""``policygraph export``: the graph in one format."""

from __future__ import annotations

from pathlib import Path

import click

from policygraph.cli.console import common, out, tell
from policygraph.cli.places import place_of
from policygraph.pipeline import current
from policygraph.publish.folder import write_file

_FORMATS = ("trig", "nq", "ttl", "nt", "jsonld", "rdf", "graphml")


@click.command("export")
@click.argument("form", metavar="FORMAT", type=click.Choice(_FORMATS))
@click.option(
    "--graph",
    "choice",
    type=click.Choice(["stated", "inferred", "all"]),
    default="stated",
    help="What goes in: what is asserted (with its evidence), what follows, or both.",
)
@click.option(
    "-o", "--output", type=click.Path(path_type=Path), help="Write there, whole or not at all."
)
@common
def export_command(form: str, choice: str, output: Path | None, workspace: Path | None) -> None:
    """Write the graph as FORMAT: trig, nq, ttl, nt, jsonld, rdf or graphml."""
    data = current(place_of(workspace), progress=tell).export(form, choice)
    write_file(output, data) if output else out(data)
