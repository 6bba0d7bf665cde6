"""Sentences of a text: where each begins and ends.

A sentence ends behind 。！？ or at the end of a line, but never inside quotation marks, book title
marks or brackets. Offsets are code points, end exclusive.
"""

from __future__ import annotations

import re
import sys
from bisect import bisect_right

from policygraph.text.restore import Span

_OPENING = "“《（「『【("
_CLOSING = "”》）」』】)"
_ENDS = "。！？!?"
_SIGNS = re.compile(f"[{re.escape(_OPENING + _CLOSING + _ENDS)}\n]")


def sentences(text: str) -> list[Span]:
    """Cut a text into sentences; white space around them belongs to none.

    >>> [tuple(span) for span in sentences("甲。乙说“丙。丁”了。")]
    [(0, 2), (2, 11)]
    """
    spans: list[Span] = []
    start = depth = 0
    for sign in _SIGNS.finditer(text):
        place, character = sign.start(), sign[0]
        depth += (character in _OPENING) - (character in _CLOSING and depth > 0)
        if character == "\n":
            depth = 0
        if character == "\n" or (character in _ENDS and depth == 0):
            spans.append(Span(start, place + 1))
            start = place + 1
    spans.append(Span(start, len(text)))
    return [trimmed for span in spans if (trimmed := _trim(text, span))]


def _trim(text: str, span: Span) -> Span | None:
    """Leave out the white space at both ends; None where nothing else is there."""
    words = text[span.start : span.end]
    if not words.strip():
        return None
    start = span.start + len(words) - len(words.lstrip())
    return Span(start, start + len(words.strip()))


def around(span: Span, cut: list[Span]) -> Span:
    """Give the whole sentence, or run of sentences, that a span lies in.

    Args:
        span: a stretch of the text.
        cut: the sentences of the text, in order.
    """
    first = max(_begun_by(span.start, cut), 0)
    last = max(_begun_by(max(span.end - 1, span.start), cut), first)
    return Span(min(cut[first].start, span.start), max(cut[last].end, span.end))


def _begun_by(place: int, cut: list[Span]) -> int:
    """Give the number of the last sentence that begins at a place or before; -1 for none."""
    return bisect_right(cut, (place, sys.maxsize)) - 1
