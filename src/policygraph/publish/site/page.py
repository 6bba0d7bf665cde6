"""What the site gives out: one page, one file."""

from __future__ import annotations

import posixpath
from dataclasses import dataclass

MEDIA_TYPES = {
    "html": "text/html; charset=utf-8",
    "css": "text/css; charset=utf-8",
    "js": "text/javascript; charset=utf-8",
    "svg": "image/svg+xml",
    "ttl": "text/turtle; charset=utf-8",
    "nt": "application/n-triples; charset=utf-8",
    "jsonld": "application/ld+json",
    "json": "application/json",
    "csv": "text/csv; charset=utf-8",
    "tsv": "text/tab-separated-values; charset=utf-8",
    "txt": "text/plain; charset=utf-8",
    "xml": "application/xml",
}
"""Media types by the ending of a path."""


@dataclass(frozen=True)
class Page:
    """A page or file of the site.

    Attributes:
        body: its bytes.
        media_type: what they are.
        language: ``en`` or ``zh``; empty for data and assets.
    """

    body: bytes
    media_type: str
    language: str = ""


def media_type(path: str) -> str:
    """Tell the media type of a path by its ending.

    >>> media_type("doc/goal/g1.ttl")
    'text/turtle; charset=utf-8'
    """
    ending = posixpath.splitext(path)[1].removeprefix(".")
    return MEDIA_TYPES.get(ending, "text/plain; charset=utf-8")
