"""What is drawn: trees of statements on two sides, things between them, and lines.

In: the network. Out: a ``Selection`` of IRIs in the order of the documents. Knows no coordinates.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import takewhile
from typing import TYPE_CHECKING

from policygraph.identifiers import passage_span

if TYPE_CHECKING:
    from networkx import MultiDiGraph

SIDES = {"Achievement": "left", "Goal": "right", "Action": "right"}
MIDDLES = ("Initiative", "Institution")
RELATIONS = (
    "implements",
    "advances",
    "responsibleInstitution",
    "supportingInstitution",
    "actor",
    "behindGoal",
    "continues",
    "administeredBy",
    "partOf",
    "mentions",
)
"""What is drawn as a line; of several between the same two things, the first here."""

_ONLY_SAID = {"partOf", "mentions"}
"""Relations drawn only where somebody says them; what follows of these would hide the rest."""

_DOWN, _UP = {"hasAction", "hasPart"}, {"actionOf", "partOf"}

Tree = list[tuple[str, int]]
"""A statement and its parts, each with its depth, in reading order."""


@dataclass(frozen=True)
class Link:
    """A line between two things."""

    start: str
    end: str
    relation: str
    origin: str

    @property
    def ends(self) -> tuple[str, str]:
        """Both ends."""
        return self.start, self.end


@dataclass(frozen=True)
class Selection:
    """What is drawn.

    Attributes:
        sides: ``left`` (done) and ``right`` (to be done), each by period.
        middles: initiatives and institutions.
        links: lines between any of these.
        documents: what says the statements on the sides.
    """

    sides: dict[str, dict[str, list[Tree]]]
    middles: list[str]
    links: list[Link]
    documents: list[str]


def select(things: MultiDiGraph[str]) -> Selection:
    """Choose what of a network is drawn."""
    trees = {side: _trees(things, side) for side in ("left", "right")}
    links = _news(_links(things), [*trees["left"], *trees["right"]])
    linked = {iri for link in links for iri in link.ends}
    if trees["right"]:
        trees["left"] = [tree for tree in trees["left"] if linked.intersection(dict(tree))]
    statements = {iri for side in trees.values() for tree in side for iri, _ in tree}
    middles = _middles(things, statements, links)
    drawn = statements | set(middles)
    return Selection(
        {side: _by_period(things, found) for side, found in trees.items()},
        middles,
        [link for link in links if drawn.issuperset(link.ends)],
        sorted(
            {start for start, end in things.edges() if end in statements and _says(things, start)}
        ),
    )


def _says(things: MultiDiGraph[str], iri: str) -> bool:
    return bool(things.nodes[iri]["kind"] == "PolicyDocument")


def _place(things: MultiDiGraph[str], iri: str) -> tuple[bool, str, int, int, list[str | int]]:
    """Tell where a document states a thing, for sorting; what none states comes last, by number."""
    said = (
        passage_span(about["evidence"])
        for start, _, about in things.in_edges(iri, data=True)
        if _says(things, start)
    )
    first = min(filter(None, said), default=None)
    name = [int(part) if part.isdecimal() else part for part in re.split(r"(\d+)", iri)]
    return (False, *first, name) if first else (True, "", 0, 0, name)


def _trees(things: MultiDiGraph[str], side: str) -> list[Tree]:
    """Arrange the statements of a side under their wholes."""
    members = sorted(
        (iri for iri, about in things.nodes(data=True) if SIDES.get(about["kind"]) == side),
        key=lambda iri: _place(things, iri),
    )
    wholes = _wholes(things, set(members))
    parts: dict[str, list[str]] = {}
    for iri in members:
        if iri in wholes:
            parts.setdefault(wholes[iri], []).append(iri)
    roots = [iri for iri in members if iri not in wholes]
    seen: set[str] = set()
    # Statements that are parts of each other have no root; they are reached by the second list.
    trees = [list(_tree(iri, parts, seen)) for iri in [*roots, *members]]
    return [tree for tree in trees if tree]


def _wholes(things: MultiDiGraph[str], members: Collection[str]) -> dict[str, str]:
    """Find the whole of each part, as said; what follows would also give wholes of wholes."""
    wholes: dict[str, str] = {}
    for start, end, about in things.edges(data=True):
        if start in members and end in members and about["origin"] != "inferred":
            if about["relation"] in _DOWN:
                wholes.setdefault(end, start)
            elif about["relation"] in _UP:
                wholes.setdefault(start, end)
    return wholes


def _tree(root: str, parts: Mapping[str, list[str]], seen: set[str]) -> Iterator[tuple[str, int]]:
    waiting = [(root, 0)]
    while waiting:
        iri, depth = waiting.pop()
        if iri not in seen:
            seen.add(iri)
            yield iri, depth
            waiting.extend((part, depth + 1) for part in reversed(parts.get(iri, [])))


def _by_period(things: MultiDiGraph[str], trees: Iterable[Tree]) -> dict[str, list[Tree]]:
    """Group trees by the period of their first statement; those without one come last."""
    found: dict[str, list[Tree]] = {}
    for tree in trees:
        found.setdefault(things.nodes[tree[0][0]].get("period", ""), []).append(tree)
    return {period: found[period] for period in sorted(found, key=lambda name: (not name, name))}


def _links(things: MultiDiGraph[str]) -> list[Link]:
    """Find the lines, one between any two things."""
    best: dict[tuple[str, ...], Link] = {}
    for start, end, about in things.edges(data=True):
        link = Link(start, end, about["relation"], about["origin"])
        if start != end and _is_drawn(things, link):
            pair = tuple(sorted(link.ends))
            best[pair] = min(best.get(pair, link), link, key=_rank)
    return sorted(best.values(), key=lambda link: (link.ends, link.relation))


def _rank(link: Link) -> int:
    return RELATIONS.index(link.relation)


def _is_drawn(things: MultiDiGraph[str], link: Link) -> bool:
    if link.relation not in RELATIONS:
        return False
    if link.relation in _ONLY_SAID and link.origin == "inferred":
        return False
    start, end = (things.nodes[iri]["kind"] for iri in link.ends)
    if link.relation == "continues":
        return start in SIDES and end in SIDES
    ends_fit = start in MIDDLES or end in MIDDLES
    return ends_fit and all(kind in SIDES or kind in MIDDLES for kind in (start, end))


def _news(links: list[Link], trees: list[Tree]) -> list[Link]:
    """Leave out what only follows for a whole where a line shows it for one of its parts."""
    below = {iri: _below(tree, at) for tree in trees for at, (iri, _) in enumerate(tree)}
    shown = {link.ends for link in links}
    return [
        link
        for link in links
        if link.origin != "inferred"
        or not any((part, link.end) in shown for part in below.get(link.start, ()))
    ]


def _below(tree: Tree, at: int) -> list[str]:
    depth = tree[at][1]
    return [iri for iri, _ in takewhile(lambda item: item[1] > depth, tree[at + 1 :])]


def _middles(
    things: MultiDiGraph[str], statements: Collection[str], links: Iterable[Link]
) -> list[str]:
    """Find the things between: those a statement is joined to, and those joined to these."""
    near: set[str] = set()
    for _ in range(2):
        reached = near | set(statements)
        near |= {iri for link in links if reached.intersection(link.ends) for iri in link.ends}
    return sorted(iri for iri in near if things.nodes[iri]["kind"] in MIDDLES)
