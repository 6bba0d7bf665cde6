"""What the forms take from a graph: documents, their texts, the passages, what is quoted from them.

In: a built graph and the document that is wanted, or none for all. Out: plain values in the order
of the text. Only what is asserted is read.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import cast

from pyoxigraph import DefaultGraph, Literal, NamedNode, QuerySolutions

from policygraph.errors import WrongUsage
from policygraph.graph.store import GraphStore
from policygraph.graph.terms import LABEL, text_of
from policygraph.identifiers import Identifiers
from policygraph.namespaces import prefixes
from policygraph.workspace import Place

_TEXTS = """SELECT ?document ?text ?sha ?words ?language {
  ?document a pg:PolicyDocument . ?text pg:textOf ?document ; pg:sha256 ?sha ; nif:isString ?words .
  OPTIONAL { ?document dcterms:language ?language } } ORDER BY ?document ?text"""
_PASSAGES = """SELECT ?passage ?text ?begin ?end ?words ?before ?after {
  ?passage a pg:Passage ; nif:referenceContext ?text ; nif:beginIndex ?begin ; nif:endIndex ?end ;
    nif:anchorOf ?words . OPTIONAL { ?passage oa:prefix ?before ; oa:suffix ?after } }"""
_QUOTED = "SELECT DISTINCT ?passage ?thing { ?thing prov:wasQuotedFrom ?passage }"


@dataclass(frozen=True)
class Text:
    """One exact text of a document, with its language tag (empty where none is given)."""

    iri: str
    document: str
    sha256: str
    words: str
    language: str


@dataclass(frozen=True)
class Passage:
    """A stretch of a text: its words, from ``begin`` to ``end`` in code points, end exclusive.

    Attributes:
        before: a few code points that come before it; ``after`` likewise.
        things: IRIs of what is quoted from it.
    """

    iri: str
    text: str
    begin: int
    end: int
    words: str
    before: str
    after: str
    things: tuple[str, ...]


_Row = tuple[NamedNode | Literal | None, ...]


class Reading:
    """A built graph as the forms read it."""

    def __init__(self, store: GraphStore, place: Place, document: str = "") -> None:
        self.store = store
        self.place = place
        self.ids = Identifiers(place.base)
        self._wanted = document

    @cached_property
    def texts(self) -> dict[str, Text]:
        """The texts of the documents that are wanted, by IRI.

        Raises:
            WrongUsage: there is no document of that name.
        """
        rows = ((text_of(term) for term in row) for row in self.rows(_TEXTS))
        found = [Text(iri, about, sha, words, tag) for about, iri, sha, words, tag in rows]
        if not self._wanted:
            return {text.iri: text for text in found}
        iri = self.ids.thing("document", self._wanted)
        known = [self.ids.key(text.document) for text in found]
        if self._wanted not in known:
            facts = {"document": self._wanted, "known": ", ".join(known) or "-"}
            raise WrongUsage("publish/no-such-document", **facts)
        return {text.iri: text for text in found if text.document == iri}

    @cached_property
    def passages(self) -> list[Passage]:
        """Every passage of the texts that are wanted, in the order of the text."""
        quoted: dict[str, list[str]] = {}
        for passage, thing in self.rows(_QUOTED):
            quoted.setdefault(text_of(passage), []).append(text_of(thing))
        found = (self._passage(row, quoted) for row in self.rows(_PASSAGES))
        wanted = [each for each in found if each.text in self.texts]
        return sorted(wanted, key=lambda each: (each.text, each.begin, each.end))

    @staticmethod
    def _passage(row: _Row, quoted: dict[str, list[str]]) -> Passage:
        iri, text, begin, end, words, before, after = (text_of(term) for term in row)
        things = tuple(sorted(quoted.get(iri, ())))
        return Passage(iri, text, int(begin), int(end), words, before, after, things)

    def rows(self, query: str) -> Iterator[_Row]:
        """Ask the merge of all graphs but candidates, with the project's prefixes."""
        rows = cast("QuerySolutions", self.store.engine.query(query, prefixes=prefixes()))
        for row in rows:
            yield tuple(cast("NamedNode | Literal | None", term) for term in row)

    def values(self, subject: str, predicate: NamedNode) -> list[str]:
        """List what is said of a thing by a property, in order."""
        pattern = (NamedNode(subject), predicate, None, DefaultGraph())
        return sorted(
            {text_of(quad.object) for quad in self.store.engine.quads_for_pattern(*pattern)}
        )

    def name(self, subject: str, language: str) -> str:
        """Give the name of a thing in a language, else in another; its key where it has none."""
        pattern = (NamedNode(subject), LABEL, None, DefaultGraph())
        found = [quad.object for quad in self.store.engine.quads_for_pattern(*pattern)]
        labels = sorted((each for each in found if isinstance(each, Literal)), key=str)
        ranked = sorted(labels, key=lambda each: _distance(each.language or "", language))
        return ranked[0].value if ranked else self.ids.key(subject)


def _distance(tag: str, wanted: str) -> int:
    """Tell how far a language is from the one that is wanted."""
    if tag.casefold() == wanted.casefold():
        return 0
    return 1 if tag.split("-")[0].casefold() == wanted.split("-")[0].casefold() else 2
