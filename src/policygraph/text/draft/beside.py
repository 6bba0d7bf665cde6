"""Names that depend on a name beside them: short names in a row, and words that go on from a name.

In: a text and what was found in it; out: the mentions that hold, and longer ones. This room knows
no RDF and no language.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Protocol, TypeVar

from policygraph.text.restore import Span

IN_ROW = "list-in-row"
"""The rule of names that hold only where they stand in a row with others of their type."""


class Found(Protocol):
    """What a mention must tell here."""

    @property
    def span(self) -> Span:
        """The words, as code points."""

    @property
    def type(self) -> str:
        """The type of what it names."""

    @property
    def rule(self) -> str:
        """The list or pattern that found it."""


M = TypeVar("M", bound=Found)


def holding(text: str, found: Iterable[M], joints: re.Pattern[str]) -> list[M]:
    """Leave out names that hold only in a row and stand in none.

    Args:
        text: the restored text.
        found: mentions in text order.
        joints: what joins the members of a row.
    """
    listed = list(found)
    starts = {(mention.span.start, mention.type) for mention in listed}
    ends = {(mention.span.end, mention.type) for mention in listed}

    def in_row(mention: M) -> bool:
        after = joints.match(text, mention.span.end)
        if after and (after.end(), mention.type) in starts:
            return True
        before = mention.span.start - 1
        joined = before > 0 and joints.fullmatch(text, before, before + 1)
        return bool(joined) and (before, mention.type) in ends

    return [mention for mention in listed if mention.rule != IN_ROW or in_row(mention)]


def is_row(whole: Found, members: Iterable[Found]) -> bool:
    """Tell whether what is found names several things of its type one by one.

    Args:
        whole: what is found.
        members: what was found in the members of a row; several may have the same span.
    """
    start, end = whole.span
    inside = {
        member.span
        for member in members
        if member.type == whole.type and start <= member.span.start and member.span.end <= end
    }
    return len(inside) > 1


def going_on(
    text: str,
    found: Iterable[Found],
    forms: Mapping[str, Sequence[tuple[str, re.Pattern[str]]]],
) -> Iterator[tuple[str, Span]]:
    """Find longer names that begin with a name and go on in one of some ways.

    Args:
        text: the restored text.
        found: mentions.
        forms: type of a name → names of patterns with what may follow it.
    """
    for mention in found:
        for name, form in forms.get(mention.type, ()):
            match = form.match(text, mention.span.end)
            if match:
                yield name, Span(mention.span.start, match.end())
