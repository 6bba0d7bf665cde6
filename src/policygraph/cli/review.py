"""``policygraph review``: decide on drafted rows in a page that only this machine sees."""

from __future__ import annotations

import datetime
import secrets
import socket
import webbrowser
from pathlib import Path

import click

from policygraph.cli.console import common, out, tell
from policygraph.cli.drafting import document_at
from policygraph.cli.tabling import apply_table
from policygraph.errors import CannotWrite, UnreadableInput, Where, WrongUsage, reason
from policygraph.workspace import Place

_LOOPBACK = "127.0.0.1"


@click.command("review")
@click.argument("document")
@click.option("--by", envvar="POLICYGRAPH_REVIEWER", default="", help="Who decides.")
@click.option("--port", type=click.IntRange(0, 65535), default=0, help="0 takes a free one.")
@click.option(
    "--table",
    "table",
    type=click.Path(path_type=Path),
    help="Bring in what a table decides.",
)
@click.option("--no-browser", is_flag=True, help="Print the address and open nothing.")
@common
def review_command(
    document: str,
    by: str,
    port: int,
    table: Path | None,
    workspace: Path | None,
    *,
    no_browser: bool,
) -> None:
    """Review the drafted rows of DOCUMENT, by its id, in a page on this machine.

    Every decision is written into its statements.yaml at once, with who and when. Ctrl-C ends it.
    With --table, what was filled into a table of `draft --table` is written instead: all of it, or
    nothing.
    """
    if not by:
        raise WrongUsage("review/who")
    found = document_at(Path(document), workspace)
    if not found.statements.is_file() or found.restored is None:
        raise UnreadableInput("review/nothing-drafted", Where(document), document=document)
    from policygraph.text.review.decisions import Signature

    def sign() -> Signature:
        return Signature(by, datetime.datetime.now(tz=datetime.UTC).date().isoformat())

    if table:
        apply_table(table, document, found, sign())
        return
    try:
        import uvicorn

        from policygraph.corpus.continuing import Candidates
        from policygraph.serve.review.app import review_app
        from policygraph.serve.review.desk import Desk
        from policygraph.serve.review.library import Library
    except ImportError as error:
        raise WrongUsage("review/no-serve") from error
    restored, token = found.restored, secrets.token_urlsafe(24)
    with _listening(port) as listening:
        port = listening.getsockname()[1]
        place = Place.at(found.workspace)
        library, candidates = Library.at(place, document), Candidates(place, document)
        desk = Desk(document, restored, found.statements, sign, library, candidates)
        chosen = click.get_current_context().params["lang"]  # else the page remembers
        address = f"http://{_LOOPBACK}:{port}/{token}/" + (f"?lang={chosen}" if chosen else "")
        out(address + "\n")
        tell("review/open", {"document": document})
        if not no_browser:
            webbrowser.open(address)
        app = review_app(desk, token, port)
        uvicorn.Server(uvicorn.Config(app, log_level="error")).run(sockets=[listening])


def _listening(port: int) -> socket.socket:
    listening = socket.socket()
    try:
        listening.bind((_LOOPBACK, port))
    except OSError as error:
        listening.close()
        why = reason(error)
        raise CannotWrite("review/port", Where(f"{_LOOPBACK}:{port}"), why=why) from error
    return listening
