"""``policygraph search``: find things and sentences by words."""

from __future__ import annotations

import json
from pathlib import Path

import click
from rich.table import Table
from rich.text import Text

from policygraph.api.policy_graph import PolicyGraph
from policygraph.cli.console import common, folding_table, language, out, table_console, tell
from policygraph.cli.places import place_of
from policygraph.cli.rows import csv_pieces
from policygraph.errors import WrongUsage
from policygraph.graph.search.data import COLUMNS, data_of, rows_of
from policygraph.graph.search.find import MOST, Found, Hit
from policygraph.graph.search.words import words_of
from policygraph.namespaces import PG
from policygraph.pipeline import current

_HEADS = {"en": ("kind", "found", "in", "key"), "zh": ("类别", "结果", "出处", "键")}
_SHOWN = 6
"""Values of a facet that are told."""


@click.command("search")
@click.argument("words", nargs=-1, required=True)
@click.option("--kind", default="", help="Only things of a class: Goal, Institution, Passage …")
@click.option("--year", default="", help="Only what is said of a year, or by a document of it.")
@click.option("--document", default="", help="Only what a document speaks of, by its key or IRI.")
@click.option("--limit", type=click.IntRange(1, MOST), default=20, help="Hits to show.")
@click.option("--offset", type=click.IntRange(min=0), default=0, help="Hits to leave out first.")
@click.option(
    "-f", "--format", "form", type=click.Choice(["table", "csv", "json"]), default="table"
)
@common
def search_command(
    words: tuple[str, ...],
    kind: str,
    year: str,
    document: str,
    limit: int,
    offset: int,
    form: str,
    workspace: Path | None,
) -> None:
    """Find things by their names and sentences by their words, the best first.

    WORDS may be Chinese in either script, English, pinyin or its initials (gjsjj). Names that are
    just so come first, then those that begin so, then all others, then sentences.
    """
    query = " ".join(words)
    if not words_of(query):
        raise WrongUsage("search/no-words")
    graph = current(place_of(workspace), progress=tell)
    found = graph.search(query, kind=kind, year=year, document=document, limit=limit, offset=offset)
    if form == "json":
        out(json.dumps(data_of(found), ensure_ascii=False, indent=1) + "\n")
    elif form == "csv":
        out(b"".join(csv_pieces(COLUMNS, rows_of(found))))
    else:
        table_console().print(_table(found, graph, language()))
        tell("search/found", _counts(found, graph))


def _table(found: Found, graph: PolicyGraph, lang: str) -> Table:
    table = folding_table(*_HEADS[lang])
    for hit in found.hits:
        kind = graph.label(PG + hit.kind, lang)
        table.add_row(kind, _marked(hit, lang), _where(hit, graph, lang), _key(hit, graph))
    return table


def _marked(hit: Hit, lang: str) -> Text:
    """Give the text with the words marked, and below it the name in the reader's language."""
    pieces = [(f"【{piece}】", "bold") if marked else piece for piece, marked in hit.snippet()]
    own = [text for tag, text in hit.labels.items() if tag.startswith(lang)]
    if own and hit.text not in own:
        pieces.append((f"\n{own[0]}", "dim"))
    return Text.assemble(*pieces)


def _where(hit: Hit, graph: PolicyGraph, lang: str) -> Text:
    names = [graph.label(iri, lang) for iri in hit.documents[:2]]
    names += [f"+{len(hit.documents) - 2}"] if len(hit.documents) > 2 else []
    return Text("\n".join(names))


def _key(hit: Hit, graph: PolicyGraph) -> Text:
    if hit.span:
        return Text(f"{hit.span[0]}–{hit.span[1]}")
    return Text(hit.iri.removeprefix(graph.ids.base).removeprefix("id/"))


def _counts(found: Found, graph: PolicyGraph) -> dict[str, object]:
    kinds = [(graph.label(PG + kind, language()), n) for kind, n in found.facets["kind"]]
    told = [f"{name} {n}" for name, n in (*kinds[:_SHOWN], *found.facets["year"][:_SHOWN])]
    return {"shown": len(found.hits), "total": found.total, "facets": " · ".join(told) or "–"}
