"""Where everything goes: cards in a column on each side, things between them, lanes for lines.

In: a selection. Out: a ``Layout`` of boxes with coordinates; every box has a row of its own. The
right side keeps the order of the documents; the left and the middle follow it by barycentre, so
that few lines cross.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import accumulate
from statistics import fmean
from typing import TYPE_CHECKING

from policygraph.publish.picture.legend import Entry, flow, legend
from policygraph.publish.picture.selection import Link, Selection, Tree
from policygraph.publish.picture.words import Line, clean, label, line_height, lines_of, say

if TYPE_CHECKING:
    from networkx import MultiDiGraph

MARGIN = 28
GUTTER = 90
"""Between two columns, where the lines run."""

WIDTHS = {"left": 422, "middle": 200, "right": 422}
TEXT_AT = 34
"""Where the words begin in a box; its sign stands before them."""

PAD = 6
GAP = 16
_INDENT, _LEAST_WIDTH = 18, 480

Joined = dict[str, list["Box"]]


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
        return 2 * PAD + sum(line_height(line.style) for line in self.lines)

    @property
    def centre(self) -> float:
        """The height at which lines meet the box."""
        return self.y + self.height / 2


@dataclass
class Card:
    """Boxes that stand on each other without a gap, in a band of their column."""

    boxes: list[Box]
    band: int = 0

    @property
    def is_heading(self) -> bool:
        """Tell whether the card is the heading of its band."""
        return self.boxes[0].kind == "heading"

    @property
    def height(self) -> float:
        """How high the card is."""
        return sum(box.height for box in self.boxes)

    @property
    def y(self) -> float:
        """Where the card begins."""
        return self.boxes[0].y

    def move(self, y: float) -> None:
        """Let the card begin elsewhere."""
        for box in self.boxes:
            box.y = y
            y += box.height


@dataclass
class Layout:
    """A picture before it is drawn.

    Attributes:
        title: what stands at the top.
        legend: what stands under it.
        columns: their cards from top to bottom.
        links: lines between boxes.
        lanes: for lines that pass the middle, the height at which they do.
        width: of the whole, in pixels.
        bottom: where the columns end.
    """

    title: list[Line]
    columns: dict[str, list[Card]]
    links: list[Link]
    legend: list[Entry] = field(default_factory=list)
    lanes: dict[Link, float] = field(default_factory=dict)
    width: float = _LEAST_WIDTH
    bottom: float = 0

    def boxes(self) -> dict[str, Box]:
        """Give all boxes by the IRI of their thing."""
        cards = (card for column in self.columns.values() for card in column)
        return {box.iri: box for card in cards for box in card.boxes}


def lay_out(selection: Selection, things: MultiDiGraph[str], languages: tuple[str, ...]) -> Layout:
    """Find a place for everything selected."""
    letters = _Letters(things, languages)
    columns = {
        "left": list(letters.side("left", selection.sides["left"])),
        "middle": letters.middle(selection.middles),
        "right": list(letters.side("right", selection.sides["right"])),
    }
    layout = Layout([], columns, _bundled(selection))
    _place_columns(layout)
    room = layout.width - 2 * MARGIN
    layout.title = letters.title(selection.documents, room)
    kinds = {iri: box.kind for iri, box in layout.boxes().items()}
    layout.legend = legend(kinds, layout.links, languages)
    below = MARGIN + sum(line_height(line.style) for line in layout.title) + GAP
    _place_rows(layout, flow(layout.legend, MARGIN, below, room) + GAP)
    return layout


def _bundled(selection: Selection) -> list[Link]:
    """Draw one line to the heading where an institution is behind all goals of a period."""
    links = selection.links
    for period, trees in selection.sides["right"].items():
        goals = {tree[0][0] for tree in trees}
        behind: dict[str, list[Link]] = {}
        for link in links:
            if link.relation == "behindGoal" and link.end in goals:
                behind.setdefault(link.start, []).append(link)
        for institution, bundle in behind.items():
            if len(bundle) == len(goals) > 1:
                one = Link(institution, _heading("right", period), "behindGoal", bundle[0].origin)
                links = [*(link for link in links if link not in bundle), one]
    return links


def _heading(column: str, period: str) -> str:
    return f"#{column}-{period}"


class _Letters:
    """Turns things into boxes with words."""

    def __init__(self, things: MultiDiGraph[str], languages: tuple[str, ...]) -> None:
        self.things = things
        self.languages = languages

    def side(self, side: str, periods: dict[str, list[Tree]]) -> Iterator[Card]:
        """Give the cards of a side, each period under its heading."""
        for band, (period, trees) in enumerate(periods.items()):
            yield self._heading(side, period, band)
            for tree in trees:
                yield Card([self._box(iri, side, depth) for iri, depth in tree], band)

    def middle(self, iris: list[str]) -> list[Card]:
        """Give the cards of the middle under their heading."""
        cards = [Card([self._box(iri, "middle", 1)]) for iri in iris]
        return [self._heading("middle", "", 0), *cards] if cards else []

    def title(self, documents: list[str], width: float) -> list[Line]:
        """Name the document where there is but one."""
        if len(documents) == 1:
            words = label(self.things.nodes[documents[0]], self.languages)
        else:
            words = say("title", self.languages)
        return lines_of(words, "title", width)

    def _heading(self, column: str, period: str, band: int) -> Card:
        words = {
            lang: " · ".join(filter(None, (clean(period), word)))
            for lang, word in say(column, self.languages).items()
        }
        lines = lines_of(words, "band", WIDTHS[column])
        return Card([Box(_heading(column, period), "heading", column, words, lines)], band)

    def _box(self, iri: str, column: str, depth: int) -> Box:
        about = self.things.nodes[iri]
        words = label(about, self.languages)
        indent = _INDENT * min(max(depth - 1, 0), 3)
        width = WIDTHS[column] - TEXT_AT - indent - 2 * PAD
        lines = lines_of(words, "main" if depth else "head", width)
        return Box(iri, about["kind"], column, words, lines, indent)


def _place_columns(layout: Layout) -> None:
    """Set the columns that hold something side by side."""
    at = MARGIN
    for column, cards in layout.columns.items():
        for card in cards:
            for box in card.boxes:
                box.x = at
        if cards:
            at += WIDTHS[column] + GUTTER
    layout.width = max(_LEAST_WIDTH, at - GUTTER + MARGIN)


def _place_rows(layout: Layout, top: float) -> None:
    """Stack the right, draw the left towards it, then the middle towards both."""
    joined = _joined(layout)
    for column in layout.columns.values():
        _settle(column, [top] * len(column), top)
    _draw_left(layout.columns["left"], joined, top)
    if layout.columns["middle"]:
        _fill_middle(layout, joined)
    ends = [box.y + box.height for box in layout.boxes().values()]
    layout.bottom = max([top, *ends, *layout.lanes.values()])


def _joined(layout: Layout) -> Joined:
    """Tell to which boxes lines join a box."""
    boxes = layout.boxes()
    joined: Joined = {iri: [] for iri in boxes}
    for link in layout.links:
        joined[link.start].append(boxes[link.end])
        joined[link.end].append(boxes[link.start])
    return joined


def _draw_left(cards: list[Card], joined: Joined, top: float) -> None:
    """Order the cards of each band by what they reach on the right, and set them level with it."""
    wish = {card.boxes[0].iri: _wish(card, joined) for card in cards}
    cards.sort(key=lambda card: (card.band, not card.is_heading, wish[card.boxes[0].iri]))
    wishes = [wish[card.boxes[0].iri] for card in cards]
    for at, card in enumerate(cards):
        if card.is_heading:
            wishes[at] = wishes[at + 1] - card.height - GAP if at else top
    _settle(cards, wishes, top)


def _wish(card: Card, joined: Joined) -> float:
    """Tell where a card of the left would begin if it were level with what it reaches."""
    wishes = [
        reached.centre - (box.centre - card.y)
        for box in card.boxes
        for near in joined[box.iri]
        for reached in (joined[near.iri] if near.column == "middle" else [near])
        if reached.column == "right"
    ]
    return fmean(wishes) if wishes else card.y


def _settle(cards: list[Card], wishes: Sequence[float], top: float) -> None:
    starts = spread(wishes, [card.height + GAP for card in cards], top)
    for card, start in zip(cards, starts, strict=True):
        card.move(start)


def _fill_middle(layout: Layout, joined: Joined) -> None:
    """Order the things and lanes of the middle by what they join, and set them level with it."""
    heading, *cards = layout.columns["middle"]
    rows: list[tuple[float, Card | Link]] = [
        *((_level(card.boxes[0], joined), card) for card in cards),
        *_passing(layout),
    ]
    rows.sort(key=lambda row: row[0])
    heights = [thing.height if isinstance(thing, Card) else 0 for _, thing in rows]
    wishes = [level - height / 2 for (level, _), height in zip(rows, heights, strict=True)]
    top = heading.y + heading.height + GAP
    starts = spread(wishes, [height + GAP for height in heights], top)
    for start, (_, thing) in zip(starts, rows, strict=True):
        if isinstance(thing, Card):
            thing.move(start)
        else:
            layout.lanes[thing] = start
    layout.columns["middle"] = [heading, *sorted(cards, key=lambda card: card.y)]


def _passing(layout: Layout) -> Iterator[tuple[float, Link]]:
    """Find the lines that pass the middle, and the height at which they would like to."""
    boxes = layout.boxes()
    for link in layout.links:
        start, end = boxes[link.start], boxes[link.end]
        if {start.column, end.column} == {"left", "right"}:
            yield (start.centre + end.centre) / 2, link


def _level(box: Box, joined: Joined) -> float:
    """Tell the mean height of what a thing of the middle joins, itself or through its like."""
    through = [far for near in joined[box.iri] for far in joined[near.iri]]
    for reached in (joined[box.iri], through):
        heights = [other.centre for other in reached if other.column != "middle"]
        if heights:
            return fmean(heights)
    return box.centre


def spread(wishes: Sequence[float], sizes: Sequence[float], top: float) -> list[float]:
    """Set rows as near as can be to where they wish to begin, in order and without overlap.

    >>> spread([0, 0, 90], [10, 10, 10], top=0)
    [0.0, 10.0, 90.0]
    """
    blocks: list[tuple[float, float, int]] = []
    for wish, size in zip(wishes, sizes, strict=True):
        start, length, count = max(wish, top), size, 1
        # A row that would overlap joins the block before it; the block moves to the mean wish.
        while blocks and sum(blocks[-1][:2]) > start:
            before, above, more = blocks.pop()
            start = max((before * more + (start - above) * count) / (more + count), top)
            length, count = length + above, count + more
        blocks.append((start, length, count))
    starts: list[float] = []
    for at, _, count in blocks:
        taken = sizes[len(starts) : len(starts) + count]
        starts.extend(float(at + before) for before in accumulate([0, *taken[:-1]]))
    return starts
