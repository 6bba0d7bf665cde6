"""Explanations: who says a triple, in which words, or from what it follows.

In: the store and a triple. Out: a tree of ``Explanation`` values whose leaves are passages, sources
and judgements. A triple that several say has all of them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property, lru_cache

from pyoxigraph import DefaultGraph, Literal, NamedNode, Triple

from policygraph.graph.rules.axioms import Rules, read_rules
from policygraph.graph.rules.proof import Prover
from policygraph.graph.rules.steps import Proof
from policygraph.graph.rules.stored import StoredState
from policygraph.graph.store import GraphStore
from policygraph.graph.terms import LABEL, TYPE, Term, pg, text_of
from policygraph.identifiers import Identifiers, origin_of, passage_span
from policygraph.namespaces import DCTERMS, NIF, OWL, PROV, RDFS, SSSOM, shorten

_KEPT = 10_000
"""How many pieces of evidence are remembered: a passage often stands behind many triples."""


@dataclass(frozen=True)
class Evidence:
    """Who says a triple.

    Attributes:
        origin: ``stated``, ``record``, ``registry``, ``editor``, ``links``, ``ontology`` or
            ``candidate``.
        graph: IRI of the passage, source, judgement or mapping.
        words: the words of the source, or what the source or judgement says, by language.
        before: the text in front of a passage, back to the beginning of its sentence or so.
        after: the text behind it.
        by: the document, source or editor, by language.
        detail: offsets, date or address: what a reader needs to look it up.
    """

    origin: str
    graph: str
    words: dict[str, str]
    by: dict[str, str]
    before: str = ""
    after: str = ""
    detail: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Explanation:
    """Why a triple is in the graph.

    Attributes:
        triple: the triple.
        evidence: who says it; empty for one that is only inferred.
        proof: the rule and axiom it follows from; None for one that somebody says, or that owlrl
            inferred by a rule that is not among ours.
        premises: why each premise of the proof is in the graph.
    """

    triple: Triple
    evidence: tuple[Evidence, ...]
    proof: Proof | None = None
    premises: tuple[Explanation, ...] = ()

    def leaves(self) -> Iterator[Evidence]:
        """Give all evidence at the ends of the tree."""
        yield from self.evidence
        for premise in self.premises:
            yield from premise.leaves()


class Explainer:
    """Explains triples of one store, by look-ups around the triple."""

    def __init__(self, store: GraphStore) -> None:
        self.store = store
        self.evidence_in = lru_cache(_KEPT)(self._evidence_in)

    @cached_property
    def prover(self) -> Prover:
        """What finds proofs under the rules of the ontology in the store."""
        engine, graph = self.store.engine, self._ontology()
        ontology = engine.quads_for_pattern(None, None, None, graph) if graph else ()
        rules = read_rules(quad.triple for quad in ontology) if graph else Rules()
        ids = Identifiers(graph.value.removesuffix("graph/ontology")) if graph else Identifiers()
        return Prover(rules, StoredState(rules, engine, ids))

    def _ontology(self) -> NamedNode | None:
        """Find the graph of the ontology by what it says of itself."""
        said = self.store.engine.quads_for_pattern(None, TYPE, NamedNode(OWL + "Ontology"))
        for quad in said:
            if origin_of(text_of(quad.graph_name)) == "ontology":
                return NamedNode(text_of(quad.graph_name))
        return None

    def why(self, triple: Triple) -> Explanation | None:
        """Explain a triple; None where the graph does not hold it.

        What owlrl inferred by rules that we do not have is given without evidence and proof.
        """
        evidence = self.who(triple)
        if evidence:
            return Explanation(triple, evidence)
        proof = self.prover.prove(triple)
        if proof is None:
            origins = {origin_of(graph) for graph in self.store.graphs_of(triple)}
            return Explanation(triple, ()) if "inferred" in origins else None
        premises = tuple(filter(None, map(self.why, proof.premises)))
        return Explanation(triple, (), proof, premises)

    def who(self, triple: Triple) -> tuple[Evidence, ...]:
        """List who says a triple; nobody where it only follows."""
        return tuple(filter(None, map(self.evidence_in, self.store.graphs_of(triple))))

    def labels(self, iri: str) -> dict[str, str]:
        """Give the labels of a thing or term by language, ``zh`` and ``en``."""
        return self._by_language(iri, LABEL.value)

    def _evidence_in(self, graph: str) -> Evidence | None:
        """Describe the evidence that a graph is named by; None for what only follows."""
        origin = origin_of(graph)
        if origin == "stated":
            return self._passage(graph)
        if origin in ("registry", "editor"):
            return self._described(origin, graph)
        if origin == "links":
            return self._mapping(graph)
        if origin in ("record", "sources", "ontology", "candidate"):
            return Evidence(origin, graph, {}, {})
        return None

    def _passage(self, graph: str) -> Evidence:
        text, start, end = passage_span(graph) or ("", 0, 0)
        quote = self._one(graph, NIF + "anchorOf")
        sentence = self._iri(graph, pg("inSentence").value) or graph
        around = self._one(sentence, NIF + "anchorOf")
        offset = start - (passage_span(sentence) or ("", start, end))[1]
        document = self._iri(text, pg("textOf").value)
        detail = {
            "begin": str(start),
            "end": str(end),
            "source_begin": self._one(graph, pg("sourceBegin").value),
            "source_end": self._one(graph, pg("sourceEnd").value),
        }
        repair = self._one(graph, pg("repairStatus").value)
        if repair:
            detail["repair"] = repair
        before, after = around[:offset], around[offset + len(quote) :]
        return Evidence(
            "stated",
            graph,
            {"zh": quote, "en": quote},
            self.labels(document),
            before,
            after,
            detail,
        )

    def _described(self, origin: str, graph: str) -> Evidence:
        """Describe a source by what it says, a judgement by its editor and grounds."""
        if origin == "registry":
            words = self._by_language(graph, DCTERMS + "description")
            by = self._by_language(graph, DCTERMS + "title")
            date, address = (
                self._one(graph, DCTERMS + "issued"),
                self._iri(graph, DCTERMS + "source"),
            )
        else:
            words = self._by_language(graph, pg("grounds").value)
            editor = self._iri(graph, PROV + "wasAttributedTo").rsplit("/", 1)[-1]
            by = {"en": editor, "zh": editor}
            date, address = self._one(graph, pg("judgedOn").value), ""
        found = {"date": date, "address": address}
        detail = {name: value for name, value in found.items() if value}
        return Evidence(origin, graph, words, by, detail=detail)

    def _mapping(self, graph: str) -> Evidence:
        """Describe a link by its set, its justification and what it rests on."""
        sets = self._by_language(self._iri(graph, DCTERMS + "isPartOf"), DCTERMS + "title")
        by = {lang: sets.get(lang) or sets.get("en", "") for lang in ("en", "zh")}
        comment = self._one(graph, RDFS + "comment") or self._one(graph, SSSOM + "object_label")
        found = {
            "justification": shorten(self._iri(graph, SSSOM + "mapping_justification")),
            "confidence": self._one(graph, SSSOM + "confidence"),
            "edition": self._one(graph, SSSOM + "object_source_version"),
            "date": self._one(graph, pg("judgedOn").value),
        }
        detail = {name: value for name, value in found.items() if value}
        return Evidence("links", graph, {"en": comment, "zh": comment}, by, detail=detail)

    def _values(self, subject: str, predicate: str) -> list[Term]:
        if not subject:
            return []
        pattern = (NamedNode(subject), NamedNode(predicate), None, DefaultGraph())
        found = (quad.object for quad in self.store.engine.quads_for_pattern(*pattern))
        return sorted((term for term in found if isinstance(term, Term)), key=str)

    def _one(self, subject: str, predicate: str) -> str:
        return next((value.value for value in self._values(subject, predicate)), "")

    def _iri(self, subject: str, predicate: str) -> str:
        values = self._values(subject, predicate)
        return next((value.value for value in values if isinstance(value, NamedNode)), "")

    def _by_language(self, subject: str, predicate: str) -> dict[str, str]:
        texts: dict[str, str] = {}
        for value in self._values(subject, predicate):
            if isinstance(value, Literal):
                lang = (value.language or "en").split("-")[0]
                if lang not in texts or value.language == "zh-hans":
                    texts[lang] = value.value
        return texts
