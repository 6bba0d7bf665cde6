"""The traced text: characters that know from which characters of the source they come.

In: a text and changes of it; out: the changed text with an exact map of offsets in both
directions. This room imports nothing of the project.
"""

from __future__ import annotations

import functools
from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

_HIDDEN = "\ufffc"  # stands for one character that no later step may look at
_USUAL_LENGTH = 1 << 17


class Span(NamedTuple):
    """A stretch of text: code points, end exclusive."""

    start: int
    end: int


class Change(NamedTuple):
    """A replacement of one stretch of the text as it stands.

    Attributes:
        start: where the stretch starts.
        end: where it ends, exclusive.
        text: what takes its place: nothing, or as many characters, or any if ``origins`` is given.
        origins: for each new character the span of the text as it stands that it comes from; the
            starts and the ends of these spans must increase. Empty: character by character.
    """

    start: int
    end: int
    text: str
    origins: tuple[Span, ...] = ()


@dataclass(frozen=True)
class Traced:
    """A text in which every character has its span in the source.

    Starts and ends increase strictly from character to character; neighbouring spans may overlap,
    because one source character can hold bytes of two original ones.
    """

    text: str
    source_length: int
    starts: array[int]
    ends: array[int]

    @classmethod
    def of(cls, source: str) -> Traced:
        """Trace a source text nobody has changed yet."""
        length = len(source)
        numbers = _numbers() if length < _USUAL_LENGTH else array("q", range(length + 1))
        return cls(source, length, numbers[:length], numbers[1 : length + 1])

    def apply(self, changes: Iterable[Change]) -> Traced:
        """Make all changes at once.

        Args:
            changes: in text order, not overlapping.
        """
        changes = tuple(changes)
        if not changes:
            return self
        pieces: list[str] = []
        starts, ends, done = array("q"), array("q"), 0
        for change in changes:
            pieces += self.text[done : change.start], change.text
            kept = change.start if change.origins else _end_of_kept(change)
            starts += self.starts[done:kept]
            ends += self.ends[done:kept]
            for origin in change.origins:
                span = self.to_source(*origin)
                starts.append(span.start)
                ends.append(span.end)
            done = change.end
        pieces.append(self.text[done:])
        starts += self.starts[done:]
        ends += self.ends[done:]
        return Traced("".join(pieces), self.source_length, starts, ends)

    def to_source(self, start: int, end: int) -> Span:
        """Find the stretch of the source that a stretch of the text comes from.

        An empty stretch maps to the empty one before the source of the character that follows.

        Raises:
            ValueError: the stretch does not lie in the text.
        """
        if 0 <= start < end <= len(self.text):
            return Span(self.starts[start], self.ends[end - 1])
        _check(start, end, len(self.text))
        place = self.starts[start] if start < len(self.text) else self.source_length
        return Span(place, place)

    def to_restored(self, start: int, end: int) -> Span:
        """Find the stretch of the text that a stretch of the source has become.

        It holds every character that comes from the stretch in whole or in part; where all of it
        was removed, it is empty and lies where the removed characters would be.

        Raises:
            ValueError: the stretch does not lie in the source.
        """
        _check(start, end, self.source_length)
        last = bisect_left(self.starts, end)
        return Span(min(bisect_right(self.ends, start), last) if start < end else last, last)

    def standing(self, span: Span) -> Span:
        """Find the characters that come from a stretch of the source and from nothing else."""
        return Span(bisect_left(self.starts, span.start), bisect_right(self.ends, span.end))

    def hiding(self, spans: Iterable[Span]) -> str:
        """Give the text with some stretches of the source made illegible, offsets unchanged."""
        pieces: list[str] = []
        done = 0
        for span in sorted(spans):
            start, end = self.standing(span)
            pieces += self.text[done:start], _HIDDEN * (end - max(start, done))
            done = max(done, end)
        return "".join(pieces) + self.text[done:]


@functools.cache
def _numbers() -> array[int]:
    """Count from 0, once for all texts of usual length: to copy numbers is faster."""
    return array("q", range(_USUAL_LENGTH))


def _end_of_kept(change: Change) -> int:
    """Tell up to where spans stay: new characters take those of the ones they replace."""
    width = len(change.text)
    if width not in (0, change.end - change.start):
        raise ValueError(f"a change of length without origins: {change}")
    return change.start + width


def _check(start: int, end: int, length: int) -> None:
    if not 0 <= start <= end <= length:
        raise ValueError(f"[{start}, {end}) does not lie in a text of {length} characters")
