"""What can be found: names of things and sentences of documents, with what to sift them by.

In: the store. Out: an ``Item`` each, in the order of their IRIs. Candidates are left out: nobody
has said yet that they are so.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad

from policygraph.graph.store import GraphStore
from policygraph.graph.terms import LABEL, TYPE, pg, text_of
from policygraph.identifiers import Identifiers, origin_of, passage_span
from policygraph.namespaces import NIF, PG, SKOS

SENTENCE = "Passage"
"""The kind of a sentence."""

NAMED_FIRST = (
    "PolicyDocument",
    "Initiative",
    "Institution",
    "Event",
    "Conference",
    "Instrument",
    "Topic",
    "Place",
    "Period",
    "Aim",
    "Goal",
    "Action",
    "Achievement",
)
"""Kinds in the order in which a reader wants them, all else being equal; others come last."""

_SAYING = ("stated", "record", "registry", "editor")
_HIDDEN = {"Text", "Section", "Mapping", "MappingSet", SENTENCE}
_ALIAS = NamedNode(SKOS + "altLabel")
_ANCHOR = NamedNode(NIF + "anchorOf")
_DAYS = ("issuedOn", "heldOn", "startsOn", "endsOn")
_YEAR = re.compile(r"\d{4}")


@dataclass(frozen=True)
class Wording:
    """A text that an item can be found by: its role is ``label``, ``alias`` or ``sentence``."""

    role: str
    lang: str
    text: str


@dataclass(frozen=True)
class Item:
    """A thing or a sentence.

    Attributes:
        kind: name of its class in the policy ontology; ``SENTENCE`` for a sentence.
        wordings: what it can be found by.
        documents: IRIs of the documents that speak of it.
        years: of its periods, else of its own days, else of these documents.
    """

    iri: str
    kind: str
    wordings: tuple[Wording, ...]
    documents: tuple[str, ...]
    years: tuple[str, ...]


class Gatherer:
    """Takes items out of one store."""

    def __init__(self, store: GraphStore, ids: Identifiers) -> None:
        self.store = store
        self.ids = ids

    def items(self) -> Iterator[Item]:
        """Give everything that can be found."""
        for iri, wordings in sorted(self._wordings.items()):
            kind = self._kind(iri) if iri.startswith(self.ids.base) else ""
            if kind and kind not in _HIDDEN:
                yield self._item(iri, kind, wordings)
        yield from self._sentences()

    def _item(self, iri: str, kind: str, wordings: Iterable[Wording]) -> Item:
        documents = (iri,) if kind == "PolicyDocument" else self._spoken_of_in.get(iri, ())
        years = self._own_years.get(iri) or {y for doc in documents for y in self._issued(doc)}
        return Item(iri, kind, tuple(wordings), tuple(documents), tuple(sorted(years)))

    def _sentences(self) -> Iterator[Item]:
        """Give the longest passages: what stands within another is found in that one."""
        text, reached = "", 0
        for text_iri, _, end, iri in sorted(self._longest_first()):
            if text_iri == text and -end <= reached:
                continue
            text, reached = text_iri, -end
            quote = next(self._merged(NamedNode(iri), _ANCHOR)).object
            document = self._document_of.get(text, "")
            wording = Wording("sentence", getattr(quote, "language", "") or "", text_of(quote))
            years = tuple(sorted(self._issued(document)))
            yield Item(iri, SENTENCE, (wording,), (document,) if document else (), years)

    def _longest_first(self) -> Iterator[tuple[str, int, int, str]]:
        """Give text, start, end (negative) and IRI of passages that lie in no sentence."""
        inner = {text_of(quad.subject) for quad in self._merged(None, pg("inSentence"))}
        for quad in self._merged(None, _ANCHOR):
            iri = text_of(quad.subject)
            span = passage_span(iri)
            if span and iri not in inner:
                yield span[0], span[1], -span[2], iri

    @cached_property
    def _wordings(self) -> dict[str, list[Wording]]:
        found: dict[str, set[tuple[str, str, str]]] = defaultdict(set)
        for role, predicate in (("label", LABEL), ("alias", _ALIAS)):
            for quad in self._merged(None, predicate):
                if isinstance(quad.object, Literal):
                    text = (role, quad.object.language or "", quad.object.value)
                    found[text_of(quad.subject)].add(text)
        return {
            iri: [Wording(*each) for each in sorted(texts, key=lambda t: (t[0] != "label", *t))]
            for iri, texts in found.items()
        }

    def _kind(self, iri: str) -> str:
        """Name the class that somebody says a thing is of; the most telling of several."""
        quads = self.store.engine.quads_for_pattern(NamedNode(iri), TYPE, None, None)
        said = (q for q in quads if origin_of(text_of(q.graph_name)) in _SAYING)
        kinds = {text_of(quad.object) for quad in said}
        names = (kind.removeprefix(PG) for kind in kinds if kind.startswith(PG))
        return min(names, key=_telling, default="")

    @cached_property
    def _document_of(self) -> dict[str, str]:
        quads = self._merged(None, pg("textOf"))
        return {text_of(quad.subject): text_of(quad.object) for quad in quads}

    @cached_property
    def _spoken_of_in(self) -> dict[str, tuple[str, ...]]:
        found: dict[str, set[str]] = defaultdict(set)
        for graph in self.store.engine.named_graphs():
            span = passage_span(text_of(graph))
            document = self._document_of.get(span[0], "") if span else ""
            if document:
                for quad in self.store.engine.quads_for_pattern(None, None, None, graph):
                    found[text_of(quad.subject)].add(document)
                    found[text_of(quad.object)].add(document)
        return {iri: tuple(sorted(documents)) for iri, documents in found.items()}

    @cached_property
    def _own_years(self) -> dict[str, set[str]]:
        """Give the years that a thing is said of, or in which its days lie."""
        days: dict[str, set[str]] = defaultdict(set)
        for name in _DAYS:
            for quad in self._merged(None, pg(name)):
                year = _YEAR.match(text_of(quad.object))
                if year:
                    days[text_of(quad.subject)].add(year[0])
        periods: dict[str, set[str]] = defaultdict(set)
        for quad in self._merged(None, pg("period")):
            period = text_of(quad.object)
            periods[text_of(quad.subject)] |= _span(days.get(period, set()))
        return {iri: _span(years) for iri, years in days.items()} | periods

    def _issued(self, document: str) -> set[str]:
        return self._own_years.get(document, set())

    def _merged(self, subject: NamedNode | None, predicate: NamedNode) -> Iterator[Quad]:
        return self.store.engine.quads_for_pattern(subject, predicate, None, DefaultGraph())


def _telling(kind: str) -> tuple[bool, str]:
    return kind == "Statement", kind


def _span(years: set[str]) -> set[str]:
    """Fill in the years between the first and the last, of a plan of five years as of one."""
    if not years:
        return set()
    return {str(year) for year in range(int(min(years)), int(max(years)) + 1)}
