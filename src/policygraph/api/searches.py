"""Search in a built graph, with names as people type them."""

from __future__ import annotations

from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING

from policygraph.graph.store import GraphStore
from policygraph.identifiers import Identifiers
from policygraph.workspace import Place

if TYPE_CHECKING:
    from policygraph.graph.search.find import Finder, Found


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
        from policygraph.graph.search.kept import kept, place_beside

        make = partial(index_of, self.store, Identifiers(self.place.base))
        if self.folder is None:
            return Finder(make())
        return Finder(kept(*place_beside(self.folder), make))

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
        from policygraph.graph.search.sifting import chosen

        sifted = chosen(self.finder, kind, str(year), document)
        return self.finder.find(words, sifted, limit=limit, offset=offset)
