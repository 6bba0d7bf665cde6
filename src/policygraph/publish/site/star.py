"""A small picture of what is joined to one thing.

It stands in the middle, what points to it on the left, what it points to on the right.

In: words, links and kinds. Out: SVG to stand in a page, whose colours the style sheet gives. The
same is always told by a table beside it.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from markupsafe import Markup, escape

from policygraph.publish.picture.words import clean, wrap
from policygraph.publish.site.links import Shown

MOST = 7
"""Boxes on a side."""

_WIDTH, _BOX, _MIDDLE = 960, 276, 240
_GAP, _PAD, _LINE, _SMALL = 12, 8, 18, 16
_SVG = (
    '<svg viewBox="0 0 {width} {height}" width="{width}" height="{height}" role="group"'
    ' aria-label="{label}">{inside}</svg>'
)
_RECT = '<rect class="{look}" x="{x}" y="{y}" width="{width}" height="{height}" rx="5"/>'
_TEXT = '<text{look} x="{x}" y="{y}"{lang}>{words}</text>'
_EDGE = '<path class="edge {origin}" d="M{x0},{y0} C{xa},{y0} {xa},{y1} {x1},{y1}"/>'
_TIP = '<path class="tip" d="M{x},{y} l-8,-4.5 v9z"/>'


@dataclass(frozen=True)
class Spoke:
    """Something joined to the thing in the middle.

    Attributes:
        relation: what joins them.
        shown: its name and link.
        kind: local name of its class, for its colour.
        origin: who says so, for the line.
    """

    relation: str
    shown: Shown
    kind: str = ""
    origin: str = "stated"


@dataclass(frozen=True)
class Box:
    """A box of a picture, at its place."""

    x: float
    y: float
    width: int
    lines: tuple[str, ...]
    relation: str
    spoke: Spoke

    @property
    def height(self) -> int:
        """How high it is."""
        return 2 * _PAD + _LINE * len(self.lines) + (_SMALL if self.relation else 0)

    @property
    def middle(self) -> float:
        """Where lines meet it."""
        return self.y + self.height / 2


def star(
    centre: Shown, kind: str, inward: Sequence[Spoke], outward: Sequence[Spoke], label: str
) -> Markup:
    """Draw a thing with what is joined to it; empty where nothing is.

    Args:
        centre: the thing.
        kind: local name of its class.
        inward: what points to it, of which the first ``MOST`` are drawn.
        outward: what it points to, likewise.
        label: what the picture shows, for those who hear it.
    """
    left = column(inward[:MOST], 1)
    right = column(outward[:MOST], _WIDTH - _BOX - 1)
    if not left and not right:
        return Markup("")
    x = (_WIDTH - _MIDDLE) / 2 if left else 1
    middle = _box(Spoke("", centre, kind), x, 0, _MIDDLE)
    columns = [stack for stack in (left, right, [middle]) if stack]
    height = max(stack[-1].y + stack[-1].height for stack in columns) + 2
    left, right, (middle,) = (_centred(stack, height) for stack in (left, right, [middle]))
    pieces = [*_edges(left, right, middle), *map(drawn, left), *map(drawn, right)]
    pieces.append(drawn(middle, "box centre"))
    width = _WIDTH if right else middle.x + _MIDDLE + 1
    return framed(width, height, label, pieces)


def framed(width: float, height: float, label: str, pieces: Iterable[Markup]) -> Markup:
    """Put the pieces of a picture together."""
    inside = Markup("").join(pieces)
    return filled(_SVG, width=number(width), height=number(height), label=label, inside=inside)


def column(spokes: Iterable[Spoke], x: float, width: int = _BOX) -> list[Box]:
    """Stack boxes, one for each thing."""
    boxes, y = list[Box](), 1.0
    for spoke in spokes:
        boxes.append(_box(spoke, x, y, width))
        y += boxes[-1].height + _GAP
    return boxes


def _box(spoke: Spoke, x: float, y: float, width: int) -> Box:
    room = width - 2 * _PAD - 6
    relation = next(iter(wrap(clean(spoke.relation), "second", room)), "")
    lines = fitted(spoke.shown.text, room)
    return Box(x, y, width, lines, relation, spoke)


@functools.lru_cache(20_000)
def fitted(text: str, width: float, most: int = 2) -> tuple[str, ...]:
    """Break words into at most so many lines, cut short where they are too many."""
    words = clean(text)
    lines = wrap(words, "key", width)
    while len(lines) > most:
        words = words[: -max(1, len(words) // 12)].rstrip("… ,，、")
        lines = wrap(words + "…", "key", width)
    return tuple(lines)


def _centred(column: list[Box], height: float) -> list[Box]:
    if not column:
        return []
    spare = (height - 2 - column[-1].y - column[-1].height) / 2
    return [
        Box(box.x, box.y + max(spare, 0), box.width, box.lines, box.relation, box.spoke)
        for box in column
    ]


def _edges(left: list[Box], right: list[Box], middle: Box) -> Iterable[Markup]:
    for box in left:
        yield from _edge(box.x + _BOX, box.middle, middle.x, middle.middle, box.spoke.origin)
    for box in right:
        yield from _edge(middle.x + _MIDDLE, middle.middle, box.x, box.middle, box.spoke.origin)


def _edge(x0: float, y0: float, x1: float, y1: float, origin: str) -> Iterable[Markup]:
    ends = {"x0": x0, "y0": y0, "x1": x1 - 7, "y1": y1, "xa": (x0 + x1) / 2}
    yield filled(_EDGE, origin=origin, **{name: number(value) for name, value in ends.items()})
    yield filled(_TIP, x=number(x1 - 1), y=number(y1))


def drawn(box: Box, look: str = "box") -> Markup:
    """Draw a box with its words, as a link where there is somewhere to go."""
    spoke, y = box.spoke, box.y + _PAD
    pieces = [
        filled(
            _RECT, look=look, x=number(box.x), y=number(box.y), width=box.width, height=box.height
        )
    ]
    if box.relation:
        y += _SMALL
        pieces.append(_text(box.relation, box.x, y - 4, look=Markup(' class="relation"')))
    for line in box.lines:
        y += _LINE
        pieces.append(_text(line, box.x, y - 4, lang=spoke.shown.lang))
    inside = Markup("").join(pieces)
    if spoke.shown.href:
        inside = filled('<a href="{href}">{inside}</a>', href=spoke.shown.href, inside=inside)
    return filled('<g class="{kind}">{inside}</g>', kind=spoke.kind, inside=inside)


def _text(words: str, x: float, y: float, *, look: str = "", lang: str = "") -> Markup:
    tag = filled(' lang="{lang}"', lang=lang) if lang else ""
    return filled(_TEXT, look=look, x=number(x + _PAD + 3), y=number(y), lang=tag, words=words)


def filled(template: str, **values: object) -> Markup:
    """Fill in a piece of SVG, as ``Markup.format`` does, which takes twice as long.

    >>> filled("<b>{words}</b>", words="<&")
    Markup('<b>&lt;&amp;</b>')
    """
    safe = {name: escape(value) for name, value in values.items()}
    return Markup(template.format(**safe))  # noqa: S704 - all of them are escaped


def number(value: float) -> str:
    """Write a place in a picture."""
    return f"{value:.1f}".removesuffix(".0")
