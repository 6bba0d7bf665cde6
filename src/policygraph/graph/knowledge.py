"""What is known besides the documents: registry entries, sources, editors' judgements.

In: the registry as plain values. Out: quads whose graph names the source or the judgement.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from policygraph.graph.values import Values
from policygraph.graph.written import LABEL, TYPE, Written, bracketed, day, literal, node, pg
from policygraph.identifiers import Identifiers, is_address, kind_of_class
from policygraph.namespaces import DCTERMS, PROV, SKOS
from policygraph.text.model import Entry, Fact, JudgedRow, Judgement, Registry

_PREFERRED = node(SKOS + "prefLabel")
_SOURCE_TERMS = {
    "title": node(DCTERMS + "title"),
    "publisher": node(DCTERMS + "publisher"),
    "says": node(DCTERMS + "description"),
    "status": pg("namingStatus"),
}


def registry_quads(registry: Registry, values: Values) -> Iterator[Written]:
    """Give the facts of the registry and the judgements, each in the graph of its evidence."""
    for entry in registry.entries:
        yield from _entry_quads(entry, values)
    for source in registry.sources:
        yield from _source_quads(source, values)
    for judgement in registry.judgements:
        yield from _judgement_quads(judgement, values)


def _entry_quads(entry: Entry, values: Values) -> Iterator[Written]:
    subject = bracketed(values.ids.thing(kind_of_class(entry.kind), entry.key))
    kind = values.class_iri(entry.type, entry.where)
    for claim in entry.claims:
        graph = bracketed(values.ids.graph("registry", claim.source))
        if kind:
            yield subject, TYPE, kind, graph
        for fact in claim.facts:
            meaning = values.meaning(fact)
            if meaning:
                yield subject, meaning.predicate, meaning.object, graph
                if entry.kind == "Topic" and meaning.predicate == LABEL:
                    yield subject, _PREFERRED, meaning.object, graph


def _source_quads(source: Entry, values: Values) -> Iterator[Written]:
    """Describe a source; its IRI is the name of the graph of what was taken from it."""
    subject = bracketed(values.ids.graph("registry", source.key))
    graph = bracketed(values.ids.graph("sources"))
    yield subject, TYPE, pg("Source"), graph
    for fact in source.claims[0].facts:
        if fact.name == "address" and not is_address(fact.value):
            continue  # the reader of the file has reported it
        yield subject, *_source_fact(fact), graph
        if fact.name == "title":
            yield subject, LABEL, literal(fact.value, language=fact.lang or "en"), graph


def _source_fact(fact: Fact) -> tuple[str, str]:
    if fact.name == "address":
        return node(DCTERMS + "source"), node(fact.value)
    if fact.name == "date":
        return node(DCTERMS + "issued"), day(fact.value)
    return _SOURCE_TERMS[fact.name], literal(fact.value, language=fact.lang)


def judgement_record(
    judgement: str, by: str, on: str, grounds: Mapping[str, str], ids: Identifiers
) -> Iterator[Written]:
    """Describe a judgement: who made it, when, on what grounds (by language)."""
    graph = bracketed(ids.graph("sources"))
    yield judgement, TYPE, pg("Judgement"), graph
    yield judgement, pg("judgedOn"), day(on), graph
    agent = bracketed(ids.thing("agent", by))
    yield judgement, node(PROV + "wasAttributedTo"), agent, graph
    for lang, words in grounds.items():
        yield judgement, pg("grounds"), literal(words, language=lang), graph


def _judgement_quads(judgement: Judgement, values: Values) -> Iterator[Written]:
    graph = bracketed(values.ids.graph("editor", judgement.key))
    by, on = (
        next((fact.value for fact in judgement.facts if fact.name == name), "")
        for name in ("by", "on")
    )
    grounds = {fact.lang: fact.value for fact in judgement.facts if fact.name == "grounds"}
    yield from judgement_record(graph, by, on, grounds, values.ids)
    for row in judgement.states:
        yield from _judged_quads(row, graph, values)


def _judged_quads(row: JudgedRow, graph: str, values: Values) -> Iterator[Written]:
    thing = values.resolve(row.subject, row.where)
    if thing is None:
        return
    kind = values.class_iri(row.kind, row.where) if row.kind else None
    if kind:
        yield values.iri(thing), TYPE, kind, graph
    for fact in row.facts:
        meaning = values.meaning(fact)
        if meaning:
            yield values.iri(thing), meaning.predicate, meaning.object, graph
