"""The ontology as the rest of the program needs it: which terms exist and how they are used.

In: the folder ``ontology/``. Out: a ``Vocabulary``, and the ontology's triples without blank nodes.
Adding a term to ``policy.ttl`` is enough for YAML files to use it: nothing is typed in twice.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, cast

from pyoxigraph import (
    BlankNode,
    CanonicalizationAlgorithm,
    Dataset,
    NamedNode,
    Quad,
    QuerySolutions,
    RdfFormat,
    Store,
    Triple,
    parse,
)

from policygraph.errors import UnreadableInput, Where
from policygraph.graph.link.schemes import Scheme, schemes_of
from policygraph.identifiers import snake_name
from policygraph.namespaces import PG, RDF, XSD

GENID = "https://w3id.org/policygraph/.well-known/genid/"
"""Where blank nodes of the ontology get a name (RDF 1.1 Concepts, section 3.5)."""

LANG_STRING = RDF + "langString"
DATE = XSD + "date"
MONTH = XSD + "gYearMonth"
YEAR = XSD + "gYear"


@dataclass(frozen=True)
class Property:
    """A property of the policy ontology.

    Attributes:
        iri: its IRI.
        ranges: names of classes it may point to; empty for a property with literal values.
        datatype: IRI of the datatype of its values; empty for one that points to things.
        coarser: IRIs of datatypes for what is no day: a month, a year.
    """

    iri: str
    ranges: frozenset[str]
    datatype: str
    coarser: frozenset[str] = frozenset()

    @cached_property
    def points_to_things(self) -> bool:
        """Tell whether its values are things rather than literals."""
        return not self.datatype


@dataclass(frozen=True)
class Vocabulary:
    """Terms by the names that people type.

    Attributes:
        classes: names of classes, each with itself and all its superclasses.
        properties: properties by their key in YAML files (``held_on``).
        concepts: concepts of the schemes by class and key (``("InstrumentKind", "opinion")``).
        verbs: kind of measure by verb.
        says: which property a document uses for a statement of a class (``setsGoal`` for ``Goal``).
        triples: the whole ontology.
        schemes: the vocabularies that links may point into.
    """

    classes: dict[str, frozenset[str]]
    properties: dict[str, Property]
    concepts: dict[tuple[str, str], str]
    verbs: dict[str, str]
    says: dict[str, str]
    triples: tuple[Triple, ...]
    schemes: tuple[Scheme, ...] = ()

    def is_a(self, kind: str, wider: Iterable[str]) -> bool:
        """Tell whether a class is one of some classes or below one of them."""
        return bool(self.classes.get(kind, frozenset()) & set(wider))


def read_vocabulary(folder: Path) -> Vocabulary:
    """Read all Turtle files of the ontology except shapes.

    Raises:
        UnreadableInput: a file is missing or is not Turtle.
    """
    triples = tuple(_named(_read_all(ontology_files(folder))))
    store = Store()
    store.bulk_extend(Quad(*triple) for triple in triples)
    return Vocabulary(
        classes=_classes(store),
        properties=_properties(store),
        concepts=_concepts(store),
        verbs=_verbs(store),
        says=_says(store),
        triples=triples,
        schemes=read_schemes(folder),
    )


def read_schemes(folder: Path) -> tuple[Scheme, ...]:
    """Read the vocabularies that links may point into; none where the ontology lists none."""
    path = folder / "schemes.ttl"
    return schemes_of(read_turtle(path)) if path.is_file() else ()


def ontology_files(folder: Path) -> list[Path]:
    """List the files that hold terms: the ontology, its schemes, its alignments."""
    schemes, alignments = folder / "concepts", folder / "alignments"
    return [
        folder / "policy.ttl",
        *sorted(schemes.glob("*.ttl")),
        *sorted(alignments.glob("*.ttl")),
    ]


def read_turtle(path: Path, base: str | None = None) -> Iterator[Triple]:
    """Read the triples of a Turtle file.

    Args:
        path: the file.
        base: what relative IRIs begin with; without it they are malformed.

    Raises:
        UnreadableInput: the file is missing or malformed; the message names the line.
    """
    if not path.is_file():
        raise UnreadableInput("source/missing", Where(str(path)), path=str(path))
    try:
        for quad in parse(path=str(path), format=RdfFormat.TURTLE, base_iri=base):
            yield quad.triple
    except SyntaxError as error:
        where = Where(str(path), error.lineno or 0)
        raise UnreadableInput("turtle/malformed", where, why=error.msg) from error


def _read_all(paths: list[Path]) -> Iterator[Triple]:
    for path in paths:
        yield from read_turtle(path)


def _named(triples: Iterable[Triple]) -> Iterator[Triple]:
    """Give blank nodes names that depend only on the triples (RDFC-1.0 labels)."""
    dataset = Dataset(Quad(*triple) for triple in triples)
    dataset.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    named = [Triple(_name(q.subject), q.predicate, _name(q.object)) for q in dataset]
    yield from sorted(named, key=str)


def _name(term: Any) -> Any:
    return NamedNode(GENID + term.value) if isinstance(term, BlankNode) else term


_PREFIXES = f"""
PREFIX pg: <{PG}>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX owl: <http://www.w3.org/2002/07/owl#>
PREFIX schema: <https://schema.org/>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
"""


def _rows(store: Store, query: str) -> Iterator[tuple[str, ...]]:
    for row in cast("QuerySolutions", store.query(_PREFIXES + query)):
        yield tuple(term.value if term else "" for term in row)


def _local(iri: str) -> str:
    return iri.removeprefix(PG)


def _classes(store: Store) -> dict[str, frozenset[str]]:
    query = """SELECT ?class ?wider { ?class a owl:Class ; rdfs:subClassOf* ?wider
        FILTER(STRSTARTS(STR(?class), STR(pg:)) && STRSTARTS(STR(?wider), STR(pg:))) }"""
    wider: dict[str, set[str]] = {}
    for name, above in _rows(store, query):
        wider.setdefault(_local(name), set()).add(_local(above))
    return {name: frozenset(above) for name, above in sorted(wider.items())}


def _properties(store: Store) -> dict[str, Property]:
    query = """SELECT ?property ?kind ?range { ?property a ?kind ; schema:rangeIncludes ?range
        FILTER(?kind IN (owl:ObjectProperty, owl:DatatypeProperty)) }"""
    ranges: dict[str, set[str]] = {}
    literal: set[str] = set()
    for iri, kind, value in _rows(store, query):
        ranges.setdefault(iri, set()).add(value)
        if kind.endswith("#DatatypeProperty"):
            literal.add(iri)
    return {
        snake_name(_local(iri)): Property(
            iri,
            frozenset() if iri in literal else frozenset(map(_local, values)),
            min(values) if iri in literal else "",
            frozenset(values & {MONTH, YEAR}),
        )
        for iri, values in sorted(ranges.items())
    }


def _concepts(store: Store) -> dict[tuple[str, str], str]:
    query = "SELECT ?class ?concept { ?concept a ?class ; skos:inScheme ?scheme }"
    found = sorted(_rows(store, query))
    return {(_local(kind), iri.rsplit("/", 1)[-1]): iri for kind, iri in found}


def _verbs(store: Store) -> dict[str, str]:
    query = "SELECT ?verb ?kind { ?kind a pg:MeasureKind ; skos:altLabel ?verb }"
    return {verb: kind for verb, kind in sorted(_rows(store, query))}  # noqa: C416 - pairs


def _says(store: Store) -> dict[str, str]:
    """Map each class of statement to the most specific property that states it."""
    query = """SELECT ?class ?property { ?property rdfs:subPropertyOf* pg:states ;
        schema:rangeIncludes ?class }"""
    return {_local(kind): iri for kind, iri in sorted(_rows(store, query))}
