"""``policygraph restore``: repair a damaged text and account for every edit."""

from __future__ import annotations

import csv
import io
import json
from collections import Counter
from pathlib import Path
from typing import Any

import click
from rich.table import Table

from policygraph.cli.checking import check_folder
from policygraph.cli.console import common, folding_table, language, note, out, table_console, tell
from policygraph.errors import Where
from policygraph.messages import say
from policygraph.publish.folder import write_file
from policygraph.text.reading import read
from policygraph.text.reading.kept import places_beside, write_places
from policygraph.text.restore import Edit, Restoration, restore
from policygraph.text.restore.redamage import check
from policygraph.text.source import Source

_COLUMNS = (
    *("kind", "status", "source_start", "source_end", "source_text"),
    *("restored_start", "restored_end", "restored_text", "reason", "places", "why"),
)


@click.command("restore")
@click.argument("path", metavar="FILE", type=click.Path(path_type=Path))
@click.option("--ledger", is_flag=True, help="Print the edits instead of the text.")
@click.option(
    "-f",
    "--format",
    "form",
    type=click.Choice(["table", "csv", "json"]),
    default="table",
    help="Format of the ledger, or of what --check says of a folder.",
)
@click.option("--check", "selftest", is_flag=True, help="Damage the result again and compare.")
@click.option("--encoding", default="", help="Encoding of a text, where its bytes do not tell.")
@click.option(
    "--extracted",
    type=click.Path(path_type=Path),
    help="Keep the text as it was read there, and the places of its stretches beside it.",
)
@click.option(
    "-o", "--output", type=click.Path(path_type=Path), help="Write there, whole or not at all."
)
@common
def restore_command(
    path: Path,
    form: str,
    encoding: str,
    extracted: Path | None,
    output: Path | None,
    workspace: Path | None,
    *,
    ledger: bool,
    selftest: bool,
) -> None:
    """Repair FILE and print the text. FILE is a text, a page, a Word document or a PDF.

    What is proved is repaired, what only a phrase decides is repaired and marked, what nothing
    decides is left as it is and listed. With --check, FILE may be a folder. Exit code 1 if --check
    finds a difference.
    """
    del workspace
    if path.is_dir() and selftest:
        raise click.exceptions.Exit(check_folder(path, form, output))
    source = read(path, encoding)
    if source.form != "text" or source.encoding != "utf-8":
        encoded = f", {source.encoding}" if source.encoding else ""
        tell("reading/taken", {"form": source.form, "encoding": encoded})
    restoration = restore(source.text, Where(str(path)))
    if extracted and source.extract:
        write_file(places_beside(extracted), write_places(source.extract).encode())
        write_file(extracted, source.text.encode())
    if selftest:
        raise click.exceptions.Exit(_self_test(restoration))
    if ledger and form == "table" and not output:
        table_console().print(_table(restoration.edits, language()))
    else:
        data = _ledger(restoration, source, form) if ledger else restoration.text
        write_file(output, data.encode()) if output else out(data)
    _tell_open_and_removed(restoration)


def _self_test(restoration: Restoration) -> int:
    result = check(restoration)
    facts = {"equal": result.agreeing, "compared": result.compared}
    name = "restore/self-test-equal" if result.equal else "restore/self-test-differs"
    note(say(name, facts, language()))
    return 0 if result.equal else 1


def _tell_open_and_removed(restoration: Restoration) -> None:
    """Tell of what nothing decides, and of every line that was taken away."""
    lang = language()
    for edit in restoration.edits:
        if edit.status == "undecided" or edit.kind == "inserted-line":
            note(f"{edit.source.start}: {edit.explain(lang)} {edit.mend(lang)}", style="yellow")


def _table(edits: tuple[Edit, ...], lang: str) -> Table:
    heads = {
        "en": ("kind", "status", "source", "was", "restored", "is", "why"),
        "zh": ("类别", "状态", "来源位置", "原为", "修复位置", "改为", "理由"),
    }
    counts = Counter((edit.kind, edit.status) for edit in edits)
    caption = " · ".join(f"{kind} {status}: {n}" for (kind, status), n in sorted(counts.items()))
    table = folding_table(*heads[lang])
    table.caption = caption
    for edit in edits:
        spans = (f"{span.start}–{span.end}" for span in (edit.source, edit.restored))
        before, after = spans
        table.add_row(
            edit.kind,
            edit.status,
            before,
            edit.source_text,
            after,
            edit.restored_text,
            edit.explain(lang),
        )
    return table


def _ledger(restoration: Restoration, source: Source, form: str) -> str:
    edits = [_edit(edit, source) for edit in restoration.edits]
    if form == "csv":
        file = io.StringIO()
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(_COLUMNS)
        for edit in edits:
            writer.writerow(
                [
                    *(edit["kind"], edit["status"], *edit["source"], edit["source_text"]),
                    *(*edit["restored"], edit["restored_text"], edit["reason"]),
                    *(edit["places"], edit["why"][language()]),
                ]
            )
        return file.getvalue()
    return json.dumps(edits, ensure_ascii=False, indent=1) + "\n"


def _edit(edit: Edit, source: Source) -> dict[str, Any]:
    places = source.places(*edit.source) if source.form != "text" else ()
    return {
        "kind": edit.kind,
        "status": edit.status,
        "source": list(edit.source),
        "source_text": edit.source_text,
        "restored": list(edit.restored),
        "restored_text": edit.restored_text,
        "reason": edit.reason,
        "places": "; ".join(f"{place.part} {place.start}-{place.end}" for place in places),
        "why": {lang: edit.explain(lang) for lang in ("en", "zh")},
    }
