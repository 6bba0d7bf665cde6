"""Types, properties and identifiers, as spreadsheet tools see them.

In: the store. Out: ids without slashes (``goal:cn-ndwc-2024-g5``, ``Goal``, ``issuedOn``) with
names in a language. The words come from the ontology in the store.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from functools import cached_property
from itertools import islice
from typing import Any

from pyoxigraph import DefaultGraph, NamedNode, Quad

from policygraph.graph.explain import Explainer
from policygraph.graph.search.find import Finder
from policygraph.graph.search.words import key_of
from policygraph.graph.store import GraphStore
from policygraph.graph.terms import TYPE, text_of
from policygraph.identifiers import Identifiers
from policygraph.namespaces import OWL, PG, RDFS, SKOS

OWN = {
    "label_en": {"en": "English name", "zh": "英文名称"},
    "label_zh": {"en": "Chinese name", "zh": "中文名称"},
    "alias": {"en": "other names", "zh": "其他名称"},
    "iri": {"en": "IRI", "zh": "IRI"},
    "same": {"en": "the same elsewhere", "zh": "其他数据集中的对应项"},
    "sentence": {"en": "sentence", "zh": "原文句子"},
}
"""Properties that the ontology does not have, and people want in a table."""

_BROADER = NamedNode(RDFS + "subClassOf")
_DEFINED = NamedNode(SKOS + "definition")
_SAMPLE = 400
"""Things of a type that are looked at to tell which properties it has."""


class Catalogue:
    """What can be named in one store.

    Args:
        store: the graph.
        ids: how IRIs look.
        index: opens the index of names, when it is first needed.
    """

    own = tuple(OWN)
    """Names of properties that the ontology does not have."""

    def __init__(self, store: GraphStore, ids: Identifiers, index: Callable[[], Finder]) -> None:
        self.store, self.ids, self._index = store, ids, index
        self.explainer = Explainer(store)

    @property
    def finder(self) -> Finder:
        """The index of names."""
        return self._index()

    # identifiers

    def id_of(self, iri: str) -> str:
        """Give the id of a thing: kind and key, or its IRI where it has no such name.

        A key with a slash has none: ids are put into addresses.
        """
        kind, _, key = iri.removeprefix(f"{self.ids.base}id/").partition("/")
        ours = iri.startswith(f"{self.ids.base}id/") and kind and key and "/" not in key
        return f"{kind}:{key}" if ours else iri

    def iri_of(self, name: str) -> str:
        """Give the thing an id, an IRI or ``kind/key`` means; empty where there is none."""
        kind, sign, key = name.replace("/", ":", 1).partition(":")
        whole = name.startswith(("http://", "https://"))
        iri = name if whole else f"{self.ids.base}id/{kind}/{key}" if sign else ""
        return iri if iri and any(True for _ in self.said_of(iri)) else ""

    def said_of(self, iri: str, predicate: NamedNode | None = None) -> Iterator[Quad]:
        """Give what is said of a thing, whoever says it."""
        try:
            node = NamedNode(iri)
        except ValueError:
            return iter(())
        return self.store.engine.quads_for_pattern(node, predicate, None, DefaultGraph())

    # names

    def name(self, iri: str, lang: str) -> str:
        """Name a thing in a language, else in another, else by its key."""
        labels = self.explainer.labels(iri)
        return labels.get(lang) or next(iter(labels.values()), "") or self.ids.key(iri)

    def term(self, name: str, lang: str) -> str:
        """Name a type or a property."""
        own = OWN.get(name)
        return own[lang] if own else self.explainer.labels(PG + name).get(lang, name)

    def type(self, name: str, lang: str) -> dict[str, Any]:
        """Describe a type."""
        return {"id": name, "name": self.term(name, lang)}

    def described(self, name: str, lang: str) -> dict[str, Any]:
        """Describe a type or a property with its definition."""
        words = {
            getattr(quad.object, "language", ""): text_of(quad.object)
            for quad in self.said_of(PG + name, _DEFINED)
        }
        told = next(
            (text for tag, text in sorted(words.items()) if (tag or "").startswith(lang)), ""
        )
        about = {"description": told} if told else {}
        return {"id": name, "name": self.term(name, lang), **about}

    # types and properties

    @cached_property
    def types(self) -> tuple[str, ...]:
        """Types that things here are of, or that are above those."""
        kinds = {kind for kind in self.finder.values("kind") if kind != "Passage"}
        return tuple(sorted({above for kind in kinds for above in (kind, *self.above(kind))}))

    def kinds_of(self, iri: str) -> list[str]:
        """List the types of a thing, the narrowest first."""
        found = {text_of(quad.object).removeprefix(PG) for quad in self.said_of(iri, TYPE)}
        known = sorted(found & set(self.types))
        wider = {above for kind in known for above in self.above(kind)}
        return sorted(known, key=lambda kind: (kind in wider, kind))

    def kinds(self, types: Iterable[str]) -> str:
        """Give the classes at and below some types, with commas; of all types without any."""
        wanted = set(types)
        found = self.types
        if wanted:
            found = tuple(t for t in self.types if wanted & {t, *self.above(t)})
        return ",".join(found)

    @cached_property
    def properties(self) -> tuple[str, ...]:
        """Properties of the ontology, and our own."""
        found = {
            text_of(quad.subject).removeprefix(PG)
            for kind in ("ObjectProperty", "DatatypeProperty")
            for quad in self.store.engine.quads_for_pattern(
                None, TYPE, NamedNode(OWL + kind), DefaultGraph()
            )
            if text_of(quad.subject).startswith(PG)
        }
        return (*OWN, *sorted(found))

    def properties_of(self, type_: str) -> list[str]:
        """List the properties that things of a type have, the most frequent first."""
        if not type_:
            return list(self.properties)
        pattern = (None, TYPE, _node(PG + type_), DefaultGraph())
        things = (
            islice(self.store.engine.quads_for_pattern(*pattern), _SAMPLE)
            if _node(PG + type_)
            else ()
        )
        counted = Counter(
            text_of(quad.predicate).removeprefix(PG)
            for thing in things
            for quad in self.said_of(text_of(thing.subject))
            if text_of(quad.predicate).startswith(PG)
        )
        ranked = sorted(counted, key=lambda name: (-counted[name], name))
        return [*OWN, *(name for name in ranked if name in self.properties)]

    def suggested(self, names: Iterable[str], prefix: str) -> list[str]:
        """Sift types or properties: those with a name that begins so, then those that hold it."""
        wanted = key_of(prefix)
        ranked = []
        for name in names:
            known = [key_of(name), *(key_of(self.term(name, lang)) for lang in ("en", "zh"))]
            begins = any(each.startswith(wanted) for each in known)
            if begins or any(wanted in each for each in known):
                ranked.append((not begins, name))
        return [name for _, name in sorted(ranked)]

    def above(self, kind: str) -> set[str]:
        """Give all types above a type."""
        found: set[str] = set()
        waiting = [kind]
        while waiting:
            for quad in self.said_of(PG + waiting.pop(), _BROADER):
                above = text_of(quad.object).removeprefix(PG)
                if text_of(quad.object).startswith(PG) and above not in found:
                    found.add(above)
                    waiting.append(above)
        return found - {kind}


def _node(iri: str) -> NamedNode | None:
    try:
        return NamedNode(iri)
    except ValueError:
        return None
