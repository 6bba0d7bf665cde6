"""``policygraph export``: the graph in one format."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import click

from policygraph.api.policy_graph import PolicyGraph
from policygraph.cli.console import common, out, tell
from policygraph.cli.places import place_of
from policygraph.pipeline import current
from policygraph.publish.exchange.forms import FORMS
from policygraph.publish.folder import write_file
from policygraph.publish.stream import FORMATS as STREAMED
from policygraph.publish.stream import compressed, streamed

_FORMATS = ("trig", "nq", "ttl", "nt", "jsonld", "rdf", "graphml", *FORMS)


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
    """Write the graph as FORMAT: trig, nq, ttl, nt, jsonld, rdf or graphml.

    For others: void tells what is in the graph, dcat is its record in a catalogue of data.

    A file whose name ends in .gz or .zst is compressed.
    """
    graph = current(place_of(workspace), progress=tell)
    pieces = _pieces(graph, form, choice)
    if output:
        write_file(output, compressed(pieces, output.suffix))
        return
    for piece in pieces:
        out(piece)


def _pieces(graph: PolicyGraph, form: str, choice: str) -> Iterable[bytes]:
    """Write graph by graph, or thing by thing, where the format can be cut so, else at once."""
    if form in STREAMED:
        return streamed(graph.store, form, choice, graph.ids)
    return [graph.export(form, choice)]
