"""``policygraph load``: the built graph into a store elsewhere."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from policygraph.cli.console import common, language, print_findings, progress_bar, tell
from policygraph.cli.places import own_place
from policygraph.errors import CannotWrite
from policygraph.pipeline import open as open_built
from policygraph.publish.folder import locked
from policygraph.remote.addresses import Addresses, Identity, addresses, in_the_clear
from policygraph.remote.check import check_loaded
from policygraph.remote.connection import Connection, Patience
from policygraph.remote.journal import Journal
from policygraph.remote.load import Load
from policygraph.remote.store import RemoteStore
from policygraph.report import errors_among
from policygraph.workspace import sha256

_MOST_SHOWN = 20
"""Findings that are shown; the next load mends all of them."""


def remote_store(where: Addresses, patience: Patience) -> RemoteStore:
    """Get ready to speak to a store as the one whom the environment names."""
    identity = Identity.of(os.environ)
    if identity and any(map(in_the_clear, (where.graphs, where.query))):
        tell("remote/in-the-clear")
    return RemoteStore(where, Connection(identity, patience))


@click.command("load")
@click.option("--endpoint", required=True, metavar="URL", help="The graph store, or its host.")
@click.option("--query-endpoint", default="", metavar="URL", help="Where it takes questions.")
@click.option("--update-endpoint", default="", metavar="URL", help="Where it takes changes.")
@click.option(
    "-i",
    "--input",
    "built",
    type=click.Path(path_type=Path),
    help="Built graph to load; dist/ of the workspace if not given.",
)
@click.option(
    "--batch", type=click.IntRange(min=1), default=50_000, help="Quads in a request, about."
)
@click.option(
    "--check",
    "how",
    type=click.Choice(["sample", "all"]),
    default="sample",
    help="Compare the content of some graphs at the end, or of all; counts are always compared.",
)
@click.option("--afresh", is_flag=True, help="Forget what the store accepted; send everything.")
@click.option(
    "--timeout", type=click.FloatRange(min=0.1), default=120, help="Seconds to wait for an answer."
)
@click.option(
    "--retries", type=click.IntRange(min=0), default=8, help="How often a request is tried again."
)
@common
def load_command(
    endpoint: str,
    query_endpoint: str,
    update_endpoint: str,
    built: Path | None,
    batch: int,
    how: str,
    timeout: float,
    retries: int,
    workspace: Path | None,
    *,
    afresh: bool,
) -> None:
    """Load the built graph into a store that speaks SPARQL 1.1.

    Only what changed is sent; what is gone is deleted. Cut off, the next call goes on. Who asks is
    told by POLICYGRAPH_ENDPOINT_USER and POLICYGRAPH_ENDPOINT_PASSWORD, or
    POLICYGRAPH_ENDPOINT_TOKEN. Exit code 1 if at the end the store differs from what was loaded.
    """
    where = addresses(endpoint, query_endpoint, update_endpoint)
    folder = built or own_place(workspace).root / "dist"
    graph = open_built(folder)
    remote = remote_store(where, Patience(timeout, retries))
    with _journal(folder, where, afresh=afresh) as journal:
        with progress_bar() as progress:
            loaded = Load(graph.store, remote, journal, graph.ids, progress, batch).run()
        tell("remote/loaded", vars(loaded))
        findings = check_loaded(graph.store, remote, journal, graph.ids, whole=how == "all")
    print_findings(findings[:_MOST_SHOWN], language())
    if errors_among(findings):
        tell("remote/differs", {"count": len(errors_among(findings))})
        raise click.exceptions.Exit(1)
    tell("remote/agrees", {"graphs": loaded.graphs})


@contextmanager
def _journal(folder: Path, where: Addresses, *, afresh: bool) -> Iterator[Journal]:
    """Open the journal of a store beside the built graph, for one load at a time."""
    folder = folder.resolve()
    name = f".{folder.name}.loaded-{sha256(where.graphs.encode())[:12]}"
    path = folder.with_name(name + ".sqlite")
    try:
        with locked(path.with_suffix("")):
            if afresh:
                path.unlink(missing_ok=True)
            with Journal(path) as journal:
                yield journal
    except CannotWrite as error:
        if error.name == "publish/busy":
            raise CannotWrite("remote/busy") from error
        raise
