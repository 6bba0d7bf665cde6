"""Restoration: a damaged text in, the restored text out, with a ledger and offsets both ways.

Each family of damage has a module with one function, ``proposals``; they work one after the other,
each on the text the ones before it left. What stays undecided stays exactly as it was found. This
room knows no RDF.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from policygraph.errors import UnreadableInput, Where
from policygraph.text.restore import (
    doubled,
    inserted,
    ledger,
    lost,
    misread,
    punctuation,
    readings,
    script,
    spun,
)
from policygraph.text.restore.ledger import Edit, Note
from policygraph.text.restore.trace import Change, Span, Traced

__all__ = ["Edit", "Restoration", "Span", "restore"]

# Lost spaces before lost bytes, for both look like question marks. Bytes before readings: they turn
# the brackets after them into readings of a character. Script before punctuation, so that signs are
# counted in final text.
_FAMILIES = (
    inserted.proposals,
    lost.proposals,
    misread.proposals,
    readings.proposals,
    script.proposals,
    doubled.proposals,
    punctuation.proposals,
)


@dataclass(frozen=True)
class Restoration:
    """A restored text and everything that was done to it; offsets are code points, ends exclusive.

    Attributes:
        source: the text as it was read.
        text: the restored text.
        edits: the ledger, in source order.
        traced: the restored text with the source span of every character.
    """

    source: str
    text: str
    edits: tuple[Edit, ...]
    traced: Traced = field(repr=False, hash=False)

    def to_source(self, start: int, end: int) -> Span:
        """Find where a stretch of the restored text stands in the source.

        Raises:
            ValueError: the stretch does not lie in the restored text.
        """
        return self.traced.to_source(start, end)

    def to_restored(self, start: int, end: int) -> Span:
        """Find where a stretch of the source stands in the restored text.

        A stretch that was removed is an empty one there, at the place where it would be.

        Raises:
            ValueError: the stretch does not lie in the source.
        """
        return self.traced.to_restored(start, end)


def restore(text: str, where: Where | None = None) -> Restoration:
    """Restore a text that a page's tools have damaged; a clean one stays as it is.

    Args:
        text: the text.
        where: the file it comes from, for the message.

    Raises:
        UnreadableInput: the page was respelt with synonyms, so that no word of it can be trusted.
    """
    words = spun.words_of_spinning(text)
    if words:
        shown = ", ".join(f"{written} ({meant})" for written, meant in words.items())
        raise UnreadableInput("restore/spun", where, words=shown, count=len(words))
    traced = Traced.of(text)
    notes: list[tuple[Span, Note]] = []
    for proposals in _FAMILIES:
        undecided = [span for span, note in notes if note.status == "undecided"]
        changes: list[Change] = []
        for change, remarks in proposals(traced.hiding(undecided)):
            notes += [(traced.to_source(*note.span), note) for note in remarks]
            changes += [change] if change else []
        traced = traced.apply(changes)
    return Restoration(text, traced.text, ledger.write(notes, text, traced), traced)
