"""``policygraph query``: ask the graph."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

import click
from pyoxigraph import QueryBoolean

from policygraph.bounded import Limits, bounded
from policygraph.cli.console import common, folding_table, language, out, table_console, tell
from policygraph.cli.places import place_of
from policygraph.errors import WrongUsage
from policygraph.graph.query import (
    FORMATS,
    Answer,
    Asker,
    Heading,
    NamedQuery,
    answer_of,
    read_queries,
    serialize_result,
)
from policygraph.identifiers import Identifiers
from policygraph.pipeline import current
from policygraph.text.source import read_source
from policygraph.workspace import Place

if TYPE_CHECKING:
    from rich.table import Table

_LONG = 86_400
"""Seconds that an answer from elsewhere may take if it may take any time."""


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
@click.option("--endpoint", metavar="URL", help="Ask the store there instead of the graph here.")
@click.option(
    "--with",
    "beside",
    multiple=True,
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Lay a file of RDF beside the graph for this question. Repeat for more.",
)
@common
def query_command(
    question: str | None,
    values: dict[str, str],
    form: str,
    timeout: float,
    memory: int,
    max_rows: int | None,
    endpoint: str | None,
    beside: tuple[Path, ...],
    workspace: Path | None,
) -> None:
    """Ask QUESTION: the name of a query, SPARQL, a file of it, or - for standard input.

    Without QUESTION, list the named queries with their parameters. A question that takes more than
    it may is ended; so is one by Ctrl-C.
    """
    if question is not None:
        sparql = sys.stdin.read() if question == "-" else ""
        place = place_of(workspace)
        if endpoint and beside:
            raise WrongUsage("query/with-elsewhere")
        limits = Limits(timeout, memory * 2**20, offline=not endpoint)
        asker = _elsewhere(endpoint, place, limits) if endpoint else _here(place)
        found = bounded(
            lambda: _answered(_beside(asker, beside), question, sparql, values, form, max_rows),
            limits,
        )
        if isinstance(found, bytes):
            out(found)
        else:
            _show(found, place)
        return
    if form != "table":
        raise WrongUsage("query/list-is-a-table", form=form)
    table_console().print(_list(read_queries(place_of(workspace).queries)))


def _show(answer: Answer, place: Place) -> None:
    from policygraph.publish.tables import answer_table

    table_console().print(answer_table(answer, language(), Identifiers(place.base)))


def _here(place: Place) -> Asker:
    return current(place, progress=tell).asker


def _beside(asker: Asker, files: tuple[Path, ...]) -> Asker:
    """Lay files beside the graph; called in the process of the question, which ends with it."""
    if not files:
        return asker
    from policygraph.graph.link.beside import with_files

    return Asker(with_files(asker.store, files), asker.queries)


def _elsewhere(endpoint: str, place: Place, limits: Limits) -> Asker:
    """Get ready to ask a store elsewhere with the queries of a workspace."""
    from policygraph.cli.load import remote_store
    from policygraph.graph.vocabulary import read_vocabulary
    from policygraph.remote.addresses import addresses
    from policygraph.remote.ask import RemoteAsker
    from policygraph.remote.connection import Patience

    patience = Patience(limits.seconds or _LONG, most=limits.memory // 4)
    classes = read_vocabulary(place.ontology).classes
    remote = remote_store(addresses(endpoint, queries=True), patience)
    return RemoteAsker(remote, read_queries(place.queries), Identifiers(place.base), classes)


def _answered(
    asker: Asker,
    question: str,
    sparql: str,
    values: dict[str, str],
    form: str,
    max_rows: int | None,
) -> Answer | bytes:
    """Answer a question: as rows for a table, or written in a format."""
    text, headings = (sparql, {}) if question == "-" else _text_of(question, asker)
    bindings = asker.bind(asker.named(question), values) if headings else {}
    if values and not headings:
        raise WrongUsage(
            "query/unknown-parameter", query=question, name=next(iter(values)), known="-"
        )
    if max_rows:
        rows = asker.run(text, bindings)
        if not isinstance(rows, QueryBoolean) and any(islice(rows, max_rows, None)):
            raise WrongUsage("query/too-many-rows", count=max_rows)
    result = asker.run(text, bindings)
    return answer_of(result, headings) if form == "table" else serialize_result(result, form)


def _text_of(question: str, asker: Asker) -> tuple[str, Mapping[str, Heading]]:
    """Give SPARQL text, and the headings of its columns if it is a named query."""
    if question.endswith((".rq", ".sparql")):
        return read_source(Path(question)).text, {}
    if any(sign in question for sign in "{<"):
        return question, {}
    query = asker.named(question)
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
