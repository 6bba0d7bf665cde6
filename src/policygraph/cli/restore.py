"""``policygraph restore``: repair a damaged text and account for every edit."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import click
from rich.table import Table

from policygraph.cli.console import common, folding_table, language, note, out, table_console
from policygraph.messages import say
from policygraph.publish.folder import write_file
from policygraph.text.restore import Edit, Restoration, restore
from policygraph.text.restore.redamage import check
from policygraph.text.source import read_source


@click.command("restore")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--ledger", is_flag=True, help="Print the edits instead of the text.")
@click.option(
    "-f",
    "--format",
    "form",
    type=click.Choice(["table", "json"]),
    default="table",
    help="Format of the ledger.",
)
@click.option("--check", "selftest", is_flag=True, help="Damage the result again and compare.")
@click.option(
    "-o", "--output", type=click.Path(path_type=Path), help="Write there, whole or not at all."
)
@common
def restore_command(
    file: Path,
    form: str,
    output: Path | None,
    workspace: Path | None,
    *,
    ledger: bool,
    selftest: bool,
) -> None:
    """Repair FILE and print the text.

    What is proved is repaired, what only a phrase decides is repaired and marked, what nothing
    decides is left as it is and listed. Exit code 1 if --check finds a difference.
    """
    del workspace
    restoration = restore(read_source(file).text)
    if selftest:
        raise click.exceptions.Exit(_self_test(restoration))
    if ledger and form == "table" and not output:
        table_console().print(_table(restoration.edits, language()))
    else:
        data = _json(restoration).encode() if ledger else restoration.text.encode()
        write_file(output, data) if output else out(data)
    _tell_undecided(restoration)


def _self_test(restoration: Restoration) -> int:
    result = check(restoration)
    facts = {"equal": result.agreeing, "compared": result.compared}
    note(
        say(
            "restore/self-test-equal" if result.equal else "restore/self-test-differs",
            facts,
            language(),
        )
    )
    return 0 if result.equal else 1


def _tell_undecided(restoration: Restoration) -> None:
    lang = language()
    for edit in restoration.edits:
        if edit.status == "undecided":
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


def _json(restoration: Restoration) -> str:
    edits = [_edit(edit) for edit in restoration.edits]
    return json.dumps(edits, ensure_ascii=False, indent=1) + "\n"


def _edit(edit: Edit) -> dict[str, Any]:
    return {
        "kind": edit.kind,
        "status": edit.status,
        "source": list(edit.source),
        "source_text": edit.source_text,
        "restored": list(edit.restored),
        "restored_text": edit.restored_text,
        "reason": edit.reason,
        "why": {lang: edit.explain(lang) for lang in ("en", "zh")},
    }
