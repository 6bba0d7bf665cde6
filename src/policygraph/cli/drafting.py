"""The work behind ``policygraph draft``: one text, or a folder of texts in several processes.

A folder is drafted text by text, so memory does not grow with it; a draft that was made of the same
bytes in the same way is kept, so that a run cut off in the middle goes on where it was.
"""

from __future__ import annotations

import functools
import hashlib
import json
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from importlib.metadata import version
from pathlib import Path

from rich.console import Console
from rich.progress import track

from policygraph.cli.known import Known, known_of
from policygraph.corpus.processes import in_order, pool_of
from policygraph.errors import CannotWrite, UnreadableInput, Where, WorkLost, WrongUsage
from policygraph.identifiers import KEY
from policygraph.publish.folder import write_file, write_over
from policygraph.report import Finding
from policygraph.text.documents import read_record, source_at
from policygraph.text.draft.drafter import Drafter, draft_text
from policygraph.text.draft.guide_json import guide_json
from policygraph.text.draft.scripts import refuse_other_script
from policygraph.text.draft.write import Draft, statements_yaml
from policygraph.text.restore import Restoration, restore
from policygraph.text.review.anchors import Texts
from policygraph.text.review.merge import merge
from policygraph.text.source import bytes_of, read_source
from policygraph.workspace import Place


@dataclass(frozen=True)
class Job:
    """What is asked of a draft.

    Attributes:
        form: ``yaml``, ``json`` or ``table``.
        issued: day of the document; empty to take it from its record, if it has one.
        genre: kind of document; empty to let the text tell.
        workspace: its folder, whose registry gives names and whose reviews rate the rules.
        encoding: that of the texts; empty to let their bytes or their records tell.
        language: whose tables are used.
    """

    form: str
    issued: str
    genre: str
    workspace: Path | None
    encoding: str = ""
    language: str = "zh"


@dataclass(frozen=True)
class Made:
    """A draft and how it is written."""

    draft: Draft
    written: str
    findings: tuple[Finding, ...] = ()
    kept: int = 0
    offered: int = 0
    reviewed: int = 0


def draft_file(path: Path, job: Job, known: Known | None = None) -> Made:
    """Draft one text.

    Args:
        path: the text.
        job: what is asked.
        known: what is known already, where it was read before.

    Raises:
        UnreadableInput: the text, its record or a table cannot be read.
        WrongUsage: the encoding asked for is not that of the document's record.
    """
    known = known or known_of(job.workspace, job.language)
    source = source_at(path, job.encoding)
    restoration = restore(source.text, Where(str(path)))
    document, issued = identity_of(path)
    drafter = Drafter.read(known.lexicon)
    refuse_other_script(restoration.text, drafter.grammar.lexicon, path)
    draft = draft_text(
        drafter,
        document,
        restoration.text,
        issued=job.issued or issued,
        genre=job.genre,
        known=known.names,
    )
    made_with = _made_with(job, known, issued)
    if job.form == "json":
        told = {"document": document, "sha256": source.sha256, "made_with": made_with}
        value = told | guide_json(draft, source.sha256, source.text, restoration.to_source)
        written = json.dumps(value, ensure_ascii=False, indent=1) + "\n"
    else:
        written = statements_yaml(draft, known.ratings, known.periods, source.sha256, made_with)
    return Made(draft, written, tuple(_taken_away(restoration, path)))


def _taken_away(restoration: Restoration, path: Path) -> Iterator[Finding]:
    """Tell of each line of the source that is no part of the draft."""
    for edit in restoration.edits:
        if edit.reason == "restore/inserted-line":
            line = restoration.source.count("\n", 0, edit.source.start) + 1
            where, words = Where(str(path), line), edit.source_text.strip()
            yield Finding(edit.reason, where, "info", dict(edit.facts), sentence=words)


def _made_with(job: Job, known: Known, issued: str) -> str:
    """Say what a draft depends on besides its text: the program, what is known, what is asked."""
    asked = {
        "language": job.language,
        "genre": job.genre,
        "day": job.issued or issued,
        "encoding": job.encoding,
    }
    said = "".join(f", {name} {value}" for name, value in asked.items() if value)
    return f"policygraph {version('policygraph')}, tables {known.sha256[:16]}{said}"


