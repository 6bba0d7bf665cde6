"""What is said of things, as cells of a table.

In: a thing and a property. Out: terms; cells as the API has them: a thing with its id and name, a
date, a number, a text.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from pyoxigraph import DefaultGraph, Literal, NamedNode

from policygraph.graph.query import to_python
from policygraph.graph.reconcile.asked import Extension
from policygraph.graph.reconcile.catalogue import OWN, Catalogue
from policygraph.graph.terms import LABEL, QUOTED, Term, pg, text_of
from policygraph.identifiers import origin_of
from policygraph.namespaces import NIF, OWL, SCHEMA, SKOS, XSD

_ALIAS = NamedNode(SKOS + "altLabel")
_SAME = tuple(
    map(NamedNode, (SCHEMA + "sameAs", SKOS + "exactMatch", SKOS + "closeMatch", OWL + "sameAs"))
)
_ANCHOR = NamedNode(NIF + "anchorOf")
_SAID = ("stated", "record", "registry", "editor", "links")
_CELLS = 50
"""Cells that one property of one thing gives at most."""


class Values:
    """Reads what is said of things."""

    def __init__(self, catalogue: Catalogue) -> None:
        self.catalogue = catalogue

    def extended(self, asked: Extension, lang: str) -> dict[str, Any]:
        """Give rows of cells for things, as the API has them."""
        known = [each for each in asked.properties if each[0] in self.catalogue.properties]
        meta = [self._meta(name, lang) for name, _ in known]
        rows: dict[str, dict[str, list[dict[str, Any]]]] = {}
        for given in asked.ids:
            iri = self.catalogue.iri_of(given)
            rows[given] = {name: self._cells(iri, name, settings, lang) for name, settings in known}
        return {"meta": meta, "rows": rows}

    def _meta(self, name: str, lang: str) -> dict[str, Any]:
        return {"id": name, "name": self.catalogue.term(name, lang)}

    def _cells(
        self, iri: str, name: str, settings: Mapping[str, Any], lang: str
    ) -> list[dict[str, Any]]:
        if name == "iri":
            return [{"str": iri}] if iri else []
        wanted = settings.get("lang")
        lang = wanted if wanted in ("en", "zh") else lang
        limit = settings.get("limit")
        most = min(limit, _CELLS) if isinstance(limit, int) and limit > 0 else _CELLS
        terms = sorted(self.of(iri, name), key=str)[:most] if iri else []
        return [self._cell(term, lang) for term in terms]

    def _cell(self, term: Term, lang: str) -> dict[str, Any]:
        if isinstance(term, NamedNode):
            label = self.catalogue.name(term.value, lang)
            is_ours = self.catalogue.ids.is_ours(term.value)
            return (
                {"id": self.catalogue.id_of(term.value), "name": label}
                if is_ours
                else {"str": term.value}
            )
        value = to_python(term)
        if isinstance(term, Literal) and term.datatype.value == XSD + "date":
            return {"date": f"{term.value}T00:00:00Z"}
        if isinstance(value, int) and not isinstance(value, bool):
            return {"int": value}
        return {"str": str(text_of(term))}

    def of(self, iri: str, name: str) -> Iterable[Term]:
        """Give the values of a property."""
        if name not in OWN:
            return self._terms(iri, pg(name)) if name in self.catalogue.properties else []
        if name.startswith("label_"):
            tag = name.removeprefix("label_")
            labels = self._terms(iri, LABEL)
            return [
                each for each in labels if (getattr(each, "language", "") or "").startswith(tag)
            ]
        if name == "sentence":
            return list(dict.fromkeys(self._sentences(iri)))
        predicates = _SAME if name == "same" else (_ALIAS,)
        return [term for each in predicates for term in self._terms(iri, each)]

    def texts(self, term: Term) -> Iterator[str]:
        """Give every text that a value may be written as."""
        yield text_of(term)
        if isinstance(term, NamedNode):
            yield self.catalogue.id_of(term.value)
            yield self.catalogue.ids.key(term.value)
            yield from (text for text, _ in self.catalogue.finder.names(term.value))
            yield from self.catalogue.explainer.labels(term.value).values()

    def _terms(self, iri: str, predicate: NamedNode) -> list[Term]:
        """Give what somebody says; what only follows cannot be marked in a cell."""
        node = NamedNode(iri)
        quads = self.catalogue.store.engine.quads_for_pattern(node, predicate, None, None)
        said = (q for q in quads if origin_of(text_of(q.graph_name)) in _SAID)
        terms = (quad.object for quad in said)
        return list(dict.fromkeys(term for term in terms if isinstance(term, NamedNode | Literal)))

    def _sentences(self, iri: str) -> Iterator[Term]:
        """Give the sentences that a thing is quoted from."""
        engine = self.catalogue.store.engine
        for passage in self._terms(iri, QUOTED):
            around = self._terms(passage.value, pg("inSentence")) or [passage]
            for quad in engine.quads_for_pattern(
                NamedNode(around[0].value), _ANCHOR, None, DefaultGraph()
            ):
                if isinstance(quad.object, Literal):
                    yield quad.object


def is_name(term: Term) -> bool:
    """Tell whether a value is a thing or words, which may be alike, and no day, number or code."""
    return isinstance(term, NamedNode) or bool(getattr(term, "language", ""))
