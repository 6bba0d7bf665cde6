"""The timeline: what is dated, as a picture and a table.

In: a graph. Out: spans in the order of their days, and SVG.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from markupsafe import Markup
from pyoxigraph import DefaultGraph

from policygraph.graph.terms import pg, text_of
from policygraph.publish.site.links import Links, Shown
from policygraph.publish.site.room import House
from policygraph.publish.site.star import fitted
from policygraph.text.days import is_date

DATED = (("startsOn", "endsOn"), ("heldOn", "heldUntil"), ("issuedOn", ""))
"""Properties that date a thing, each with the one that ends the span."""

MOST = 200
"""Things on the timeline; of more, the latest."""

_WIDTH, _LEFT, _ROW, _TOP = 1120, 20, 34, 34
_TEXT_ROOM = 330
_FRAME = Markup(
    '<svg viewBox="0 0 {0} {1}" width="{0}" height="{1}" role="group" aria-label="{2}">{3}{4}</svg>'
)
_YEAR = Markup(
    '<path class="grid" d="M{x},20 V{height}"/><text class="relation" x="{t}" y="14">{year}</text>'
)
_BAR = Markup(
    '<rect class="span" x="{x}" y="{y}" width="{width}" height="10" rx="5"/>'
    '<text x="{t}" y="{b}" text-anchor="{anchor}"{lang}>{words}</text>'
)


@dataclass(frozen=True)
class Span:
    """A thing with its days; the last is the first where only one is known."""

    iri: str
    kind: str
    first: datetime.date
    last: datetime.date


class Timeline:
    """Everything that is dated."""

    def __init__(self, house: House) -> None:
        self.house = house

    @cached_property
    def spans(self) -> list[Span]:
        """The spans, the earliest first, longer ones before shorter."""
        found = {span.iri: span for span in self._found() if self.house.has_page(span.iri)}
        ordered = sorted(found.values(), key=lambda s: (s.first, -(s.last - s.first).days, s.iri))
        return ordered[-MOST:]

    def _found(self) -> Iterator[Span]:
        engine = self.house.store.engine
        for begins, ends in DATED:
            firsts: dict[str, list[str]] = {}
            for quad in engine.quads_for_pattern(None, pg(begins), None, DefaultGraph()):
                firsts.setdefault(text_of(quad.subject), []).append(text_of(quad.object))
            for iri, days in firsts.items():
                lasts = self.house.reader.values(iri, pg(ends).value) if ends else []
                known = sorted(filter(is_date, [*days, *map(text_of, lasts)]))
                kind = next(iter(self.house.reader.kinds(iri)), "")
                if known:
                    first, last = (datetime.date.fromisoformat(d) for d in (known[0], known[-1]))
                    yield Span(iri, kind, first, last)

    def picture(self, links: Links, label: str) -> Markup:
        """Draw the spans under the years; empty where nothing is dated."""
        dated = [
            Dated(links.named(span.iri, both=False), span.kind, span.first, span.last)
            for span in self.spans
        ]
        return timeline(dated, label)


@dataclass(frozen=True)
class Dated:
    """A thing as it stands on a timeline: its name and link, the name of its class, its days."""

    shown: Shown
    kind: str
    first: datetime.date
    last: datetime.date


def timeline(dated: Sequence[Dated], label: str) -> Markup:
    """Draw dated things under the years; empty where there are none.

    Args:
        dated: in the order of their days; of too many, the latest are drawn.
        label: what the picture shows, for those who hear it.
    """
    if not dated:
        return Markup("")
    dated = dated[-MOST:]
    first = min(each.first for each in dated).year
    last = max(each.last for each in dated).year + 1
    scale = _Scale(first, last)
    height = _TOP + len(dated) * _ROW
    step = max(1, (last - first) // 12)
    starts = ((year, scale.x(datetime.date(year, 1, 1))) for year in range(first, last + 1, step))
    years = Markup("").join(
        _YEAR.format(x=x, t=x + 4, year=year, height=height) for year, x in starts
    )
    bars = Markup("").join(_bar(each, at, scale) for at, each in enumerate(dated))
    return _FRAME.format(_WIDTH, height, label, years, bars)


def _bar(dated: Dated, at: int, scale: _Scale) -> Markup:
    x, end = scale.x(dated.first), scale.x(dated.last)
    width = max(10, end - x)
    y = _TOP + at * _ROW
    text = next(iter(fitted(dated.shown.text, _TEXT_ROOM, 1)), "")
    right = x + width + 8 < _WIDTH - _TEXT_ROOM
    bar = _BAR.format(
        x=x,
        y=y,
        width=width,
        b=y + 10,
        t=x + width + 8 if right else x - 8,
        anchor="start" if right else "end",
        lang=Markup(' lang="{}"').format(dated.shown.lang) if dated.shown.lang else "",
        words=text,
    )
    if dated.shown.href:
        bar = Markup('<a href="{}">{}</a>').format(dated.shown.href, bar)
    return Markup('<g class="{}">{}</g>').format(dated.kind, bar)


@dataclass(frozen=True)
class _Scale:
    first: int
    last: int

    def x(self, day: datetime.date) -> int:
        """Give the place of a day."""
        begin, end = datetime.date(self.first, 1, 1), datetime.date(self.last, 1, 1)
        share = (day - begin).days / max((end - begin).days, 1)
        return round(_LEFT + share * (_WIDTH - 2 * _LEFT - 60))
