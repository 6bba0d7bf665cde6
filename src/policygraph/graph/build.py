"""Asserted quads: what the documents state, what the registry knows, what the editors judge.

In: a workspace, read. Out: quads whose graph names their evidence (a passage, a source, a
judgement), findings, and for every thing the row that made it. No blank nodes, no clock; the same
inputs give the same quads. Nothing is checked here that a shape can check.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from pyoxigraph import NamedNode, Quad

from policygraph.errors import Where
from policygraph.graph.document import DocumentBuilder
from policygraph.graph.knowledge import registry_quads
from policygraph.graph.link.quads import LinkBuilder
from policygraph.graph.terms import LABEL, QUOTED, pg, text_of
from policygraph.graph.values import Values
from policygraph.graph.vocabulary import Vocabulary
from policygraph.identifiers import Identifiers, origin_of
from policygraph.report import Finding
from policygraph.text.model import (
    Document,
    Registry,
    Workspace,
)
from policygraph.text.names import (
    Names,
    Thing,
    document_things,
    names_of,
    registry_things,
)

Passages = Callable[[str], Iterable[str]]
"""Gives the IRIs of the passages that a thing, by its IRI, is quoted from."""


@dataclass
class Built:
    """What a build gives.

    Attributes:
        quads: asserted quads, each once.
        findings: what is wrong in the rows themselves.
        made_at: for the IRI of each thing, the row to open when it needs mending.
    """

    quads: dict[Quad, None] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    made_at: dict[str, Where] = field(default_factory=dict)

    def add(self, quads: Iterable[Quad]) -> None:
        """Take quads in; one that is there already changes nothing."""
        self.quads.update(dict.fromkeys(quads))

    def join(self, other: Built) -> None:
        """Take in all that another build gave; a key made in both is a finding."""
        self.add(other.quads)
        self.findings += other.findings
        for iri, where in other.made_at.items():
            self._note(iri, where)

    def note_places(self, things: Iterable[Thing], values: Values) -> None:
        """Remember where each thing is made; a key that two rows of one kind make is a finding."""
        for thing in things:
            self._note(values.iri(thing).value, thing.where)

    def _note(self, iri: str, where: Where) -> None:
        first = self.made_at.setdefault(iri, where)
        if first != where:
            facts = {"key": iri.rpartition("/")[2], "first": str(first)}
            self.findings.append(Finding("data/duplicate-key", where, facts=facts))


def build(
    workspace: Workspace, vocabulary: Vocabulary, ids: Identifiers, *, drafts: bool = False
) -> Built:
    """Build the asserted quads of a workspace.

    Args:
        workspace: documents and registry as read.
        vocabulary: the ontology's terms.
        ids: how IRIs look.
        drafts: put rows nobody reviewed yet into ``graph/candidate``; otherwise they are left out.
    """
    names = names_of(workspace)
    built = Built()
    for document in workspace.documents:
        built.join(build_document(document, vocabulary, names, ids, drafts=drafts))
    known = build_registry(workspace.registry, vocabulary, names, ids)
    built.add(list(rests_on(known.quads, quoted_in(built.quads), ids)))
    built.join(known)
    return built


def build_document(
    document: Document, vocabulary: Vocabulary, names: Names, ids: Identifiers, *, drafts: bool
) -> Built:
    """Build the quads of one document; they depend on nothing else but the names it uses."""
    built = Built()
    values = Values(ids, vocabulary, names, built.findings)
    built.note_places(document_things(document), values)
    built.add(DocumentBuilder(document, values, drafts=drafts).quads())
    built.add(list(rests_on(built.quads, quoted_in(built.quads), ids)))
    return built


def build_registry(
    registry: Registry,
    vocabulary: Vocabulary,
    names: Names,
    ids: Identifiers,
    *,
    same_as: bool = False,
) -> Built:
    """Build what the editors know, judge and link; what judgements rest on is not told yet.

    With ``same_as`` links that say of two things that they are the same say so in OWL, too.
    """
    built = Built()
    values = Values(ids, vocabulary, names, built.findings)
    built.note_places(registry_things(registry), values)
    built.add(registry_quads(registry, values))
    links = LinkBuilder(ids, vocabulary.schemes, built.findings, same_as=same_as)
    built.add(links.quads(registry.links))
    built.made_at.update(links.made_at)
    return built


def rests_on(judged: Iterable[Quad], passages: Passages, ids: Identifiers) -> Iterator[Quad]:
    """Say which passages a judgement rests on: those of the statements it speaks of.

    Args:
        judged: quads whose graph is a judgement; labels rest on nothing but the editors.
        passages: gives the passages that a thing is quoted from.
        ids: how IRIs look.
    """
    graph = NamedNode(ids.graph("sources"))
    for quad in judged:
        if quad.predicate == LABEL or origin_of(text_of(quad.graph_name)) != "editor":
            continue
        judgement = NamedNode(text_of(quad.graph_name))
        for thing in (quad.subject, quad.object):
            for passage in passages(thing.value) if isinstance(thing, NamedNode) else ():
                yield Quad(judgement, pg("restsOn"), NamedNode(passage), graph)


def quoted_in(quads: Iterable[Quad]) -> Passages:
    """Index the passages that things are quoted from."""
    passages: dict[str, list[str]] = {}
    for quad in quads:
        if quad.predicate == QUOTED:
            passages.setdefault(text_of(quad.subject), []).append(text_of(quad.object))
    return lambda thing: passages.get(thing, ())
