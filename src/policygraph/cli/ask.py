"""``policygraph query``: ask the graph."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from itertools import islice
from pathlib import Path

import click
from pyoxigraph import QueryBoolean
from rich.table import Table

from policygraph.api.policy_graph import PolicyGraph
from policygraph.bounded import Limits, bounded
from policygraph.cli.console import common, folding_table, language, out, table_console, tell
from policygraph.cli.places import place_of
from policygraph.errors import WrongUsage
from policygraph.graph.query import FORMATS, Answer, NamedQuery, answer_of, serialize_result
from policygraph.pipeline import current
from policygraph.publish.tables import answer_table
from policygraph.text.source import read_source


def _parameters(
    _ctx: click.Context, _option: click.Parameter, given: tuple[str, ...]
) -> dict[str, str]:
    values = {}
    for text in given:
        name, sign, value = text.partition("=")
        if not sign or not name:
            raise WrongUsage("query/bad-parameter", given=text)
        values[name] = value
    return values


def _complete_query(_ctx: click.Context, _option: click.Parameter, start: str) -> list[str]:
    from policygraph.assets import asset

    names = sorted(path.stem for path in asset("queries").glob("*.rq"))
    return [name for name in names if name.startswith(start)]


@click.command("query")
@click.argument("question", required=False, shell_complete=_complete_query)
@click.option(
    "-p",
    "--parameter",
    "values",
    multiple=True,
    callback=_parameters,
    metavar="NAME=VALUE",
    help="A parameter: a label, a key or an IRI. Repeat for more.",
)
@click.option(
    "-f",
    "--format",
    "form",
    type=click.Choice(FORMATS),
    default="table",
    help="Format of the answer.",
)
@click.option(
    "--timeout", type=click.FloatRange(min=0), default=60, help="Seconds it may take; 0 for any."
)
@click.option(
    "--memory", type=click.IntRange(min=0), default=4096, help="MiB it may take; 0 for any."
)
@click.option("--max-rows", type=click.IntRange(min=1), help="Rows the answer may have.")
@common
def query_command(
    question: str | None,
    values: dict[str, str],
    form: str,
    timeout: float,
    memory: int,
    max_rows: int | None,
    workspace: Path | None,
) -> None:
    """Ask QUESTION: the name of a query, a file of SPARQL, or - for SPARQL from standard input.

    Without QUESTION, list the named queries with their parameters. A question that takes more than
    it may is ended; so is one by Ctrl-C.
    """
    if question is not None:
        sparql = sys.stdin.read() if question == "-" else ""
        graph = current(place_of(workspace), progress=tell)
        found = bounded(
            lambda: _answered(graph, question, sparql, values, form, max_rows),
            Limits(timeout, memory * 2**20),
        )
        if isinstance(found, bytes):
            out(found)
        else:
            table_console().print(answer_table(found, language(), graph.ids))
        return
    if form != "table":
        raise WrongUsage("query/list-is-a-table", form=form)
    graph = current(place_of(workspace), progress=tell)
    table_console().print(_list(graph.asker.queries))


def _answered(
    graph: PolicyGraph,
    question: str,
    sparql: str,
    values: dict[str, str],
    form: str,
    max_rows: int | None,
) -> Answer | bytes:
    """Answer a question: as rows for a table, or written in a format."""
    text, headings = (sparql, {}) if question == "-" else _text_of(question, graph)
    bindings = graph.asker.bind(graph.asker.named(question), values) if headings else {}
    if values and not headings:
        raise WrongUsage(
            "query/unknown-parameter", query=question, name=next(iter(values)), known="-"
        )
    if max_rows:
        rows = graph.asker.run(text, bindings)
        if not isinstance(rows, QueryBoolean) and any(islice(rows, max_rows, None)):
            raise WrongUsage("query/too-many-rows", count=max_rows)
    result = graph.asker.run(text, bindings)
    return answer_of(result, headings) if form == "table" else serialize_result(result, form)


def _text_of(question: str, graph: PolicyGraph) -> tuple[str, Mapping[str, Mapping[str, str]]]:
    """Give SPARQL text, and the headings of its columns if it is a named query."""
    if question.endswith((".rq", ".sparql")):
        return read_source(Path(question)).text, {}
    query = graph.asker.named(question)
    return query.text, query.columns


def _list(queries: Mapping[str, NamedQuery]) -> Table:
    heads = {"en": ("query", "question", "parameters"), "zh": ("查询", "问题", "参数")}
    lang = language()
    table = folding_table(*heads[lang])
    for query in queries.values():
        parameters = (
            f"{parameter.name}={parameter.example}" + ("" if parameter.required else "?")
            for parameter in query.parameters
        )
        table.add_row(query.name, query.question[lang], "\n".join(parameters))
    return table
