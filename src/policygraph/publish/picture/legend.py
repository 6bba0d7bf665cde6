"""What the signs, colours and lines of a picture mean.

In: the kinds and lines that are drawn. Out: entries with their places, as many rows as they need;
nothing is explained that is not there.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from policygraph.publish.picture.selection import MIDDLES, RELATIONS, SIDES, Link
from policygraph.publish.picture.words import WORDS, Line, line_height, lines_of, say, text_width

_BETWEEN, _ROW_GAP = 26, 8
_SIGN_ROOM, _LINE_ROOM = 22, 48
_ORIGINS = ("stated", "editor", "inferred")
_COMMA = {"zh": "、", "en": ", "}
_BRACKETS = {"zh": "（{}）", "en": " ({})"}


class Look(NamedTuple):
    """What a line looks like.

    Attributes:
        towards: kind of the thing of the middle it ends at, or ``Statement``: gives the colour.
        origin: who says it: gives the style.
    """

    towards: str
    origin: str

    @property
    def classes(self) -> str:
        """How a style sheet knows it."""
        return f"to-{self.towards} {self.origin}"


@dataclass
class Entry:
    """A sign or line and what it means, one line of words a language."""

    shown: str | Look
    words: list[Line]
    x: float = 0
    y: float = 0

    @property
    def is_line(self) -> bool:
        """Tell whether it explains a line, not the sign of a kind."""
        return isinstance(self.shown, Look)

    @property
    def words_at(self) -> float:
        """Where the words begin."""
        return self.x + (_LINE_ROOM if self.is_line else _SIGN_ROOM)

    @property
    def width(self) -> float:
        """How wide the entry is."""
        return (
            self.words_at - self.x + max(text_width(line.text, line.style) for line in self.words)
        )

    @property
    def height(self) -> float:
        """How high the entry is."""
        return sum(line_height(line.style) for line in self.words)


def look_of(link: Link, kinds: Mapping[str, str]) -> Look:
    """Tell what a line looks like."""
    towards = (kinds[iri] for iri in reversed(link.ends) if kinds[iri] in MIDDLES)
    return Look(next(towards, "Statement"), link.origin if link.origin in _ORIGINS else "stated")


def legend(
    kinds: Mapping[str, str], links: Iterable[Link], languages: tuple[str, ...]
) -> list[Entry]:
    """Explain the kinds and lines that are drawn.

    Args:
        kinds: the kind of each thing drawn.
        links: the lines drawn.
        languages: one line each.
    """
    counts = Counter(kinds.values())
    signs = [
        _entry(
            kind, {lang: f"{word} {counts[kind]}" for lang, word in say(kind, languages).items()}
        )
        for kind in (*SIDES, *MIDDLES)
        if counts[kind]
    ]
    return [*signs, *_lines(kinds, links, languages)]


def _lines(
    kinds: Mapping[str, str], links: Iterable[Link], languages: tuple[str, ...]
) -> Iterator[Entry]:
    """Explain the lines, those of one look together."""
    relations: dict[Look, set[str]] = {}
    for link in links:
        relations.setdefault(look_of(link, kinds), set()).add(link.relation)
    for look in sorted(relations, key=lambda look: (_ORIGINS.index(look.origin), look)):
        names = sorted(relations[look], key=RELATIONS.index)
        yield _entry(look, {lang: _meaning(names, look, lang) for lang in languages})


def _meaning(relations: list[str], look: Look, lang: str) -> str:
    names = _COMMA[lang].join(WORDS[name][lang] for name in relations)
    return names + _BRACKETS[lang].format(WORDS[look.origin][lang])


def _entry(shown: str | Look, words: Mapping[str, str]) -> Entry:
    return Entry(shown, lines_of(words, "key", math.inf))


def flow(entries: list[Entry], x: float, y: float, width: float) -> float:
    """Set entries in rows, lines below signs, and give the height at which the last row ends."""
    left, end = x, y
    for before, entry in zip([None, *entries], entries, strict=False):
        changed = before is not None and before.is_line != entry.is_line
        if changed or (x > left and x + entry.width > left + width):
            x, y = left, end + _ROW_GAP
        entry.x, entry.y = x, y
        x += entry.width + _BETWEEN
        end = max(end, y + entry.height)
    return end
