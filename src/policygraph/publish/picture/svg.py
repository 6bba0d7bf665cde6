"""How a picture looks: boxes, lines, signs and colours, light and dark.

In: a layout. Out: SVG. Colours are Okabe and Ito's, which colour-blind people can tell apart; a
sign or the style of a line says the same as each colour.
"""

from __future__ import annotations

import xml.etree.ElementTree as ET
from string import Template

from policygraph.publish.picture.layout import GAP, GUTTER, MARGIN, PAD, TEXT_AT, Box, Card, Layout
from policygraph.publish.picture.legend import Entry, Look, look_of
from policygraph.publish.picture.selection import Link
from policygraph.publish.picture.words import SIZES, Line, line_height, lines_of, say

FONTS = (
    "'Noto Sans CJK SC','Source Han Sans SC','Source Han Sans CN','PingFang SC',"
    "'Microsoft YaHei','Noto Sans SC',sans-serif"
)
_SHAPES = """
text { font-family: $fonts; }
.title, .band, .head { font-weight: 700; }
.link { fill: none; stroke-width: 2; stroke-linecap: round; }
.editor .link { stroke-dasharray: 8 5; }
.inferred .link { stroke-width: 2.6; stroke-dasharray: 0.1 6; }
.sign { stroke-linecap: round; stroke-linejoin: round; }
"""
_COLOURS = """
.paper { fill: $paper; }
text { fill: $ink; }
.second { fill: $soft; }
.rule { stroke: $edge; stroke-width: 2; }
.card, .knot .box { fill: $card; stroke: $edge; stroke-width: 1.5; }
.row .box { fill: none; }
.Goal .sign, .Action .sign { fill: $goal; }
.Goal .tint, .Action .tint { fill: $goal; fill-opacity: $tint; }
.Achievement .sign { fill: none; stroke: $done; stroke-width: 2.4; }
.Achievement .tint { fill: $done; fill-opacity: $tint; }
.Initiative .sign, .port.to-Initiative { fill: $initiative; }
.Initiative .box, .to-Initiative .link { stroke: $initiative; }
.Institution .sign, .port.to-Institution { fill: $institution; }
.Institution .box, .to-Institution .link { stroke: $institution; }
.port.to-Statement { fill: $soft; }
.to-Statement .link { stroke: $soft; }
"""
_LIGHT = {
    "paper": "#ffffff",
    "card": "#fafbfc",
    "edge": "#d5dae0",
    "ink": "#1c2127",
    "soft": "#57606a",
    "tint": "0.10",
    "goal": "#0072b2",
    "done": "#009e73",
    "initiative": "#d55e00",
    "institution": "#cc79a7",
}
_DARK = {
    "paper": "#0d1117",
    "card": "#151b23",
    "edge": "#30363d",
    "ink": "#e6edf3",
    "soft": "#9da7b3",
    "tint": "0.18",
    "goal": "#56b4e9",
    "done": "#009e73",
    "initiative": "#e69f00",
    "institution": "#cc79a7",
}
_SIGNS = {
    "Goal": "M-6,0a6,6 0 1,0 12,0a6,6 0 1,0 -12,0z",
    "Action": "M-4,-5L5,0L-4,5z",
    "Achievement": "M-5.5,0.5L-1.5,4.5L5.5,-4.5",
    "Initiative": "M0,-7L7,0L0,7L-7,0z",
    "Institution": "M-5.5,-5.5H5.5V5.5H-5.5z",
}


Point = tuple[float, float]


def draw(layout: Layout, languages: tuple[str, ...]) -> str:
    """Draw a layout as SVG."""
    root = _root(layout, languages)
    text_lines(root, layout.title, MARGIN, MARGIN)
    for entry in layout.legend:
        _entry(root, entry)
    boxes = layout.boxes()
    if not boxes:
        nothing = lines_of(say("nothing", languages), "main", layout.width)
        text_lines(root, nothing, MARGIN, layout.bottom)
    links = sorted(layout.links, key=lambda link: (link.origin != "inferred", link.relation))
    for link in links:
        _link(root, link, layout.lanes.get(link), boxes, languages)
    for column in layout.columns.values():
        for card in column:
            _card(root, card, languages)
    for link in links:
        _ports(root, link, boxes)
    ET.indent(root, " ")
    return ET.tostring(root, encoding="unicode") + "\n"


