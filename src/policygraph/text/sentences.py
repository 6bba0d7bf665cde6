"""Sentences of a text: where each begins and ends.

A sentence ends behind 。！？ or at the end of a line, but never inside quotation marks, book title
marks or brackets. Offsets are code points, end exclusive.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable

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


def around(spans: Iterable[Span], cut: list[Span]) -> dict[Span, Span]:
    """Give for each span the whole sentence, or run of sentences, that it lies in.

    Args:
        spans: stretches of the text.
        cut: the sentences of the text, in order.
    """
    starts = [start for start, _ in cut]
    found = dict[Span, Span]()
    for span in spans:
        start, end = span
        first = max(bisect_right(starts, start) - 1, 0)
        begun, ended = whole = cut[first]
        if start < begun or ended < end:
            last = max(bisect_right(starts, end - 1) - 1, first)
            whole = Span(min(begun, start), max(cut[last].end, end))
        found[span] = whole
    return found
