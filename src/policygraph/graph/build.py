"""Asserted quads: what the documents state, what the registry knows, what the editors judge.

In: a workspace, read. Out: quads whose graph names their evidence (a passage, a source, a
judgement), findings, and for every thing the row that made it. No blank nodes, no clock; the same
inputs give the same quads. Nothing is checked here that a shape can check.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from operator import itemgetter

from pyoxigraph import Quad, RdfFormat, parse

from policygraph.errors import Where
from policygraph.graph.document import DocumentBuilder
from policygraph.graph.knowledge import registry_quads
from policygraph.graph.link.quads import LinkBuilder
from policygraph.graph.terms import QUOTED as QUOTED_FROM
from policygraph.graph.values import Values
from policygraph.graph.vocabulary import Vocabulary
from policygraph.graph.written import LABEL, QUOTED, Lines, Written, bracketed, iri_of, pg
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
"""Gives the passages that a thing is quoted from, all of them as they are written."""


@dataclass
class Made:
    """What a build finds and makes, however it gives its quads.

    Attributes:
        findings: what is wrong in the rows themselves.
        made_at: for the IRI of each thing, the row to open when it needs mending.
    """

    findings: list[Finding] = field(default_factory=list)
    made_at: dict[str, Where] = field(default_factory=dict)

    def note_places(self, things: Iterable[Thing], ids: Identifiers) -> None:
        """Remember where each thing is made; a key that two rows of one kind make is a finding."""
        for thing in things:
            self._note(ids.thing(thing.kind, thing.key), thing.where)

    def _note(self, iri: str, where: Where) -> None:
        first = self.made_at.setdefault(iri, where)
        if first is not where and first != where:
            facts = {"key": iri.rpartition("/")[2], "first": str(first)}
            self.findings.append(Finding("data/duplicate-key", where, facts=facts))


@dataclass
class Built(Made):
    """What a build gives, its asserted quads as terms, each once."""

    quads: dict[Quad, None] = field(default_factory=dict)

    def join(self, other: Built) -> None:
        """Take in all that another build gave; a key made in both is a finding."""
        self.quads.update(other.quads)
        self.findings += other.findings
        for iri, where in other.made_at.items():
            self._note(iri, where)


@dataclass
class Lined(Made):
    """What a build gives, its asserted quads as lines of N-Quads."""

    lines: Lines = field(default_factory=Lines)

    def in_terms(self) -> Built:
        """Give the same with quads as terms."""
        quads = dict.fromkeys(parse(bytes(self.lines), RdfFormat.N_QUADS))
        return Built(self.findings, self.made_at, quads)


def build(
    workspace: Workspace, vocabulary: Vocabulary, ids: Identifiers, *, drafts: bool = False
) -> Built:
    """Build the asserted quads of a workspace, as terms.

    Args:
        workspace: documents and registry as read.
        vocabulary: the ontology's terms.
        ids: how IRIs look.
        drafts: put rows nobody reviewed yet into ``graph/candidate``; otherwise they are left out.
    """
    names = names_of(workspace)
    built = Built()
    for document in workspace.documents:
        things = document_things(document)
        made = build_document(document, things, vocabulary, names, ids, drafts=drafts)
        built.join(made.in_terms())
    passages = quoted_in(built.quads)
    built.join(build_registry(workspace.registry, vocabulary, names, ids, passages).in_terms())
    return built


def build_document(
    document: Document,
    things: Iterable[Thing],
    vocabulary: Vocabulary,
    names: Names,
    ids: Identifiers,
    *,
    drafts: bool,
) -> Lined:
    """Build the quads of one document; they depend on nothing else but the names it uses.

    Args:
        document: as read.
        things: those it makes.
        vocabulary: the ontology's terms.
        names: what its references mean.
        ids: how IRIs look.
        drafts: whether rows that nobody reviewed are put into ``graph/candidate``.
    """
    built = Lined()
    values = Values(ids, vocabulary, names, built.findings)
    built.note_places(things, ids)
    builder = DocumentBuilder(document, values, drafts=drafts)
    said = builder.said()
    built.lines.say(said)
    built.lines.take(*builder.passages(), builder.record_graph)
    translation = builder.translation
    judged = [quad for quad in said if quad[3] == translation]
    built.lines.say(rests_on(judged, _quoted(said), ids))
    return built


def build_registry(
    registry: Registry,
    vocabulary: Vocabulary,
    names: Names,
    ids: Identifiers,
    passages: Passages,
    *,
    same_as: bool = False,
) -> Lined:
    """Build what the editors know, judge and link, and what their judgements rest on.

    With ``same_as`` links that say of two things that they are the same say so in OWL, too.
    """
    built = Lined()
    values = Values(ids, vocabulary, names, built.findings)
    built.note_places(registry_things(registry), ids)
    links = LinkBuilder(ids, vocabulary.schemes, built.findings, same_as=same_as)
    said = [*registry_quads(registry, values), *links.quads(registry.links)]
    built.lines.say(said)
    built.lines.say(rests_on(said, passages, ids))
    built.made_at.update(links.made_at)
    return built


def rests_on(judged: Iterable[Written], passages: Passages, ids: Identifiers) -> Iterator[Written]:
    """Say which passages a judgement rests on: those of the statements it speaks of.

    Args:
        judged: quads whose graph is a judgement; labels rest on nothing but the editors.
        passages: gives the passages that a thing is quoted from.
        ids: how IRIs look.
    """
    judged = tuple(judged)
    graphs = set(map(itemgetter(3), judged))
    judgements = {graph for graph in graphs if origin_of(iri_of(graph)) == "editor"}
    relation, record = pg("restsOn"), bracketed(ids.graph("sources"))
    spoken_of = dict.fromkeys(
        (judgement, thing)
        for subject, predicate, value, judgement in judged
        if judgement in judgements and predicate != LABEL
        for thing in (subject, value)
        if thing.startswith("<")  # a value is quoted from nowhere
    )
    for judgement, thing in spoken_of:
        for passage in passages(thing):
            yield judgement, relation, passage, record


def quoted_in(quads: Iterable[Quad]) -> Passages:
    """Index the passages that things are quoted from."""
    quoting = (quad for quad in quads if quad.predicate == QUOTED_FROM)
    return _quoted((str(quad.subject), QUOTED, str(quad.object), "") for quad in quoting)


def _quoted(quads: Iterable[Written]) -> Passages:
    passages: dict[str, list[str]] = {}
    for quoting in [quad for quad in quads if quad[1] == QUOTED]:
        passages.setdefault(quoting[0], []).append(quoting[2])
    return lambda thing: passages.get(thing, ())
