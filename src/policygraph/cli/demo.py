"""``policygraph demo``: the main job on the example report, with something worth seeing."""

from __future__ import annotations

from collections import Counter
from contextlib import suppress
from pathlib import Path

import click
from rich.console import Console
from rich.rule import Rule
from rich.tree import Tree

from policygraph.api.policy_graph import PolicyGraph
from policygraph.cli.build import write_dist
from policygraph.cli.console import common, language, print_findings, table_console, tell
from policygraph.cli.explain import explanation_tree
from policygraph.cli.places import place_of
from policygraph.cli.serve import check_extra, serve_graph, served_for
from policygraph.corpus.order import Order
from policygraph.errors import CannotWrite
from policygraph.messages import say
from policygraph.pipeline import build_place
from policygraph.publish.tables import answer_table
from policygraph.report import Finding
from policygraph.text.documents import document_folders, read_document
from policygraph.text.restore.redamage import check
from policygraph.workspace import Place

_HOST, _PORT = "127.0.0.1", 8000
_GOAL_YEAR = "2024"
_INITIATIVE = "cn-east-data-west-computing"
_INFERENCE = ("cn-nda", "behindGoal", "cn-ndwc-2024-g5")


@click.command("demo")
@click.option(
    "-o", "--output", type=click.Path(path_type=Path), help="Folder to write; dist/ if not given."
)
@click.option("--serve", "serving", is_flag=True, help="Serve the graph at last; Ctrl-C ends it.")
@common
def demo_command(output: Path | None, workspace: Path | None, *, serving: bool) -> None:
    """Restore, build, check, infer, ask and publish the example report.

    With --serve the last line is the address of the pages.
    """
    if serving:
        check_extra()
    console = table_console()
    place = place_of(workspace)
    _show_restoration(console, place)
    _head(console, "demo/build")
    graph = build_place(Order(place, tell, engine="pyshacl"))
    print_findings(graph.findings, language())
    target = output or _output(place)
    write_dist(graph, target)
    _show_goals(console, graph)
    _show_initiative(console, graph)
    _head(console, "demo/why")
    console.print(explanation_tree(graph.why(*_INFERENCE), language()))
    console.print()
    console.print(say("demo/next", {}, language()), markup=False)
    if serving:
        with suppress(KeyboardInterrupt):  # as it is meant to end
            serve_graph(served_for(target, workspace), _HOST, _port(), {})


def _port() -> int:
    """Give the usual port, or that of a free one where somebody has it."""
    from policygraph.serve.server import listening

    try:
        listening(_HOST, _PORT).close()
    except CannotWrite:
        return 0
    return _PORT


def _output(place: Place) -> Path:
    """Write beside the data of a workspace; the bundled example goes to the current folder."""
    return place.root / "dist" if Place.is_at(Path()) else Path("dist")


def _head(console: Console, name: str) -> None:
    console.print()
    console.print(Rule(say(name, {}, language()), align="left"))


def _show_restoration(console: Console, place: Place) -> None:
    _head(console, "demo/restore")
    findings: list[Finding] = []
    for folder in document_folders(place.data):
        restoration = read_document(folder, findings).restoration
        kinds = Counter((edit.kind, edit.status) for edit in restoration.edits)
        for (kind, status), count in sorted(kinds.items()):
            console.print(f"  {count:4}  {kind} · {status}", markup=False)
        inferred = [edit for edit in restoration.edits if edit.status == "inferred"]
        for edit in inferred:
            console.print(f"        {edit.restored_text}: {edit.explain(language())}", markup=False)
        result = check(restoration)
        name = "restore/self-test-equal" if result.equal else "restore/self-test-differs"
        facts = {"equal": result.agreeing, "compared": result.compared}
        console.print("  " + say(name, facts, language()), markup=False)


def _show_goals(console: Console, graph: PolicyGraph) -> None:
    """Draw the goals of the year with their actions, each in both languages."""
    _head(console, "demo/goals")
    tree = Tree(_GOAL_YEAR, guide_style="dim")
    for goal in graph.query("goals-of-year", year=_GOAL_YEAR):
        branch = tree.add(f"[bold]{goal['goal_zh']}[/]  {goal['goal_en']}")
        if goal["actions"]:
            for action in graph.query("actions-of-goal", goal=goal["goal"]):
                branch.add(f"{action['action_zh']}  [dim]{action['action_en']}[/]")
    console.print(tree)


def _show_initiative(console: Console, graph: PolicyGraph) -> None:
    _head(console, "demo/initiative")
    answer = graph.query("initiative-statements", initiative=_INITIATIVE)
    console.print(answer_table(answer, language(), graph.ids))
