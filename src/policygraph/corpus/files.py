"""The files a graph is built from: which there are, and which have changed since the last build.

In: a workspace and what was seen of it before. Out: for each room, which is the folder of a
document or a part that documents share, a digest of its files. A room is read again only if names,
sizes or times in it differ, so that looking at 10,000 documents takes less than building one.
"""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from policygraph.workspace import NOT_BUILT, Place, sha256

_SETTLED = 2_000_000_000
"""Nanoseconds after which a file that is written again surely has another time."""

_DOCUMENT = "document/"
"""How the rooms of documents begin; the others are ``registry``, ``shapes`` and ``terms``."""


class Seen(NamedTuple):
    """A room as it was seen.

    Attributes:
        names: its folders and files, one a line; those of folders end with a slash.
        marks: size and times of each; empty where one changed too short ago to tell the next
            change by its time.
        content: hash of the names and bytes of the files, in hexadecimal.
    """

    names: str
    marks: str
    content: str


@dataclass(frozen=True)
class Difference:
    """What differs between two looks at the files of a workspace.

    Attributes:
        before: what was seen at first.
        after: what was seen then.
        changed: folders of documents that are new or hold something new.
        gone: folders of documents that are no more.
        registry: whether the registry differs, or the links.
        shapes: whether the shapes differ.
        terms: whether anything differs that every document rests on.
    """

    before: Mapping[str, Seen]
    after: Mapping[str, Seen]
    changed: tuple[str, ...]
    gone: tuple[str, ...]
    registry: bool
    shapes: bool
    terms: bool

    def __bool__(self) -> bool:
        """Tell whether anything differs."""
        return bool(self.changed or self.gone or self.registry or self.shapes or self.terms)


class _Entry(NamedTuple):
    """A file or a folder of a room; the name of a folder ends with a slash."""

    name: str
    path: str


def look(place: Place, known: Mapping[str, Seen]) -> dict[str, Seen]:
    """Look at every file that a graph is built from.

    Args:
        place: the workspace.
        known: what was seen before; a room that looks the same is not read.
    """
    now = time.time_ns()
    rooms = dict[str, list[_Entry]]()
    for part, folder in (("data/", place.data), ("ontology/", place.ontology)):
        for entry in _entries(f"{folder}/", part, but="data/documents/"):
            rooms.setdefault(_shared_room(entry.name), []).append(entry)
    seen = {room: _seen(entries, known.get(room), now) for room, entries in rooms.items()}
    for name, path in _folders(place.data / "documents"):
        room = _DOCUMENT + name
        own = _seen_document(path, known.get(room), now)
        if own:
            seen[room] = own
    return seen


def documents_among(seen: Mapping[str, Seen]) -> list[str]:
    """List the names of the folders that hold a document, in order."""
    return sorted(room.removeprefix(_DOCUMENT) for room in seen if room.startswith(_DOCUMENT))


def difference(before: Mapping[str, Seen], after: Mapping[str, Seen]) -> Difference:
    """Tell what differs between two looks."""
    changed = {
        room: seen
        for room, seen in after.items()
        if room not in before or before[room].content != seen.content
    }
    gone = dict.fromkeys(before.keys() - after.keys(), Seen("", "", ""))
    return Difference(
        before,
        after,
        tuple(documents_among(changed)),
        tuple(documents_among(gone)),
        *(room in changed or room in gone for room in ("registry", "shapes", "terms")),
    )


def _seen_document(path: str, before: Seen | None, now: int) -> Seen | None:
    """Look at a folder; None if it holds no document."""
    if before and before.marks and before.marks == _marks_again(path, before.names):
        return before
    entries = [_Entry("", path), *_entries(path, "")]
    is_document = any(entry.name == "document.yaml" for entry in entries)
    return _seen(entries, before, now) if is_document else None


def _seen(entries: list[_Entry], before: Seen | None, now: int) -> Seen:
    """Look at a room, and read its files unless it looks as before."""
    entries.sort()
    names = "\n".join(entry.name for entry in entries)
    stats = [os.stat(entry.path) for entry in entries]  # noqa: PTH116 - a Path is too slow here
    marks = "\n".join(map(_mark, stats))
    if before and (before.names, before.marks) == (names, marks):
        return before
    settled = now - max((max(each.st_mtime_ns, each.st_ctime_ns) for each in stats), default=0)
    content = hashlib.sha256()
    for entry in entries:
        if not entry.name.endswith("/") and entry.name:
            content.update(f"{entry.name}\n{sha256(Path(entry.path).read_bytes())}\n".encode())
    return Seen(names, marks if settled > _SETTLED else "", content.hexdigest())


def _marks_again(folder: str, names: str) -> str:
    """Give the marks of files and folders whose names are known; empty where one is no more.

    What is new in a folder shows by the time of the folder.
    """
    try:
        stats = [os.stat(folder + name) for name in names.split("\n")]  # noqa: PTH116 - as below
    except OSError:
        return ""
    return "\n".join(map(_mark, stats))


def _mark(stat: os.stat_result) -> str:
    """Write what differs once a file is changed; who sets its time back cannot set the other."""
    return f"{stat.st_size} {stat.st_mtime_ns} {stat.st_ctime_ns}"


def _folders(documents: Path) -> Iterator[tuple[str, str]]:
    """Give name and path of every folder of a document, the path with a slash at its end."""
    if documents.is_dir():
        with os.scandir(documents) as entries:
            for entry in entries:
                if _counts(entry) and entry.is_dir():
                    yield entry.name, f"{entry.path}/"


def _entries(folder: str, name: str, but: str = "-") -> Iterator[_Entry]:
    """Give all files and folders below a folder, save for one folder."""
    with os.scandir(folder) as entries:
        for entry in filter(_counts, entries):
            inner = f"{name}{entry.name}"
            if entry.is_file():
                yield _Entry(inner, entry.path)
            elif entry.is_dir() and f"{inner}/" != but:
                yield _Entry(f"{inner}/", f"{entry.path}/")
                yield from _entries(f"{entry.path}/", f"{inner}/", but)


def _counts(entry: os.DirEntry[str]) -> bool:
    return not entry.name.startswith(".") and entry.name != NOT_BUILT


def _shared_room(name: str) -> str:
    if name.startswith(("data/registry/", "data/links/")):
        return "registry"
    is_shapes = name in ("ontology/shapes.ttl", "ontology/consistency.ttl")
    return "shapes" if is_shapes else "terms"
