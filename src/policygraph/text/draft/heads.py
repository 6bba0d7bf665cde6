"""Where a pattern can begin at all, so that it is tried there and not at every character.

A pattern that holds behind one of some words only (``(?:(?<=on )|(?<=into ))[A-Z]``) is tried by
Python's engine at every place of a line, each time behind all of these words. Its form tells which
characters stand right before it: those are found in a tenth of the time. This room knows no
language.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from policygraph.text.draft.forms import Form, Grams, form_of

Finder = Callable[[str, int, int], Iterator[re.Match[str]]]
"""Gives what stands between two places of a text, as ``finditer`` does."""


def all_of(pattern: re.Pattern[str]) -> Finder:
    """Give what finds a pattern in a text as its ``finditer`` does, faster where its form allows.

    >>> [match.span() for match in all_of(re.compile("(?<=[ab])c+"))("accbc dc", 0, 8)]
    [(1, 3), (4, 5)]
    """
    heads, opens = _heads(form_of(pattern))
    if heads is None:
        return pattern.finditer
    starts, match_at = heads.finditer, pattern.match

    def find(text: str, start: int, end: int) -> Iterator[re.Match[str]]:
        place = start
        if opens and not start and (match := match_at(text, start, end)):
            yield match
            place = match.end()
        for head in starts(text, start - 1 if start else 0, end):
            if head.end() >= place and (match := match_at(text, head.end(), end)):
                yield match
                place = match.end()

    return find


def _heads(form: Form) -> tuple[re.Pattern[str] | None, bool]:
    """Give what ends where a pattern may begin, and whether it may open a text besides."""
    if form.empty or form.after is None:
        return None, False
    before = "".join(map(re.escape, sorted(form.after)))
    ahead = f"(?={_any_of(form.begins)})" if form.begins else ""
    return re.compile(f"[{before}]{ahead}" if before else "(?!)"), "" in form.after


def _any_of(characters: Grams) -> str:
    return f"[{''.join(map(re.escape, sorted(characters)))}]"
