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
@click.option(
    "--w3id",
    is_flag=True,
    help="Write the redirects that w3id.org asks for instead, into w3id/; --base says where to.",
)
@common
def publish_command(
    output: Path | None,
    address: str,
    workspace: Path | None,
    w3id: bool,  # noqa: FBT001 - click hands flags over by position
) -> None:
    """Write the graph as a site of pages and data, whole or not at all.

    Every page is there in Chinese and in English, every thing as Turtle, JSON-LD, N-Triples, CSV
    and JSON as well. The folder can be opened from disk or copied to any web host.
    """
    if address and not (is_address(address) and address.endswith("/")):
        raise WrongUsage("publish/base", value=address)
    if w3id:
        _write_redirects(place_of(workspace), address, output)
        return
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


def _write_redirects(place: Place, address: str, output: Path | None) -> None:
    """Write the folder for w3id.org, and say that nothing is registered by that."""
    from policygraph.publish.folder import locked, write_folder
    from policygraph.publish.w3id import REDIRECTS, folder_name, w3id_files

    if not address:
        raise WrongUsage("publish/w3id-needs-site")
    files = w3id_files(place, address)
    target = output or _output(place, "w3id") / folder_name(place)
    with locked(target):
        write_folder(target, files, REDIRECTS)
    tell("publish/w3id", {"path": str(target), "base": place.base})


def _output(place: Place, name: str = "site") -> Path:
    """Write beside the data of a workspace; the bundled example goes to the current folder."""
    return place.root / name if Place.is_at(Path()) else Path(name)
