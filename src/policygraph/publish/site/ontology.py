"""The page of the ontology: every term with its words, its example, its rules and a picture.

In: the ontology in the graph and the shapes of the workspace. Out: one page a language, whose
anchors are the local names of the terms, and the Turtle file itself.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any, cast

from markupsafe import Markup
from pyoxigraph import Literal, NamedNode, Quad, QuerySolutions, Store, Variable

from policygraph.graph.terms import language_of, text_of
from policygraph.graph.vocabulary import read_turtle
from policygraph.namespaces import DCTERMS, OWL, PG, RDFS, SCHEMA, SKOS
from policygraph.publish.site.addresses import LANGUAGES
from policygraph.publish.site.links import Links, Shown
from policygraph.publish.site.page import Page, media_type
from policygraph.publish.site.room import House
from policygraph.publish.site.star import Spoke, star
from policygraph.publish.site.words import say
from policygraph.study.said import Words

FILE = "ontology.ttl"
_GROUPS = ("Class", "ObjectProperty", "DatatypeProperty", "Concept")
_DOMAIN, _RANGE = SCHEMA + "domainIncludes", SCHEMA + "rangeIncludes"
_RELATED = {
    "above": (RDFS + "subClassOf", RDFS + "subPropertyOf"),
    "inverse": (OWL + "inverseOf",),
    "disjoint": (OWL + "disjointWith",),
    "domain": (_DOMAIN,),
    "range": (_RANGE,),
    "scheme": (SKOS + "inScheme",),
    "same": (
        *(OWL + name for name in ("equivalentClass", "equivalentProperty")),
        *(SKOS + name for name in ("exactMatch", "closeMatch", "broadMatch", "relatedMatch")),
    ),
}
"""What is told of a term besides its words, by the names of the words for it."""

_RULES = """PREFIX sh: <http://www.w3.org/ns/shacl#>
SELECT DISTINCT ?term ?shape ?message ?severity {
  { ?node sh:targetClass ?term ; sh:property ?shape } UNION { ?shape sh:targetClass ?term }
  UNION { ?shape sh:path ?term }
  ?shape sh:message ?message
  OPTIONAL { ?shape sh:severity ?severity }
} ORDER BY ?shape ?message"""


@dataclass(frozen=True)
class Rule:
    """A rule that a shape sets: what it says, by language, and how grave a breach is."""

    shape: str
    severity: str
    words: dict[str, str]


@dataclass(frozen=True)
class Term:
    """A term as the page shows it, without its links."""

    iri: str
    anchor: str
    group: str


class Ontology:
    """The page of the ontology in each language."""

    def __init__(self, house: House) -> None:
        self.house = house
        self._page = lru_cache(8)(self._made)

    def paths(self) -> Iterator[str]:
        """Give its paths."""
        yield from (f"{lang}/ontology.html" for lang in LANGUAGES)
        if self._file is not None:
            yield FILE

    def page(self, path: str, seen_at: str) -> Page | None:
        """Make the page, or give the file."""
        if path == FILE and self._file is not None:
            return Page(self._file, media_type(path))
        return self._page(path, seen_at) if path in self.paths() and path != FILE else None

    def _made(self, path: str, seen_at: str) -> Page:
        links = Links(self.house, path[:2], seen_at)
        view = OntologyView(self, links)
        return self.house.html("ontology", path, seen_at, links=links, view=view, file=FILE)

    @cached_property
    def _file(self) -> bytes | None:
        path = self.house.place.ontology / "policy.ttl"
        return path.read_bytes() if path.is_file() else None

    @cached_property
    def terms(self) -> dict[str, list[Term]]:
        """The terms by group, each group in the order of names."""
        found: dict[str, list[Term]] = {group: [] for group in _GROUPS}
        for anchor, (iri, group) in sorted(self.house.terms.items()):
            found[group].append(Term(iri, anchor, group))
        return {group: terms for group, terms in found.items() if terms}

    @cached_property
    def _shapes(self) -> Store:
        """The shapes of the workspace; none where the file is not there."""
        path = self.house.place.ontology / "shapes.ttl"
        store = Store()
        if path.is_file():
            store.bulk_extend(Quad(*triple) for triple in read_turtle(path))
        return store

    def rules(self, iri: str) -> list[Rule]:
        """List the rules of the shapes that speak of a term."""
        found: dict[tuple[str, str], dict[str, str]] = {}
        asked: dict[Variable, Any] = {Variable("term"): NamedNode(iri)}
        rows = cast("QuerySolutions", self._shapes.query(_RULES, substitutions=asked))
        for _, shape, message, severity in rows:
            grave = text_of(severity).rpartition("#")[2] or "Violation"
            words = found.setdefault((text_of(shape), grave), {})
            words[language_of(message)] = text_of(message)
        return [
            Rule(shape.rpartition("#")[2], grave, words) for (shape, grave), words in found.items()
        ]


class OntologyView:
    """What the page shows, in one language."""

    def __init__(self, ontology: Ontology, links: Links) -> None:
        self.ontology = ontology
        self.links = links
        self.reader = links.places.reader
        self.terms = ontology.terms

    def texts(self, iri: str, name: str) -> list[Shown]:
        """Give the words of a property of SKOS for a term, in the language of the page first."""
        found = self.reader.words(iri, SKOS + name)
        ours = [words for words in found if words.lang.startswith(self.links.lang)]
        return [self.links.words(words) for words in (*ours, *(w for w in found if w not in ours))]

    def example(self, iri: str) -> list[Shown]:
        """Give the examples of a term, leading to the sentence they are taken from."""
        source = next((text_of(v) for v in self.reader.values(iri, DCTERMS + "source")), "")
        href = self.links.to(source) if source else ""
        return [self.links.words(words, href) for words in self.reader.words(iri, SKOS + "example")]

    def related(self, iri: str) -> list[tuple[str, list[Shown]]]:
        """List what a term is joined to, by the name of how."""
        found = []
        for name, predicates in _RELATED.items():
            values = [v for each in predicates for v in self.reader.values(iri, each)]
            shown = [
                self.links.named(text_of(v), both=False)
                for v in values
                if not isinstance(v, Literal) and "/.well-known/genid/" not in text_of(v)
            ]
            if shown:
                found.append((name, shown))
        return found

    def rules(self, iri: str) -> list[Rule]:
        """List the rules for a term."""
        return self.ontology.rules(iri)

    def picture(self, term: Term) -> Markup:
        """Draw a class with the properties from and to it, a property with what it joins."""
        inward, outward = self._spokes(term)
        centre = self.links.named(term.iri, both=False)
        label = say(self.links.lang, "ontology.picture", term=centre.text)
        return star(centre, term.anchor, inward, outward, label)

    def _spokes(self, term: Term) -> tuple[list[Spoke], list[Spoke]]:
        if term.group == "Concept":
            return [], []
        if term.group != "Class":
            return self._ends(term.iri, _DOMAIN), self._ends(term.iri, _RANGE)
        inward, outward = list[Spoke](), list[Spoke]()
        for each in self.terms.get("ObjectProperty", ()):
            domains, ranges = (self._iris(each.iri, end) for end in (_DOMAIN, _RANGE))
            name = self.links.named(each.iri, both=False).text
            if term.iri in domains:
                outward += [self._spoke(name, iri) for iri in ranges]
            elif term.iri in ranges:
                inward += [self._spoke(name, iri) for iri in domains]
        return inward, outward

    def _ends(self, iri: str, predicate: str) -> list[Spoke]:
        return [self._spoke("", each) for each in self._iris(iri, predicate)]

    def _iris(self, iri: str, predicate: str) -> list[str]:
        return [text_of(value) for value in self.reader.values(iri, predicate)]

    def _spoke(self, relation: str, iri: str) -> Spoke:
        return Spoke(relation, self.links.named(iri, both=False), iri.removeprefix(PG))

    def name(self, iri: str) -> Shown:
        """Give the name of a term, without a link to itself."""
        words = self.reader.name(iri, self.links.lang)
        other = self.reader.name(iri, self.links.other_lang)
        return Shown(words.text, words.lang, also=Shown(other.text, other.lang))

    def verbs(self, iri: str) -> list[Words]:
        """List the verbs or other names of a concept."""
        return self.reader.words(iri, SKOS + "altLabel")