def _root(layout: Layout, languages: tuple[str, ...]) -> ET.Element:
    height = layout.bottom + (MARGIN if layout.boxes() else 3 * MARGIN)
    size = {"width": number(layout.width), "height": number(height)}
    root = ET.Element(
        "svg",
        {
            "xmlns": "http://www.w3.org/2000/svg",
            **size,
            "viewBox": f"0 0 {size['width']} {size['height']}",
            "role": "img",
            "aria-labelledby": "picture-title picture-description",
            "lang": languages[0],
        },
    )
    title = " · ".join(dict.fromkeys(line.text for line in layout.title))
    ET.SubElement(root, "title", {"id": "picture-title"}).text = title
    ET.SubElement(root, "desc", {"id": "picture-description"}).text = _description(layout)
    ET.SubElement(root, "style").text = _style()
    ET.SubElement(root, "rect", {"class": "paper", **size, "rx": "10"})
    return root


def _style() -> str:
    shapes = Template(_SHAPES).substitute(fonts=FONTS)
    sizes = "".join(f".{style} {{ font-size: {size}px; }}\n" for style, size in SIZES.items())
    colours = Template(_COLOURS)
    dark = f"@media (prefers-color-scheme: dark) {{{colours.substitute(_DARK)}}}\n"
    return shapes + sizes + colours.substitute(_LIGHT) + dark


def _description(layout: Layout) -> str:
    """Say in words what the legend says: how many things of which kind, and which lines."""
    return "; ".join(line.text for entry in layout.legend for line in entry.words)


def _said(name: str, languages: tuple[str, ...]) -> str:
    return " ".join(say(name, languages).values())


# boxes


def _card(root: ET.Element, card: Card, languages: tuple[str, ...]) -> None:
    first = card.boxes[0]
    if card.is_heading:
        text_lines(root, first.lines, first.x, first.y + PAD)
        below = number(first.y + first.height + 3)
        ends = {"x1": number(first.x), "x2": number(first.x + first.width)}
        ET.SubElement(root, "line", {"class": "rule", **ends, "y1": below, "y2": below})
        return
    group = ET.SubElement(root, "g")
    if first.column != "middle":
        frame = {"class": "card", "rx": "8", **_frame(first.x, first.y, first.width, card.height)}
        ET.SubElement(group, "rect", frame)
    for box in card.boxes:
        _box(group, box, languages)


def _box(card: ET.Element, box: Box, languages: tuple[str, ...]) -> None:
    style = "row" if box.column != "middle" else "knot"
    group = ET.SubElement(card, "g", {"class": f"{style} {box.kind}", "data-iri": box.iri})
    words = " · ".join(box.label.values())
    ET.SubElement(group, "title").text = f"{_said(box.kind, languages)}: {words}"
    corner = {"Initiative": number(box.height / 2), "Institution": "2"}.get(box.kind, "8")
    tint = " tint" if box.lines[0].style == "head" else ""
    frame = {"class": f"box{tint}", "rx": corner, **_frame(box.x, box.y, box.width, box.height)}
    ET.SubElement(group, "rect", frame)
    _sign(group, box.kind, box.x + box.indent + 18, box.y + PAD + 11)
    text_lines(group, box.lines, box.x + box.indent + TEXT_AT, box.y + PAD)


def text_lines(parent: ET.Element, lines: list[Line], x: float, y: float) -> None:
    """Write lines of words below each other, from a corner on."""
    for line in lines:
        y += line_height(line.style)
        _text(parent, x, y - SIZES[line.style] * 0.28, line)


def _text(parent: ET.Element, x: float, y: float, line: Line) -> None:
    place = {"class": line.style, "x": number(x), "y": number(y), "lang": line.lang}
    ET.SubElement(parent, "text", place).text = line.text


# lines


