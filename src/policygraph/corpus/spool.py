"""Quads on their way into a store on disk: N-Quads files, loaded in bulk.

In: the N-Quads of one document after the other. Out: files of bounded size in which every reviewed
quad stands twice, in its graph and in the merge, as the store keeps it (docs/decisions/0008).
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import IO

from pyoxigraph import RdfFormat, Store

_FULL = 256 * 2**20
"""Bytes after which a new file is begun: about a million quads with their merge."""


class Spool:
    """Files of N-Quads in a folder; cut back to a mark, it goes on from there."""

    def __init__(self, folder: Path, mark: tuple[int, int] = (0, 0)) -> None:
        """Open the spool in a folder.

        Args:
            folder: made if need be.
            mark: number of the file and bytes in it up to which the spool is good.
        """
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder
        self._number, length = mark
        for path in self.files():
            if int(path.stem) > self._number:
                path.unlink()
        self._file = self._open()
        self._file.truncate(length)
        self._file.seek(length)

    def add(self, quads: bytes) -> None:
        """Write N-Quads."""
        self._file.write(quads)

    def settle(self) -> tuple[int, int]:
        """Put everything on the disk; give the mark up to which the spool is good."""
        self._file.flush()
        os.fsync(self._file.fileno())
        mark = self._number, self._file.tell()
        if mark[1] > _FULL:
            self._file.close()
            self._number += 1
            self._file = self._open()
            return self._number, 0
        return mark

    def files(self) -> list[Path]:
        """List the files, in order."""
        return sorted(self._folder.glob("*.nq"))

    def load(self, store: Store) -> None:
        """Load everything into a store."""
        self._file.close()
        for path in self.files():
            store.bulk_load(path=str(path), format=RdfFormat.N_QUADS)

    def _open(self) -> IO[bytes]:
        path = self._folder / f"{self._number:06}.nq"
        path.touch()
        return path.open("r+b")


def merged(quads: bytes, candidate: str) -> tuple[bytes, list[str]]:
    """Take the lines of N-Quads apart.

    Args:
        quads: N-Quads as they are written here, each in a named graph.
        candidate: IRI of the graph of what nobody reviewed yet.

    Returns:
        The reviewed lines without their graphs, which is what the merge holds; and the other lines.
    """
    aside = f" <{candidate}> .".encode()
    lines = quads.split(b"\n")[:-1]
    reviewed = (line for line in lines if not line.endswith(aside))
    merge = b"".join(line[: line.rindex(b" <")] + b" .\n" for line in reviewed)
    return merge, [line.decode() for line in lines if line.endswith(aside)]
