"""The folder of a document: its record, its source, its restored text and its statements.

In: ``data/documents/<id>/``. Out: a ``Document``. The source must be the recorded bytes and the
restored text what restoring them gives: every later offset rests on both.
"""

from __future__ import annotations

import hashlib
import os
from dataclasses import replace
from itertools import islice
from os.path import isfile
from pathlib import Path

from policygraph.errors import UnreadableInput, Where, WrongUsage
from policygraph.report import Finding
from policygraph.text.model import Document, Fact, Record, Workspace
from policygraph.text.reading import form_of, read
from policygraph.text.reading.kept import read_kept
from policygraph.text.registry import check_values, read_known
from policygraph.text.restore import Restoration, restore
from policygraph.text.rows import read_yaml
from policygraph.text.source import Source, bytes_of, check_hash, read_source
from policygraph.text.statements import read_statements

_EDITED = {"document/text-differs", "document/restored-differs", "statements/other-text"}
"""What is said of a document that was edited and not yet drafted again."""


def read_workspace(data: Path, findings: list[Finding], *, outdated: bool = False) -> Workspace:
    """Read all documents and the registry below a ``data`` folder.

    Args:
        data: the folder.
        findings: collects what is wrong.
        outdated: whether statements may be written for another text; they are left out then.

    Raises:
        UnreadableInput: the folder holds neither, or a file cannot be read.
    """
    folders = document_folders(data)
    if not folders and not (data / "registry").is_dir():
        raise UnreadableInput("workspace/empty", Where(str(data)))
    read = _document_as_it_is if outdated else read_document
    documents = tuple(read(folder, findings) for folder in folders)
    return Workspace(documents, read_known(data, findings))


def _document_as_it_is(folder: Path, findings: list[Finding]) -> Document:
    """Read one document, without its statements where it was edited since they were written."""
    try:
        return read_document(folder, findings)
    except UnreadableInput as error:
        if error.name not in _EDITED:
            raise
    return _without_statements(folder, findings)


def document_folders(data: Path) -> list[Path]:
    """List the folders of documents, in the order of their ids."""
    return sorted(path.parent for path in (data / "documents").glob("*/document.yaml"))


def count_documents(data: Path, most: int) -> int:
    """Count the folders of documents, but no further than a number."""
    folder = data / "documents"
    if not folder.is_dir():
        return 0
    with os.scandir(folder) as entries:  # a glob takes ten times as long
        return sum(1 for _ in islice(filter(_holds_document, entries), most))


def _holds_document(entry: os.DirEntry[str]) -> bool:
    return isfile(f"{entry.path}/document.yaml")  # noqa: PTH113 - a Path is too slow here


def read_document(folder: Path, findings: list[Finding]) -> Document:
    """Read one document; statements are optional, the rest is not.

    Raises:
        UnreadableInput: a file is missing or malformed, or the source or text was altered.
    """
    document = _without_statements(folder, findings)
    _check_text(folder / "restored.txt", document.record, document.restoration)
    statements = folder / "statements.yaml"
    if not statements.exists():
        return document
    record = document.record
    sections = read_statements(statements, record.id, document.text, record.text_sha256, findings)
    return replace(document, sections=sections)


def _without_statements(folder: Path, findings: list[Finding]) -> Document:
    record = read_record(folder / "document.yaml", findings)
    if record.id != folder.name:
        facts = {"id": record.id, "folder": folder.name}
        findings.append(Finding("document/other-folder", record.where, facts=facts))
    source = _source_of(folder, record)
    check_hash(source, record.source_sha256)
    restoration = restore(source.text, Where(str(source.path)))
    return Document(record, source, restoration, ())


def source_at(path: Path, encoding: str = "") -> Source:
    """Read a file as its document does, if it is the source of one, else as what it is.

    Args:
        path: the file.
        encoding: that of a text or an HTML page, where it is known; else the bytes decide.

    Raises:
        UnreadableInput: it cannot be read, or is not what the record says.
        WrongUsage: another encoding is given than the record names.
    """
    for folder in (path.resolve().parent, path.resolve().parent.parent):
        if (folder / "document.yaml").is_file():
            record = read_record(folder / "document.yaml", [])
            if (folder / record.source_file).resolve() == path.resolve():
                if encoding and encoding != record.encoding:
                    facts = {"given": encoding, "recorded": record.encoding or "-"}
                    raise WrongUsage("document/other-encoding", record.where, **facts)
                return _source_of(folder, record)
    return read(path, encoding)


def _source_of(folder: Path, record: Record) -> Source:
    """Read a source; where its text was extracted before, that text is taken."""
    for name in filter(None, (record.source_file, record.extracted_file)):
        if not _lies_below(folder, name):
            where = Where(record.where.file)
            raise UnreadableInput("document/source-elsewhere", where, name=name)
    path = folder / record.source_file
    if not record.extracted_file:
        return read(path, record.encoding)
    kept = read_source(folder / record.extracted_file)
    check_hash(kept, record.extracted_sha256)
    data = bytes_of(path, str(path))
    extract = read_kept(kept.path, kept.text, form_of(data))
    return Source(path, data, hashlib.sha256(data).hexdigest(), kept.text, extract)


def _lies_below(folder: Path, name: str) -> bool:
    """Tell whether a name leads to something in a folder: a record must not publish other files."""
    return (folder / name).resolve().is_relative_to(folder.resolve())


def read_record(path: Path, findings: list[Finding]) -> Record:
    """Read ``document.yaml``."""
    top = read_yaml(path, findings)
    source = top.fields("source")
    translation = top.fields("translation")
    record = Record(
        id=top.text("id", required=True),
        language=top.text("language", required=True),
        titles=tuple(top.facts("title")),
        facts=(*top.facts("issued_on", "legal_status"), *source.facts("note")),
        source_file=source.text("file", required=True),
        source_sha256=source.text("sha256", required=True),
        source_address=source.text("address"),
        encoding=source.text("encoding"),
        extracted_file=source.text("extracted"),
        extracted_sha256=source.text("extracted_sha256", required=bool(source.text("extracted"))),
        derived_from=top.text("derived_from"),
        text_sha256=top.text("text_sha256", required=True),
        translation=tuple(
            (key, translation.text(key, required=True)) for key in ("by", "on", "status")
        ),
        where=top.where,
    )
    for fields in (top, source, translation):
        fields.nothing_else()
    plain = {"on": dict(record.translation)["on"], "address": record.source_address}
    plain["derived_from"] = record.derived_from
    given = (Fact(name, value, top.where) for name, value in plain.items() if value)
    check_values([*record.facts, *given], top)
    return record


def _check_text(path: Path, record: Record, restoration: Restoration) -> None:
    found = hashlib.sha256(restoration.text.encode()).hexdigest()
    if found != record.text_sha256:
        where = Where(record.where.file)
        raise UnreadableInput(
            "document/text-differs", where, found=found, expected=record.text_sha256
        )
    written = read_source(path).text
    if written != restoration.text:
        raise UnreadableInput("document/restored-differs", Where(str(path)))
