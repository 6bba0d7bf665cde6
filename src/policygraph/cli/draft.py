"""``policygraph draft``: from a text to draft statements that a person reviews."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import click
from rich.table import Table

from policygraph.cli.console import (
    common,
    folding_table,
    language,
    out,
    print_findings,
    table_console,
    tell,
)
from policygraph.cli.drafting import (
    Drafted,
    Job,
    Made,
    document_at,
    draft_file,
    draft_folder,
    draft_into,
)
from policygraph.cli.known import accepted_no_more, calibrate, lexicon_of
from policygraph.cli.tabling import write_table
from policygraph.errors import UnreadableInput, Where, WrongUsage
from policygraph.publish.sheets.reviews import ending_of
from policygraph.publish.sheets.sheet import fixed
from policygraph.report import errors_among
from policygraph.text.days import is_date
from policygraph.text.draft.lint import lint
from policygraph.text.draft.tables import tables_of
from policygraph.text.draft.write import Draft
from policygraph.text.reading import documents_in


@click.command("draft")
@click.argument("path", type=click.Path(path_type=Path), required=False)
@click.option(
    "-f",
    "--format",
    "form",
    type=click.Choice(["yaml", "json", "table"]),
    default="yaml",
    help="Rows to review, the annotation guide's JSON, or a table.",
)
@click.option(
    "-o", "--output", type=click.Path(path_type=Path), help="Write there, whole or not at all."
)
@click.option("--document-date", "issued", default="", help="Day of the document, YYYY-MM-DD.")
@click.option("--genre", default="", help="Kind of document; else its opening words decide.")
@click.option("--encoding", default="", help="Encoding of a text, where its bytes do not tell.")
@click.option("--language", "tongue", default="zh", help="Whose tables: a folder of data/lexicon.")
@click.option("--jobs", type=click.IntRange(min=1), default=1, help="Texts drafted at a time.")
@click.option(
    "--was", "before", type=click.Path(path_type=Path), help="The text before it was edited."
)
@click.option(
    "--table", "table", type=click.Path(path_type=Path), help="Rows to decide on: .csv or .xlsx."
)
@click.option(
    "--calibrate", "only_calibrate", is_flag=True, help="Count the decisions about each rule."
)
@click.option(
    "--lint",
    "only_lint",
    is_flag=True,
    help="Try the rows of the lexicon instead, with -C also on what was accepted there.",
)
@common
def draft_command(
    path: Path | None,
    form: str,
    output: Path | None,
    issued: str,
    genre: str,
    encoding: str,
    tongue: str,
    jobs: int,
    before: Path | None,
    table: Path | None,
    workspace: Path | None,
    *,
    only_lint: bool,
    only_calibrate: bool,
) -> None:
    """Propose statements for the text at PATH, or for every text of the folder PATH.

    PATH may also be the id of a document: its statements.yaml is drafted. A grammar over word
    lists, no model: each row names its rule. Nothing is accepted by itself, and what people decided
    in a file that is drafted again stays.
    """
    asked = _Asked(path, output, before, table)
    if only_lint or only_calibrate:
        if asked != _Asked() or (only_lint and only_calibrate):
            raise WrongUsage("draft/alone")
        code = (_lint if only_lint else _calibrate)(workspace, tongue)
        raise click.exceptions.Exit(code)
    if path is None:
        raise WrongUsage("draft/nothing-given")
    job = Job(form, issued, genre, workspace, encoding, tongue)
    if not path.exists():
        asked, job = _of_document(asked, document_at(path, workspace), job)
        path = asked.path or path
    _check(job)
    code = _folder(path, asked, job, jobs) if path.is_dir() else _single(path, asked, job)
    raise click.exceptions.Exit(code)


@dataclass(frozen=True)
class _Asked:
    """What to draft, and which files to write.

    Attributes:
        path: a text or a folder of texts.
        output: where the draft goes; None for standard output.
        before: the text as it was when the file was written.
        table: where the table of rows goes.
        own: the workspace whose document is drafted.
    """

    path: Path | None = None
    output: Path | None = None
    before: Path | None = None
    table: Path | None = None
    own: Path | None = None


def _of_document(asked: _Asked, document: Drafted, job: Job) -> tuple[_Asked, Job]:
    """Put the files of a document where none are named."""
    output = asked.output or (document.statements if job.form == "yaml" else None)
    before = asked.before or (document.restored if output == document.statements else None)
    asked = replace(
        asked, path=document.source, output=output, before=before, own=document.workspace
    )
    return asked, replace(job, workspace=document.workspace)


def _single(path: Path, asked: _Asked, job: Job) -> int:
    """Draft one text."""
    if asked.table and job.form != "yaml":
        raise WrongUsage("draft/two-forms", form=job.form)
    if asked.output and job.form == "table":
        raise WrongUsage("draft/table-is-shown")
    if asked.before and not (asked.output and job.form == "yaml"):
        raise WrongUsage("draft/nothing-to-carry")
    if asked.table:
        ending_of(asked.table.name)
    made = draft_into(path, asked.output, job, asked.before) if asked.output else None
    made = made or draft_file(path, job)
    if asked.table:
        write_table(asked.table, made.written, made.draft.document, made.draft.text, asked.own)
    elif asked.output is None:
        _show(made, job.form)
    _say(made)
    return 1 if errors_among(made.findings) else 0


def _show(made: Made, form: str) -> None:
    if form == "table":
        table_console().print(_table(made.draft))
    else:
        out(made.written)


def _say(made: Made) -> None:
    """Tell what was found, and what became of the decisions that were there."""
    print_findings(made.findings, language())
    kinds = [clause.kind for clause in made.draft.clauses]
    context = kinds.count("context")
    facts = {"clauses": len(kinds), "statements": len(kinds) - context, "context": context}
    name = "draft/done-again" if made.reviewed else "draft/done"
    tell(name, {**facts, "reviewed": made.reviewed})
    if made.kept:
        lost = sum(finding.name == "statements/lost" for finding in made.findings)
        tell("draft/merged", {"kept": made.kept, "offered": made.offered, "lost": lost})


def _lint(workspace: Path | None, tongue: str) -> int:
    """Try the tables on their examples and, given a workspace, on what was accepted there."""
    folder = lexicon_of(workspace, tongue)
    findings = lint(folder)
    if workspace:
        findings += accepted_no_more(workspace, folder)
    print_findings(findings, language())
    if not findings:
        tell("draft/lint-clean", {"folder": f"data/lexicon/{tongue}"})
    return 1 if findings else 0


def _calibrate(workspace: Path | None, tongue: str) -> int:
    target, known = calibrate(workspace or Path(), tongue)
    decisions = sum(rating.decided for rating in known.values())
    tell("draft/calibrated", {"decisions": decisions, "rules": len(known), "path": str(target)})
    return 0


def _check(job: Job) -> None:
    if job.issued and not is_date(job.issued):
        raise WrongUsage("draft/no-day", value=job.issued)
    folder = lexicon_of(job.workspace, job.language)
    known = [path.stem for path in tables_of(folder, "genres")]
    if job.genre and job.genre not in known:
        raise WrongUsage("draft/no-genre", genre=job.genre, known=", ".join(known))


def _folder(path: Path, asked: _Asked, job: Job, jobs: int) -> int:
    """Draft every text of a folder."""
    if asked.output is None:
        raise WrongUsage("draft/needs-output", Where(str(path)))
    if asked.table or asked.before or job.form == "table":
        raise WrongUsage("draft/one-text", Where(str(path)))
    texts = documents_in(path)
    if not texts:
        raise UnreadableInput("draft/no-texts", Where(str(path)))
    counts, findings = draft_folder(texts, asked.output, job, jobs)
    print_findings(findings, language())
    tell("draft/done-folder", counts)
    return 1 if errors_among(findings) else 0


def _table(draft: Draft) -> Table:
    heads = {
        "en": ("from", "kind", "clause", "verb", "object", "subject", "rule"),
        "zh": ("起始", "类别", "小句", "动词", "宾语", "主语", "规则"),
    }
    table = folding_table(*heads[language()])
    for clause in draft.clauses:
        parts = clause.parts
        spans = (parts.stated, parts.object, parts.subject) if parts else (None, None, None)
        words = [draft.text[slice(*span)] if span else "" for span in (clause.span, *spans)]
        rule = parts.rule if parts else clause.reason
        kind = fixed(language(), "drafts", "kind", clause.kind)
        table.add_row(str(clause.span.start), kind, *words, rule)
    return table