def _look(link: Link, boxes: dict[str, Box]) -> str:
    return look_of(link, {iri: boxes[iri].kind for iri in link.ends}).classes


def _link(
    parent: ET.Element,
    link: Link,
    lane: float | None,
    boxes: dict[str, Box],
    languages: tuple[str, ...],
) -> None:
    first, second = sorted((boxes[iri] for iri in link.ends), key=lambda box: (box.x, box.y))
    group = ET.SubElement(parent, "g", {"class": _look(link, boxes)})
    start, end = (next(iter(boxes[iri].label.values())) for iri in link.ends)
    ET.SubElement(group, "title").text = f"{start} — {_said(link.relation, languages)} — {end}"
    ET.SubElement(group, "path", {"class": "link", "d": _path(first, second, lane)})


def _ports(parent: ET.Element, link: Link, boxes: dict[str, Box]) -> None:
    """Mark where a line meets a statement, on top of its card."""
    for iri in link.ends:
        box = boxes[iri]
        if box.column != "middle" and box.kind != "heading":
            x, y = _exit(box, "left" if box.column == "right" else "right")
            dot = {"cx": number(x), "cy": number(y), "r": "3.5"}
            ET.SubElement(parent, "circle", {"class": f"port {_look(link, boxes)}", **dot})


def _exit(box: Box, side: str) -> Point:
    """Give the point at which lines meet a side of a box."""
    if box.kind == "heading":
        return box.x - 8, box.centre
    return box.x + (box.width if side == "right" else 0), box.centre


def _path(first: Box, second: Box, lane: float | None) -> str:
    """Draw a line from one box to another, further right or further down."""
    if first.column == second.column:
        return _within(first, second)
    start, end = _exit(first, "right"), _exit(second, "left")
    if lane is None:
        return _curve(start, end)
    into, out = (start[0] + GUTTER, lane), (end[0] - GUTTER, lane)
    return f"{_curve(start, into)} L{_point(out)} {_curve(out, end).split(' ', 1)[1]}"


def _curve(start: Point, end: Point) -> str:
    half = (start[0] + end[0]) / 2
    return f"M{_point(start)} C{_point((half, start[1]))} {_point((half, end[1]))} {_point(end)}"


def _within(first: Box, second: Box) -> str:
    """Draw a line within a column: straight to the next box, else around what stands between."""
    bottom = first.y + first.height
    if first.column == "middle" and second.y - bottom <= GAP:
        x = first.x + TEXT_AT
        return f"M{_point((x, bottom))} L{_point((x, second.y))}"
    side, away = ("right", 40) if first.column == "left" else ("left", -40)
    start, end = _exit(first, side), _exit(second, side)
    around = (_point((start[0] + away, start[1])), _point((end[0] + away, end[1])))
    return f"M{_point(start)} C{around[0]} {around[1]} {_point(end)}"


# legend


def _entry(parent: ET.Element, entry: Entry) -> None:
    look = entry.shown.classes if isinstance(entry.shown, Look) else entry.shown
    group = ET.SubElement(parent, "g", {"class": f"entry {look}"})
    y = entry.y + line_height(entry.words[0].style) / 2
    if isinstance(entry.shown, Look):
        path = f"M{_point((entry.x, y))} L{_point((entry.words_at - 10, y))}"
        ET.SubElement(group, "path", {"class": "link", "d": path})
    else:
        _sign(group, entry.shown, entry.x + 8, y)
    text_lines(group, entry.words, entry.words_at, entry.y)


def _sign(parent: ET.Element, kind: str, x: float, y: float) -> None:
    at = f"translate({number(x)} {number(y)})"
    ET.SubElement(parent, "path", {"class": "sign", "d": _SIGNS[kind], "transform": at})


# numbers


def _frame(x: float, y: float, width: float, height: float) -> dict[str, str]:
    sides = {"x": x, "y": y, "width": width, "height": height}
    return {name: number(side) for name, side in sides.items()}


def _point(point: Point) -> str:
    return f"{number(point[0])},{number(point[1])}"


def number(value: float) -> str:
    """Write a coordinate, with one decimal where it has one."""
    return f"{value:.1f}".removesuffix(".0")
