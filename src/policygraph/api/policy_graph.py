"""A built graph: ask it, explain it, take it elsewhere.

In: the store and the workspace it belongs to; the pipeline makes it. Out: answers, explanations,
networks, files. What only some questions need is imported when they are asked.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad, Triple

from policygraph.api.searches import Searches
from policygraph.api.studies import Studies
from policygraph.errors import NothingFound, WrongUsage
from policygraph.graph.query import Answer, Asker, answer_of, read_queries
from policygraph.graph.store import GraphStore
from policygraph.graph.terms import TYPE, text_of
from policygraph.identifiers import Identifiers
from policygraph.namespaces import PG, expand, shorten
from policygraph.nearest import nearest
from policygraph.report import Finding
from policygraph.workspace import Place

if TYPE_CHECKING:
    import networkx as nx
    import rdflib

    from policygraph.api.entity import Entity, Fact, Subgraph
    from policygraph.api.ways import Way
    from policygraph.graph.explain import Explainer, Explanation
    from policygraph.graph.validate import Result
    from policygraph.study.network.paths import Move
    from policygraph.study.network.projections import Projection
    from policygraph.study.network.walk import Describer


@dataclass
class PolicyGraph(Studies, Searches):
    """A built graph: ask it, explain it, take it elsewhere.

    Attributes:
        store: its quads.
        place: the workspace it was built from or is asked with.
        findings: what validation said.
        results: the same as a standard report.
        quarantine: quads that were left out because they break a rule.
        inputs: the hashes of what it was built from.
        folder: where it was written, if it was opened from there.
    """

    store: GraphStore
    place: Place
    findings: list[Finding] = field(default_factory=list)
    results: list[Result] = field(default_factory=list)
    quarantine: list[Quad] = field(default_factory=list)
    inputs: dict[str, str] = field(default_factory=dict)
    folder: Path | None = None

    @property
    def ids(self) -> Identifiers:
        """How its IRIs look."""
        return Identifiers(self.place.base)

    @cached_property
    def asker(self) -> Asker:
        """Its named queries."""
        return Asker(self.store, read_queries(self.place.queries))

    @cached_property
    def explainer(self) -> Explainer:
        """What explains its triples."""
        from policygraph.graph.explain import Explainer

        return Explainer(self.store)

    def label(self, iri: str, lang: str = "en") -> str:
        """Give the label of a thing or term in a language, else in another, else its short name.

        >>> graph.label("https://w3id.org/policygraph/ns#Goal", "zh")
        '目标'
        """
        labels = self.explainer.labels(iri)
        return labels.get(lang) or next(iter(labels.values()), "") or shorten(iri)

    def query(self, question: str, **values: object) -> Answer:
        """Ask a named query, or SPARQL text.

        Args:
            question: the name of a query, or SPARQL text (anything with a brace or a space).
            values: parameters of a named query: keys, labels, IRIs, texts.

        Raises:
            WrongUsage: the query or a parameter is unknown, missing or wrong.
        """
        if "{" in question or " " in question.strip():
            if values:
                raise WrongUsage(
                    "query/unknown-parameter", query="SPARQL", name=next(iter(values)), known="-"
                )
            return answer_of(self.asker.run(question))
        return self.asker.ask(question, values)

    @cached_property
    def rdflib(self) -> rdflib.Dataset:
        """The same quads as an rdflib dataset, uncopied."""
        return self.store.rdflib()

    def network(self, *, inferred: bool = False) -> nx.MultiDiGraph[str]:
        """Give the things and what is said between them as a networkx graph."""
        from policygraph.study.network.things import network

        return network(self.store, inferred=inferred)

    @cached_property
    def projections(self) -> dict[str, Projection]:
        """The networks that data files describe, by name; see ``projection``."""
        from policygraph.study.network.projections import Terms, projection_files, read_projection

        folder, terms = self.place.projections, Terms.of(self.store)
        return {name: read_projection(name, folder, terms) for name in projection_files(folder)}

    def projection(self, name: str) -> nx.Graph[str]:
        """Make one of the networks that data files describe, as a networkx graph.

        Each node and edge has the statements and passages behind it, each node its measures; see
        ``policygraph.study.network.walk.project`` and ``measures.measure``.

        >>> network = graph.projection("institutions-to-initiatives")
        >>> sorted(kind for kind in set(dict(network.nodes(data="kind")).values()))
        ['Achievement', 'Action', 'Initiative', 'Institution']

        Args:
            name: of a file in ``queries/projections/``.

        Raises:
            WrongUsage: there is no projection of that name; the nearest are named.
            DataError: its file is not as it should be.
            NothingFound: it joins nothing in this graph.
        """
        from policygraph.study.network.projections import Terms, read_projection
        from policygraph.study.network.walk import project

        found = read_projection(name, self.place.projections, Terms.of(self.store))
        return project(self.store, found)

    def path(self, start: str, end: str, *, longest: int = 6, stated_only: bool = False) -> Way:
        """Give the shortest way between two things; of equal ones the best founded.

        >>> way = graph.path("国家数据局", "东数西算", stated_only=True)
        >>> [graph.label(step.relation) for step in way]
        ['source of the news', 'reports achievement', 'implements']

        Args:
            start: a key, label, prefixed name or IRI.
            end: the same of the other thing.
            longest: number of steps it may have.
            stated_only: use only what a document states.

        Raises:
            WrongUsage: a name is unknown, or both mean the same thing.
            NothingFound: there is no such way.
        """
        return next(self.paths(start, end, longest=longest, stated_only=stated_only))

    def paths(
        self, start: str, end: str, *, longest: int = 6, stated_only: bool = False
    ) -> Iterator[Way]:
        """Give all shortest ways between two things, the best founded first; see ``path``.

        >>> [len(way) for way in graph.paths("cn-ndrc", "CN-BJ")]
        [3, 3]
        """
        from policygraph.study.network.paths import Ways

        find = self.asker.lookup.find
        ends = find(start), find(end)
        if ends[0] == ends[1]:
            raise WrongUsage("network/same-ends", start=start, end=end)
        ways = Ways(self.store, *ends, self.ids, longest, stated_only)
        if ways.length is None:
            raise NothingFound("network/no-path", start=start, end=end, longest=longest)
        return (self._way(ends[0], moves) for moves in ways)

    def _way(self, start: str, moves: Iterable[Move]) -> Way:
        """Explain each step of a way."""
        from policygraph.api.ways import Way, WayStep

        steps: list[WayStep] = []
        for move in moves:
            explanation = self.explainer.why(move.triple)
            if explanation is not None:
                steps.append(WayStep(start, move.end, move.against, move.origin, explanation))
            start = move.end
        return Way(tuple(steps))

    def entity(self, name: str) -> Entity:
        """Give a thing with all that is said of it, each with its sentence.

        >>> graph.entity("cn-ndwc-2024-g5").labels["zh"]
        '优化数据基础设施布局'

        Args:
            name: a key, label, prefixed name or IRI.

        Raises:
            WrongUsage: nothing has that name, or several things have.
        """
        from policygraph.api.entity import Entity, in_order

        iri = self._thing(name)
        node, engine = NamedNode(iri), self.store.engine
        said = engine.quads_for_pattern(node, None, None, DefaultGraph())
        mentioned = engine.quads_for_pattern(None, None, node, DefaultGraph())
        about, mentions = (
            tuple(map(self._fact, sorted({quad.triple for quad in quads}, key=str)))
            for quads in (said, mentioned)
        )
        kind = self._describe([iri]).thing(iri)
        named = kind.get("kind_en") or kind["kind"]
        return Entity(iri, named, self.explainer.labels(iri), in_order(about), in_order(mentions))

    def around(self, name: str, *, steps: int = 1) -> Subgraph:
        """Give the part of the graph around a thing, with the evidence of every triple.

        >>> part = graph.around("cn-ndwc-2024-g5-a2")
        >>> sorted(iri.rsplit("/", 1)[1] for iri in part.things)
        ['cn-ndwc-2024', 'cn-ndwc-2024-g5', 'cn-ndwc-2024-g5-a2', 'government-investment']

        Args:
            name: a key, label, prefixed name or IRI.
            steps: how far from the thing it reaches, over relations between things.

        Raises:
            WrongUsage: nothing has that name, or several things have.
        """
        from policygraph.api.entity import Subgraph
        from policygraph.study.network.around import around

        centre = self._thing(name)
        things, triples, quads = around(self.store, centre, self.ids, steps)
        return Subgraph(GraphStore(quads), centre, things, self.ids, self._fact, triples)

    def _thing(self, name: str) -> str:
        """Give the IRI of something that the graph speaks of.

        Raises:
            WrongUsage: there is none.
        """
        iri = self.asker.lookup.find(name)
        if next(self._said_of(iri), None) is None:
            raise WrongUsage("query/unknown-name", name=name, nearest="-")
        return iri

    def _said_of(self, iri: str) -> Iterator[Quad]:
        return self.store.engine.quads_for_pattern(NamedNode(iri), None, None, DefaultGraph())

    def _describe(self, iris: Iterable[str]) -> Describer:
        from policygraph.study.network.walk import Describer

        return Describer(self.store, iris)

    def _fact(self, triple: Triple) -> Fact:
        """Explain a triple that the graph holds."""
        from policygraph.api.entity import Fact
        from policygraph.graph.explain import Explanation

        explanation = self.explainer.why(triple) or Explanation(triple, ())
        names = [
            part.value if isinstance(part, Literal) else self.label(text_of(part))
            for part in triple
        ]
        return Fact(explanation, (names[0], names[1], names[2]))

    def explanations(self) -> Iterator[Explanation]:
        """Explain everything that was inferred, triple by triple, in order.

        >>> next(graph.explanations()).proof.rule
        'cax-sco'
        """
        from policygraph.graph.proofs import explanations

        return explanations(self.explainer)

    def why(self, subject: str, predicate: str, value: str) -> Explanation:
        """Explain a triple, each part given by key, label, prefixed name or IRI.

        Raises:
            WrongUsage: a part is unknown, or the graph does not hold the triple.
        """
        for triple in self._meant(subject, predicate, value):
            explanation = self.explainer.why(triple)
            if explanation:
                return explanation
        triple_text = f"{subject} {predicate} {value}"
        raise WrongUsage("query/not-in-graph", triple=triple_text)

    def _meant(self, subject: str, predicate: str, value: str) -> Iterable[Triple]:
        """List the triples that the words of a question may mean."""
        find = self.asker.lookup.find
        start = NamedNode(find(subject))
        relation = NamedNode(self._predicate(predicate))
        literals = [
            quad.object
            for quad in self.store.engine.quads_for_pattern(start, relation, None, None)
            if isinstance(quad.object, Literal) and quad.object.value == value
        ]
        if literals:
            return [Triple(start, relation, literal) for literal in literals]
        return [Triple(start, relation, NamedNode(find(value)))]

    def _predicate(self, name: str) -> str:
        """Give the IRI of a property: whole, prefixed, or a name of the policy ontology.

        Raises:
            WrongUsage: the policy ontology has no such property; the nearest are named.
        """
        iri = name if name.startswith(("http://", "https://")) else expand(name) or PG + name
        ontology = NamedNode(self.ids.graph("ontology"))
        known = [
            text_of(quad.subject)
            for quad in self.store.engine.quads_for_pattern(None, TYPE, None, ontology)
            if text_of(quad.object).endswith("Property")
        ]
        if iri.startswith(PG) and iri not in known:
            names = [each.removeprefix(PG) for each in known if each.startswith(PG)]
            options = nearest(iri.removeprefix(PG), names)
            raise WrongUsage("query/unknown-name", name=name, nearest=options)
        return iri

    def export(self, form: str, choice: str = "stated") -> bytes:
        """Write the graph in a format: trig, nq, ttl, nt, jsonld, rdf, graphml, or one for others.

        Those for others are listed in ``policygraph.publish.exchange.forms``.

        >>> graph.export("stratml").decode().count("<Goal>")
        8

        Args:
            form: the format.
            choice: ``stated``, ``inferred`` or ``all``.
        """
        if form == "graphml":
            from policygraph.study.network.things import graphml

            if choice == "inferred":
                raise WrongUsage("publish/no-such-choice", form=form, choice=choice)
            return graphml(self.store, inferred=choice == "all")
        from policygraph.publish.exchange.forms import FORMS, exchange
        from policygraph.publish.rdf import export

        if form in FORMS:
            return exchange(self.store, self.place, form, choice)
        return export(self.store, form, choice, self.ids)
