"""Names that lists give: the longest one at each place of a text, and those inside it.

In: names with what they stand for and the words around them that forbid it; out: spans with what
stands there. This room knows no language.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from policygraph.text.draft.grams import places_of
from policygraph.text.restore import Span


@dataclass(frozen=True)
class Listed:
    """What a list says of a name.

    Attributes:
        type: of what it names.
        generic: it names bodies of a kind rather than one of them.
        rule: what finds it: ``list``, or the list of names that count in a row only.
        not_before: words after which it is not that name.
        not_after: words before which it is not that name.
    """

    type: str
    generic: bool
    rule: str
    not_before: tuple[str, ...]
    not_after: tuple[str, ...]

    def fits(self, text: str, start: int, end: int) -> bool:
        """Tell whether the words around a name leave it what the list says it is."""
        before = text[max(0, start - 6) : start]
        return not (before.endswith(self.not_before) or text.startswith(self.not_after, end))


class Names:
    """Finds listed names.

    Args:
        listed: name → what it is, one entry for each list that has it.
    """

    def __init__(self, listed: Mapping[str, Sequence[Listed]]) -> None:
        self._listed = dict(listed)
        lengths: dict[str, set[int]] = defaultdict(set)
        for name in listed:
            lengths[name[:2]].add(len(name))
        self._lengths = {opens: sorted(found, reverse=True) for opens, found in lengths.items()}
        single = "".join(name for name in listed if len(name) == 1)
        self._single = re.compile(f"[{re.escape(single)}]" if single else r"(?!)")

    def find(self, text: str) -> Iterator[tuple[Span, Listed]]:
        """Find the names in a text, in text order; those inside a name after it."""
        done = 0
        starts = list(places_of(self._lengths, text))
        single = [match.start() for match in self._single.finditer(text)]
        for start in sorted({*starts, *single}) if single else starts:
            if start >= done and (end := self._end(text, start, len(text))):
                yield from self._at(text, Span(start, end))
                done = end

    def _at(self, text: str, span: Span) -> Iterator[tuple[Span, Listed]]:
        """Give what a name stands for, and the names inside it."""
        for entry in self._listed[text[span.start : span.end]]:
            if entry.fits(text, *span):
                yield span, entry
        place = span.start
        while place < span.end:
            last = span.end - (place == span.start)  # not the whole name again
            end = self._end(text, place, last)
            if end:
                yield from self._at(text, Span(place, end))
            place = end or place + 1

    def _end(self, text: str, start: int, last: int) -> int:
        """Tell where the longest name ends that begins at a place; 0 where none does."""
        for length in self._lengths.get(text[start : start + 2], ()):
            if start + length <= last and text[start : start + length] in self._listed:
                return start + length
        return start + 1 if start < last and text[start] in self._listed else 0
