"""How the picture of a network looks: boxes with signs, lines, a title, a legend, on white paper.

In: a network with places. Out: SVG. Colours are Okabe and Ito's, which colour-blind people can tell
apart; a sign says the same as each colour, and the style of a line who says it.
"""

from __future__ import annotations

import math
import xml.etree.ElementTree as ET
from collections import Counter
from typing import TYPE_CHECKING

from policygraph.publish.network_picture.places import PAD, SIGN_ROOM, Joined, Placed, Tile
from policygraph.publish.picture.svg import FONTS, number, text_lines
from policygraph.publish.picture.words import (
    SIZES,
    Line,
    clean,
    label,
    line_height,
    lines_of,
    say,
    text_width,
)

if TYPE_CHECKING:
    from networkx import Graph

_MARGIN, _BETWEEN, _LINE_ROOM = 28, 26, 48
_LEAST_WIDTH = 720
FAMILIES = FONTS.replace(
    "sans-serif", "'WenQuanYi Micro Hei','DejaVu Sans','Liberation Sans',Arial,sans-serif"
)
"""Families of fonts, in CSS; more than a browser needs, for resvg takes no other than these."""

_INK, _SOFT, _EDGE, _PAPER = "#1c2127", "#57606a", "#8b949e", "#ffffff"
_LOOKS = {
    "Goal": ("#0072b2", "M-6,0a6,6 0 1,0 12,0a6,6 0 1,0 -12,0z"),
    "Action": ("#56b4e9", "M-5,-6L6,0L-5,6z"),
    "Achievement": ("#009e73", "M-7,0.5L-4.5,-2L-2,0.5L4.5,-6L7,-3.5L-2,5.5z"),
    "Initiative": ("#d55e00", "M0,-7L7,0L0,7L-7,0z"),
    "Institution": ("#cc79a7", "M-6,-6H6V6H-6z"),
    "Topic": ("#e69f00", "M-4,-6.5H4L7.5,0L4,6.5H-4L-7.5,0z"),
    "Instrument": ("#595959", "M-5,-7H2L5,-4V7H-5z"),
    "Conference": ("#b8a800", "M0,-7L2,-2H7L3,1.5L4.5,7L0,4L-4.5,7L-3,1.5L-7,-2H-2z"),
}
_OTHER = ("#999999", "M-6,-3H6V3H-6z")
_ORIGINS = ("stated", "editor", "inferred")
_DASHES = {"editor": "8 5", "inferred": "0.1 6"}
_STYLE = """
text {{ font-family: {fonts}; fill: {ink}; }}
.title {{ font-weight: 700; }}
.second {{ fill: {soft}; }}
"""
_SAY = {
    "weight": {
        "zh": "线越粗，两者之间不同的联系越多",
        "en": "the thicker a line, the more ways join its ends",
    },
    "behind": {
        "zh": "依据：原文 {passages} 处，其他来源与编者判断 {others} 项",
        "en": "resting on {passages} passages and {others} other sources and judgements",
    },
    "left": {
        "zh": "仅示连线最多的 {shown} 项（共 {all} 项）",
        "en": "shown are the {shown} best joined of {all}",
    },
}


