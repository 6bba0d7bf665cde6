"""Coverage: which sentence carries which statements, and which characters carry none.

In: a document. Out: one line per sentence and the stretches no statement covers. What may stay
uncovered (marks, list numbers and the connectors of the lexicon) is told apart from what may not.
"""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass

from policygraph.assets import asset
from policygraph.text.draft.signs import read_signs
from policygraph.text.draft.tables import read_table
from policygraph.text.model import Document, Row, covers
from policygraph.text.restore import Span
from policygraph.text.sentences import sentences
from policygraph.text.statements import walk

_LEXICON = asset("data", "lexicon", "zh")

_WORDLESS = re.compile(r"[\s\W_]*(?:\d+[\s\W_]+)?[\s\W_]*")
"""Marks and white space, with at most one number such as ``1）`` in front of a mark."""


@dataclass(frozen=True)
class SentenceCoverage:
    """One sentence with the ids of the rows it carries and the words none of them covers."""

    span: Span
    text: str
    carries: tuple[str, ...]
    gaps: tuple[Span, ...]


def coverage(document: Document) -> list[SentenceCoverage]:
    """Tell for every sentence of a document what it carries and what is left over."""
    rows = [row for section in document.sections for row in walk(section.rows)]
    accepted = [row for row in rows if row.review == "accepted"]
    covered = bytearray(len(document.text))
    for span in _spans(document, accepted):
        covered[span.start : span.end] = b"\x01" * (span.end - span.start)
    return [
        SentenceCoverage(
            span,
            document.text[span.start : span.end],
            tuple(row.id or row.of for row in accepted if covers(span, row.span)),
            tuple(_gaps(document.text, covered, span)),
        )
        for span in sentences(document.text)
    ]


def _spans(document: Document, rows: list[Row]) -> list[Span]:
    headings = [section.heading for section in document.sections if section.heading]
    quotes = [row.span for row in rows]
    own = [fact.span for row in rows for fact in row.facts if fact.span]
    return [*headings, *quotes, *own]


def _gaps(text: str, covered: bytearray, sentence: Span) -> list[Span]:
    """Find the runs of uncovered characters that hold words other than connectors."""
    gaps: list[Span] = []
    place = sentence.start
    while place < sentence.end:
        end = place
        while end < sentence.end and covered[end] == covered[place]:
            end += 1
        if not covered[place] and not is_connector(text[place:end]):
            gaps.append(Span(place, end))
        place = end
    return gaps


def is_connector(words: str) -> bool:
    """Tell whether words state nothing: marks, a list number, or a connector of the lexicon.

    >>> is_connector("。1）"), is_connector("二、其中，"), is_connector("，大力，")
    (True, True, False)
    """
    rest = words
    for connector in connectors():
        rest = rest.replace(connector, "")
    rest = read_signs(_LEXICON).marker.sub("", rest)
    return _WORDLESS.fullmatch(rest) is not None


@functools.cache
def connectors() -> tuple[str, ...]:
    """Read the connectors of the lexicon, the longest first."""
    words = [row["form"] for row in read_table(_LEXICON / "connectors.tsv", "form", "comment")]
    return tuple(sorted(words, key=len, reverse=True))
