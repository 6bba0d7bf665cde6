"""A place for each thing of a network: joined things near, no box on another.

In: a network. Out: boxes with places. Distances on paper follow the distances in the network
(stress majorisation, Gansner, Koren and North 2004), from a few fixed beginnings, of which the one
is taken whose lines run over the fewest boxes and each other. Then boxes that overlap are moved
apart, and parts of the network that nothing joins are set side by side.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations
from typing import TYPE_CHECKING, NamedTuple

from policygraph.publish.picture.words import Line, label, line_height, lines_of, text_width

if TYPE_CHECKING:
    from networkx import Graph

SIGN_ROOM, PAD = 30, 8
_WORDS_WIDTH = 204
_GAP = 22
_APART_X, _APART_Y = 250, 120
"""How far from each other things are set that a line joins, across and down."""

_ROUNDS = 120
_BEGINNINGS = (0.0, 0.5, 1.1, 1.9, 2.6)
_PAGE = 1.8
"""Width of the whole to its height, about."""

Spot = tuple[float, float]


class Joined(NamedTuple):
    """A line: its ends by number, and what the network says of it."""

    start: int
    end: int
    about: Mapping[str, object]


@dataclass
class Tile:
    """A thing with its words and the middle of its box."""

    iri: str
    about: Mapping[str, object]
    lines: list[Line]
    x: float = 0
    y: float = 0

    @cached_property
    def width(self) -> float:
        """How wide the box is."""
        return SIGN_ROOM + 2 * PAD + max(text_width(line.text, line.style) for line in self.lines)

    @cached_property
    def height(self) -> float:
        """How high the box is."""
        return 2 * PAD + sum(line_height(line.style) for line in self.lines)


@dataclass
class Placed:
    """A network with places, its upper left corner at 0, 0."""

    tiles: list[Tile]
    lines: list[Joined]
    has_arrows: bool

    @property
    def width(self) -> float:
        """How wide everything is together."""
        return max((tile.x + tile.width / 2 for tile in self.tiles), default=0)

    @property
    def height(self) -> float:
        """How high everything is together."""
        return max((tile.y + tile.height / 2 for tile in self.tiles), default=0)


def place(network: Graph[str], languages: tuple[str, ...]) -> Placed:
    """Find a place for everything in a network."""
    iris = sorted(network)
    tiles = [
        Tile(iri, network.nodes[iri], lines_of(words, "key", _WORDS_WIDTH))
        for iri in iris
        for words in [label(network.nodes[iri], languages)]
    ]
    number = {iri: at for at, iri in enumerate(iris)}
    found = (
        Joined(number[start], number[end], about) for start, end, about in network.edges.data()
    )
    lines = sorted(
        found if network.is_directed() else map(_ordered, found), key=lambda line: line[:2]
    )
    groups = _groups(len(tiles), lines)
    for group in groups:
        _place_group(group, tiles, lines)
    _pack(groups, tiles)
    return Placed(tiles, lines, network.is_directed())


def _ordered(line: Joined) -> Joined:
    """Name the ends of a line without direction in one order."""
    return Joined(min(line[:2]), max(line[:2]), line.about)


def _groups(count: int, lines: Iterable[Joined]) -> list[list[int]]:
    """Part what nothing joins, the largest first."""
    near = _near(range(count), lines)
    groups: list[list[int]] = []
    left = dict.fromkeys(range(count))
    while left:
        group = sorted(_distances(next(iter(left)), near))
        groups.append(group)
        for member in group:
            del left[member]
    return sorted(groups, key=lambda group: (-len(group), group))


def _near(members: Iterable[int], lines: Iterable[Joined]) -> dict[int, list[int]]:
    near: dict[int, list[int]] = {member: [] for member in members}
    for line in lines:
        if line.start in near:
            near[line.start].append(line.end)
            near[line.end].append(line.start)
    return near


def _distances(start: int, near: Mapping[int, Sequence[int]]) -> dict[int, int]:
    """Count the lines from a thing to each that can be reached."""
    found, edge = {start: 0}, [start]
    while edge:
        reached = dict.fromkeys(far for at in edge for far in near[at] if far not in found)
        found.update(dict.fromkeys(reached, found[edge[0]] + 1))
        edge = list(reached)
    return found


def _place_group(group: list[int], tiles: list[Tile], lines: list[Joined]) -> None:
    """Place things that hang together; of a few ways the one that reads best is taken."""
    inside = [line for line in lines if line.start in set(group)]
    near = _near(group, inside)
    wanted = {at: _distances(at, near) for at in group}
    best: tuple[float, list[Spot]] | None = None
    for turn in _BEGINNINGS:
        spots = _settled(_circle(group, near, turn), group, wanted)
        for at, (x, y) in zip(group, spots, strict=True):
            tiles[at].x, tiles[at].y = x * _APART_X, y * _APART_Y
        _move_apart([tiles[at] for at in group])
        cost = _cost(group, tiles, inside)
        if best is None or cost < best[0]:
            best = cost, [(tiles[at].x, tiles[at].y) for at in group]
    for at, spot in zip(group, best[1] if best else (), strict=True):
        tiles[at].x, tiles[at].y = spot


def _circle(group: list[int], near: Mapping[int, list[int]], turn: float) -> dict[int, Spot]:
    """Begin on a circle, in the order of a walk from what has most lines."""
    first = max(group, key=lambda at: (len(near[at]), -at))
    order = list(_walk(first, near))
    step = 2 * math.pi / len(order)
    turns = {at: turn + place * step for place, at in enumerate(order)}
    return {at: (math.cos(angle), math.sin(angle)) for at, angle in turns.items()}


def _walk(first: int, near: Mapping[int, list[int]]) -> Iterator[int]:
    waiting, seen = [first], set[int]()
    while waiting:
        at = waiting.pop()
        if at not in seen:
            seen.add(at)
            yield at
            waiting.extend(sorted(near[at], reverse=True))


def _settled(
    spots: dict[int, Spot], group: list[int], wanted: Mapping[int, Mapping[int, int]]
) -> list[Spot]:
    """Move each thing to the mean of where the others want it, again and again."""
    for _ in range(_ROUNDS):
        for at in group:
            if len(group) > 1:
                spots[at] = _wish(at, spots, wanted[at])
    return [spots[at] for at in group]


def _wish(at: int, spots: Mapping[int, Spot], wanted: Mapping[int, int]) -> Spot:
    x, y = spots[at]
    sum_x = sum_y = weights = 0.0
    for other, steps in wanted.items():
        if other != at:
            far_x, far_y = spots[other]
            apart = math.hypot(x - far_x, y - far_y) or 1e-9
            weight = 1 / steps**2
            sum_x += weight * (far_x + steps * (x - far_x) / apart)
            sum_y += weight * (far_y + steps * (y - far_y) / apart)
            weights += weight
    return round(sum_x / weights, 9), round(sum_y / weights, 9)


def _move_apart(tiles: list[Tile]) -> None:
    """Move boxes until none overlaps; where moving does not end it, everything is spread."""
    for attempt in range(400):
        moved = [_push(one, other) for one, other in combinations(tiles, 2)]
        if not any(moved):
            return
        if attempt % 40 == 39:
            for tile in tiles:
                tile.x, tile.y = tile.x * 1.15, tile.y * 1.15


def _push(one: Tile, other: Tile) -> bool:
    """Move two boxes from each other, the shorter way, if they are too near."""
    over_x = (one.width + other.width) / 2 + _GAP - abs(one.x - other.x)
    over_y = (one.height + other.height) / 2 + _GAP - abs(one.y - other.y)
    if over_x <= 0.01 or over_y <= 0.01:
        return False
    if over_x < over_y:
        away = over_x / 2 if one.x <= other.x else -over_x / 2
        one.x, other.x = one.x - away, other.x + away
    else:
        away = over_y / 2 if one.y <= other.y else -over_y / 2
        one.y, other.y = one.y - away, other.y + away
    return True


def _cost(group: list[int], tiles: list[Tile], lines: list[Joined]) -> float:
    """Count lines that run over boxes and, as a lesser evil, over each other; add their length.

    A page is wider than high, so a picture that is not costs as much as a crossing.
    """
    ends = [((tiles[a].x, tiles[a].y), (tiles[b].x, tiles[b].y)) for a, b, _ in lines]
    hidden = sum(
        _runs_over(start, end, tiles[at])
        for line, (start, end) in zip(lines, ends, strict=True)
        for at in group
        if at not in (line.start, line.end)
    )
    crossing = sum(_cross(*one, *other) for one, other in combinations(ends, 2))
    length = sum(math.dist(*pair) for pair in ends) / 1e5
    across, down = (_extent([getattr(tiles[at], side) for at in group]) for side in "xy")
    return 3 * hidden + crossing + length + (down > across)


def _extent(numbers: Sequence[float]) -> float:
    return max(numbers) - min(numbers)


def _runs_over(start: Spot, end: Spot, tile: Tile) -> bool:
    """Tell whether a line meets a box: cut it at the sides of the box, one after the other."""
    low, high = 0.0, 1.0
    for at, far, middle, size in (
        (start[0], end[0] - start[0], tile.x, tile.width),
        (start[1], end[1] - start[1], tile.y, tile.height),
    ):
        near, beyond = middle - size / 2 - at, middle + size / 2 - at
        if abs(far) < 1e-9:
            if near > 0 or beyond < 0:
                return False
            continue
        first, last = sorted((near / far, beyond / far))
        low, high = max(low, first), min(high, last)
    return low < high


def _cross(a: Spot, b: Spot, c: Spot, d: Spot) -> bool:
    """Tell whether two lines cross; those that share an end do not."""
    if {a, b} & {c, d}:
        return False

    def side(p: Spot, q: Spot, r: Spot) -> float:
        return (q[0] - p[0]) * (r[1] - p[1]) - (q[1] - p[1]) * (r[0] - p[0])

    return side(a, b, c) * side(a, b, d) < 0 and side(c, d, a) * side(c, d, b) < 0


def _pack(groups: list[list[int]], tiles: list[Tile]) -> None:
    """Set the parts side by side in rows, the largest first, so that a page holds them."""
    frames = [_frame([tiles[at] for at in group]) for group in groups]
    area = sum((width + 2 * _GAP) * (height + 2 * _GAP) for _, _, width, height in frames)
    longest = max([math.sqrt(_PAGE * area), *(width for _, _, width, _ in frames)])
    x = y = row = 0.0
    for group, (left, top, width, height) in zip(groups, frames, strict=True):
        if x + width > longest:
            x, y, row = 0.0, y + row + 2 * _GAP, 0.0
        for at in group:
            tile = tiles[at]
            tile.x, tile.y = round(tile.x - left + x, 1), round(tile.y - top + y, 1)
        x, row = x + width + 2 * _GAP, max(row, height)


def _frame(tiles: list[Tile]) -> tuple[float, float, float, float]:
    """Give left, top, width and height of some boxes together."""
    left = min(tile.x - tile.width / 2 for tile in tiles)
    top = min(tile.y - tile.height / 2 for tile in tiles)
    right = max(tile.x + tile.width / 2 for tile in tiles)
    bottom = max(tile.y + tile.height / 2 for tile in tiles)
    return left, top, right - left, bottom - top
