"""Reading statements out of a graph, as they were known on a day.

In: the store. Out: the values of ``study/said``, in the order of their documents and words. Only
what somebody states is read, never what was inferred or is a candidate.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator
from functools import cached_property

from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad

from policygraph.graph.store import GraphStore
from policygraph.graph.terms import LABEL, TYPE, Term, pg, text_of
from policygraph.identifiers import origin_of, passage_span
from policygraph.namespaces import DCTERMS, NIF, PG, SKOS
from policygraph.study.said import (
    ACHIEVED,
    PLANNED,
    STATED,
    Document,
    LeftOut,
    Passage,
    Said,
    Thing,
    Value,
    Words,
    by_day,
    in_order,
)
from policygraph.text.days import is_date

SAYING = ("stated", "record", "registry", "editor")
"""Origins of what somebody says."""

_STATUS = {"Aim": PLANNED, "Goal": PLANNED, "Action": PLANNED, "Achievement": ACHIEVED}
_BROADER = NamedNode(SKOS + "broader")
_ALIAS = NamedNode(SKOS + "altLabel")
_SAYS = {"registry": NamedNode(DCTERMS + "description"), "editor": pg("grounds")}
_DATED = {"registry": NamedNode(DCTERMS + "issued"), "editor": pg("judgedOn")}


class Reading:
    """Reads statements from one store, as they were known on a day."""

    def __init__(self, store: GraphStore, as_of: datetime.date | None = None) -> None:
        self.store = store
        self.as_of = as_of
        self._things: dict[str, Thing] = {}
        self._passages: dict[str, Passage | None] = {}
        self._said: dict[str, Said | None] = {}

    # what is asked

    def periods(self) -> list[Thing]:
        """List the periods that statements are said of, in the order of their keys."""
        quads = self._quads(None, "period", None)
        found = {text_of(quad.object) for quad in quads if self._is_statement(quad)}
        return sorted(map(self.thing, found), key=lambda thing: thing.key)

    @cached_property
    def documents(self) -> tuple[Document, ...]:
        """All documents, in the order of their days and keys."""
        kind = pg("PolicyDocument")
        found = {text_of(q.subject) for q in self._pattern(None, TYPE, kind)}
        return tuple(sorted(map(self._document, found), key=by_day))

    @cached_property
    def _by_iri(self) -> dict[str, Document]:
        return {each.iri: each for each in self.documents}

    def known(self) -> tuple[Document, ...]:
        """List the documents that were known on the day asked about."""
        return tuple(each for each in self.documents if not self._unknown(each))

    def of_period(self, period: str) -> list[Said]:
        """List the statements said of a period, by its IRI."""
        found = {text_of(quad.subject) for quad in self._quads(None, "period", period)}
        return self._in_order(found)

    def of_document(self, document: str) -> list[Said]:
        """List the statements of a document, by its IRI."""
        return self._in_order(self._stated_in(document))

    def all(self) -> list[Said]:
        """List every statement of every document."""
        return self._in_order(each for doc in self.documents for each in self._stated_in(doc.iri))

    def left_out(self, *, without_period: bool = False) -> list[LeftOut]:
        """Tell what is not read.

        Args:
            without_period: whether statements said of no period are left out too.
        """
        gone: list[LeftOut] = []
        for document in self.documents:
            why = self._unknown(document)
            stated = set(self._stated_in(document.iri))
            if why:
                gone.append(LeftOut(why, document, len(stated)))
            elif without_period:
                found = (self.said(iri) for iri in stated)
                count = sum(1 for said in found if said and not said.periods)
                gone += [LeftOut("no-period", document, count)] if count else []
        return gone

    def said(self, iri: str) -> Said | None:
        """Read one statement; None where it is none, or was not known on the day asked about."""
        if iri not in self._said:
            self._said[iri] = self._read(iri)
        return self._said[iri]

    def thing(self, iri: str) -> Thing:
        """Read the names of a thing."""
        if iri not in self._things:
            self._things[iri] = Thing(iri, self._labels(iri, LABEL))
        return self._things[iri]

    def names(self, thing: Thing) -> list[str]:
        """List every name of a thing: labels and aliases."""
        words = (*thing.labels, *self._labels(thing.iri, _ALIAS))
        return list(dict.fromkeys(each.text for each in words))

    def broader(self, topic: Thing) -> list[str]:
        """List the IRIs of the topics right above a topic."""
        found = self._pattern(topic.iri, _BROADER, None)
        return sorted({text_of(quad.object) for quad in found if _is_said(quad)})

    def is_a(self, thing: Thing, kind: str) -> bool:
        """Tell whether a thing is of a class of the policy ontology."""
        found = self._pattern(thing.iri, TYPE, pg(kind))
        return any(_is_said(quad) for quad in found)

    def passage(self, iri: str) -> Passage | None:
        """Read a passage; None where the name is that of another graph or it is not described."""
        if iri not in self._passages:
            self._passages[iri] = self._read_passage(iri)
        return self._passages[iri]

    def values(self, iri: str) -> dict[str, tuple[Value, ...]]:
        """Read what is said of a thing in the terms of the policy ontology."""
        found: dict[str, dict[Term, list[str]]] = {}
        for quad in self._pattern(iri, None, None):
            if _is_said(quad) and quad.predicate.value.startswith(PG):
                name = quad.predicate.value.removeprefix(PG)
                term = quad.object
                if isinstance(term, NamedNode | Literal):
                    graphs = found.setdefault(name, {}).setdefault(term, [])
                    graphs.append(text_of(quad.graph_name))
        return {
            name: tuple(
                Value(self._value(term), tuple(sorted(graphs)))
                for term, graphs in sorted(terms.items(), key=lambda item: str(item[0]))
            )
            for name, terms in sorted(found.items())
        }

    def having(self, name: str) -> Iterator[tuple[str, str]]:
        """Give the IRI of each thing that has a property, with its value as text, in order."""
        quads = self._quads(None, name, None)
        yield from sorted({(text_of(quad.subject), text_of(quad.object)) for quad in quads})

    def source_of(self, graph: str) -> str:
        """Tell whose words a graph holds: the document's, the source's or the judgement's."""
        passage = self.passage(graph)
        if passage:
            return passage.document.iri
        return graph.replace("/graph/document/", "/id/document/")

    def told_by(self, graph: str) -> tuple[Words, ...]:
        """Give what a source says, or the grounds of a judgement, by language."""
        predicate = _SAYS.get(origin_of(graph))
        return self._labels(graph, predicate) if predicate else ()

    def was_known(self, graph: str) -> bool:
        """Tell whether what a graph says was known on the day asked about.

        A source without a day is a work of reference: it counts as known.
        """
        if self.as_of is None:
            return True
        if origin_of(graph) in ("stated", "record"):
            document = self._by_iri.get(self.source_of(graph))
            return document is not None and not self._unknown(document)
        days = (text_of(q.object) for q in self._pattern(graph, _DATED[origin_of(graph)], None))
        return all(day <= self.as_of.isoformat() for day in days)

    # how it is read

    def _in_order(self, iris: Iterable[str]) -> list[Said]:
        return sorted(filter(None, map(self.said, set(iris))), key=in_order)

    def _read(self, iri: str) -> Said | None:
        values = self.values(iri)
        sections = [each.value for each in values.get("inSection", ())]
        section = next((each for each in sections if isinstance(each, Thing)), None)
        kinds, passages = self._kind(iri)
        if section is None or not kinds:
            return None
        document = self._document_of(section.iri)
        if document is None or self._unknown(document):
            return None
        kind = min(kinds, key=lambda name: (name == "Statement", name))
        periods = tuple(v.value for v in values.get("period", ()) if isinstance(v.value, Thing))
        return Said(
            thing=self.thing(iri),
            kind=kind,
            status=_STATUS.get(kind, STATED),
            periods=periods,
            document=document,
            passages=passages,
            wholes=self._wholes(iri),
            values=values,
        )

    def _kind(self, iri: str) -> tuple[list[str], tuple[Passage, ...]]:
        """Tell the classes of a statement, and the passages that state it."""
        quads = [q for q in self._pattern(iri, TYPE, None) if _is_said(q)]
        kinds = [text_of(q.object).removeprefix(PG) for q in quads]
        graphs = {text_of(q.graph_name) for q in quads}
        passages = filter(None, map(self.passage, sorted(graphs)))
        return sorted(set(kinds)), tuple(sorted(passages, key=lambda each: (each.begin, each.end)))

    def _wholes(self, iri: str) -> tuple[str, ...]:
        found = (
            text_of(quad.subject)
            for name in ("hasAction", "hasPart")
            for quad in self._quads(None, name, iri)
        )
        return tuple(sorted(set(found)))

    def _value(self, term: Term) -> Thing | datetime.date | Words:
        if isinstance(term, NamedNode):
            return self.thing(term.value)
        if term.datatype.value.endswith("#date") and is_date(term.value):
            return datetime.date.fromisoformat(term.value)
        return Words(term.value, term.language or "")

    def _labels(self, iri: str, predicate: NamedNode) -> tuple[Words, ...]:
        quads = self._pattern(iri, predicate, None)
        found = {(text_of(q.object), getattr(q.object, "language", "") or "") for q in quads}
        return tuple(sorted(Words(*each) for each in found))

    def _document(self, iri: str) -> Document:
        days = (text_of(quad.object) for quad in self._quads(iri, "issuedOn", None))
        day = min(filter(is_date, days), default="")
        return Document(
            iri, self.thing(iri).labels, datetime.date.fromisoformat(day) if day else None
        )

    def _document_of(self, part: str) -> Document | None:
        found = (text_of(q.object) for q in self._quads(part, "partOf", None))
        return next((self._by_iri[iri] for iri in found if iri in self._by_iri), None)

    def _stated_in(self, document: str) -> Iterator[str]:
        for part in self._quads(None, "partOf", document):
            for quad in self._quads(None, "inSection", text_of(part.subject)):
                yield text_of(quad.subject)

    def _unknown(self, document: Document) -> str:
        """Say why a document was not known on the day asked about; empty where it was."""
        if self.as_of is None:
            return ""
        if document.issued is None:
            return "undated"
        return "later" if document.issued > self.as_of else ""

    def _read_passage(self, iri: str) -> Passage | None:
        span = passage_span(iri)
        if span is None:
            return None
        text, begin, end = span
        owner = next((text_of(q.object) for q in self._quads(text, "textOf", None)), "")
        quote = self._anchor(iri)
        if owner not in self._by_iri or not quote.text:
            return None
        around = next((text_of(q.object) for q in self._quads(iri, "inSentence", None)), iri)
        repair = next((text_of(q.object) for q in self._quads(iri, "repairStatus", None)), "")
        sentence = self._anchor(around) if around != iri else quote
        return Passage(iri, self._by_iri[owner], begin, end, quote.text, sentence, around, repair)

    def _anchor(self, iri: str) -> Words:
        quads = self._pattern(iri, NamedNode(NIF + "anchorOf"), None)
        terms = (quad.object for quad in quads if isinstance(quad.object, Literal))
        term = next(terms, None)
        return Words(term.value, term.language or "") if term else Words("")

    def _is_statement(self, quad: Quad) -> bool:
        return any(True for _ in self._quads(text_of(quad.subject), "inSection", None))

    def _quads(self, subject: str | None, name: str, value: str | None) -> Iterator[Quad]:
        target = NamedNode(value) if value else None
        return filter(_is_said, self._pattern(subject, pg(name), target))

    def _pattern(
        self, subject: str | None, predicate: NamedNode | None, value: NamedNode | None
    ) -> Iterator[Quad]:
        start = NamedNode(subject) if subject else None
        return self.store.engine.quads_for_pattern(start, predicate, value, None)


def _is_said(quad: Quad) -> bool:
    return quad.graph_name != DefaultGraph() and origin_of(text_of(quad.graph_name)) in SAYING
