"""The ledger: what restoration did, or declined to do, at which place and for which reason.

In: the notes of the single steps; out: the edits, in source order. Reasons are entries of the
message catalogue with their facts. This room knows no RDF.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal, NamedTuple

from policygraph.messages import advise, say
from policygraph.text.restore.trace import Change, Span, Traced

Kind = Literal[
    "misread-bytes",
    "reading",
    "script",
    "punctuation",
    "inserted-line",
    "space",
    "lost-character",
]
Status = Literal["proved", "inferred", "undecided"]
Facts = tuple[tuple[str, object], ...]


class Note(NamedTuple):
    """What a step says about one stretch of the text as it stands."""

    kind: Kind
    status: Status
    reason: str
    facts: Facts
    span: Span


class Proposal(NamedTuple):
    """What a step wants: a change (or none) and the notes that explain it."""

    change: Change | None
    notes: tuple[Note, ...]


@dataclass(frozen=True, slots=True)
class Edit:
    """One entry of the ledger; offsets are code points, ends exclusive.

    Attributes:
        kind: the family of damage.
        status: ``proved``, the source and the tables leave one outcome; ``inferred``, a listed
            phrase or word, or what signs mostly mean, chose among several; ``undecided``,
            nothing was changed.
        reason: entry of the message catalogue.
        facts: what the message is composed of, as pairs of name and value.
        source: where in the source. Spans of two edits may overlap: a character of misread text
            can hold bytes of two original characters, and a character recovered from bytes may
            then change its script.
        source_text: what the source says there.
        restored: where in the restored text; empty where something was removed.
        restored_text: what the restored text says there, after all edits.
    """

    kind: Kind
    status: Status
    reason: str
    facts: Facts
    source: Span
    source_text: str
    restored: Span
    restored_text: str

    def explain(self, lang: str = "en") -> str:
        """Say why, in one sentence."""
        return say(self.reason, dict(self.facts), lang)

    def mend(self, lang: str = "en") -> str:
        """Say what a person can do about it; empty where nothing is left to do."""
        return advise(self.reason, dict(self.facts), lang)


@functools.cache
def facts(**values: object) -> Facts:
    """Write facts down; equal ones are kept once, for a long text repeats them often."""
    return tuple(values.items())


def change(kind: Kind, reason: str, facts: Facts, span: Span, text: str) -> Proposal:
    """Propose a proved change of one stretch to ``text``."""
    note = Note(kind, "proved", reason, facts, span)
    return Proposal(Change(span.start, span.end, text), (note,))


def leave(kind: Kind, reason: str, facts: Facts, span: Span) -> Proposal:
    """Propose to change nothing and to say why."""
    return Proposal(None, (Note(kind, "undecided", reason, facts, span),))


def write(notes: Iterable[tuple[Span, Note]], source: str, traced: Traced) -> tuple[Edit, ...]:
    """Write the ledger.

    Args:
        notes: with the span of the source that each is about.
        source: the source text.
        traced: the restored text.
    """
    in_source_order = sorted(notes, key=lambda pair: pair[0])
    return tuple(_entry(span, note, source, traced) for span, note in in_source_order)


def _entry(span: Span, note: Note, source: str, traced: Traced) -> Edit:
    restored = traced.standing(span)
    before, after = source[span.start : span.end], traced.text[restored.start : restored.end]
    kind, status, reason, facts, _ = note
    return Edit(kind, status, reason, facts, span, before, restored, after)