def draft_folder(
    texts: list[Path], output: Path, job: Job, jobs: int
) -> tuple[dict[str, int], list[Finding]]:
    """Draft many texts into a folder, one file each.

    Args:
        texts: the files.
        output: folder of the drafts.
        job: what is asked of each.
        jobs: how many at a time.
    """
    output.mkdir(parents=True, exist_ok=True)
    _known.cache_clear()
    ending = ".json" if job.form == "json" else ".yaml"
    stems = Counter(path.stem for path in texts)
    names = [path.stem if stems[path.stem] == 1 else path.name for path in texts]
    todo = [
        (path, output / f"{name}{ending}", job) for path, name in zip(texts, names, strict=True)
    ]
    counts = {"drafted": 0, "kept": 0, "failed": 0}
    findings: list[Finding] = []
    for result, found in track(
        _each(todo, jobs), total=len(todo), description="", console=Console(stderr=True)
    ):
        counts[result] += 1
        findings += found
    return counts, findings


def draft_into(
    path: Path,
    target: Path,
    job: Job,
    before: Path | None = None,
    known: Known | None = None,
) -> Made:
    """Draft one text into a file; what people decided in that file stays.

    Args:
        path: the text.
        target: the file, which need not exist.
        job: what is asked.
        before: the text that the file was written for, if it differs and is at hand.
        known: what is known already, where it was read before.

    Raises:
        UnreadableInput: the text or the file cannot be read.
        CannotWrite: somebody changed the file meanwhile, or it cannot be written.
    """
    made = draft_file(path, job, known)
    was = read_source(target) if target.is_file() and job.form != "json" else None
    if was:
        former = read_source(before).text if before else None
        merged = merge(was.text, made.written, Texts(made.draft.text, former), str(target))
        made = replace(
            made,
            written=merged.text,
            findings=made.findings + merged.findings,
            kept=merged.kept,
            offered=merged.offered,
            reviewed=merged.reviewed,
        )
        write_over(target, made.written.encode(), was.sha256)
    else:
        write_file(target, made.written.encode())
    return made


Task = tuple[Path, Path, Job]

_AHEAD = 3
"""Files per process that are under way or wait to be taken."""


def _each(todo: list[Task], jobs: int) -> Iterator[tuple[str, list[Finding]]]:
    if jobs == 1:
        yield from map(_one, todo)
        return
    with pool_of(jobs) as pool:
        yield from in_order(pool, _one, todo, jobs * _AHEAD)


def _one(task: Task) -> tuple[str, list[Finding]]:
    path, target, job = task
    try:
        known = _known(job.workspace, job.language)
        if _fits(target, bytes_of(path, str(path)), _made_with(job, known, identity_of(path)[1])):
            return "kept", []
        made = draft_into(path, target, job, known=known)
        return "drafted", list(made.findings)
    except (UnreadableInput, CannotWrite, WorkLost, WrongUsage) as error:
        return "failed", [Finding(error.name, error.where, facts=error.facts)]


@functools.cache
def _known(workspace: Path | None, language: str) -> Known:
    """Read what is known once in each process of a folder's run."""
    return known_of(workspace, language)


def _fits(target: Path, data: bytes, made_with: str) -> bool:
    """Tell whether a draft was made of these bytes, and with what is asked now."""
    if not target.is_file():
        return False
    with target.open(encoding="utf-8") as file:
        head = file.read(1000)
    return hashlib.sha256(data).hexdigest() in head and made_with in head


@dataclass(frozen=True)
class Drafted:
    """The files of a document that is drafted.

    Attributes:
        workspace: the folder it belongs to.
        source: its source.
        statements: where its statements stand, or will stand.
        restored: its restored text as it stands on the disk, if it does.
    """

    workspace: Path
    source: Path
    statements: Path
    restored: Path | None


def document_at(path: Path, workspace: Path | None) -> Drafted:
    """Find the document of a workspace by its id.

    Raises:
        UnreadableInput: there is no such file and no such document.
    """
    if KEY.fullmatch(str(path)) and (workspace or Place.is_at(Path())):
        place = Place.at(workspace or Path())
        folder = place.data / "documents" / path
        if (folder / "document.yaml").is_file():
            source = folder / read_record(folder / "document.yaml", []).source_file
            restored = folder / "restored.txt"
            before = restored if restored.is_file() else None
            return Drafted(place.root, source, folder / "statements.yaml", before)
    raise UnreadableInput("draft/no-document", Where(str(path)), path=str(path))


def identity_of(path: Path) -> tuple[str, str]:
    """Give the id and day of the document whose source this is, or an id from the file's name."""
    for folder in (path.resolve().parent, path.resolve().parent.parent):
        if (folder / "document.yaml").is_file():
            record = read_record(folder / "document.yaml", [])
            days = [fact.value for fact in record.facts if fact.name == "issued_on"]
            return str(record.id), str(days[0]) if days else ""
    return re.sub(r"[^A-Za-z0-9]+", "-", path.stem).strip("-") or "document", ""
