"""Marks in a text: spans that may hold each other or overlap, as a tree that HTML can show.

In: a text and spans of it. Out: ``Node`` values. A span that leaves another half-way is cut there;
its first piece carries the anchor.
"""

from __future__ import annotations

import bisect
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from markupsafe import Markup, escape


@dataclass(frozen=True, order=True)
class Mark:
    """A span of a text that is marked.

    Attributes:
        start: first code point.
        end: behind the last one.
        anchor: the place it can be linked by; empty for a later piece of a span that was cut.
        look: how it looks: a class of the style sheet; empty for a mere anchor.
        href: where it leads; empty for a mere anchor.
        title: what a pointer shows.
    """

    start: int
    end: int
    anchor: str = ""
    look: str = ""
    href: str = ""
    title: str = ""


@dataclass(frozen=True)
class Node:
    """A piece of a text: bare text, or a mark with the pieces inside it.

    Attributes:
        text: the words of a piece without pieces inside.
        mark: the mark; None for bare text.
        inside: the pieces of a mark.
        href: where bare text leads: to the statement of the innermost mark around it.
    """

    text: str = ""
    mark: Mark | None = None
    inside: tuple[Node, ...] = ()
    href: str = ""
    look: str = ""


def in_order(marks: Iterable[Mark]) -> list[Mark]:
    """Sort marks as they open: of those that open together, the longest first."""
    return sorted(marks, key=lambda mark: (mark.start, -mark.end, bool(mark.href), mark))


def nest(text: str, marks: list[Mark], start: int, end: int) -> tuple[Node, ...]:
    """Lay marks over a stretch of a text; those outside of it are left out, others cut to it.

    >>> nest("abc", [Mark(0, 2, "x")], 0, 3)[1].text
    'c'
    """
    clipped = in_order(
        replace(
            mark,
            start=max(mark.start, start),
            end=min(mark.end, end),
            anchor=mark.anchor if mark.start >= start else "",
        )
        for mark in marks
        if mark.start < end and start < mark.end
    )
    return tuple(_nest(text, clipped, start, end, None))


def _nest(
    text: str, marks: list[Mark], start: int, end: int, around: Mark | None
) -> Iterator[Node]:
    waiting, place = list(marks), start
    while waiting:
        mark = waiting.pop(0)
        if mark.start > place:
            yield _bare(text[place : mark.start], around)
        inside: list[Mark] = []
        while waiting and waiting[0].start < mark.end:
            inner = waiting.pop(0)
            if inner.end > mark.end:
                bisect.insort(waiting, replace(inner, start=mark.end, anchor=""), key=_opening)
                inner = replace(inner, end=mark.end)
            inside.append(inner)
        leads = mark if mark.href else around
        pieces = tuple(_nest(text, inside, mark.start, mark.end, leads))
        yield Node(mark=mark, inside=pieces)
        place = mark.end
    if place < end:
        yield _bare(text[place:end], around)


def _opening(mark: Mark) -> tuple[int, int]:
    return mark.start, -mark.end


def _bare(text: str, around: Mark | None) -> Node:
    return Node(text, href=around.href, look=around.look) if around else Node(text)


def markup(nodes: Iterable[Node], permalink: str) -> Markup:
    """Write pieces as HTML, everything escaped; a sentence ends with a link to itself.

    Args:
        nodes: the pieces.
        permalink: the name of such a link.
    """
    return Markup("").join(_written(node, permalink) for node in nodes)


def _written(node: Node, permalink: str) -> Markup:
    mark = node.mark
    if mark is None:
        link = Markup('<a class="{}" href="{}">{}</a>')
        return link.format(node.look, node.href, node.text) if node.href else escape(node.text)
    about = {"id": mark.anchor, "class": mark.look, "title": mark.title}
    told = Markup("").join(
        Markup(' {}="{}"').format(name, value) for name, value in about.items() if value
    )
    own = Markup("")
    if mark.look == "sentence" and mark.anchor:
        own = Markup('<a class="permalink" href="#{0}" aria-label="{1} {2}">¶</a>').format(
            mark.anchor, permalink, mark.anchor.partition("=")[2].replace(",", "–")
        )
    return Markup("<span{}>{}{}</span>").format(told, markup(node.inside, permalink), own)
