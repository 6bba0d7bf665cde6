"""The original of a document beside its restored text: line by line, every repair marked.

In: a document, read. Out: marks for its source, and the repairs as rows, alike ones together.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from policygraph.errors import PolicyGraphError
from policygraph.publish.site.marks import Mark, Node, nest
from policygraph.text.documents import read_document
from policygraph.text.model import Document
from policygraph.text.restore import Edit

_FIRST = ("misread-bytes", "lost-character", "inserted-line", "space")
_WEAKEST = ("undecided", "inferred", "proved")


@lru_cache(16)
def original(folder: Path, text_sha: str) -> Document | None:
    """Read the document that a text was restored from.

    Args:
        folder: of the document.
        text_sha: the first digits of the hash of the restored text.

    Returns:
        The document; None where it is not there, cannot be read, or has another text by now.
    """
    if not (folder / "document.yaml").is_file():
        return None
    try:
        document = read_document(folder, [])
    except PolicyGraphError:
        return None
    return document if document.record.text_sha256.startswith(text_sha) else None


@dataclass(frozen=True)
class Repair:
    """Repairs that are alike.

    Attributes:
        anchor: the place of the row.
        first: the anchor of the first of them in the source.
        count: how many there are.
    """

    anchor: str
    first: str
    kind: str
    status: str
    before: str
    after: str
    why: str
    count: int


class Original:
    """The source of a document and what was repaired in it, told in one language."""

    def __init__(self, document: Document, lang: str) -> None:
        self.document = document
        self.source = document.restoration.source
        keys = [_key(edit, lang) for edit in document.restoration.edits]
        counts = Counter(keys)
        self.numbers = {key: number for number, key in enumerate(sorted(counts, key=_rank), 1)}
        self.marks = [
            self._mark(edit, key, at)
            for at, (edit, key) in enumerate(zip(document.restoration.edits, keys, strict=True), 1)
        ]
        first = {key: f"edit-{at}" for at, key in reversed(list(enumerate(keys, 1)))}
        self.repairs = [
            Repair(f"repair-{number}", first[key], *key, count=counts[key])
            for key, number in self.numbers.items()
        ]

    def by_kind(self) -> Iterator[tuple[str, int, list[Repair]]]:
        """Give the repairs by kind, with how many there are of each."""
        for kind in dict.fromkeys(each.kind for each in self.repairs):
            rows = [each for each in self.repairs if each.kind == kind]
            yield kind, sum(each.count for each in rows), rows

    def line(self, start: int, end: int) -> tuple[Node, ...]:
        """Give the source of a stretch of the restored text, with its repairs."""
        span = self.document.restoration.to_source(start, end)
        return nest(self.source, self.marks, span.start, span.end)

    def _mark(self, edit: Edit, key: tuple[str, str, str, str, str], at: int) -> Mark:
        """Mark an edit; only what is not beyond doubt leads to its row, or hundreds would."""
        row = f"#repair-{self.numbers[key]}"
        doubted = edit.status != "proved" or edit.kind in _FIRST
        return Mark(
            start=edit.source.start,
            end=edit.source.end,
            anchor=f"edit-{at}",
            look=f"edit {edit.kind} {edit.status}",
            href=row if doubted else "",
            title=f"{edit.source_text} → {edit.restored_text or '∅'} · {key[-1]}",
        )


def _key(edit: Edit, lang: str) -> tuple[str, str, str, str, str]:
    why = edit.explain(lang)
    return edit.kind, edit.status, edit.source_text, edit.restored_text, why


def _rank(key: tuple[str, str, str, str, str]) -> tuple[object, ...]:
    kind, status = key[:2]
    place = _FIRST.index(kind) if kind in _FIRST else len(_FIRST)
    return place, kind, _WEAKEST.index(status), key