def draw(placed: Placed, whole: Graph[str], languages: tuple[str, ...]) -> str:
    """Draw a network.

    Args:
        placed: what is drawn, with its places.
        whole: the network it is taken from.
        languages: of the words, the first the larger.
    """
    width = max(_LEAST_WIDTH, placed.width + 2 * _MARGIN)
    root = ET.Element("svg", {"xmlns": "http://www.w3.org/2000/svg", "role": "img"})
    title = {lang: clean(whole.graph["title"][lang]) for lang in languages}
    ET.SubElement(root, "title").text = " · ".join(title.values())
    ET.SubElement(root, "style").text = _style()
    paper = ET.SubElement(root, "rect", {"fill": _PAPER})
    y = _words(root, lines_of(title, "title", width - 2 * _MARGIN), _MARGIN)
    y = _legend(root, placed, width, y + 10, languages) + 16
    shift = ((width - placed.width) / 2, y)
    canvas = ET.SubElement(root, "g", {"transform": f"translate({_at(*shift)})"})
    for line in placed.lines:
        _line(canvas, line, placed, languages)
    for tile in placed.tiles:
        _tile(canvas, tile, languages)
    foot = _foot(placed, whole, languages)
    height = _words(root, foot, y + placed.height + 14) + _MARGIN / 2
    size = {"width": number(width), "height": number(height)}
    root.attrib.update(size, viewBox=f"0 0 {size['width']} {size['height']}")
    paper.attrib.update(size)
    ET.indent(root, " ")
    return ET.tostring(root, encoding="unicode") + "\n"


def _style() -> str:
    sizes = "".join(f".{style} {{ font-size: {size}px; }}\n" for style, size in SIZES.items())
    return _STYLE.format(fonts=FAMILIES, ink=_INK, soft=_SOFT) + sizes


def _words(root: ET.Element, lines: list[Line], y: float) -> float:
    text_lines(root, lines, _MARGIN, y)
    return y + sum(line_height(line.style) for line in lines)


def _foot(placed: Placed, whole: Graph[str], languages: tuple[str, ...]) -> list[Line]:
    """Say what the whole rests on, and what is not shown."""
    behind = {
        name: len({one for *_, about in whole.edges(data=True) for one in about[name]})
        for name in ("passages", "other_evidence")
    }
    facts = {"passages": behind["passages"], "others": behind["other_evidence"]}
    facts |= {"shown": len(placed.tiles), "all": len(whole)}
    names = ["weight"] if any(about["weight"] > 1 for *_, about in whole.edges(data=True)) else []
    names += ["behind", *(["left"] if facts["shown"] < facts["all"] else [])]
    join = {"zh": "；", "en": "; "}
    said = {
        lang: join[lang].join(_SAY[name][lang].format(**facts) for name in names)
        for lang in languages
    }
    return [Line("second", lang, text) for lang, text in said.items()]


# boxes


def _look(kind: object) -> tuple[str, str]:
    return _LOOKS.get(str(kind), _OTHER)


def _tile(canvas: ET.Element, tile: Tile, languages: tuple[str, ...]) -> None:
    left, top = tile.x - tile.width / 2, tile.y - tile.height / 2
    group = ET.SubElement(canvas, "g", {"data-iri": tile.iri})
    kinds = " ".join(str(tile.about.get(f"kind_{lang}", "")) for lang in languages)
    words = " · ".join(label(tile.about, languages).values())  # type: ignore[arg-type]
    ET.SubElement(group, "title").text = f"{kinds}: {words}"
    colour, _ = _look(tile.about["kind"])
    frame = {"x": left, "y": top, "width": tile.width, "height": tile.height}
    box = {name: number(side) for name, side in frame.items()}
    look = {"fill": _PAPER, "stroke": colour, "stroke-width": "2", "rx": "7"}
    ET.SubElement(group, "rect", {**box, **look})
    _sign(group, str(tile.about["kind"]), left + PAD + 9, top + PAD + line_height("key") / 2)
    text_lines(group, tile.lines, left + SIGN_ROOM, top + PAD)


def _sign(parent: ET.Element, kind: str, x: float, y: float) -> None:
    colour, path = _look(kind)
    ET.SubElement(
        parent, "path", {"d": path, "fill": colour, "transform": f"translate({_at(x, y)})"}
    )


# lines


