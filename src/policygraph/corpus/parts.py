"""One document's part of the graph, built from its folder, the registry and the ontology alone.

In: a workspace and the folder of a document. Out: a ``Part``: N-Quads text, findings, the names it
rests on. Nothing is kept between two parts but what all of them share, so parts can be made
anywhere and in any order.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from os.path import isfile
from pathlib import Path

from policygraph.errors import Where
from policygraph.graph.build import (
    Lined,
    Passages,
    build_document,
    build_registry,
)
from policygraph.graph.vocabulary import Vocabulary, read_vocabulary
from policygraph.graph.written import iri_of
from policygraph.identifiers import Identifiers, documents_for, origin_of
from policygraph.report import Finding
from policygraph.text.documents import read_document
from policygraph.text.memory import uncollected
from policygraph.text.model import Document, Row
from policygraph.text.names import Names, Thing, by_key, document_things, registry_things
from policygraph.text.registry import read_known, read_registry
from policygraph.workspace import Place

_REMEMBERED = 64
"""How many documents' things are kept at hand for references; the rest is read again."""


@dataclass(frozen=True)
class Part:
    """What one document gives.

    Attributes:
        document: its id.
        quads: its asserted quads as N-Quads.
        findings: what is wrong in its files.
        made_at: for the IRI of each of its things, the row that makes it.
        uses: for every reference in it, a digest of what it means outside the document.
        counts: number of its quads of each origin.
    """

    document: str
    quads: bytes
    findings: tuple[Finding, ...]
    made_at: Mapping[str, Where]
    uses: Mapping[str, str]
    counts: Mapping[str, int]


class Maker:
    """Makes parts; reads what all documents share when it is first needed."""

    def __init__(
        self,
        place: Place,
        *,
        drafts: bool = False,
        same_as: bool = False,
        shared: Mapping[str, Sequence[Thing]] | None = None,
    ) -> None:
        """Make parts of a workspace.

        Args:
            place: the workspace.
            drafts: include rows that nobody reviewed.
            same_as: links say in OWL, too, that things are the same.
            shared: the things of the registry by key, if they are known; else it is read.
        """
        self._shared = shared
        self.place = place
        self.drafts = drafts
        self.same_as = same_as
        self._documents = f"{place.data}/documents/"
        self._remembered: dict[str, dict[str, list[Thing]]] = {}
        self._absent: set[str] = set()
        self._listed: Collection[str] | None = None

    @cached_property
    def vocabulary(self) -> Vocabulary:
        """The terms of the ontology."""
        return read_vocabulary(self.place.ontology)

    @cached_property
    def names(self) -> Names:
        """The names of the registry, and of documents as they are asked for."""
        if self._shared is not None:
            return Names(self._shared, self._elsewhere)
        registry = read_registry(self.place.data / "registry", [])
        return Names.of(registry_things(registry), self._elsewhere)

    def part(self, folder: Path) -> Part:
        """Build the part of the document in a folder.

        Raises:
            UnreadableInput: a file is missing or malformed, or the source or text was altered.
        """
        return next(self.parts([folder]))

    def parts(
        self, folders: Iterable[Path], listed: Collection[str] | None = None
    ) -> Iterator[Part]:
        """Build the parts of documents, in order; which others there are is looked up but once.

        Args:
            folders: of the documents.
            listed: the names of all folders that may hold a document, where they are known;
                without them every name is looked for by itself.

        Raises:
            UnreadableInput: as ``part``.
        """
        self._look_again(listed)
        for folder in folders:
            findings: list[Finding] = []
            with uncollected():
                part = self._made(read_document(folder, findings), findings)
            yield part

    def as_if_accepted(self, folder: Path) -> Part:
        """Build the part of a document as if every open row were accepted.

        It is for finding what people may be asked; it is never written.

        Raises:
            UnreadableInput: as ``part``.
        """
        self._look_again()
        document = read_document(folder, [])
        sections = tuple(
            section._replace(rows=tuple(map(_accepted, section.rows)))
            for section in document.sections
        )
        return self._made(replace(document, sections=sections), [])

    def _made(self, document: Document, findings: list[Finding]) -> Part:
        """Build the part of a document that was read, with what was found wrong in its files."""
        things = tuple(document_things(document))
        self._remember(document.record.id, by_key(things))
        names = self.names.asked_anew()
        ids = Identifiers(self.place.base)
        built = build_document(document, things, self.vocabulary, names, ids, drafts=self.drafts)
        built.findings[:0] = findings
        return _part(document.record.id, built, names)

    def known(self, passages: Passages) -> Part:
        """Build what the editors know and judge; ask for it last.

        Args:
            passages: gives the passages that a thing is quoted from, in any document.
        """
        findings: list[Finding] = []
        names, ids = self.names.asked_anew(), Identifiers(self.place.base)
        registry = read_known(self.place.data, findings)
        built = build_registry(
            registry, self.vocabulary, names, ids, passages, same_as=self.same_as
        )
        built.findings[:0] = findings
        return _part("", built, names)

    def _look_again(self, listed: Collection[str] | None = None) -> None:
        """Forget which documents there are not."""
        self._absent.clear()
        self._listed = listed

    def _elsewhere(self, key: str) -> list[Thing]:
        """Find the things of documents that bear a key: its beginning is the document's id."""
        found: list[Thing] = []
        for each in documents_for(key)[::-1]:
            if self._listed is None or each in self._listed:
                found += self._things_of(each).get(key, ())
        return found

    def _things_of(self, document: str) -> dict[str, list[Thing]]:
        """Give the things of a document by key, read from its folder unless they are at hand."""
        if document in self._absent:
            return {}
        if document not in self._remembered:
            folder = f"{self._documents}{document}"
            if not isfile(f"{folder}/document.yaml"):  # noqa: PTH113 - a Path is too slow here
                self._absent.add(document)  # for these parts: it may be there for the next
                return {}
            self._remember(document, by_key(document_things(read_document(Path(folder), []))))
        return self._remembered[document]

    def _remember(self, document: str, things: dict[str, list[Thing]]) -> None:
        self._remembered[document] = things
        if len(self._remembered) > _REMEMBERED:
            del self._remembered[next(iter(self._remembered))]


def _accepted(row: Row) -> Row:
    review = "accepted" if row.review == "draft" else row.review
    return row._replace(review=review, parts=tuple(map(_accepted, row.parts)))


def _part(document: str, built: Lined, names: Names) -> Part:
    counts = Counter[str]()
    for graph, count in built.lines.counts().items():
        counts[origin_of(iri_of(graph))] += count
    data = bytes(built.lines)
    return Part(document, data, tuple(built.findings), built.made_at, names.used, counts)
