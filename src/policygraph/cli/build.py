"""``policygraph build``, ``validate`` and ``coverage``: from the data to a graph that holds."""

from __future__ import annotations

import gc
import json
import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

from policygraph.cli.console import (
    common,
    folding_table,
    language,
    out,
    print_findings,
    progress_bar,
    table_console,
    tell,
)
from policygraph.cli.places import own_place, place_of
from policygraph.corpus.order import Order, processes
from policygraph.report import Finding, errors_among
from policygraph.text.coverage import SentenceCoverage, coverage
from policygraph.text.documents import count_documents, document_folders, read_document

if TYPE_CHECKING:
    from rich.table import Table

    from policygraph.api.policy_graph import PolicyGraph
    from policygraph.graph.validate import Result

_MANY = 500
"""Documents from which a graph is kept on disk: about a million quads."""

_Line = tuple[str, str, SentenceCoverage]
"""Id and text of a document, and one of its sentences."""


_engine = click.option(
    "--engine",
    type=click.Choice(["pyshacl", "fast"]),
    help="pyshacl and owlrl, or our own engines, which give the same results faster; "
    "if not given, pyshacl for a graph in memory, fast for one on disk.",
)


_jobs = click.option(
    "--jobs",
    type=click.IntRange(min=1),
    help="Processes that read documents; if not given, one for each processor from 64 documents.",
)


@click.command("build")
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    help="Folder to write; dist/ beside the data if not given.",
)
@click.option("--drafts", is_flag=True, help="Put rows nobody reviewed yet into graph/candidate.")
@click.option(
    "--same-as",
    is_flag=True,
    help="Let links say owl:sameAs: what is said of a thing then holds of the linked one, too.",
)
@click.option(
    "--keep-invalid",
    is_flag=True,
    help="Set aside what breaks a rule (quarantine.nq) instead of refusing the whole.",
)
@click.option(
    "--store",
    "on_disk",
    is_flag=True,
    help="Keep the graph in a store on disk and change it by what changed; so from 500 documents.",
)
@click.option(
    "--on",
    default="",
    metavar="dask[:ADDRESS]",
    help="Read documents on a Dask cluster: the one at ADDRESS, or one started here.",
)
@_engine
@_jobs
@common
def build_command(
    output: Path | None,
    engine: str | None,
    jobs: int | None,
    on: str,
    workspace: Path | None,
    *,
    drafts: bool,
    same_as: bool,
    keep_invalid: bool,
    on_disk: bool,
) -> None:
    """Build the graph and write it, whole or not at all.

    Nothing invalid is published: with errors in the data the old dist/ stays, exit code 1.
    """
    place = own_place(workspace)
    target = output or place.root / "dist"
    documents = count_documents(place.data, _MANY)
    kept = on_disk or documents >= _MANY
    with progress_bar() as progress:
        order = Order(
            place,
            progress,
            drafts=drafts,
            same_as=same_as,
            keep_invalid=keep_invalid,
            jobs=jobs or ((os.cpu_count() or 1) if on else processes(documents)),
            engine=engine or ("fast" if kept else "pyshacl"),
            on=on,
        )
        findings = _keep(order, target) if kept else _build(order, target)
    raise click.exceptions.Exit(1 if errors_among(findings) else 0)


def _keep(order: Order, target: Path) -> list[Finding]:
    """Bring the graph on disk up to date."""
    from policygraph.corpus.kept import keep

    gc.freeze()  # what is there now stays: nobody need look for rubbish among it
    kept = keep(order, target)
    print_findings(kept.findings, language())
    tell("build/kept", {"count": sum(kept.counts.values()), "path": str(target)})
    return kept.findings


def _build(order: Order, target: Path) -> list[Finding]:
    """Build the graph in memory and write it in every format."""
    from policygraph.pipeline import build_place

    graph = build_place(order)
    print_findings(graph.findings, language())
    write_dist(graph, target)
    return graph.findings


