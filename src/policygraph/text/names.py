"""Things by the names that people type: keys, qualified keys, and what else they are called.

In: documents and registry. Out: an index that resolves a reference of a YAML file, or says which
names come nearest. Nothing is resolved by likeness.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from rapidfuzz import process

from policygraph.errors import Where
from policygraph.identifiers import kind_of_class
from policygraph.text.model import Document, Registry, Workspace
from policygraph.text.statements import walk


@dataclass(frozen=True)
class Thing:
    """Something a reference can mean.

    Attributes:
        kind: the IRI segment it stands under, for example ``event``.
        key: its key there.
        type: its class, for example ``Conference``.
        names: labels and aliases by language, for things of the registry.
        where: the row that makes it.
    """

    kind: str
    key: str
    type: str
    where: Where
    names: tuple[tuple[str, tuple[str, ...]], ...] = ()

    def named(self, lang: str) -> tuple[str, ...]:
        """List its labels and aliases in a language."""
        return dict(self.names).get(lang, ())


@dataclass
class Names:
    """An index of things by key."""

    by_key: dict[str, list[Thing]] = field(default_factory=dict)

    @classmethod
    def of(cls, things: Iterable[Thing]) -> Names:
        """Index things."""
        names = cls()
        for thing in things:
            names.by_key.setdefault(thing.key, []).append(thing)
        return names

    def find(self, reference: str, document: str = "") -> list[Thing]:
        """List the things a reference may mean.

        Args:
            reference: ``key`` or ``kind/key``; inside a document also the id of one of its rows.
            document: id of that document.
        """
        kind, _, key = reference.rpartition("/")
        found = [*self.by_key.get(key, ())]
        if document:
            found += self.by_key.get(f"{document}-{key}", ())
        return [thing for thing in found if not kind or thing.kind == kind]

    def nearest(self, reference: str, count: int = 3) -> list[str]:
        """List the keys that look most like a reference that means nothing."""
        key = reference.rpartition("/")[2]
        hits = process.extract(key, sorted(self.by_key), limit=count, score_cutoff=60)
        return [name for name, _, _ in hits]


def names_of(workspace: Workspace) -> Names:
    """Index everything a workspace makes."""
    registry = registry_things(workspace.registry)
    stated = (thing for document in workspace.documents for thing in document_things(document))
    return Names.of([*registry, *stated])


def registry_things(registry: Registry) -> Iterator[Thing]:
    """List the things of the registry and those that judgements make."""
    for entry in registry.entries:
        names = tuple((lang, entry.names(lang)) for lang in ("zh-Hans", "zh-Hant", "en"))
        yield Thing(kind_of_class(entry.kind), entry.key, entry.type, entry.where, names)
    for judgement in registry.judgements:
        for row in judgement.states:
            if row.kind:
                yield Thing(kind_of_class(row.kind), row.subject, row.kind, row.where)


def document_things(document: Document) -> Iterator[Thing]:
    """List a document, its statements and its figures."""
    key = document.record.id
    yield Thing("document", key, "PolicyDocument", document.record.where)
    for section in document.sections:
        for row in walk(section.rows):
            if not row.of:
                yield Thing(kind_of_class(row.kind), f"{key}-{row.id}", row.kind, row.where)
