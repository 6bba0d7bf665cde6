"""The ledger of a graph on disk: what it was built from, and what each document gave and used.

In and out: rows of an SQLite file beside the store. It holds nothing that could not be found out
again from the workspace; a build without one is a full build.
"""

from __future__ import annotations

import json
import sqlite3
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Self

from policygraph.corpus.files import Seen
from policygraph.corpus.parts import Part
from policygraph.errors import Where
from policygraph.report import Finding
from policygraph.text.names import Thing

KNOWN = ""
"""Stands for the registry where a table names documents by their folder."""

_FORM = """
create table if not exists fact (name text primary key, value text) without rowid;
create table if not exists room (
  name text primary key, names text, marks text, content text) without rowid;
create table if not exists thing (key text primary key, meaning text) without rowid;
create table if not exists part (
  folder text primary key, findings text, content blob) without rowid;
create index if not exists part_found on part (folder) where findings <> '[]';
create table if not exists unreviewed (
  quad text, folder text, primary key (quad, folder)) without rowid;
create index if not exists unreviewed_folder on unreviewed (folder);
create table if not exists use (
  key text, reference text, folder text, digest text,
  primary key (key, reference, folder)) without rowid;
create index if not exists use_folder on use (folder);
create table if not exists result (
  stage text, focus text, content text, primary key (stage, focus, content)) without rowid;
"""


