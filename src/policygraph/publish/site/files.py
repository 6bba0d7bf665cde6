"""The site as files: every page, and last a list of what was written.

In: a site. Out: names and bytes, one after the other, so that no more than one page is in memory.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from importlib.metadata import version

from policygraph.publish.site.site import Site

SITE = "SITE.json"
"""The file that marks a folder as a site: how each file of it hashes."""


class SiteFiles:
    """Every file of a site, made while it is taken.

    Attributes:
        hashes: sha256 of the files taken so far.
    """

    def __init__(self, site: Site) -> None:
        self.site = site
        self.hashes: dict[str, str] = {}

    def __iter__(self) -> Iterator[tuple[str, bytes]]:
        """Give name and bytes of each file; the list comes last."""
        self.hashes = {}
        for path in self.site.paths():
            page = self.site.page(path)
            if page is not None:
                self.hashes[path] = hashlib.sha256(page.body).hexdigest()
                yield path, page.body
        yield SITE, self._list()

    def _list(self) -> bytes:
        about = {
            "policygraph": version("policygraph"),
            "base": self.site.house.ids.base,
            "files": dict(sorted(self.hashes.items())),
        }
        return json.dumps(about, ensure_ascii=False, indent=1).encode() + b"\n"
