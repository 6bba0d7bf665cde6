"""What is known besides the documents: registry entries, sources, editors' judgements.

In: the registry as plain values. Out: quads whose graph names the source or the judgement.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from pyoxigraph import Literal, NamedNode, Quad

from policygraph.graph.terms import LABEL, TYPE, Term, day, pg
from policygraph.graph.values import Values
from policygraph.identifiers import Identifiers, is_address, kind_of_class
from policygraph.namespaces import DCTERMS, PROV, SKOS
from policygraph.text.model import Entry, Fact, JudgedRow, Judgement, Registry

_PREFERRED = NamedNode(SKOS + "prefLabel")
_SOURCE_TERMS = {
    "title": NamedNode(DCTERMS + "title"),
    "publisher": NamedNode(DCTERMS + "publisher"),
    "says": NamedNode(DCTERMS + "description"),
    "status": pg("namingStatus"),
}


def registry_quads(registry: Registry, values: Values) -> Iterator[Quad]:
    """Give the facts of the registry and the judgements, each in the graph of its evidence."""
    for entry in registry.entries:
        yield from _entry_quads(entry, values)
    for source in registry.sources:
        yield from _source_quads(source, values)
    for judgement in registry.judgements:
        yield from _judgement_quads(judgement, values)


def _entry_quads(entry: Entry, values: Values) -> Iterator[Quad]:
    subject = NamedNode(values.ids.thing(kind_of_class(entry.kind), entry.key))
    kind = values.class_iri(entry.type, entry.where)
    for claim in entry.claims:
        graph = NamedNode(values.ids.graph("registry", claim.source))
        if kind:
            yield Quad(subject, TYPE, kind, graph)
        for fact in claim.facts:
            for meaning in values.meanings(fact):
                yield Quad(subject, meaning.predicate, meaning.object, graph)
                if entry.kind == "Topic" and meaning.predicate == LABEL:
                    yield Quad(subject, _PREFERRED, meaning.object, graph)


def _source_quads(source: Entry, values: Values) -> Iterator[Quad]:
    """Describe a source; its IRI is the name of the graph of what was taken from it."""
    subject = NamedNode(values.ids.graph("registry", source.key))
    graph = NamedNode(values.ids.graph("sources"))
    yield Quad(subject, TYPE, pg("Source"), graph)
    for fact in source.claims[0].facts:
        if fact.name == "address" and not is_address(fact.value):
            continue  # the reader of the file has reported it
        yield Quad(subject, *_source_fact(fact), graph)
        if fact.name == "title":
            yield Quad(subject, LABEL, Literal(fact.value, language=fact.lang or "en"), graph)


def _source_fact(fact: Fact) -> tuple[NamedNode, Term]:
    if fact.name == "address":
        return NamedNode(DCTERMS + "source"), NamedNode(fact.value)
    if fact.name == "date":
        return NamedNode(DCTERMS + "issued"), day(fact.value)
    words = Literal(fact.value, language=fact.lang) if fact.lang else Literal(fact.value)
    return _SOURCE_TERMS[fact.name], words


def judgement_record(
    judgement: NamedNode, by: str, on: str, grounds: Mapping[str, str], ids: Identifiers
) -> Iterator[Quad]:
    """Describe a judgement: who made it, when, on what grounds (by language)."""
    graph = NamedNode(ids.graph("sources"))
    yield Quad(judgement, TYPE, pg("Judgement"), graph)
    yield Quad(judgement, pg("judgedOn"), day(on), graph)
    agent = NamedNode(ids.thing("agent", by))
    yield Quad(judgement, NamedNode(PROV + "wasAttributedTo"), agent, graph)
    for lang, words in grounds.items():
        yield Quad(judgement, pg("grounds"), Literal(words, language=lang), graph)


def _judgement_quads(judgement: Judgement, values: Values) -> Iterator[Quad]:
    graph = NamedNode(values.ids.graph("editor", judgement.key))
    by, on = (
        next((fact.value for fact in judgement.facts if fact.name == name), "")
        for name in ("by", "on")
    )
    grounds = {fact.lang: fact.value for fact in judgement.facts if fact.name == "grounds"}
    yield from judgement_record(graph, by, on, grounds, values.ids)
    for row in judgement.states:
        yield from _judged_quads(row, graph, values)


def _judged_quads(row: JudgedRow, graph: NamedNode, values: Values) -> Iterator[Quad]:
    thing = values.resolve(row.subject, row.where)
    if thing is None:
        return
    kind = values.class_iri(row.kind, row.where) if row.kind else None
    if kind:
        yield Quad(values.iri(thing), TYPE, kind, graph)
    for fact in row.facts:
        for meaning in values.meanings(fact):
            yield Quad(values.iri(thing), meaning.predicate, meaning.object, graph)
