"""``policygraph matrix``, ``compare``, ``conflicts`` and ``brief``: what an analyst asks."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from policygraph.api.policy_graph import PolicyGraph
from policygraph.cli.console import common, language, out, print_findings, table_console, tell
from policygraph.cli.places import own_place, place_of
from policygraph.errors import UnreadableInput, Where, WrongUsage
from policygraph.pipeline import current
from policygraph.publish.folder import write_file
from policygraph.publish.sheets.sheet import Sheet
from policygraph.publish.sheets.terminal import terminal_table
from policygraph.study.compare import CARRIED, REWORDED, Comparison, Pair, Thresholds
from policygraph.study.compare.likeness import PARTS, Weights
from policygraph.study.matrix import GROUPINGS
from policygraph.study.said import LeftOut
from policygraph.text.pairs import ACCEPTED, Offer, as_judgements, with_offers

SHEETS = ("table", "csv", "xlsx", "html", "json")
BRIEFS = ("md", "html", "docx")
_BINARY = ("xlsx", "docx")
_LEFT_OUT = {"later": "study/later", "undated": "study/undated", "no-period": "study/no-period"}
_SHOWN = {
    "matrix": ("goal", "action", "responsible", "supporting", "deadline", "initiative"),
    "compare": ("certainty", "score", "earlier", "later", "parts", "editor"),
    "conflicts": ("state", "value", "sources", "source", "words"),
}


def _written(forms: tuple[str, ...]) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Give a command --format and --output; the ending of the file tells the format too."""

    def with_options(command: Callable[..., Any]) -> Callable[..., Any]:
        @click.option(
            "-f", "--format", "form", type=click.Choice(forms), help=f"By default {forms[0]}."
        )
        @click.option(
            "-o",
            "--output",
            type=click.Path(path_type=Path),
            help="Write there, whole or not at all; the ending tells the format.",
        )
        @functools.wraps(command)
        def chosen(*args: Any, form: str | None, output: Path | None, **rest: Any) -> Any:
            found = form or (_form_of(output, forms) if output else forms[0])
            if found in _BINARY and output is None:
                raise WrongUsage("study/needs-file", form=found)
            return command(*args, form=found, output=output, **rest)

        return chosen

    return with_options


def _form_of(output: Path, forms: tuple[str, ...]) -> str:
    form = output.suffix.removeprefix(".").lower()
    if form not in forms or form == "table":
        known = ", ".join(f".{each}" for each in forms if each != "table")
        raise WrongUsage("study/form-unknown", path=output.name, known=known)
    return form


_as_of = click.option(
    "--as-of", metavar="DATE", help="As known on that day: later documents are left out."
)


@click.command("matrix")
@click.option("--period", metavar="YEAR", help="The period of the actions; by default all.")
@click.option("--by", type=click.Choice(GROUPINGS), default="goal", help="How rows are grouped.")
@_as_of
@_written(SHEETS)
@common
def matrix_command(
    period: str | None,
    by: str,
    as_of: str | None,
    form: str,
    output: Path | None,
    workspace: Path | None,
) -> None:
    """Lay out every action: goal, bodies, deadline, initiative, sentence; gaps are counted."""
    from policygraph.publish.sheets.studies import matrix_sheet

    found = _graph(workspace).matrix(period, by=by, as_of=as_of)
    _tell_left_out(found.left_out)
    _give(matrix_sheet(found, language()), form, output, "matrix")


@click.command("compare")
@click.argument("one")
@click.argument("other")
@click.option(
    "--likely", type=float, default=Thresholds.likely, help="From here on pairs are likely."
)
@click.option("--least", type=float, default=Thresholds.least, help="Below this there is no pair.")
@click.option(
    "--same", type=float, default=Thresholds.same, help="From here on words are the same."
)
@click.option(
    "--weight", "weights", multiple=True, metavar="PART=NUMBER", help=f"Parts: {', '.join(PARTS)}."
)
@click.option("--offer", is_flag=True, help="Add uncertain pairs to data/comparisons.yaml.")
@click.option("--adopt", is_flag=True, help="Make judgements of the pairs accepted there.")
@_as_of
@_written(SHEETS)
@common
def compare_command(
    one: str,
    other: str,
    likely: float,
    least: float,
    same: float,
    weights: tuple[str, ...],
    as_of: str | None,
    form: str,
    output: Path | None,
    workspace: Path | None,
    *,
    offer: bool,
    adopt: bool,
) -> None:
    """Compare two documents or two years: carried over, reworded, dropped, reported done, new.

    Pairs are proposals, each with both sentences and a likeness that is explained. Uncertain ones
    are for a person to review; nothing becomes a fact by itself.
    """
    from policygraph.publish.sheets.studies import comparison_sheet

    thresholds = Thresholds(likely, least, same)
    place = own_place(workspace) if offer or adopt else place_of(workspace)
    graph = current(place, progress=tell)
    found = graph.compare(one, other, thresholds=thresholds, weights=_weights(weights), as_of=as_of)
    _tell_left_out(found.left_out)
    print_findings(graph.idle_decisions(), language())
    _give(comparison_sheet(found, language()), form, output, "compare")
    if offer:
        _offer(graph, found)
    if adopt:
        _adopt(graph, found)


