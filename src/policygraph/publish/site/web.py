"""A picture of things and what joins them: in columns, from left to right as the relations go.

In: pairs of things with the name of what joins them. Out: SVG to stand in a page, whose colours the
style sheet gives. The same is always told by a table beside it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from policygraph.publish.site.links import Shown
from policygraph.publish.site.star import Box, Spoke, column, drawn, filled, framed, number

MOST = 60
"""Things that are drawn."""

_COLUMNS = 4
_WIDTH, _BOX = 1120, 252
_EDGE = (
    '<path class="edge" d="M{x0},{y0} C{xa},{y0} {xb},{y1} {x1},{y1}"><title>{words}</title></path>'
    '<path class="tip" d="M{x1},{y1} l{turn},-4.5 v9z"/>'
)


@dataclass(frozen=True)
class Joined:
    """Two things and the name of what joins them; of each its IRI, its words and its class."""

    start: tuple[str, Shown, str]
    relation: str
    end: tuple[str, Shown, str]


def web(joined: Sequence[Joined], label: str) -> Markup:
    """Draw things with what joins them; empty where nothing does.

    Args:
        joined: pairs, of which those among the first ``MOST`` things are drawn.
        label: what the picture shows, for those who hear it.
    """
    known: dict[str, tuple[str, Shown, str]] = {}
    for each in joined:
        if len({*known, each.start[0], each.end[0]}) <= MOST:
            known |= {each.start[0]: each.start, each.end[0]: each.end}
    pairs = [each for each in joined if {each.start[0], each.end[0]} <= known.keys()]
    if not pairs:
        return Markup("")
    places = _columns(list(known), [(each.start[0], each.end[0]) for each in pairs])
    boxes = _boxes(known, pairs, places)
    height = max(box.y + box.height for box in boxes.values()) + 2
    width = _x(max(places.values())) + _BOX + (60 if _turns(pairs, places) else 2)
    pieces = [_edge(boxes[each.start[0]], boxes[each.end[0]], each) for each in pairs]
    return framed(width, height, label, [*pieces, *map(drawn, boxes.values())])


def _turns(pairs: Iterable[Joined], places: dict[str, int]) -> bool:
    return any(places[each.start[0]] >= places[each.end[0]] for each in pairs)


def _columns(things: list[str], pairs: list[tuple[str, str]]) -> dict[str, int]:
    """Put what is pointed to on the right of what points to it, as far as there is no circle."""
    places = dict.fromkeys(things, 0)
    for _ in range(_COLUMNS - 1):
        for start, end in pairs:
            onward = (end, start) not in pairs or things.index(start) < things.index(end)
            if onward and places[end] <= places[start] < _COLUMNS - 1:
                places[end] = places[start] + 1
    steps = {place: at for at, place in enumerate(sorted(set(places.values())))}
    return {thing: steps[place] for thing, place in places.items()}


def _boxes(
    known: dict[str, tuple[str, Shown, str]], pairs: Sequence[Joined], places: dict[str, int]
) -> dict[str, Box]:
    """Stack the boxes of each column, each near what it is joined to on its left."""
    said: dict[str, dict[str, None]] = {}
    for each in pairs:
        said.setdefault(each.start[0], {})[each.relation] = None
    found: dict[str, Box] = {}
    middles = {iri: float(at) for at, iri in enumerate(known)}
    for place in sorted(set(places.values())):
        here = [iri for iri in known if places[iri] == place]
        if place:
            here.sort(key=lambda iri: _level(iri, pairs, middles))
        spokes = [
            Spoke(" · ".join(said[iri]) + " →" if iri in said else "", *known[iri][1:])
            for iri in here
        ]
        found |= zip(here, column(spokes, _x(place), _BOX), strict=True)
        middles |= {iri: found[iri].middle for iri in here}
    return found


def _level(iri: str, pairs: Sequence[Joined], middles: dict[str, float]) -> float:
    near = [middles[each.start[0]] for each in pairs if each.end[0] == iri]
    return sum(near) / len(near) if near else middles[iri]


def _x(place: int) -> float:
    return 1 + place * (_WIDTH - _BOX) / (_COLUMNS - 1)


def _edge(start: Box, end: Box, joined: Joined) -> Markup:
    """Draw a line from the right of a box to the left of one further right, else to its right."""
    onward = end.x > start.x
    x0, x1 = start.x + _BOX, end.x if onward else end.x + _BOX
    bend = (x0 + x1) / 2 if onward else max(x0, x1) + 50
    words = f"{joined.start[1].text} — {joined.relation} → {joined.end[1].text}"
    ends = {"x0": x0, "y0": start.middle, "x1": x1, "y1": end.middle, "xa": bend, "xb": bend}
    turn = -8 if onward else 8
    return filled(_EDGE, words=words, turn=turn, **{name: number(at) for name, at in ends.items()})
