"""What a store elsewhere has accepted, so that a load that was cut off goes on where it was.

In and out: rows of an SQLite file beside the built graph, one for each graph. A graph is noted
before it is sent and again when the store has it; one that was only noted is sent again, which
does no harm, for a graph is a set.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Self

from policygraph.remote.checksum import Checksum

_FORM = """
create table if not exists graph (
  name text primary key, count integer, total text, held integer) without rowid;
"""
_UNKNOWN = Checksum(0, "")


class Journal:
    """The graphs that a store has, or may have."""

    def __init__(self, path: Path) -> None:
        self._rows = sqlite3.connect(path)
        self._rows.executescript(_FORM)

    def __enter__(self) -> Self:
        """Use the journal for a while."""
        return self

    def __exit__(self, *_: object) -> None:
        """Let the file go; what was noted is already on the disk."""
        self._rows.close()

    def __len__(self) -> int:
        """Count the graphs."""
        (count,) = self._rows.execute("select count(*) from graph").fetchone()
        return int(count)

    def knows(self, graph: str) -> bool:
        """Tell whether the store has a graph, or may have it."""
        return self._row(graph) is not None

    def holds(self, graph: str, content: Checksum) -> bool:
        """Tell whether the store has accepted a graph as it is."""
        return self._row(graph) == (*content, 1)

    def differs(self, graph: str, content: Checksum) -> bool:
        """Tell whether the store may hold something else in a graph."""
        row = self._row(graph)
        return row is not None and row[:2] != content

    def intend(self, graphs: Iterable[tuple[str, Checksum]]) -> None:
        """Note graphs that are about to be sent."""
        self._note(graphs, held=False)

    def accept(self, graphs: Iterable[tuple[str, Checksum]]) -> None:
        """Note graphs that the store has."""
        self._note(graphs, held=True)

    def doubt(self, graphs: Iterable[str]) -> None:
        """Note graphs that the store holds with unknown content: they are deleted or replaced."""
        self._note(((name, _UNKNOWN) for name in graphs), held=False)

    def forget(self, graphs: Iterable[str]) -> None:
        """Note that the store has some graphs no more."""
        with self._rows:
            self._rows.executemany("delete from graph where name = ?", ((name,) for name in graphs))

    def graphs(self) -> Iterator[tuple[str, Checksum]]:
        """List the graphs by name, a page at a time: the journal may be changed meanwhile."""
        last = ""
        page = "select name, count, total from graph where name > ? order by name limit 1000"
        while rows := self._rows.execute(page, (last,)).fetchall():
            yield from ((name, Checksum(count, total)) for name, count, total in rows)
            last = rows[-1][0]

    def _row(self, graph: str) -> tuple[int, str, int] | None:
        found: tuple[int, str, int] | None = self._rows.execute(
            "select count, total, held from graph where name = ?", (graph,)
        ).fetchone()
        return found

    def _note(self, graphs: Iterable[tuple[str, Checksum]], *, held: bool) -> None:
        rows = ((name, *content, held) for name, content in graphs)
        with self._rows:
            self._rows.executemany("insert or replace into graph values (?, ?, ?, ?)", rows)
