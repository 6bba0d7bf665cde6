"""``policygraph export``: the graph in one format."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import click

from policygraph.api.policy_graph import PolicyGraph
from policygraph.cli.console import common, out, tell
from policygraph.cli.places import place_of
from policygraph.errors import WrongUsage
from policygraph.pipeline import current
from policygraph.publish.exchange.csvw import METADATA, csvw
from policygraph.publish.exchange.forms import FORMS, TABLES, check_choice, exchange
from policygraph.publish.folder import locked, write_file, write_folder
from policygraph.publish.stream import FORMATS as STREAMED
from policygraph.publish.stream import compressed, streamed

_FORMATS = ("trig", "nq", "ttl", "nt", "jsonld", "rdf", "graphml", *FORMS, TABLES)


@click.command("export")
@click.argument("form", metavar="FORMAT", type=click.Choice(_FORMATS))
@click.option(
    "--graph",
    "choice",
    type=click.Choice(["stated", "inferred", "all"]),
    default="stated",
    help="What goes in: what is asserted (with its evidence), what follows, or both.",
)
@click.option("--document", default="", metavar="ID", help="Only this document.")
@click.option(
    "-o", "--output", type=click.Path(path_type=Path), help="Write there, whole or not at all."
)
@common
def export_command(
    form: str, choice: str, document: str, output: Path | None, workspace: Path | None
) -> None:
    """Write the graph as FORMAT: trig, nq, ttl, nt, jsonld, rdf or graphml.

    For others: void tells what is in the graph, dcat is its record in a catalogue of data; stratml
    is the plan of a document, annotations, nif and nanopub are its passages and statements; csvw is
    a folder of tables.

    A file whose name ends in .gz or .zst is compressed.
    """
    check_choice(form, choice, document)
    if form == TABLES and output is None:
        raise WrongUsage("publish/needs-folder", form=form)
    graph = current(place_of(workspace), progress=tell)
    if form == TABLES and output is not None:
        _write_tables(graph, output)
    elif output:
        write_file(output, compressed(_pieces(graph, form, choice, document), output.suffix))
    else:
        for piece in _pieces(graph, form, choice, document):
            out(piece)


def _pieces(graph: PolicyGraph, form: str, choice: str, document: str) -> Iterable[bytes]:
    """Write graph by graph, or thing by thing, where the format can be cut so, else at once."""
    if form in STREAMED:
        return streamed(graph.store, form, choice, graph.ids)
    if form in FORMS:
        return [exchange(graph.store, graph.place, form, choice, document)]
    return [graph.export(form, choice)]


def _write_tables(graph: PolicyGraph, folder: Path) -> None:
    """Write tables and what their columns mean into a folder of their own."""
    files = csvw(graph.store, graph.place)
    with locked(folder):
        write_folder(folder, files, METADATA)
    tell("build/written", {"count": len(files), "path": str(folder)})
