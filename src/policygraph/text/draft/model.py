"""What drafting hands on: clauses with their parts, and relations. Offsets are code points."""

from __future__ import annotations

from typing import Literal

from policygraph.text.draft.record import record
from policygraph.text.restore import Span

Kind = Literal["goal", "action", "achievement", "event", "fact", "context"]

WITH_PARTS: tuple[Kind, ...] = ("goal", "action", "achievement", "event")
"""The kinds that state something to be done or done; only they have parts."""

UMBRELLAS: tuple[Kind, ...] = ("goal", "achievement")
"""The kinds of clauses that others stand under."""


@record
class Parts:
    """The parts of a clause and the pattern that found them.

    Attributes:
        rule: name of the pattern.
        verb: the head verb, the whole compound.
        object: what the verb governs, without final punctuation.
        subject: the stated subject.
        negation: the word that denies or forbids what the verb says.
    """

    rule: str
    verb: Span | None = None
    object: Span | None = None
    subject: Span | None = None
    negation: Span | None = None

    @property
    def stated(self) -> Span | None:
        """Give the verb as a row must show it, with its negation.

        None where words that are no part of it stand between the two: the bare verb would say what
        the text denies.
        """
        if self.verb is None or self.negation is None:
            return self.verb
        whole = Span(self.negation.start, self.verb.end)
        parts = [part for part in (self.object, self.subject) if part]
        between = any(whole.start < part.start < whole.end for part in parts)
        return None if between else whole


@record
class Clause:
    """One clause of a text and what it says.

    Attributes:
        id: ``c1``, ``c2``, … in text order.
        span: the clause without list marker and final punctuation.
        kind: what it is; decided by the cue or the section named in ``reason``.
        parts: verb, object and subject; None for facts and context.
        parent: id of the heading or leading clause it stands under; empty where there is none.
        heading: it heads an item.
        sentence: number of its sentence.
        status: what its section reports: ``achieved``, ``planned`` or ``stated``.
        period: year or years it speaks about (``2024``, ``2021/2025``); empty where unknown.
        reason: name of the cue that decided its kind.
        headed: a heading tells the period.
        run: number of its sentence, were there no line breaks behind signs.
    """

    id: str
    span: Span
    kind: Kind
    parts: Parts | None = None
    parent: str = ""
    heading: bool = False
    sentence: int = 0
    status: str = "stated"
    period: str = ""
    reason: str = ""
    headed: bool = False
    run: int = 0


@record
class Relation:
    """A relation that the text states.

    Attributes:
        type: ``actor``, ``implements``, ``issues``, ``held_on``, ``located_in``, ``has_figure`` or
            ``deadline``.
        source: id of a clause (``c1``) or of a mention (``e1``).
        target: id of a mention.
        rule: what found it.
        carried: it was carried over from another clause and is never asserted.
    """

    type: str
    source: str
    target: str
    rule: str
    carried: bool = False
