"""``policygraph serve``: the graph over HTTP, for people and machines."""

from __future__ import annotations

import signal
import sys
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from policygraph.cli.bounds import bounds
from policygraph.cli.console import common, out, tell
from policygraph.cli.places import place_of
from policygraph.errors import WrongUsage
from policygraph.workspace import Place

if TYPE_CHECKING:
    from policygraph.serve.source import Served


@click.command("serve")
@click.argument("graph", required=False, type=click.Path(path_type=Path))
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=8000,
    show_default=True,
    help="0 takes a free one.",
)
@click.option("--workers", type=click.IntRange(1, 256), help="Processes that answer questions.")
@bounds("question", 100_000)
@click.option(
    "--max-size",
    type=click.IntRange(1),
    default=32,
    show_default=True,
    help="MiB of one answer.",
)
@click.option("--log", is_flag=True, help="Write a line for each request.")
@common
def serve_command(
    graph: Path | None,
    host: str,
    port: int,
    workers: int | None,
    timeout: float,
    memory: int,
    max_rows: int,
    max_size: int,
    workspace: Path | None,
    *,
    log: bool,
) -> None:
    """Serve GRAPH, read-only: a workspace, a built graph, a store on disk, or a file of RDF.

    Without GRAPH it is the workspace here, or the example. Ctrl-C ends it.
    """
    limits = {
        **({"workers": workers} if workers else {}),
        "seconds": timeout,
        "memory": memory << 20,
        "rows": max_rows,
        "size": max_size << 20,
    }
    check_extra()
    serve_graph(served_for(graph, workspace), host, port, limits, log=log)


def check_extra() -> None:
    """See that what serves is installed.

    Raises:
        WrongUsage: it is not.
    """
    try:
        import policygraph.serve.app  # noqa: F401 - it imports all that serving takes
    except ImportError as error:
        raise WrongUsage("serve/no-serve") from error


def serve_graph(
    graph: AbstractContextManager[Served],
    host: str,
    port: int,
    limits: Mapping[str, Any],
    *,
    log: bool = False,
) -> None:
    """Serve a graph until told to end; what is last on standard output is its address.

    Args:
        graph: is made ready when the address is found to be free.
        host: address to listen on.
        port: 0 takes a free one.
        limits: those of ``Allowance`` that differ.
        log: write a line for each request.

    Raises:
        CannotWrite: the address is none of this machine's, or taken.
    """
    from policygraph.serve.app import application
    from policygraph.serve.limits import Allowance
    from policygraph.serve.server import listening, run

    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    allowance = Allowance(**limits)
    with listening(host, port) as opened, graph as served:
        shown = f"[{host}]" if ":" in host else host
        address = f"http://{shown}:{opened.getsockname()[1]}/"

        def ready(sealed: bool) -> None:  # noqa: FBT001 - told by the application
            if not sealed:
                tell("serve/unsealed")
            tell("serve/open")
            out(address + "\n")

        run(application(served, allowance, ready), opened, allowance, log=log)


@contextmanager
def served_for(graph: Path | None, workspace: Path | None) -> Iterator[Served]:
    """Make ready what a command is to serve: what is named, the workspace here, or the example."""
    from policygraph.pipeline import current
    from policygraph.serve.source import served, served_graph

    if graph is None and workspace is None and not Place.is_at(Path()):
        place = place_of(None)
        found = current(place, progress=tell)
        content = repr(sorted(place.inputs().items())).encode()
        with served_graph(found.store, place.base, content, root=place.root) as opened:
            yield opened
        return
    base = place_of(workspace).base if workspace or Place.is_at(Path()) else Place.bundled().base
    with served(graph or workspace or Path(), base) as opened:
        yield opened
