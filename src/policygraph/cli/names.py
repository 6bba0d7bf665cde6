"""``policygraph names``: what texts name, what of it the registry knows, proposals for the rest."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
from rich.table import Table

from policygraph.cli.console import (
    common,
    folding_table,
    language,
    out,
    table_console,
    tell,
)
from policygraph.cli.drafting import Job, document_at, draft_file, identity_of
from policygraph.cli.known import known_of
from policygraph.errors import NothingFound, UnreadableInput, Where, WrongUsage
from policygraph.publish.folder import write_file, write_over
from policygraph.publish.sheets.sheet import fixed
from policygraph.report import DataError, Finding, errors_among
from policygraph.text.days import is_date
from policygraph.text.naming.entries import SOURCES, entries_of
from policygraph.text.naming.glossary import read_glossary
from policygraph.text.naming.proposal_file import (
    Row,
    place_fields,
    proposals_yaml,
    read_proposals,
)
from policygraph.text.naming.proposals import Found, Gathering
from policygraph.text.reading import documents_in
from policygraph.text.registry import read_registry
from policygraph.text.source import read_source
from policygraph.workspace import Place


@click.command("names")
@click.argument("path", type=click.Path(path_type=Path), required=False)
@click.option(
    "-f",
    "--format",
    "form",
    type=click.Choice(["table", "yaml", "json"]),
    default="table",
    help="A table, the file of proposals, or all of it as JSON.",
)
@click.option(
    "-o", "--output", type=click.Path(path_type=Path), help="Write the file of proposals there."
)
@click.option("--document-date", "issued", default="", help="Day of the document, YYYY-MM-DD.")
@click.option("--language", "tongue", default="zh", help="Whose tables: a folder of data/lexicon.")
@click.option(
    "--accept", "accepted", type=click.Path(path_type=Path), help="A reviewed file of proposals."
)
@click.option("--source", default="", help="Key of the source that vouches for accepted names.")
@common
def names_command(
    path: Path | None,
    form: str,
    output: Path | None,
    issued: str,
    tongue: str,
    accepted: Path | None,
    source: str,
    workspace: Path | None,
) -> None:
    """Show what the text at PATH, every text of a folder, or a document names.

    Each name means one entry of the registry, one of several, or nothing that is known; for those
    the file of proposals holds a row to review. With --accept, the accepted rows of such a file
    become entries of the registry.
    """
    if accepted:
        _accept(accepted, source, workspace)
        return
    if path is None:
        raise WrongUsage("names/nothing-given")
    if issued and not is_date(issued):
        raise WrongUsage("draft/no-day", value=issued)
    gathering = _gathered(path, issued, workspace, tongue)
    if output:
        _write(gathering, output)
    elif form == "yaml":
        out(proposals_yaml(gathering))
    elif form == "json":
        out(json.dumps(_json(gathering), ensure_ascii=False, indent=1) + "\n")
    else:
        table_console().print(_table(gathering))
    tell(
        "names/done",
        {
            "names": len(gathering.found),
            "known": len(gathering.known()),
            "undecided": len(gathering.undecided()),
            "unknown": len(list(gathering.proposals())),
        },
    )


def _gathered(path: Path, issued: str, workspace: Path | None, tongue: str) -> Gathering:
    if not path.exists():
        document = document_at(path, workspace)
        path, workspace = document.source, document.workspace
    elif workspace is None and Place.is_at(Path()):
        workspace = Path()
    texts = documents_in(path) if path.is_dir() else [path]
    if not texts:
        raise UnreadableInput("draft/no-texts", Where(str(path)))
    known = known_of(workspace, tongue)
    glossary = read_glossary(known.lexicon)
    gathering = Gathering(known.names, glossary)
    for text in texts:
        day = issued or identity_of(text)[1]
        draft = draft_file(text, Job("json", issued, "", workspace, "", tongue), known).draft
        gathering.add(draft, int(day[:4]) if day else 0)
    return gathering


def _write(gathering: Gathering, target: Path) -> None:
    """Write the file of proposals; what a person touched in it stays."""
    if not target.is_file():
        write_file(target, proposals_yaml(gathering).encode())
        return
    was = read_source(target)
    findings: list[Finding] = []
    before = read_proposals(was.text, str(target), findings)
    if errors_among(findings):
        raise DataError(findings)
    write_over(target, proposals_yaml(gathering, before).encode(), was.sha256)


def _accept(path: Path, source: str, workspace: Path | None) -> None:
    """Put the accepted rows of a file into the registry: all of them, or none."""
    findings: list[Finding] = []
    rows: list[Row] = read_proposals(read_source(path).text, str(path), findings)
    folder = Place.at(workspace or Path()).data / "registry"
    registry = read_registry(folder, findings)
    made = entries_of(rows, registry, read_glossary(), source)
    findings += made.findings
    if errors_among(findings):
        raise DataError(findings)
    if not made.keys:
        raise NothingFound("names/none-accepted", Where(str(path)))
    for name, lines in sorted(made.lines.items(), key=lambda file: file[0] != SOURCES):
        target = folder / f"{name}.yaml"
        data = target.read_bytes() if target.is_file() else b""
        gap = b"" if not data or data.endswith(b"\n") else b"\n"
        sha256 = hashlib.sha256(data).hexdigest() if target.is_file() else ""
        write_over(target, data + gap + lines.encode(), sha256)
    tell("names/accepted", {"count": len(made.keys), "keys": ", ".join(made.keys)})


def _json(gathering: Gathering) -> dict[str, Any]:
    def row(found: Found) -> dict[str, Any]:
        places = [
            {**place_fields(place), "start": place.span.start, "end": place.span.end}
            for place in found.places
        ]
        return {"name": found.name, "type": found.type, "times": found.times, "mentions": places}

    return {
        "known": [
            {**row(found), "key": found.meaning.key, "by": found.meaning.by}
            for found in gathering.known()
        ],
        "undecided": [
            {**row(found), "options": list(found.meaning.options)}
            for found in gathering.undecided()
        ],
        "unknown": [
            {**row(p.found), "key": p.key, "en": p.english.en if p.english else None}
            for p in gathering.proposals()
        ],
    }


def _table(gathering: Gathering) -> Table:
    heads = {
        "en": ("type", "name", "times", "registry", "proposed key", "English"),
        "zh": ("类型", "名称", "次数", "登记项", "拟用标识", "英文"),
    }
    table = folding_table(*heads[language()])
    for type_, *cells in _rows(gathering):
        table.add_row(fixed(language(), "drafts", "type", type_), *cells)
    return table


def _rows(gathering: Gathering) -> Iterator[tuple[str, ...]]:
    for found in (*gathering.known(), *gathering.undecided()):
        meaning = found.meaning.key or " | ".join(found.meaning.options)
        yield found.type, found.name, str(found.times), meaning, "", ""
    for proposal in gathering.proposals():
        found, term = proposal.found, proposal.english
        english = f"{term.en} ({term.status})" if term else ""
        yield found.type, found.name, str(found.times), "", proposal.key, english