def _line(canvas: ET.Element, line: Joined, placed: Placed, languages: tuple[str, ...]) -> None:
    start, end = placed.tiles[line.start], placed.tiles[line.end]
    first, last = _border(start, end), _border(end, start)
    group = ET.SubElement(canvas, "g")
    relation = " ".join(str(line.about[f"relation_{lang}"]) for lang in languages)
    names = [next(iter(label(each.about, languages).values())) for each in (start, end)]  # type: ignore[arg-type]
    ET.SubElement(group, "title").text = f"{names[0]} — {relation} — {names[1]}"
    origin, weight = str(line.about["origin"]), int(str(line.about["weight"]))
    thick = 1.6 + 0.8 * min(weight - 1, 5)
    if placed.has_arrows:
        last = _arrow(group, first, last, thick)
    ET.SubElement(group, "path", {"d": f"M{_at(*first)} L{_at(*last)}", **_stroke(origin, thick)})


def _stroke(origin: str, thick: float) -> dict[str, str]:
    look = {"stroke": _EDGE, "stroke-width": number(thick), "stroke-linecap": "round"}
    return look | ({"stroke-dasharray": _DASHES[origin]} if origin in _DASHES else {})


def _border(tile: Tile, towards: Tile) -> tuple[float, float]:
    """Give the point at which a line from the middle of a box leaves it."""
    across, down = towards.x - tile.x, towards.y - tile.y
    sides = ((across, tile.width), (down, tile.height))
    share = min((size / 2 / abs(far) for far, size in sides if far), default=0)
    return tile.x + across * share, tile.y + down * share


def _arrow(
    group: ET.Element, first: tuple[float, float], last: tuple[float, float], thick: float
) -> tuple[float, float]:
    """Draw the head of an arrow and give where its shaft ends."""
    turn = math.atan2(last[1] - first[1], last[0] - first[0])
    length, half = 9 + thick, 4 + thick
    neck = last[0] - length * math.cos(turn), last[1] - length * math.sin(turn)
    aside = half * math.sin(turn), -half * math.cos(turn)
    wings = [(neck[0] + sign * aside[0], neck[1] + sign * aside[1]) for sign in (1, -1)]
    d = f"M{_at(*last)} L{_at(*wings[0])} L{_at(*wings[1])}z"
    ET.SubElement(group, "path", {"d": d, "fill": _EDGE})
    return neck


def _at(x: float, y: float) -> str:
    return f"{number(x)},{number(y)}"


# legend


def _legend(
    root: ET.Element, placed: Placed, width: float, y: float, languages: tuple[str, ...]
) -> float:
    """Explain the signs and lines that are there, in rows, and give where they end."""
    names = {str(tile.about["kind"]): tile.about for tile in placed.tiles}
    counts = Counter(str(tile.about["kind"]) for tile in placed.tiles)
    entries: list[tuple[str, str, float]] = []
    for kind in [*filter(counts.__contains__, _LOOKS), *sorted(counts.keys() - _LOOKS.keys())]:
        words = " ".join(str(names[kind].get(f"kind_{lang}", kind)) for lang in languages)
        entries.append((kind, f"{words} {counts[kind]}", 22))
    origins = {_shown(str(line.about["origin"])) for line in placed.lines}
    for origin in filter(origins.__contains__, _ORIGINS):
        entries.append((origin, " ".join(say(origin, languages).values()), _LINE_ROOM))
    x = float(_MARGIN)
    for shown, words, room in entries:
        wide = room + text_width(words, "key")
        if x > _MARGIN and x + wide > width - _MARGIN:
            x, y = float(_MARGIN), y + line_height("key") + 6
        middle = y + line_height("key") / 2
        if room == _LINE_ROOM:
            d = f"M{_at(x, middle)} L{_at(x + room - 10, middle)}"
            ET.SubElement(root, "path", {"d": d, **_stroke(shown, 2)})
        else:
            _sign(root, shown, x + 8, middle)
        text_lines(root, [Line("key", languages[0], words)], x + room, y)
        x += wide + _BETWEEN
    return y + line_height("key")


def _shown(origin: str) -> str:
    """Draw what a document, a record or a source says alike."""
    return origin if origin in _ORIGINS else "stated"