@click.command("conflicts")
@click.option("--all", "agreeing", is_flag=True, help="Show what sources agree on, too.")
@_as_of
@_written(SHEETS)
@common
def conflicts_command(
    as_of: str | None,
    form: str,
    output: Path | None,
    workspace: Path | None,
    *,
    agreeing: bool,
) -> None:
    """Show where sources give different values of one thing, each with its words."""
    from policygraph.publish.sheets.studies import conflicts_sheet

    found = _graph(workspace).conflicts(as_of=as_of)
    _tell_left_out(found.left_out)
    _give(conflicts_sheet(found, language(), agreeing=agreeing), form, output, "conflicts")


@click.command("brief")
@click.option("--period", metavar="YEAR", help="By default the latest one with a plan.")
@_as_of
@_written(BRIEFS)
@common
def brief_command(
    period: str | None, as_of: str | None, form: str, output: Path | None, workspace: Path | None
) -> None:
    """Write a period in brief: aims, goals, initiatives, figures, gaps, each with its sentence."""
    from policygraph.publish.brief import brief_bytes

    found = _graph(workspace).brief(period, as_of=as_of)
    _tell_left_out(found.left_out)
    _deliver(brief_bytes(found, language(), form), output)


def _graph(workspace: Path | None) -> PolicyGraph:
    return current(place_of(workspace), progress=tell)


def _give(sheet: Sheet, form: str, output: Path | None, room: str) -> None:
    """Print a table on the terminal, or write it in a format."""
    if form == "table" and output is None:
        table_console().print(terminal_table(sheet, *_SHOWN[room]))
        return
    _deliver(_sheet_bytes(sheet, form), output)


def _sheet_bytes(sheet: Sheet, form: str) -> bytes:
    """Write a table in a format.

    Raises:
        WrongUsage: the format is for terminals only, or a library is missing.
    """
    if form == "xlsx":
        from policygraph.publish.sheets.excel import xlsx_bytes

        return xlsx_bytes(sheet)
    if form == "html":
        from policygraph.publish.sheets.web import html_bytes

        return html_bytes(sheet)
    from policygraph.publish.sheets.data import csv_bytes, json_bytes

    return {"csv": csv_bytes, "json": json_bytes}[form](sheet)


def _deliver(data: bytes, output: Path | None) -> None:
    if output is None:
        out(data)
        return
    write_file(output, data)
    tell("study/written", {"path": str(output)})


def _tell_left_out(left_out: Iterable[LeftOut]) -> None:
    for each in left_out:
        name = each.document.name(language()).text
        tell(_LEFT_OUT[each.why], {"document": name, "count": each.count})


def _weights(given: tuple[str, ...]) -> Weights:
    weights = Weights()
    for text in given:
        name, _, number = text.partition("=")
        try:
            value = float(number)
        except ValueError:
            value = -1.0
        if name not in PARTS or not 0 <= value < float("inf"):
            raise WrongUsage("study/weight", given=text, parts=", ".join(PARTS))
        weights = replace(weights, **{name: value})
    if not any(getattr(weights, name) for name in PARTS):
        raise WrongUsage("study/weight", given=" ".join(given), parts=", ".join(PARTS))
    return weights


def _offer(graph: PolicyGraph, found: Comparison) -> None:
    """Add the pairs nobody has looked at to the file of pairs; what stands there stays."""
    known = {(each.earlier, each.later) for each in graph.decisions()}
    offers = []
    for pair in found.uncertain:
        earlier, later = pair.earlier.first.thing.iri, pair.later.first.thing.iri
        if pair.decision is None and (earlier, later) not in known:
            offers.append(_as_offer(pair, f"{graph.place.base}id/"))
    path = graph.place.comparisons
    if offers:
        write_file(path, with_offers(_read(path), offers).encode())
    tell("study/offered", {"count": len(offers), "path": str(path)})


def _as_offer(pair: Pair, start: str) -> Offer:
    earlier, later = pair.earlier.first, pair.later.first
    return Offer(
        earlier.thing.iri.removeprefix(start),
        later.thing.iri.removeprefix(start),
        pair.likeness.score,
        (earlier.words.text, later.words.text),
    )


def _adopt(graph: PolicyGraph, found: Comparison) -> None:
    """Make judgements of what a reviewer accepted as carried on and no judgement links yet.

    That a plan was done, or that two reports say the same, is no continuation.
    """
    start = f"{graph.place.base}id/"
    accepted = [
        replace(
            pair.decision,
            earlier=pair.decision.earlier.removeprefix(start),
            later=pair.decision.later.removeprefix(start),
        )
        for pair in found.pairs
        if pair.certainty == ACCEPTED
        and pair.outcome in (CARRIED, REWORDED)
        and pair.decision
        and not pair.judgements
    ]
    path = graph.place.data / "registry" / "judgements.yaml"
    if accepted:
        write_file(path, as_judgements(_read(path), accepted).encode())
    tell("study/adopted", {"count": len(accepted), "path": str(path)})


def _read(path: Path) -> str:
    """Read a file that is to be added to; empty where there is none yet.

    Raises:
        UnreadableInput: it cannot be read.
    """
    try:
        text = path.read_text(encoding="utf-8") if path.exists() else ""
    except (OSError, UnicodeDecodeError) as error:
        raise UnreadableInput("yaml/malformed", Where(str(path)), why=str(error)) from error
    return text if not text or text.endswith("\n") else text + "\n"
