"""Where everything goes: cards in a column on each side, things between them, lanes for lines.

In: a selection. Out: a ``Layout`` of boxes with coordinates; every box has a row of its own. The
right side keeps the order of the documents; the left and the middle follow it by barycentre, so
that few lines cross.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from policygraph.publish.picture.selection import SIDES, Link, Selection, Tree
from policygraph.publish.picture.words import (
    WORDS,
    Line,
    clean,
    label,
    line_height,
    lines_of,
)

if TYPE_CHECKING:
    from networkx import MultiDiGraph

MARGIN = 28
GUTTER = 108
"""Between two columns, where the lines run."""

WIDTHS = {"left": 404, "middle": 200, "right": 404}
TEXT_AT = 34
"""Where the words begin in a box; its sign stands before them."""

_PAD, _END, _STEP, _GAP, _LANE = 7, 12, 18, 16, 20
_LEAST_WIDTH = 640


@dataclass
class Box:
    """A thing, or a heading, with its words and its place."""

    iri: str
    kind: str
    column: str
    label: dict[str, str]
    lines: list[Line]
    indent: int = 0
    x: float = 0
    y: float = 0

    @property
    def width(self) -> float:
        """How wide the box is."""
        return WIDTHS[self.column]

    @property
    def height(self) -> float:
        """How high the box is."""
        return 2 * _PAD + sum(line_height(line.style) for line in self.lines)

    @property
    def centre(self) -> float:
        """The height at which lines meet the box."""
        return self.y + self.height / 2


Card = list[Box]
"""Boxes that stand on each other without a gap."""


@dataclass
class Layout:
    """A picture before it is drawn.

    Attributes:
        title: what stands at the top.
        cards: by column, from top to bottom; a heading is a card of its own.
        links: lines between boxes.
        lanes: for lines that pass the middle, the height at which they do.
        width: of the whole, in pixels.
        bottom: where the columns end.
    """

    title: list[Line]
    cards: dict[str, list[Card]]
    links: list[Link]
    lanes: dict[Link, float] = field(default_factory=dict)
    width: float = _LEAST_WIDTH
    bottom: float = 0

    @property
    def boxes(self) -> dict[str, Box]:
        """All boxes by the IRI of their thing."""
        cards = (card for column in self.cards.values() for card in column)
        return {box.iri: box for card in cards for box in card}


def lay_out(selection: Selection, things: MultiDiGraph[str], languages: tuple[str, ...]) -> Layout:
    """Find a place for everything selected."""
    letters = _Letters(things, languages)
    links = list(_bundled(selection))
    cards = {side: list(letters.side(side, bands)) for side, bands in selection.sides.items()}
    cards["middle"] = letters.middle(selection.middles)
    layout = Layout([], cards, links)
    _place_columns(layout)
    layout.title = letters.title(selection.documents, layout.width - 2 * MARGIN)
    _place_rows(layout)
    return layout


def _bundled(selection: Selection) -> Iterator[Link]:
    """Draw one line to the heading where an institution is behind all goals of a period."""
    links = dict.fromkeys(selection.links)
    for period, trees in selection.sides["right"].items():
        heads = {tree[0][0] for tree in trees}
        behind: dict[str, list[Link]] = {}
        for link in links:
            if link.relation == "behindGoal" and link.end in heads:
                behind.setdefault(link.start, []).append(link)
        for start, bundle in behind.items():
            if len(bundle) == len(heads) > 1:
                heading = Link(start, _heading_iri("right", period), "behindGoal", bundle[0].origin)
                links = dict.fromkeys([link for link in links if link not in bundle] + [heading])
    yield from links


def _heading_iri(column: str, period: str) -> str:
    return f"#{column}-{period}"


class _Letters:
    """Turns things into boxes with words."""

    def __init__(self, things: MultiDiGraph[str], languages: tuple[str, ...]) -> None:
        self.things = things
        self.languages = languages

    def side(self, side: str, bands: dict[str, list[Tree]]) -> Iterator[Card]:
        """Give the cards of a side, each period under its heading."""
        for period, trees in bands.items():
            yield [self._heading(side, period)]
            for tree in trees:
                yield [self._box(iri, side, depth) for iri, depth in tree]

    def middle(self, iris: list[str]) -> list[Card]:
        """Give the cards of the middle under their heading."""
        cards = [[self._box(iri, "middle", 1)] for iri in iris]
        return [[self._heading("middle", "")], *cards] if cards else []

    def title(self, documents: list[str], width: float) -> list[Line]:
        """Name the document if there is only one."""
        one = len(documents) == 1
        words = (
            label(self.things.nodes[documents[0]], self.languages)
            if one
            else {lang: WORDS["title"][lang] for lang in self.languages}
        )
        return lines_of(words, "title", width)

    def _heading(self, column: str, period: str) -> Box:
        words = {
            lang: " · ".join(filter(None, (clean(period), WORDS[column][lang])))
            for lang in self.languages
        }
        lines = lines_of(words, "band", WIDTHS[column])
        return Box(_heading_iri(column, period), "heading", column, words, lines)

    def _box(self, iri: str, column: str, depth: int) -> Box:
        about = self.things.nodes[iri]
        words = label(about, self.languages)
        style = "main" if depth else "head"
        indent = _STEP * min(max(depth - 1, 0), 3)
        lines = lines_of(words, style, WIDTHS[column] - TEXT_AT - indent - _END)
        return Box(iri, about["kind"], column, words, lines, indent)


def _place_columns(layout: Layout) -> None:
    """Set the columns that hold something side by side."""
    at = MARGIN
    for column, width in WIDTHS.items():
        for box in _boxes(layout.cards[column]):
            box.x = at
        if layout.cards[column]:
            at += width + GUTTER
    layout.width = max(_LEAST_WIDTH, at - GUTTER + MARGIN)


def _place_rows(layout: Layout) -> None:
    """Stack the right, draw the left towards it, then the middle towards both."""
    top = MARGIN + _GAP + sum(line_height(line.style) for line in layout.title)
    joined = _joined(layout)
    for column in layout.cards.values():
        _set_rows(column, [top for _ in column], top)
    _draw_left(layout.cards["left"], joined, top)
    if layout.cards["middle"]:
        _fill_middle(layout, joined)
    ends = [box.y + box.height for box in layout.boxes.values()]
    layout.bottom = max([top, *ends, *layout.lanes.values()])


def _joined(layout: Layout) -> dict[str, list[Box]]:
    """Tell which boxes lines join to a box."""
    boxes = layout.boxes
    joined: dict[str, list[Box]] = {iri: [] for iri in boxes}
    for link in layout.links:
        joined[link.start].append(boxes[link.end])
        joined[link.end].append(boxes[link.start])
    return joined


def _draw_left(column: list[Card], joined: dict[str, list[Box]], top: float) -> None:
    """Order the cards of each period by what they reach on the right, and set them level with it."""
    wishes = {id(card): _wish(card, joined) for card in column}
    band, ordered = 0, []
    for card in column:
        band += card[0].kind == "heading"
        ordered.append((band, card[0].kind != "heading", wishes[id(card)], len(ordered), card))
    ordered.sort(key=lambda item: item[:-1])
    column[:] = [card for *_, card in ordered]
    _set_rows(column, [wishes[id(card)] for card in column], top)
