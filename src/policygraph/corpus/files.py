"""The files a graph is built from: which there are, and which have changed since the last build.

In: a workspace and what was seen of its files before. Out: size, time and SHA-256 of each file. A
file is read again only if its size or time differ, so that looking at 10,000 documents takes less
than building one.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from policygraph.workspace import NOT_BUILT, Place, sha256

_SETTLED = 2_000_000_000
"""Nanoseconds after which a file that is written again surely has another time."""


@dataclass(frozen=True)
class Seen:
    """A file as it was seen.

    Attributes:
        size: in bytes.
        changed: time of its last change in nanoseconds; 0 where that was too short ago to tell
            the next change by it.
        sha256: hash of its bytes, in hexadecimal.
    """

    size: int
    changed: int
    sha256: str


@dataclass(frozen=True)
class Difference:
    """What differs between two looks at the files of a workspace.

    Attributes:
        changed: folders of documents that are new or hold something new.
        gone: folders of documents that are no more.
        registry: whether the registry differs, or the links.
        shapes: whether the shapes differ.
        terms: whether anything differs that every document rests on.
    """

    changed: tuple[str, ...]
    gone: tuple[str, ...]
    registry: bool
    shapes: bool
    terms: bool

    def __bool__(self) -> bool:
        """Tell whether anything differs."""
        return bool(self.changed or self.gone or self.registry or self.shapes or self.terms)


def look(place: Place, known: Mapping[str, Seen]) -> dict[str, Seen]:
    """Look at every file that a graph is built from.

    Args:
        place: the workspace.
        known: what was seen before; such a file is not read if its size and time are the same.
    """
    now = time.time_ns()
    parts = {"data": place.data, "ontology": place.ontology}
    return {
        name: _look_at(entry, known.get(name), now)
        for part, folder in parts.items()
        for name, entry in _files(folder, part)
    }


def documents_among(files: Mapping[str, Seen]) -> list[str]:
    """List the names of the folders that hold a document, in order."""
    return sorted(
        _group(name)[1]
        for name in files
        if name.startswith("data/documents/")
        and name.count("/") == 3
        and name.endswith("/document.yaml")
    )


def difference(before: Mapping[str, Seen], after: Mapping[str, Seen]) -> Difference:
    """Tell what differs between two looks."""
    touched = {
        _group(name)
        for name in before.keys() | after.keys()
        if name not in before or name not in after or before[name].sha256 != after[name].sha256
    }
    folders = {name for room, name in touched if room == "document"}
    now = set(documents_among(after))
    return Difference(
        tuple(sorted(folders & now)),
        tuple(sorted(folders.intersection(documents_among(before)) - now)),
        *(any(room == each for room, _ in touched) for each in ("registry", "shapes", "terms")),
    )


def _look_at(entry: os.DirEntry[str], known: Seen | None, now: int) -> Seen:
    stat = entry.stat()
    if known and (known.size, known.changed) == (stat.st_size, stat.st_mtime_ns):
        return known
    changed = stat.st_mtime_ns if now - stat.st_mtime_ns > _SETTLED else 0
    return Seen(stat.st_size, changed, sha256(Path(entry.path).read_bytes()))


def _files(folder: Path | str, name: str) -> Iterator[tuple[str, os.DirEntry[str]]]:
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.name.startswith(".") or entry.name == NOT_BUILT:
                continue
            if entry.is_dir():
                yield from _files(entry.path, f"{name}/{entry.name}")
            elif entry.is_file():
                yield f"{name}/{entry.name}", entry


def _group(name: str) -> tuple[str, str]:
    """Tell what rests on a file: a document (by its folder), or all of them."""
    if name.startswith("data/documents/"):
        return "document", name.split("/")[2]
    if name.startswith(("data/registry/", "data/links/")):
        return "registry", ""
    is_shapes = name in ("ontology/shapes.ttl", "ontology/consistency.ttl")
    return "shapes" if is_shapes else "terms", ""
