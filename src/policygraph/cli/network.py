"""``policygraph network`` and ``path``: what is joined, and how one thing leads to another."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

import click
from rich.markup import escape
from rich.table import Table

from policygraph.api.policy_graph import PolicyGraph
from policygraph.api.ways import Way, WayStep
from policygraph.cli.console import common, folding_table, language, out, table_console, tell
from policygraph.cli.explain import explanation_tree
from policygraph.cli.places import place_of
from policygraph.cli.rows import csv_pieces, json_pieces
from policygraph.errors import WrongUsage
from policygraph.messages import say
from policygraph.pipeline import current
from policygraph.publish.folder import write_file

if TYPE_CHECKING:
    import networkx as nx

_FORMATS = ("table", "graphml", "gexf", "json", "cytoscape", "csv", "svg", "png")
_WAY_FORMATS = ("table", "csv", "json")
_WAY_COLUMNS = (
    *("way", "step", "from", "relation", "direction", "to", "origin"),
    *("premise", "premise_origin", "evidence", "words", "sentence", "by"),
)
_MOST_WAYS = 200
"""Ways between two things can be without number; nobody reads more than these."""

_WEAK = {
    "record": {"en": "on record", "zh": "登记信息"},
    "registry": {"en": "from a source", "zh": "取自来源"},
    "editor": {"en": "editor's judgement", "zh": "编者判断"},
    "inferred": {"en": "inferred", "zh": "推理所得"},
}
"""Marks of steps that no document states."""


def _complete(_ctx: click.Context, _option: click.Parameter, start: str) -> list[str]:
    from policygraph.assets import asset

    names = sorted(path.stem for path in asset("queries", "projections").glob("*.yaml"))
    return [name for name in names if name.startswith(start)]


@click.command("network")
@click.argument("name", required=False, shell_complete=_complete)
@click.option("-f", "--format", "form", type=click.Choice(_FORMATS), default="table")
@click.option(
    "--most", type=click.IntRange(2, 200), default=60, help="Of svg and png: things drawn at most."
)
@click.option("--nodes", is_flag=True, help="Of csv: the nodes with their measures, not the edges.")
@click.option(
    "-o", "--output", type=click.Path(path_type=Path), help="Write there, whole or not at all."
)
@common
def network_command(
    *,
    name: str | None,
    form: str,
    most: int,
    nodes: bool,
    output: Path | None,
    workspace: Path | None,
) -> None:
    """Show the network NAME: who or what is joined, how central it is, on whose word.

    Networks are described by files in queries/projections/. Without NAME, list them.
    """
    graph = current(place_of(workspace), progress=tell)
    if name is None:
        if form != "table":
            raise WrongUsage("network/list-is-a-table", form=form)
        table_console().print(_list(graph))
        return
    network = graph.projection(name)
    if form == "table":
        table_console().print(_nodes(network, language()))
        table_console().print(_edges(network, language()))
        return
    if form == "png" and output is None and sys.stdout.isatty():
        raise WrongUsage("network/png-to-terminal")
    data = _written(network, form, most, nodes=nodes)
    if output:
        write_file(output, data)
    else:
        out(data)


def _written(network: nx.Graph[str], form: str, most: int, *, nodes: bool) -> bytes:
    if form in ("svg", "png"):
        from policygraph.publish.network_picture import network_picture, network_png

        drawn = network_picture(network, "en" if language() == "en" else "zh", most)
        return network_png(drawn) if form == "png" else drawn.encode()
    from policygraph.study.network.formats import write_network

    return write_network(network, form, language(), nodes=nodes)


def _list(graph: PolicyGraph) -> Table:
    lang = language()
    table = folding_table(*{"en": ("network", "question"), "zh": ("网络", "问题")}[lang])
    for projection in graph.projections.values():
        table.add_row(projection.name, projection.question[lang])
    return table


_NODE_HEADS = {
    "en": ("thing", "kind", "degree", "betweenness", "PageRank", "community", "statements behind"),
    "zh": ("事物", "类型", "度", "中介中心性", "PageRank", "社群", "所依据的陈述"),
}
_EDGE_HEADS = {
    "en": ("from", "to", "joined by", "weight", "origin", "words"),
    "zh": ("起点", "终点", "关系", "权重", "来源", "原文"),
}


def _nodes(network: nx.Graph[str], lang: str) -> Table:
    from policygraph.study.network.formats import label_of

    table = folding_table(*_NODE_HEADS[lang])
    for iri in sorted(network, key=lambda iri: (-network.nodes[iri]["pagerank"], iri)):
        about = network.nodes[iri]
        figures = (about[name] for name in ("degree", "betweenness", "pagerank", "community"))
        shown = (f"{one:.3f}" if isinstance(one, float) else str(one) for one in figures)
        keys = (one.rsplit("/", 1)[-1] for one in about["statements"])
        kind = about.get(f"kind_{lang}", about["kind"])
        table.add_row(escape(label_of(about, lang)), kind, *shown, " ".join(keys))
    return table


def _edges(network: nx.Graph[str], lang: str) -> Table:
    from policygraph.study.network.formats import label_of

    table = folding_table(*_EDGE_HEADS[lang])
    table.show_lines = True
    for start, end, about in network.edges(data=True):
        ends = (escape(label_of(network.nodes[iri], lang)) for iri in (start, end))
        others = (name.partition("/graph/")[2] for name in about["other_evidence"])
        words = [escape(text) for text in (*about["quotes"], *others)]
        shown = about[f"relation_{lang}"], str(about["weight"]), about["origin"]
        table.add_row(*ends, *shown, "\n".join(words))
    return table


@click.command("path")
@click.argument("start", metavar="A")
@click.argument("end", metavar="B")
@click.option("--max-length", type=click.IntRange(1, 20), default=6, help="Steps it may have.")
@click.option("--stated", is_flag=True, help="Only steps that a document states.")
@click.option("--alternatives", is_flag=True, help="Show all ways of the same length.")
@click.option("-f", "--format", "form", type=click.Choice(_WAY_FORMATS), default="table")
@common
def path_command(
    *,
    start: str,
    end: str,
    max_length: int,
    stated: bool,
    alternatives: bool,
    form: str,
    workspace: Path | None,
) -> None:
    """Show the shortest way from A to B, each step with the sentence that states it.

    A and B are keys, labels or IRIs. A step that rests on a source, a judgement or an inference
    says so; of ways of the same length the best founded is shown.
    """
    graph = current(place_of(workspace), progress=tell)
    found = graph.paths(start, end, longest=max_length, stated_only=stated)
    ways = list(islice(found, _MOST_WAYS))
    shown = ways if alternatives else ways[:1]
    if form != "table":
        pieces = csv_pieces if form == "csv" else json_pieces
        for piece in pieces(_WAY_COLUMNS, _way_rows(shown, language())):
            out(piece)
        return
    for way in shown:
        _print_way(graph, way, language())
    if len(ways) > len(shown):
        tell("network/other-ways", {"count": len(ways) - len(shown)})


def _print_way(graph: PolicyGraph, way: Way, lang: str) -> None:
    ends = (graph.label(iri, lang) for iri in (way[0].start, way[-1].end))
    facts = dict(zip(("start", "end"), ends, strict=True)) | {"count": len(way)}
    console = table_console()
    console.print(escape(say("network/way", facts, lang)), style="bold")
    for number, step in enumerate(way, 1):
        names = [graph.label(iri, lang) for iri in (step.start, step.relation, step.end)]
        mark = _WEAK.get(step.origin, {}).get(lang, "")
        shown = f"{number}. {_arrow(step, *names)}" + (f" ({mark})" if mark else "")
        console.print(escape(shown), style="yellow" if mark else "")
        console.print(explanation_tree(step.explanation, lang))


def _arrow(step: WayStep, start: str, relation: str, end: str) -> str:
    return f"{start} ←{relation}– {end}" if step.against else f"{start} –{relation}→ {end}"


def _way_rows(ways: Iterable[Way], lang: str) -> Iterator[tuple[object, ...]]:
    for place, way in enumerate(ways, 1):
        for number, step, row in way.rows(lang):
            direction = "against" if step.against else "along"
            ends = step.start, step.relation, direction, step.end, step.origin
            premise = " ".join((row.subject, row.predicate, row.object)) if row.step else ""
            evidence = row.origin, row.graph, row.words, row.sentence, row.by
            yield (place, number, *ends, premise, *evidence)
