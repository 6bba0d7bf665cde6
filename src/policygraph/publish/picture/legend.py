"""What the signs, colours and lines of a picture mean.

In: the kinds and lines that are drawn. Out: entries with their places, as many rows as they need;
nothing is explained that is not there.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from policygraph.publish.picture.selection import MIDDLES, RELATIONS, SIDES, Link
from policygraph.publish.picture.words import WORDS, Line, line_height, text_width

_BETWEEN, _ROW_GAP = 26, 8
SIGN_ROOM, LINE_ROOM = 22, 48
_ORIGINS = ("stated", "editor", "inferred")
_COMMA = {"zh": "、", "en": ", "}
_BRACKETS = {"zh": "（{}）", "en": " ({})"}


@dataclass
class Entry:
    """A sign or line and what it means.

    Attributes:
        sign: kind whose sign it is; empty for a line.
        line: classes of the line; empty for a sign.
        words: one line a language.
    """

    sign: str
    line: str
    words: list[Line]
    x: float = 0
    y: float = 0

    @property
    def width(self) -> float:
        """How wide the entry is."""
        room = SIGN_ROOM if self.sign else LINE_ROOM
        return room + max(text_width(line.text, line.style) for line in self.words)

    @property
    def height(self) -> float:
        """How high the entry is."""
        return sum(line_height(line.style) for line in self.words)


def line_class(link: Link, kinds: Mapping[str, str]) -> str:
    """Give the classes a line is drawn with: by the thing of the middle, and by who says it."""
    middle = next((kinds[iri] for iri in reversed(link.ends) if kinds[iri] in MIDDLES), "Statement")
    origin = link.origin if link.origin in _ORIGINS else "stated"
    return f"to-{middle} {origin}"


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
        Entry(kind, "", _words({lang: f"{WORDS[kind][lang]} {counts[kind]}" for lang in languages}))
        for kind in (*SIDES, *MIDDLES)
        if counts[kind]
    ]
    return [*signs, *_lines(kinds, links, languages)]


def _lines(
    kinds: Mapping[str, str], links: Iterable[Link], languages: tuple[str, ...]
) -> Iterator[Entry]:
    """Explain the lines, those of one look together."""
    relations: dict[str, set[str]] = {}
    for link in links:
        relations.setdefault(line_class(link, kinds), set()).add(link.relation)
    for look in sorted(relations, key=lambda look: (_ORIGINS.index(look.split()[1]), look)):
        names = sorted(relations[look], key=RELATIONS.index)
        yield Entry("", look, _words({lang: _meaning(names, look, lang) for lang in languages}))


def _meaning(relations: list[str], look: str, lang: str) -> str:
    names = _COMMA[lang].join(WORDS[name][lang] for name in relations)
    return names + _BRACKETS[lang].format(WORDS[look.split()[1]][lang])


def _words(texts: Mapping[str, str]) -> list[Line]:
    styles = ("key", "second")
    pairs = zip(styles, texts.items(), strict=False)
    return [Line(style, lang, text) for style, (lang, text) in pairs]


def flow(entries: list[Entry], x: float, y: float, width: float) -> float:
    """Set entries in rows, lines below signs, and give the height at which the last row ends."""
    left, end = x, y
    for before, entry in zip([None, *entries], entries, strict=False):
        changed = before is not None and bool(before.sign) != bool(entry.sign)
        if changed or (x > left and x + entry.width > left + width):
            x, y = left, end + _ROW_GAP
        entry.x, entry.y = x, y
        x += entry.width + _BETWEEN
        end = max(end, y + entry.height)
    return end
