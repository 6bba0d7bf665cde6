"""What others find the graph by: its description (VoID) and its record for catalogues (DCAT).

In: the site. Out: ``void.ttl``, the same at ``.well-known/void`` (VoID, section 7.2), and
``catalog.ttl`` where the settings say what a record needs. A server makes its own.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property

from policygraph.publish.catalog.dcat import catalog, missing
from policygraph.publish.catalog.void import void_description
from policygraph.publish.site.page import MEDIA_TYPES, Page
from policygraph.publish.site.room import House

VOID, WELL_KNOWN, RECORD = "void.ttl", ".well-known/void", "catalog.ttl"


class Described:
    """Files for portals and SPARQL editors."""

    def __init__(self, house: House) -> None:
        self.house = house

    def paths(self) -> Iterator[str]:
        """Give the paths of the files."""
        if self.house.served:
            return
        yield from (VOID, WELL_KNOWN)
        if not missing(self.house.store, self.house.place.about):
            yield RECORD

    def page(self, path: str, seen_at: str) -> Page | None:  # noqa: ARG002 - has no links
        """Make one of the files."""
        if path not in (VOID, WELL_KNOWN, RECORD) or path not in self.paths():
            return None
        data = self._record if path == RECORD else self._void
        return Page(data, MEDIA_TYPES["ttl"])

    @cached_property
    def _void(self) -> bytes:
        return void_description(self.house.store, self.house.place)

    @property
    def _record(self) -> bytes:
        return catalog(self.house.store, self.house.place, {})
