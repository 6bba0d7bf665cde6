"""RDF files: N-Quads, TriG, N-Triples, Turtle for people, RDF/XML, JSON-LD.

In: quads without blank nodes. Out: bytes, the same for the same quads whatever their order.
pyoxigraph and rdflib write the syntax; this room decides what goes in and in which order. Formats
without graph names hold what is asserted; only Turtle also holds what is inferred, in a section of
its own, for there it can be marked.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from pyoxigraph import NamedNode, Quad, RdfFormat, Triple

from policygraph.errors import WrongUsage
from policygraph.graph.store import GraphStore
from policygraph.graph.terms import LABEL, TYPE, language_of, text_of, used_prefixes, write
from policygraph.identifiers import Identifiers, kind_of_class
from policygraph.namespaces import PG, prefixes
from policygraph.publish.json_ld import json_ld_pieces

ASSERTED = ("stated", "record", "registry", "editor", "links", "sources")
CHOICES: Mapping[str, tuple[str, ...]] = {
    "stated": ASSERTED,
    "inferred": ("inferred",),
    "all": (*ASSERTED, "inferred"),
}
"""What ``--graph`` offers: origins of the graphs that go in."""

_EVERYTHING = ("everything", (*ASSERTED, "inferred", "ontology", "candidate"))

_WITHOUT_PREFIX = {"policy-document", "source", "text", "passage", "judgement"}
"""Kinds whose IRIs do not make short names: their local parts would need escapes."""

INFERRED = "Inferred: follows from the above by OWL 2 RL · 推理所得"
"""Title of the section of what was inferred."""

_WORD_AND_NUMBER = re.compile(r"(\D*)(\d*)")
SECTIONS = [
    *("PolicyDocument", "Text", "Aim", "Goal", "Action", "Achievement", "Statement"),
    *("Figure", "Sum", "Event", "Conference", "Initiative", "Instrument", "Institution"),
    *("Place", "Topic", "Period", "Section", "Source", "Judgement", "Passage"),
]
"""Classes in the order in which Turtle for people lists them."""


def export(store: GraphStore, form: str, choice: str, ids: Identifiers) -> bytes:
    """Write a graph in a format.

    Args:
        store: the graph.
        form: one of ``FORMATS``.
        choice: ``stated``, ``inferred`` or ``all``.
        ids: how the IRIs of its things begin.

    Raises:
        WrongUsage: there is no such format.
    """
    if form not in FORMATS:
        raise WrongUsage("publish/unknown-format", form=form, known=", ".join(FORMATS))
    return FORMATS[form](_Selection(store, choice, ids))


def quad_files(store: GraphStore, ids: Identifiers) -> dict[str, bytes]:
    """Write every graph there is, ontology and candidates too, as N-Quads and TriG."""
    everything = _Selection(store, "everything", ids)
    return {"graph.nq": n_quads(everything), "graph.trig": trig(everything)}


class _Selection:
    """The quads that go in, and what the formats need to know of them."""

    def __init__(self, store: GraphStore, choice: str, ids: Identifiers) -> None:
        self.store = store
        self.ids = ids
        self.origins = origins_of(choice)

    @functools.cached_property
    def quads(self) -> list[Quad]:
        """The quads, sorted."""
        return sorted(self.store.quads(*self.origins), key=_quad_order)

    @functools.cached_property
    def triples(self) -> list[Triple]:
        """Their triples, each once, sorted."""
        return sorted({quad.triple for quad in self.quads}, key=str)

    @functools.cached_property
    def prefixes(self) -> dict[str, str]:
        """The project's prefixes and one for each kind of thing."""
        return prefixes_for(self.ids)


def origins_of(choice: str) -> tuple[str, ...]:
    """List the origins of the graphs that a choice means."""
    return dict([_EVERYTHING, *CHOICES.items()])[choice]


def prefixes_for(ids: Identifiers) -> dict[str, str]:
    """Give the project's prefixes and one for each kind of thing."""
    kinds = sorted({kind_of_class(name) for name in SECTIONS} - _WITHOUT_PREFIX)
    return prefixes() | {kind: f"{ids.base}id/{kind}/" for kind in kinds}


def _quad_order(quad: Quad) -> tuple[str, str]:
    return str(quad.graph_name), str(quad.triple)


def n_quads(selection: _Selection) -> bytes:
    """Write N-Quads, sorted by graph."""
    return write(selection.quads, RdfFormat.N_QUADS)


def trig(selection: _Selection) -> bytes:
    """Write TriG, a block a graph."""
    return write(selection.quads, RdfFormat.TRIG, selection.prefixes)


