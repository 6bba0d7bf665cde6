"""Reading one thing out of a graph: what is said of it, what points to it, on whose word.

In: the store and an IRI. Out: ``Subject`` and ``Line`` values. Everything is found by look-ups
around the thing, and of a thing that very much is said of only so much is read.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice

from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad, Triple

from policygraph.graph.explain import Evidence, Explainer, Explanation
from policygraph.graph.store import GraphStore
from policygraph.graph.terms import LABEL, QUOTED, TYPE, Term, language_of, text_of
from policygraph.identifiers import Identifiers, origin_of
from policygraph.namespaces import NIF, OWL, PG, RDFS, SKOS, SSSOM, shorten
from policygraph.publish.rdf import natural
from policygraph.study.network.walk import reading_order
from policygraph.study.said import Thing, Words

MOST = 60
"""Lines of one kind that a page shows; what is more is counted up to ``COUNTED``."""

COUNTED = 2_000

_KEPT_NAMES, _KEPT_SUBJECTS = 50_000, 64
_AFRESH = 5_000
"""Things after which proofs are found afresh, for what was proved once is remembered."""

PLAIN = (PG, RDFS + "label", SKOS + "altLabel", SKOS + "broader", SKOS + "note")
"""How relations begin that are shown at once; the same in other vocabularies is folded away."""

_FIRST = (TYPE.value, LABEL.value, SKOS + "altLabel")
_NARROWER_THAN = NamedNode(RDFS + "subClassOf")
_LINKED = NamedNode(OWL + "annotatedSource")


@dataclass(frozen=True)
class Line:
    """One triple that is about a thing.

    Attributes:
        relation: its predicate.
        other: its other end: the value, or the thing that points here.
        explanation: who says it, or from what it follows.
        origin: of the first who says it; ``inferred`` where nobody does, ``candidate`` where
            nobody has reviewed it.
    """

    relation: Thing
    other: Thing | Words
    explanation: Explanation
    origin: str


@dataclass(frozen=True)
class OutsideLink:
    """A link to another graph, or its refusal, with what it rests on."""

    iri: str
    relation: Thing
    target: str
    target_name: str
    refused: bool
    justification: str
    confidence: str
    edition: str
    comment: str


@dataclass(frozen=True)
class Subject:
    """A thing and what the graph says of it.

    Attributes:
        kinds: local names of its classes in the policy ontology, the narrowest first.
        passages: IRIs of the passages it is quoted from, in reading order.
        lines: triples it is the subject of.
        mentions: triples it is the object of.
        more: how many more of each there are; ``COUNTED`` where it was not counted further.
    """

    thing: Thing
    kinds: tuple[str, ...]
    passages: tuple[str, ...]
    lines: tuple[Line, ...]
    mentions: tuple[Line, ...]
    links: tuple[OutsideLink, ...]
    more: tuple[int, int]


class Reader:
    """Reads things of one store; names and the last things read are remembered."""

    def __init__(self, store: GraphStore, ids: Identifiers) -> None:
        self.store = store
        self.ids = ids
        self.explainer = Explainer(store)
        self._taken = 0
        self.thing = lru_cache(_KEPT_NAMES)(self._thing)
        self.known = lru_cache(_KEPT_NAMES)(self._known)
        self.kinds = lru_cache(_KEPT_NAMES)(self._kinds)
        self.above = lru_cache(None)(self._above)
        self.subject = lru_cache(_KEPT_SUBJECTS)(self._subject)

    # names

    def _thing(self, iri: str) -> Thing:
        return Thing(iri, tuple(sorted(self.words(iri, LABEL.value))))

    def name(self, iri: str, lang: str) -> Words:
        """Give the name of a thing or term: of one without labels, its short form."""
        thing = self.thing(iri)
        return (
            thing.name(lang) if thing.labels else Words(shorten(iri) if "#" in iri else thing.key)
        )

    def words(self, iri: str, predicate: str) -> list[Words]:
        """List the texts that a property gives a thing, in any language."""
        return sorted(
            Words(text_of(value), language_of(value))
            for value in self.values(iri, predicate)
            if isinstance(value, Literal)
        )

    def values(self, iri: str, predicate: str) -> list[Term]:
        """List the values that a property gives a thing."""
        pattern = (NamedNode(iri), NamedNode(predicate), None, DefaultGraph())
        found = (quad.object for quad in self.store.engine.quads_for_pattern(*pattern))
        return sorted((term for term in found if isinstance(term, Term)), key=str)

    def one(self, iri: str, predicate: str) -> str:
        """Give the first value that a property gives a thing, as text; empty for none."""
        return next((text_of(value) for value in self.values(iri, predicate)), "")

    def _known(self, iri: str) -> bool:
        """Tell whether the graph says anything of a thing."""
        pattern = (NamedNode(iri), None, None, None)
        return next(iter(self.store.engine.quads_for_pattern(*pattern)), None) is not None

    def _kinds(self, iri: str) -> tuple[str, ...]:
        pattern = (NamedNode(iri), TYPE, None, None)
        found = {text_of(quad.object) for quad in self.store.engine.quads_for_pattern(*pattern)}
        return self.narrowest(kind.removeprefix(PG) for kind in found if kind.startswith(PG))

    def narrowest(self, kinds: Iterable[str]) -> tuple[str, ...]:
        """Sort classes by their local names, those before others that have none below them."""
        known = sorted(kinds)
        wider = {above for kind in known for above in self.above(kind)}
        return tuple(sorted(known, key=lambda kind: (kind in wider, kind)))

    def _above(self, kind: str) -> frozenset[str]:
        """List the classes above a class, all by their local names."""
        quads = self.store.engine.quads_for_pattern(NamedNode(PG + kind), _NARROWER_THAN, None)
        return frozenset(text_of(quad.object).removeprefix(PG) for quad in quads)

    # a thing

    def _subject(self, iri: str) -> Subject:
        self._taken += 1
        if self._taken % _AFRESH == 0:
            self.explainer = Explainer(self.store)
        node, engine = NamedNode(iri), self.store.engine
        about, more = _at_most(engine.quads_for_pattern(node, None, None, None))
        pointing, others = _at_most(engine.quads_for_pattern(None, None, node, None))
        quoted = {text_of(triple.object) for triple in about if triple.predicate == QUOTED}
        return Subject(
            thing=self.thing(iri),
            kinds=self.kinds(iri),
            passages=tuple(sorted(quoted, key=reading_order)),
            lines=self._lines(iri, about),
            mentions=self._lines(iri, pointing),
            links=tuple(self._links(node)),
            more=(more, others),
        )

    def _lines(self, iri: str, triples: Iterable[Triple]) -> tuple[Line, ...]:
        lines = [self._line(iri, triple) for triple in triples if triple.predicate != QUOTED]
        return tuple(sorted(lines, key=_rank))

    def _line(self, iri: str, triple: Triple) -> Line:
        """Explain a triple, with its proof where that is shown: on the page of its subject."""
        about = text_of(triple.subject) == iri
        explanation = Explanation(triple, self.explainer.who(triple))
        if about and not explanation.evidence and _is_plain(triple):
            explanation = self.explainer.why(triple) or explanation
        origins = [each.origin for each in explanation.evidence]
        said = [origin for origin in origins if origin != "candidate"]
        origin = (said or origins or ["inferred"])[0]
        end = triple.object if about else triple.subject
        other = Words(text_of(end), language_of(end)) if isinstance(end, Literal) else None
        relation = self.thing(text_of(triple.predicate))
        return Line(relation, other or self.thing(text_of(end)), explanation, origin)

    def _links(self, node: NamedNode) -> Iterator[OutsideLink]:
        quads = self.store.engine.quads_for_pattern(None, _LINKED, node, DefaultGraph())
        for iri in sorted({text_of(quad.subject) for quad in quads}):
            yield OutsideLink(
                iri=iri,
                relation=self.thing(self.one(iri, OWL + "annotatedProperty")),
                target=self.one(iri, OWL + "annotatedTarget"),
                target_name=self.one(iri, SSSOM + "object_label"),
                refused=bool(self.one(iri, SSSOM + "predicate_modifier")),
                justification=shorten(self.one(iri, SSSOM + "mapping_justification")),
                confidence=self.one(iri, SSSOM + "confidence"),
                edition=self.one(iri, SSSOM + "object_source_version"),
                comment=self.one(iri, RDFS + "comment"),
            )

    def passage_words(self, iri: str) -> Words:
        """Give the words of a passage, with their language."""
        return next(iter(self.words(iri, NIF + "anchorOf")), Words(""))

    def evidence(self, graph: str) -> Evidence | None:
        """Describe the evidence that a graph is named by; None for what only follows."""
        return self.explainer.evidence_in(graph)


def _is_plain(triple: Triple) -> bool:
    """Tell whether a triple is in terms of the policy ontology, or of those used with it."""
    term = triple.object if triple.predicate == TYPE else triple.predicate
    return text_of(term).startswith(PLAIN)


def _at_most(quads: Iterable[Quad]) -> tuple[list[Triple], int]:
    """Take the triples of so many quads, links aside, and count how many there are beyond."""
    counted = list(islice(quads, COUNTED))
    shown = {
        quad.triple for quad in counted if _counts(quad) and isinstance(quad.subject, NamedNode)
    }
    ordered = sorted(shown, key=str)
    return ordered[:MOST], len(ordered) - len(ordered[:MOST])


def _counts(quad: Quad) -> bool:
    """Tell whether a quad is shown as a line; links to other graphs have a table of their own."""
    graph = text_of(quad.graph_name)
    return bool(graph) and origin_of(graph) not in ("links", "ontology")


def _rank(line: Line) -> tuple[object, ...]:
    relation = line.relation.iri
    first = _FIRST.index(relation) if relation in _FIRST else len(_FIRST)
    other = line.other.iri if isinstance(line.other, Thing) else str(line.other)
    return first, shorten(relation), natural(other)
