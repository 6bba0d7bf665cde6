"""The desk of one reviewer: a document's rows as they stand in the file, and decisions into it.

In: the files of a document. Out: plain values for a page, and the file with one decision more. The
file is read anew for every request, so that nothing stale is shown or written over.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from policygraph.errors import CannotWrite, UnreadableInput, Where, WrongUsage
from policygraph.publish.folder import write_over
from policygraph.text.review.decisions import Decision, Signature, decide
from policygraph.text.review.places import Places, places_of
from policygraph.text.review.sheet import Sheet

_STEPS = 500
"""How many decisions can be taken back."""


@dataclass
class Desk:
    """One document under review.

    Attributes:
        document: its id.
        restored: its restored text, UTF-8.
        statements: the file that decisions are written into.
        sign: gives who decides and on which day.
    """

    document: str
    restored: Path
    statements: Path
    sign: Callable[[], Signature]
    _done: list[tuple[bytes, str]] = field(default_factory=list)

    def show(self) -> dict[str, Any]:
        """Give the text, the version of the file and its rows in file order.

        Raises:
            UnreadableInput: a file cannot be read or belongs to another text.
        """
        data = _read(self.statements)
        text, sheet, places = self._open(data)
        return {
            "document": self.document,
            "version": _version(data),
            "text": text,
            "rows": [_row(sheet, places, key) for key in sheet.rows],
            "undo": bool(self._done) and self._done[-1][1] == _version(data),
        }

    def decide(self, decision: Decision, version: str) -> None:
        """Save a decision at once.

        Args:
            decision: what is decided.
            version: of the file that the reviewer saw.

        Raises:
            CannotWrite: the file changed meanwhile.
            WrongUsage: the row does not allow the decision.
        """
        data = _read(self.statements)
        self._unchanged(data, version)
        text, sheet, places = self._open(data)
        fresh = decide(sheet, decision, self.sign(), text, places).text.encode()
        write_over(self.statements, fresh, version)
        self._done = [*self._done, (data, _version(fresh))][-_STEPS:]

    def undo(self, version: str) -> None:
        """Take the last decision of this sitting back, byte for byte.

        Raises:
            CannotWrite: somebody else changed the file since.
            WrongUsage: there is nothing to take back.
        """
        self._unchanged(_read(self.statements), version)
        if not self._done:
            raise WrongUsage("review/nothing-to-undo", Where(str(self.statements)))
        before, after = self._done[-1]
        write_over(self.statements, before, after)
        self._done.pop()

    def _unchanged(self, data: bytes, version: str) -> None:
        if _version(data) != version:
            raise CannotWrite("publish/changed-meanwhile", Where(str(self.statements)))

    def _open(self, data: bytes) -> tuple[str, Sheet, Places]:
        raw = _read(self.restored)
        text = _decoded(raw, self.restored)
        sheet = Sheet(_decoded(data, self.statements), str(self.statements))
        return text, sheet, places_of(sheet, self.document, text, _version(raw))


def _row(sheet: Sheet, places: Places, key: str) -> dict[str, Any]:
    item, row = sheet.rows[key], places.rows.get(key)
    span = [row.span.start, row.span.end] if row else None
    return {"key": key, "above": item.above, "span": span, "fields": dict(item.fields)}


def _version(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        why = error.strerror
        raise UnreadableInput("review/cannot-read", Where(str(path)), why=why) from error


def _decoded(data: bytes, path: Path) -> str:
    try:
        return data.decode()
    except UnicodeDecodeError as error:
        why = f"UTF-8, byte {error.start}"
        raise UnreadableInput("review/cannot-read", Where(str(path)), why=why) from error
