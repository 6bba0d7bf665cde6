"""Things by the names that people type: keys, qualified keys, and what else they are called.

In: documents and registry. Out: an index that resolves a reference of a YAML file, or says which
names come nearest. Nothing is resolved by likeness. The index notes what was asked of it: that is
what a document's graph depends on besides the document.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from policygraph.errors import Where
from policygraph.identifiers import kind_of_class
from policygraph.text.model import Document, Registry, Workspace
from policygraph.text.statements import walk


class Thing(NamedTuple):
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
        for each, names in self.names:
            if each == lang:
                return names
        return ()


Elsewhere = Callable[[str], list[Thing]]
"""Gives the things of any document that bear a whole key, for example ``cn-ndwc-2024-g5``."""


def _nowhere(_key: str) -> list[Thing]:
    """Know of no document."""
    return []


@dataclass
class Names:
    """An index of things by key: those of the registry, and those of documents when asked for.

    Attributes:
        shared: things of the registry and of judgements.
        elsewhere: how things of documents are found.
        used: for every reference that was asked for, a digest of what it means outside the
            document that asks. As long as these digests stand, so does what was built with them.
    """

    shared: Mapping[str, Sequence[Thing]] = field(default_factory=dict)
    elsewhere: Elsewhere = _nowhere
    used: dict[str, str] = field(default_factory=dict)
    _found: dict[tuple[str, str], list[Thing]] = field(default_factory=dict, repr=False)
    _digests: dict[str, str] = field(default_factory=dict, repr=False)

    @classmethod
    def of(cls, things: Iterable[Thing], elsewhere: Elsewhere = _nowhere) -> Names:
        """Index things."""
        return cls(by_key(things), elsewhere)

    def asked_anew(self) -> Names:
        """Give the same names with nothing asked for yet."""
        return Names(self.shared, self.elsewhere, _digests=self._digests)

    def find(self, reference: str, document: str = "") -> list[Thing]:
        """List the things a reference may mean; what was asked before is not looked for again.

        Args:
            reference: ``key`` or ``kind/key``; inside a document also the id of one of its rows.
            document: id of that document.
        """
        asked = (reference, document)
        found = self._found.get(asked)
        if found is None:
            found = self._found[asked] = self._look_for(reference, document)
        return found

    def _look_for(self, reference: str, document: str) -> list[Thing]:
        kind, _, key = reference.rpartition("/")
        shared, outside = self.shared.get(key, ()), self.elsewhere(key)
        own = self.elsewhere(f"{document}-{key}") if document else []
        self.used[reference] = (
            digest([*shared, *outside]) if outside else self._digest_of(key, shared)
        )
        found = [*shared, *outside, *own]
        return [thing for thing in found if thing.kind == kind] if kind else found

    def _digest_of(self, key: str, shared: Sequence[Thing]) -> str:
        """Hash what a key means in the registry; documents have many of them in common."""
        if not shared:
            return ""
        if key not in self._digests:
            self._digests[key] = digest(shared)
        return self._digests[key]

    def nearest(self, reference: str, count: int = 3) -> list[str]:
        """List the keys of the registry that look most like a reference that means nothing."""
        from rapidfuzz import process

        key = reference.rpartition("/")[2]
        hits = process.extract(key, sorted(self.shared), limit=count, score_cutoff=60)
        return [name for name, _, _ in hits]


def digest(things: Iterable[Thing]) -> str:
    """Hash what a reference means: the kind, key, class and names of each thing.

    Where a thing is made does not count: a row that only moved in its file changes nothing.
    """
    meaning = [(thing.kind, thing.key, thing.type, thing.names) for thing in things]
    return hashlib.sha256(repr(meaning).encode()).hexdigest()[:16] if meaning else ""


def by_key(things: Iterable[Thing]) -> dict[str, list[Thing]]:
    """Index things by key."""
    index: dict[str, list[Thing]] = {}
    for thing in things:
        index.setdefault(thing.key, []).append(thing)
    return index


def names_of(workspace: Workspace) -> Names:
    """Index everything a workspace makes."""
    stated = by_key(
        thing for document in workspace.documents for thing in document_things(document)
    )
    return Names.of(registry_things(workspace.registry), lambda key: stated.get(key, []))


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
