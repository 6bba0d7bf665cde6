"""``policygraph publish``: the graph as a site, for any web host or a local folder."""

from __future__ import annotations

from pathlib import Path

import click

from policygraph.api.policy_graph import PolicyGraph
from policygraph.cli.console import common, tell
from policygraph.cli.places import place_of
from policygraph.errors import WrongUsage
from policygraph.identifiers import is_address
from policygraph.pipeline import current
from policygraph.workspace import Place


@click.command("publish")
@click.option("-o", "--output", type=click.Path(path_type=Path), help="By default site/.")
@click.option(
    "--base",
    "address",
    metavar="URL",
    default="",
    help="Where the site will lie, for search engines; its links work anywhere.",
)
@common
def publish_command(output: Path | None, address: str, workspace: Path | None) -> None:
    """Write the graph as a site of pages and data, whole or not at all.

    Every page is there in Chinese and in English, every thing as Turtle, JSON-LD, N-Triples, CSV
    and JSON as well. The folder can be opened from disk or copied to any web host.
    """
    if address and not (is_address(address) and address.endswith("/")):
        raise WrongUsage("publish/base", value=address)
    graph = current(place_of(workspace), progress=tell)
    write_site(graph, output or _output(graph.place), address)


def write_site(graph: PolicyGraph, target: Path, address: str = "") -> None:
    """Write the site of a graph and say where to open it."""
    from policygraph.publish.folder import locked, write_folder
    from policygraph.publish.site import Site
    from policygraph.publish.site.files import SITE, SiteFiles

    with locked(target):
        files = SiteFiles(Site(graph.store, graph.place, address))
        write_folder(target, files, SITE)
    tell("publish/site", {"count": len(files.hashes), "path": str(target)})


def _output(place: Place) -> Path:
    """Write beside the data of a workspace; the bundled example goes to the current folder."""
    return place.root / "site" if Place.is_at(Path()) else Path("site")
