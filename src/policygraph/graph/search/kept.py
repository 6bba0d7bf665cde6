"""An index that is kept in a file, so that it is laid down once for a graph and not at each call.

In: the place of the file and a stamp that differs where graphs differ. Out: a database. A file that
is of another graph, of another form or damaged is laid down anew; where none can be written, the
index stays in memory.
"""

from __future__ import annotations

import hashlib
import os
import sqlite3
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from policygraph.graph.search.index import opened

FORM = "1"
"""Of the tables; an index of another form is laid down anew."""


def kept(
    path: Path, stamp: str, make: Callable[[Path | None], sqlite3.Connection]
) -> sqlite3.Connection:
    """Open the index in a file, or lay it down there.

    Args:
        path: of the file.
        stamp: names the graph.
        make: lays the index down in a new file, or in memory without one.
    """
    found = current(path, stamp)
    if found:
        return found
    fresh = path.with_name(f"{path.name}.new-{os.getpid()}")
    try:
        with make(fresh) as database:
            database.execute("CREATE TABLE stamp (value TEXT)")
            database.execute("INSERT INTO stamp VALUES (?)", (f"{FORM} {stamp}",))
        database.close()
        fresh.replace(path)
        return opened(path)
    except (OSError, sqlite3.OperationalError):
        return make(None)
    finally:
        with suppress(OSError):
            fresh.unlink(missing_ok=True)


def place_beside(folder: Path) -> tuple[Path, str]:
    """Tell where the index of a graph that was written is kept, and what names the graph.

    Args:
        folder: that the graph was written into, with its manifest.
    """
    manifest = (folder / "MANIFEST.json").read_bytes()
    return folder.with_name(f".{folder.name}.search.sqlite"), hashlib.sha256(manifest).hexdigest()


def current(path: Path, stamp: str) -> sqlite3.Connection | None:
    """Open the index in a file; None where it is of another graph, or not there; see ``kept``."""
    if not path.is_file():
        return None
    with suppress(sqlite3.Error):
        database = opened(path)
        if database.execute("SELECT value FROM stamp").fetchone() == (f"{FORM} {stamp}",):
            return database
        database.close()
    return None
