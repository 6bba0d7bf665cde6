"""Search in a built graph, with names as people type them."""

from __future__ import annotations

from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING

from policygraph.errors import WrongUsage
from policygraph.graph.store import GraphStore
from policygraph.identifiers import Identifiers, snake_name
from policygraph.workspace import Place, sha256

if TYPE_CHECKING:
    from policygraph.graph.search.find import Finder, Found

_MANIFEST = "MANIFEST.json"


class Searches:
    """Finds things and sentences by words."""

    store: GraphStore
    place: Place
    folder: Path | None

    @cached_property
    def finder(self) -> Finder:
        """The index of names and sentences, kept beside a graph that was written."""
        from policygraph.graph.search.find import Finder
        from policygraph.graph.search.index import index_of
        from policygraph.graph.search.kept import kept

        make = partial(index_of, self.store, Identifiers(self.place.base))
        if self.folder is None:
            return Finder(make())
        beside = self.folder.with_name(f".{self.folder.name}.search.sqlite")
        stamp = sha256((self.folder / _MANIFEST).read_bytes())
        return Finder(kept(beside, stamp, make))

    def search(
        self,
        words: str,
        *,
        kind: str = "",
        year: str | int = "",
        document: str = "",
        limit: int = 20,
        offset: int = 0,
    ) -> Found:
        """Find things by their names and sentences by their words, the best first.

        >>> [hit.kind for hit in graph.search("dsxs").hits]
        ['Initiative', 'Instrument', 'Achievement']
        >>> graph.search("數據局", kind="institution").hits[0].labels["en"]
        'National Data Administration'

        Args:
            words: in Chinese (either script), English, pinyin or its initials.
            kind: name of a class; ``Passage`` for sentences.
            year: that the thing is said of, or its documents are of.
            document: key or IRI of a document that speaks of it.
            limit: hits to give, up to 200.
            offset: hits to leave out before them.

        Raises:
            WrongUsage: the words are too many, or nothing here is of that kind or document.
        """
        chosen = {
            "kind": self._kind(kind) if kind else "",
            "year": str(year),
            "document": self._document(document) if document else "",
        }
        return self.finder.find(words, chosen, limit=limit, offset=offset)

    def _kind(self, name: str) -> str:
        """Give the name of a class as the ontology writes it."""
        wanted = name.removeprefix("pg:").replace("-", "_").lower()
        known = self.finder.values("kind")
        for kind in known:
            if wanted in (kind.lower(), snake_name(kind)):
                return kind
        raise WrongUsage("search/unknown-kind", name=name, known=", ".join(known))

    def _document(self, name: str) -> str:
        known = self.finder.values("document")
        found = [iri for iri in known if name in (iri, iri.rpartition("/")[2])]
        if found:
            return found[0]
        keys = ", ".join(iri.rpartition("/")[2] for iri in known[:10])
        raise WrongUsage("search/unknown-document", name=name, known=keys or "-")
