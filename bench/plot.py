"""Curves of growth as SVG: quads against seconds, both as logarithms, a line for each stage."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from html import escape
from typing import NamedTuple

WIDTH, HEIGHT = 760, 460
LEFT, RIGHT, TOP, BOTTOM = 64, 150, 24, 48
COLOURS = ("#9c2f1f", "#1d6fa5", "#1f8a5b", "#8a6d00", "#6d4bb0", "#444b57", "#c2571a", "#0f7f86")


class Scale(NamedTuple):
    """Where a number lies on an axis that counts in powers of ten."""

    least: float
    most: float
    begin: float
    end: float

    def __call__(self, value: float) -> float:
        """Give the place of a value."""
        share = (math.log10(value) - self.least) / (self.most - self.least)
        return self.begin + share * (self.end - self.begin)


def growth_plot(quads: list[float], seconds: Mapping[str, list[float]]) -> str:
    """Draw the seconds of every stage over the number of quads.

    Args:
        quads: number of quads of each size, from the smallest.
        seconds: of each stage, for the same sizes.
    """
    across = Scale(*map(math.log10, (quads[0], quads[-1])), LEFT, WIDTH - RIGHT)
    spans = [span for each in seconds.values() for span in each]
    up = Scale(*map(math.log10, (min(spans), max(spans))), HEIGHT - BOTTOM, TOP)
    parts = [*_grid(across, up), _proportional(across, up), *_curves(quads, seconds, across, up)]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" '
        f'font-family="sans-serif" font-size="12">\n<title>Seconds of each stage by quads</title>\n'
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#fff"/>\n' + "\n".join(parts) + "\n</svg>\n"
    )


def _grid(across: Scale, up: Scale) -> Iterator[str]:
    for power in _powers(across):
        x = across(10**power)
        yield _line(x, TOP, x, HEIGHT - BOTTOM, "#e3e3e3")
        yield _text(x, HEIGHT - BOTTOM + 18, f"{10**power:,}", "middle")
    for power in _powers(up):
        y = up(10.0**power)
        yield _line(LEFT, y, WIDTH - RIGHT, y, "#e3e3e3")
        yield _text(LEFT - 8, y + 4, f"{10.0**power:g} s", "end")
    yield _text((LEFT + WIDTH - RIGHT) / 2, HEIGHT - 10, "quads, the merge aside", "middle")


def _powers(scale: Scale) -> range:
    return range(math.ceil(scale.least), math.floor(scale.most) + 1)


def _proportional(across: Scale, up: Scale) -> str:
    """Draw how time grows that is proportional to the quads."""
    decades = min(across.most - across.least, up.most - up.least)
    ends = (across.begin, up.begin)
    tops = (across(10 ** (across.least + decades)), up(10 ** (up.least + decades)))
    return _line(*ends, *tops, "#999", dash="2 4")


def _curves(
    quads: list[float], seconds: Mapping[str, list[float]], across: Scale, up: Scale
) -> Iterator[str]:
    last = sorted(seconds, key=lambda stage: seconds[stage][-1], reverse=True)
    below = 0.0
    for stage, colour in zip(seconds, COLOURS, strict=False):
        points = zip(map(across, quads), map(up, seconds[stage]), strict=True)
        places = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
        yield f'<polyline points="{places}" fill="none" stroke="{colour}" stroke-width="2"/>'
    for stage in last:
        y = max(up(seconds[stage][-1]) + 4, below + 15)
        below = y
        colour = COLOURS[list(seconds).index(stage)]
        words = f"{stage} {seconds[stage][-1]:.3g} s"
        yield _text(WIDTH - RIGHT + 8, y, words, "start", colour)


def _line(x1: float, y1: float, x2: float, y2: float, colour: str, dash: str = "none") -> str:
    return (
        f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" '
        f'stroke="{colour}" stroke-dasharray="{dash}"/>'
    )


def _text(x: float, y: float, words: str, anchor: str, colour: str = "#444") -> str:
    place = f'x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" fill="{colour}"'
    return f"<text {place}>{escape(words)}</text>"
