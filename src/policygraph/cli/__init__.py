"""The command line: arguments in, report and exit code out.

One file a group of commands; each is imported when its command is called, so that ``--help`` stays
fast. Exit codes: 0 ok, 1 findings, 2 usage, 3 unreadable input or a place that cannot be written.
"""

from __future__ import annotations

import importlib
import os
import sys

import click

from policygraph.errors import PolicyGraphError
from policygraph.messages import advise, say
from policygraph.report import DataError

_COMMANDS = {
    "restore": ("restore", "Repair a damaged text and show every edit."),
    "draft": ("draft", "Propose statements for a text; a person reviews them."),
    "names": ("names", "Show what texts name; propose entries for the registry."),
    "review": ("review", "Decide on drafted rows in a page that only this machine sees."),
    "build": ("build", "Build, check, infer and publish the graph into dist/."),
    "validate": ("build", "Check the data against the shapes; report in words."),
    "coverage": ("build", "Show which sentence carries which statements."),
    "query": ("ask", "Ask a named query or SPARQL text; without a name, list the queries."),
    "search": ("search", "Find things and sentences by words, pinyin or initials."),
    "explain": ("explain", "Show why a triple is in the graph, down to the sentence."),
    "network": ("network", "Show who and what is joined, as tables, files or a picture."),
    "path": ("network", "Show the shortest way between two things, each step with its sentence."),
    "load": ("load", "Load the built graph into a store elsewhere, from where it was cut off."),
    "matrix": ("study", "Lay out every action: goal, bodies, deadline, initiative, gaps."),
    "compare": ("study", "Compare two documents or years: carried over, dropped, done, new."),
    "conflicts": ("study", "Show where sources give different values of one thing."),
    "brief": ("study", "Write a period in brief, every line with its sentence."),
    "publish": ("publish", "Write the graph as a site of pages and data, for any web host."),
    "export": ("export", "Write the graph in one format."),
    "link": ("link", "Find links to another vocabulary, and decide on them."),
    "serve": ("serve", "Serve pages, linked data and SPARQL over HTTP, read-only."),
    "mcp": ("mcp", "Offer the graph to an assistant: five tools that only read."),
    "new": ("new", "Make a workspace with a commented example."),
    "demo": ("demo", "Run the main job on the example report and show what comes out."),
}
"""Command → the module that holds it and its line in the help."""


class _LazyGroup(click.Group):
    """Imports a command when it is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        return list(_COMMANDS)

    def get_command(
        self,
        ctx: click.Context,  # noqa: ARG002 - click's signature
        cmd_name: str,
    ) -> click.Command | None:
        if cmd_name not in _COMMANDS:
            return None
        module = importlib.import_module(f"policygraph.cli.{_COMMANDS[cmd_name][0]}")
        command: click.Command = getattr(module, f"{cmd_name}_command")
        return command

    def invoke(self, ctx: click.Context) -> object:
        """Run a command; an error of ours becomes a message and an exit code."""
        try:
            return super().invoke(ctx)
        except PolicyGraphError as error:
            ctx.exit(_report(error))

    def format_commands(
        self,
        ctx: click.Context,  # noqa: ARG002 - click's signature
        formatter: click.HelpFormatter,
    ) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, line) for name, (_, line) in _COMMANDS.items()])


@click.group(cls=_LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="policygraph", message="policygraph %(version)s")
def policygraph() -> None:
    """Policy text in, a validated, linked RDF knowledge graph out.

    Every triple opens the sentence that states it. Data goes to standard output, messages to
    standard error. Without a workspace in the current folder, the example that travels with
    policygraph is used.
    """


def main() -> None:
    """Run the command line and exit."""
    try:
        # click hands an exit code over as the value; a command that just ends gives None
        code = policygraph.main(standalone_mode=False, prog_name="policygraph") or 0
    except click.ClickException as error:
        error.show()
        code = 2
    except (click.Abort, KeyboardInterrupt):
        code = 130
    except BrokenPipeError:
        sys.stderr.close()
        code = 141
    except Exception as error:  # noqa: BLE001 - the last door: no traceback reaches a user
        code = _fault(error)
    sys.exit(code)


def _report(error: PolicyGraphError) -> int:
    from policygraph.cli.console import language, note, print_findings

    lang = language()
    if isinstance(error, DataError):
        print_findings(error.findings, lang)
    note(error.message(lang), style="bold red")
    if error.mend(lang):
        note(error.mend(lang))
    return error.exit_code


def _fault(error: Exception) -> int:
    from policygraph.cli.console import language, note

    if os.environ.get("POLICYGRAPH_DEBUG"):
        raise error
    facts = {"why": f"{type(error).__name__}: {error}"}
    note(say("program/fault", facts, language()), style="bold red")
    note(advise("program/fault", facts, language()))
    return 70
