"""A thing of the graph with all that is said of it, and the part of the graph around it.

In: a built graph and an IRI. Out: ``Entity`` and ``Subgraph`` values; see ``PolicyGraph.entity``
and ``PolicyGraph.around``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from html import escape
from typing import TYPE_CHECKING

from pyoxigraph import Literal, NamedNode, Triple

from policygraph.graph import html
from policygraph.graph.explain import Evidence, Explanation
from policygraph.graph.query import Answer
from policygraph.graph.store import GraphStore
from policygraph.graph.terms import text_of
from policygraph.identifiers import Identifiers

if TYPE_CHECKING:
    import networkx as nx
    import rdflib

_HEADINGS = {
    "subject": {"en": "subject", "zh": "主体"},
    "relation": {"en": "relation", "zh": "关系"},
    "value": {"en": "value", "zh": "值"},
    "origin": {"en": "origin", "zh": "来源类型"},
    "evidence": {"en": "evidence", "zh": "依据"},
    "sentence": {"en": "sentence", "zh": "原文句子"},
}


@dataclass(frozen=True)
class Fact:
    """One triple about a thing, and why it is in the graph.

    Attributes:
        explanation: who says it, or from what it follows.
        names: labels of its three parts for display; of a literal, its words.
    """

    explanation: Explanation
    names: tuple[str, str, str]

    @property
    def triple(self) -> Triple:
        """The triple."""
        return self.explanation.triple

    @property
    def origin(self) -> str:
        """Origin of the first evidence, or ``inferred``."""
        said = self.explanation.evidence
        return said[0].origin if said else "inferred"

    @cached_property
    def evidence(self) -> tuple[Evidence, ...]:
        """Who says it; of an inference, who says what it rests on."""
        found: dict[str, Evidence] = {}
        for leaf in self.explanation.leaves():
            found.setdefault(leaf.graph, leaf)
        return tuple(found.values())

    @property
    def sentence(self) -> str:
        """The first sentence behind it; of what no document states, what source or editor says."""
        for leaf in self.evidence:
            if leaf.origin == "stated":
                return leaf.before + leaf.words["zh"] + leaf.after
        return next((words for leaf in self.evidence for words in leaf.words.values()), "")


def in_order(facts: Iterable[Fact]) -> tuple[Fact, ...]:
    """Put what somebody says before what only follows."""
    return tuple(sorted(facts, key=lambda fact: fact.origin == "inferred"))


@dataclass(frozen=True, repr=False)
class Entity:
    """A thing and what the graph says of it.

    Attributes:
        iri: its IRI.
        kind: label of its class.
        labels: by language.
        facts: triples it is the subject of.
        mentions: triples it is the object of.
    """

    iri: str
    kind: str
    labels: Mapping[str, str]
    facts: tuple[Fact, ...]
    mentions: tuple[Fact, ...]

    @property
    def key(self) -> str:
        """The end of its IRI."""
        return self.iri.rsplit("/", 1)[-1]

    def table(self) -> Answer:
        """Give everything as rows: subject, relation, value, origin, evidence, sentence."""
        return _table([*self.facts, *self.mentions])

    def __repr__(self) -> str:
        return f"<Entity {html.short(self.iri)}: {len(self.facts) + len(self.mentions)} facts>"

    def _repr_html_(self) -> str:
        title = " · ".join(dict.fromkeys(self.labels.values())) or self.key
        head = f"<h4>{escape(title)}</h4><p>{escape(self.kind)}: {html.link(self.iri)}</p>"
        return head + _facts_html([*self.facts, *self.mentions])


def _table(facts: list[Fact]) -> Answer:
    rows = tuple(
        (
            fact.triple.subject,
            fact.triple.predicate,
            fact.triple.object,
            Literal(fact.origin),
            NamedNode(fact.evidence[0].graph) if fact.evidence else None,
            Literal(fact.sentence) if fact.sentence else None,
        )
        for fact in facts
    )
    return Answer(tuple(_HEADINGS), rows, _HEADINGS)


def _facts_html(facts: list[Fact], caption: str = "") -> str:
    headings = [name["en"] for name in _HEADINGS.values()]
    rows = [
        (
            html.link(text_of(fact.triple.subject), fact.names[0]),
            html.link(text_of(fact.triple.predicate), fact.names[1]),
            html.link(text_of(fact.triple.object), fact.names[2])
            if isinstance(fact.triple.object, NamedNode)
            else html.text(fact.names[2]),
            html.text(fact.origin),
            html.links(leaf.graph for leaf in fact.evidence),
            html.text(fact.sentence),
        )
        for fact in facts
    ]
    return html.table(headings, rows, caption)


@dataclass(frozen=True, repr=False)
class Subgraph:
    """The part of a graph around a thing, with the evidence of every triple.

    Attributes:
        store: its quads, and the description of each passage, source and judgement behind them.
        centre: IRI of the thing in the middle.
        things: IRIs of all things in it.
        ids: how IRIs look.
        fact_of: tells why a triple is there.
        triples: what is said of and between the things.
    """

    store: GraphStore
    centre: str
    things: tuple[str, ...]
    ids: Identifiers
    fact_of: Callable[[Triple], Fact]
    triples: tuple[Triple, ...]

    @cached_property
    def facts(self) -> tuple[Fact, ...]:
        """Every triple with why it is there."""
        return in_order(map(self.fact_of, self.triples))

    @cached_property
    def rdflib(self) -> rdflib.Dataset:
        """The same quads as an rdflib dataset."""
        return self.store.rdflib()

    def network(self) -> nx.MultiDiGraph[str]:
        """Give the things and what is said between them as a networkx graph."""
        from policygraph.study.network.things import network

        return network(self.store)

    def table(self) -> Answer:
        """Give every triple as a row: subject, relation, value, origin, evidence, sentence."""
        return _table(list(self.facts))

    def turtle(self) -> bytes:
        """Write it as Turtle, what is asserted apart from what follows."""
        from policygraph.publish.rdf import export

        return export(self.store, "ttl", "all", self.ids)

    def __repr__(self) -> str:
        return f"<Subgraph: {self._summary()}>"

    def _repr_html_(self) -> str:
        return _facts_html(list(self.facts), self._summary())

    def _summary(self) -> str:
        middle = html.short(self.centre)
        return f"{len(self.things)} things, {len(self.triples)} triples around {middle}"
