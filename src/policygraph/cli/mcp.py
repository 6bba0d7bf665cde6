"""``policygraph mcp``: the graph for programs that speak the Model Context Protocol."""

from __future__ import annotations

import signal
import sys
from pathlib import Path

import click

from policygraph.cli.bounds import bounds
from policygraph.cli.console import common
from policygraph.errors import WrongUsage


@click.command("mcp")
@click.argument("graph", required=False, type=click.Path(path_type=Path))
@bounds("call", 500)
@common
def mcp_command(
    graph: Path | None, timeout: float, memory: int, max_rows: int, workspace: Path | None
) -> None:
    """Offer GRAPH to an assistant over standard input and output: five tools that only read.

    GRAPH is a workspace, a built graph, a store on disk or a file of RDF; without it, the workspace
    here, or the example. The program that wants it starts this command.
    """
    try:
        from policygraph.serve.limits import Allowance
        from policygraph.serve.tools import server
    except ImportError as error:
        raise WrongUsage("query/no-library", name="mcp", extra="mcp") from error
    from policygraph.cli.serve import served_for

    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    limits = Allowance(workers=1, seconds=timeout, memory=memory << 20, rows=max_rows, size=2 << 20)
    with served_for(graph, workspace) as served:
        server(served, limits).run("stdio")