def write_dist(graph: PolicyGraph, folder: Path) -> None:
    """Write a built graph into a folder."""
    from policygraph.publish.catalog.dcat import missing
    from policygraph.publish.dist import dist_files
    from policygraph.publish.folder import locked, write_folder

    place = graph.place
    files = dist_files(graph.store, graph.results, graph.quarantine, graph.inputs, place)
    with locked(folder):
        write_folder(folder, files)
    if graph.quarantine:
        tell("build/quarantined", {"count": len(graph.quarantine)})
    lacking = missing(graph.store, place.about)
    if lacking:
        tell("build/no-catalog", {"missing": ", ".join(lacking)})
    tell("build/written", {"count": len(files), "path": str(folder)})


@click.command("validate")
@click.option(
    "-f",
    "--format",
    "form",
    type=click.Choice(["table", "ttl", "json"]),
    default="table",
    help="For people, or the standard report as Turtle or JSON.",
)
@_engine
@_jobs
@common
def validate_command(
    form: str, engine: str | None, jobs: int | None, workspace: Path | None
) -> None:
    """Check the data: every finding with its sentence, file and line, and what to do.

    Exit code 1 if there is an error.
    """
    place = place_of(workspace)
    with progress_bar() as progress:
        documents = count_documents(place.data, _MANY)
        many = documents >= _MANY
        engine = engine or ("fast" if many else "pyshacl")
        order = Order(place, progress, jobs=jobs or processes(documents), engine=engine)
        findings, results = _checked(order, apart=many)
    from policygraph.publish.report import findings_json, report_turtle

    if form == "table":
        print_findings(findings, language())
        tell("validate/summary", _counts(findings))
    elif form == "json":
        out(findings_json(findings))
    else:
        out(report_turtle(results, order.ids))
    raise click.exceptions.Exit(1 if errors_among(findings) else 0)


def _checked(order: Order, *, apart: bool) -> tuple[list[Finding], list[Result]]:
    """Check in memory, or in a folder apart where there are many documents."""
    if apart:
        from policygraph.corpus.whole import check_apart

        return check_apart(order)
    from policygraph.pipeline import check

    progress, jobs = order.progress, order.jobs
    checked = check(order.place, engine=order.engine, jobs=jobs, progress=progress)
    return checked.findings, checked.results


def _counts(findings: list[Finding]) -> dict[str, object]:
    severities = [finding.severity for finding in findings]
    return {f"{name}s": severities.count(name) for name in ("error", "warning", "info")}


@click.command("coverage")
@click.option(
    "-f", "--format", "form", type=click.Choice(["table", "json"]), default="table", help="Format."
)
@common
def coverage_command(form: str, workspace: Path | None) -> None:
    """Show for every sentence the statements it carries, and words that none carries.

    Exit code 1 if words other than connectors are left over.
    """
    findings: list[Finding] = []
    lines: list[_Line] = []
    for folder in document_folders(place_of(workspace).data):
        document = read_document(folder, findings)
        lines += [(document.record.id, document.text, line) for line in coverage(document)]
    print_findings(findings, language())
    if form == "json":
        out(_coverage_json(lines))
    else:
        table_console().print(_coverage_table(lines))
    gaps = sum(len(line.gaps) for _, _, line in lines)
    tell("coverage/summary", {"sentences": len(lines), "gaps": gaps})
    raise click.exceptions.Exit(1 if gaps or errors_among(findings) else 0)


def _coverage_table(lines: list[_Line]) -> Table:
    heads = {
        "en": ("document", "from", "sentence", "carries", "left over"),
        "zh": ("文件", "起始", "句子", "所含陈述", "未覆盖"),
    }
    table = folding_table(*heads[language()])
    for document, text, line in lines:
        left = " / ".join(text[gap.start : gap.end] for gap in line.gaps)
        table.add_row(document, str(line.span.start), line.text, ", ".join(line.carries), left)
    return table


def _coverage_json(lines: list[_Line]) -> str:
    rows = [
        {
            "document": document,
            "begin": line.span.start,
            "end": line.span.end,
            "sentence": line.text,
            "carries": list(line.carries),
            "left_over": [[*gap, text[gap.start : gap.end]] for gap in line.gaps],
        }
        for document, text, line in lines
    ]
    return json.dumps(rows, ensure_ascii=False, indent=1) + "\n"