class Ledger:
    """Rows about a graph on disk.

    Raises:
        sqlite3.DatabaseError: by any method, if the file is damaged.
    """

    def __init__(self, path: Path) -> None:
        self._rows = sqlite3.connect(path)
        self._rows.executescript(_FORM)

    def commit(self) -> None:
        """Make everything noted so far last."""
        self._rows.commit()

    def __enter__(self) -> Self:
        """Use the ledger for a while."""
        return self

    def __exit__(self, failed: type[BaseException] | None, *_: object) -> None:
        """Commit unless something failed since the last commit, and let the file go."""
        if not failed:
            self.commit()
        self._rows.close()

    # what the graph was built from and with

    @property
    def facts(self) -> dict[str, str]:
        """Facts about the whole by name."""
        return dict(self._rows.execute("select name, value from fact"))

    def note(self, **facts: object) -> None:
        """Note facts about the whole, in place of earlier ones of the same name."""
        rows = [(name, str(value)) for name, value in facts.items()]
        self._rows.executemany("insert or replace into fact values (?, ?)", rows)

    @property
    def files(self) -> dict[str, Seen]:
        """What was seen of the files the graph was built from, by room."""
        rows = self._rows.execute("select name, names, marks, content from room")
        return {name: Seen(*seen) for name, *seen in rows}

    def note_files(self, seen: Mapping[str, Seen], before: Mapping[str, Seen]) -> None:
        """Note what was seen of files, in place of what was noted before."""
        gone = [(name,) for name in before.keys() - seen.keys()]
        self._rows.executemany("delete from room where name = ?", gone)
        rows = [(name, *each) for name, each in seen.items() if before.get(name) is not each]
        self._rows.executemany("insert or replace into room values (?, ?, ?, ?)", rows)

    # the things of the registry

    def note_things(self, things: Mapping[str, Sequence[Thing]]) -> None:
        """Note the things of the registry by key, in place of those noted before."""
        self._rows.execute("delete from thing")
        rows = [
            (key, json.dumps([_meaning(thing) for thing in those])) for key, those in things.items()
        ]
        self._rows.executemany("insert into thing values (?, ?)", rows)

    def things(self, key: str) -> list[Thing]:
        """Give the things of the registry that bear a key; where they are made is not told."""
        row = self._rows.execute("select meaning from thing where key = ?", (key,)).fetchone()
        return [_thing(*meaning) for meaning in json.loads(row[0])] if row else []

    def keys(self) -> list[str]:
        """List the keys of the registry, in order."""
        return [key for (key,) in self._rows.execute("select key from thing order by key")]

    # what each document gave and used

    @property
    def folders(self) -> set[str]:
        """The folders whose parts are noted."""
        return {folder for (folder,) in self._rows.execute("select folder from part")}

    def note_part(
        self, folder: str, part: Part, unreviewed: Iterable[str] = (), content: bytes = b""
    ) -> None:
        """Note what a document gave, in place of what was noted of it.

        Args:
            folder: name of its folder; ``KNOWN`` for the registry.
            part: what it gave.
            unreviewed: N-Quads lines of it that share a graph with those of other documents.
            content: all its N-Quads, where they could not be told apart in the store.
        """
        self.forget(folder)
        findings = json.dumps([_as_mapping(finding) for finding in part.findings], default=str)
        row = (folder, findings, zlib.compress(content))
        self._rows.execute("insert into part values (?, ?, ?)", row)
        lines = [(line, folder) for line in unreviewed]
        self._rows.executemany("insert or ignore into unreviewed values (?, ?)", lines)
        uses = [
            (reference.rpartition("/")[2], reference, folder, digest)
            for reference, digest in part.uses.items()
        ]
        self._rows.executemany("insert into use values (?, ?, ?, ?)", uses)

    def forget(self, folder: str) -> None:
        """Forget what a document gave and used."""
        for table in ("part", "use", "unreviewed"):
            self._rows.execute(f"delete from {table} where folder = ?", (folder,))  # noqa: S608

    def content(self, folder: str) -> bytes:
        """Give the N-Quads that were noted with a part."""
        row = self._rows.execute("select content from part where folder = ?", (folder,)).fetchone()
        return zlib.decompress(row[0]) if row else b""

    def unreviewed(self, folder: str) -> list[str]:
        """List the N-Quads lines that a part and no other gave to the graph they all share."""
        rows = self._rows.execute(
            "select quad from unreviewed as own where folder = ? and not exists"
            " (select * from unreviewed where quad = own.quad and folder <> own.folder)",
            (folder,),
        )
        return [quad for (quad,) in rows]

    def findings(self) -> Iterator[Finding]:
        """Give the findings of all parts, in the order of their folders, the registry's last."""
        rows = self._rows.execute(
            "select findings from part where findings <> '[]' order by folder = '', folder"
        )
        for (findings,) in rows:
            for values in json.loads(findings):
                values["where"] = Where(**values["where"])
                yield Finding(**values)

    def uses(self, documents: Iterable[str] | None = None) -> Iterator[tuple[str, str]]:
        """List references with the digests of what they meant, each pair once.

        Args:
            documents: ids; only references that may mean these or things of theirs are listed.
        """
        if documents is None:
            yield from self._rows.execute("select distinct reference, digest from use")
            return
        for each in documents:
            # "." comes next after "-": these are the keys that begin with the id and a hyphen
            yield from self._rows.execute(
                "select distinct reference, digest from use"
                " where key = ?1 or (key >= ?1 || '-' and key < ?1 || '.')",
                (each,),
            )

    def users(self, reference: str, digest: str) -> list[str]:
        """List the folders of the parts for which a reference meant what a digest says."""
        rows = self._rows.execute(
            "select folder from use where key = ? and reference = ? and digest = ?",
            (reference.rpartition("/")[2], reference, digest),
        )
        return [folder for (folder,) in rows]

    # what the shapes say

    def results(self, stage: str) -> list[str]:
        """List the results of a stage, as they were noted."""
        rows = self._rows.execute(
            "select content from result where stage = ? order by focus, content", (stage,)
        )
        return [content for (content,) in rows]

    def note_results(
        self, stage: str, results: Iterable[tuple[str, str]], asked: Iterable[str] | None = None
    ) -> None:
        """Note the results of a stage.

        Args:
            stage: name of the stage.
            results: focus nodes with what is to be noted.
            asked: the focus nodes that were asked about; None where all were.
        """
        if asked is None:
            self._rows.execute("delete from result where stage = ?", (stage,))
        else:
            gone = [(stage, focus) for focus in asked]
            self._rows.executemany("delete from result where stage = ? and focus = ?", gone)
        rows = [(stage, focus, content) for focus, content in results]
        self._rows.executemany("insert or ignore into result values (?, ?, ?)", rows)


def _as_mapping(finding: Finding) -> dict[str, object]:
    return {**asdict(finding), "where": finding.where._asdict()}


def _meaning(thing: Thing) -> tuple[object, ...]:
    return thing.kind, thing.key, thing.type, thing.names


def _thing(kind: str, key: str, type_: str, names: list[tuple[str, list[str]]]) -> Thing:
    said = tuple((lang, tuple(those)) for lang, those in names)
    return Thing(kind, key, type_, Where(), said)
