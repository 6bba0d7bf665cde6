"""What every command shares: its options, its voice on standard error, its data on standard output.

Messages go to standard error, so that data can be piped. NO_COLOR is respected by rich, which is
loaded only where there is something to print.
"""

from __future__ import annotations

import functools
import os
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import click

from policygraph.messages import LANGUAGES, say
from policygraph.report import Finding

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

TICKS = ("build/document", "remote/sent")
"""News of single documents or batches: for the bar, not for lines."""
_COUNTED = ("count", "total", "quads")

_SIGNS = {"error": ("✗", "red"), "warning": ("!", "yellow"), "info": ("·", "cyan")}
_state = {"lang": "", "quiet": ""}


def language() -> str:
    """Give the language of messages: --lang, then POLICYGRAPH_LANG, then the locale's."""
    wanted = _state["lang"] or os.environ.get("POLICYGRAPH_LANG", "")
    if wanted in LANGUAGES:
        return wanted
    locale = os.environ.get("LC_ALL") or os.environ.get("LC_MESSAGES") or os.environ.get("LANG", "")
    return "zh" if locale.startswith("zh") else "en"


def common(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command the options that all share: --workspace, --lang, --quiet."""

    @click.option(
        "-C", "--workspace", type=click.Path(path_type=Path), help="Folder of the workspace."
    )
    @click.option("--lang", type=click.Choice(LANGUAGES), help="Language of messages and headings.")
    @click.option("-q", "--quiet", is_flag=True, help="Say nothing but errors.")
    @functools.wraps(command)
    def with_options(
        *args: Any, workspace: Path | None, lang: str | None, quiet: bool, **rest: Any
    ) -> Any:
        _state.update(lang=lang or "", quiet="yes" if quiet else "")
        return command(*args, workspace=workspace, **rest)

    return with_options


def note(text: str, style: str = "") -> None:
    """Say something on standard error, as it is: no markup is read from it."""
    from rich.markup import escape

    _voice().print(escape(text), style=style)


def _voice() -> Console:
    from rich.console import Console

    return Console(stderr=True, soft_wrap=True, highlight=False)


def tell(name: str, facts: Mapping[str, object] | None = None) -> None:
    """Say that something is done, unless --quiet."""
    if not _state["quiet"] and name not in TICKS:
        note(say(name, facts or {}, language()), style="dim")


@contextmanager
def progress_bar() -> Iterator[Callable[[str, Mapping[str, object]], None]]:
    """Show documents, quads a second and the time left while a build runs, then get out of the way.

    The bar is drawn on a terminal only, and not under --quiet; all other news is told as usual.
    """
    if _state["quiet"]:
        yield tell
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

    console = Console(stderr=True)
    hidden = not console.is_terminal
    columns = (TextColumn("{task.description}"), BarColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True, disable=hidden) as bar:
        task = bar.add_task("", total=None)
        begun = time.monotonic()

        def told(name: str, facts: Mapping[str, object]) -> None:
            tell(name, facts)
            if name in TICKS:
                count, total, quads = (cast("int", facts[each]) for each in _COUNTED)
                speed = f"{quads / (time.monotonic() - begun):,.0f}/s"
                shown = f"{say(name, facts, language())} · {speed}"
                bar.update(task, description=shown, total=total, completed=count)

        yield told


@contextmanager
def byte_bar(total: int) -> Iterator[Callable[[int], None]]:
    """Show how much of a file has been read, on a terminal; it draws only when it is told."""
    from rich.console import Console
    from rich.progress import BarColumn, DownloadColumn, Progress, TimeRemainingColumn

    console = Console(stderr=True)
    hidden = bool(_state["quiet"]) or not console.is_terminal
    columns = (DownloadColumn(), BarColumn(), TimeRemainingColumn())
    options: dict[str, Any] = {"console": console, "transient": True, "disable": hidden}
    with Progress(*columns, **options, auto_refresh=False) as bar:
        task = bar.add_task("", total=total)

        def told(count: int) -> None:
            bar.update(task, completed=count, refresh=True)

        yield told


def out(data: str | bytes) -> None:
    """Write data to standard output, untouched."""
    raw = data.encode() if isinstance(data, str) else data
    sys.stdout.buffer.write(raw)
    sys.stdout.buffer.flush()


def table_console() -> Console:
    """Give a console for tables: the terminal's width, or wide enough for a pipe."""
    from rich.console import Console

    width = None if sys.stdout.isatty() else 200
    return Console(width=width, highlight=False)


def folding_table(*headings: str) -> Table:
    """Give a table whose cells wrap anywhere: Chinese has no spaces to wrap at."""
    from rich.table import Table

    table = Table()
    for heading in headings:
        table.add_column(heading, overflow="fold")
    return table


def print_findings(findings: Iterable[Finding], lang: str) -> None:
    """Print findings to standard error: one line each, then the source's words and the advice."""
    told = [each for each in findings if each.severity == "error" or not _state["quiet"]]
    if not told:
        return
    from rich.markup import escape

    console = _voice()
    for finding in told:
        sign, colour = _SIGNS[finding.severity]
        where = escape(str(finding.where))
        message = escape(finding.message(lang))
        console.print(f"[{colour}]{sign}[/] [bold]{where}[/] {message}")
        if finding.sentence:
            console.print(f"    「{escape(finding.sentence)}」", style="dim")
        if finding.mend(lang):
            console.print(f"    → {escape(finding.mend(lang))}")