def n_triples(selection: _Selection) -> bytes:
    """Write N-Triples, sorted."""
    return write(selection.triples, RdfFormat.N_TRIPLES)


def rdf_xml(selection: _Selection) -> bytes:
    """Write RDF/XML."""
    return write(selection.triples, RdfFormat.RDF_XML, selection.prefixes)


def json_ld(selection: _Selection) -> bytes:
    """Write JSON-LD, a node for each document."""
    return b"".join(json_ld_pieces(selection.store, selection.origins, selection.ids))


def turtle(selection: _Selection) -> bytes:
    """Write Turtle for people: a section a class, what was inferred last and marked."""
    inferred = {quad.triple for quad in selection.store.quads("inferred")}
    chosen = set(selection.triples)
    names = selection.prefixes
    blocks = [prologue(used_prefixes(selection.triples, names))]
    for words, triples in _sections(chosen - inferred, selection.store):
        blocks.append(f"{heading(words)}{body(triples, names)}\n")
    if chosen & inferred:
        blocks.append(f"{heading(INFERRED)}{body(chosen & inferred, names)}\n")
    return "\n".join(blocks).encode()


def prologue(used: Mapping[str, str]) -> str:
    """Write what comes first: how to read the file, and the prefixes used."""
    head = "# What a document states points to its passages (prov:wasQuotedFrom).\n"
    return head + "".join(f"@prefix {prefix}: <{iri}> .\n" for prefix, iri in used.items())


def _sections(triples: set[Triple], store: GraphStore) -> Iterable[tuple[str, list[Triple]]]:
    """Divide triples by the class of their subject, in the order of the ontology."""
    class_of = _classes(triples)
    for name in [*SECTIONS, ""]:
        part = [triple for triple in triples if class_of.get(triple.subject, "") == name]
        if part:
            yield title(name, store), part


def _classes(triples: Iterable[Triple]) -> dict[object, str]:
    """Give each subject its class."""
    told: dict[object, list[Triple]] = {}
    for triple in triples:
        if triple.predicate == TYPE:
            told.setdefault(triple.subject, []).append(triple)
    return {subject: class_among(those) for subject, those in told.items()}


def class_among(triples: Iterable[Triple]) -> str:
    """Give the class that a thing is listed under: of several, the last in the list of sections."""
    found = [
        text_of(triple.object).removeprefix(PG) for triple in triples if triple.predicate == TYPE
    ]
    return max((name for name in found if name in SECTIONS), key=SECTIONS.index, default="")


def title(name: str, store: GraphStore) -> str:
    """Give the title of a section in both languages."""
    if not name:
        return "Other · 其他"
    pattern = (NamedNode(PG + name), LABEL, None, None)
    labels = {
        language_of(quad.object): text_of(quad.object)
        for quad in store.engine.quads_for_pattern(*pattern)
    }
    return f"{name} · {labels.get('zh', name)}"


def heading(words: str) -> str:
    """Write the title of a section."""
    rule = "#" * 65
    return f"\n{rule}\n# {words}\n{rule}\n"


def body(triples: Iterable[Triple], names: Mapping[str, str]) -> str:
    """Write triples in reading order; subjects stand apart by an empty line."""
    ordered = sorted(triples, key=_reading_order)
    text = write(ordered, RdfFormat.TURTLE, names).decode()
    lines = [line for line in text.splitlines() if not line.startswith("@prefix ")]
    spaced = "\n".join(line if line.startswith("\t") else f"\n{line}" for line in lines)
    return spaced.expandtabs(4)


def _reading_order(triple: Triple) -> tuple[Any, ...]:
    """Things by key with numbers counted (a2 before a10); type first, then label, then the rest."""
    rank = {TYPE: 0, LABEL: 1}.get(triple.predicate, 2)
    return natural(text_of(triple.subject)), rank, triple.predicate.value, str(triple.object)


def natural(text: str) -> list[tuple[str, int]]:
    """Cut a text into words and numbers, so that numbers sort by size.

    >>> natural("g2-a10") > natural("g2-a9")
    True
    """
    pieces = _WORD_AND_NUMBER.findall(text)
    return [(word, int(number or 0)) for word, number in pieces]


FORMATS: Mapping[str, Callable[[_Selection], bytes]] = {
    "trig": trig,
    "nq": n_quads,
    "ttl": turtle,
    "nt": n_triples,
    "jsonld": json_ld,
    "rdf": rdf_xml,
}
"""Formats by the ending of their files."""
