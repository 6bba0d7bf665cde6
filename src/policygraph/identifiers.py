"""How IRIs look. Change it here and nowhere else; the forms are in docs/decisions/0002.

Things: ``{base}id/{kind}/{key}``. Passages: RFC 5147 fragments of a text named by its hash.
Graphs are named by their evidence: a passage, a source, an editor's judgement.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, lru_cache
from urllib.parse import quote

DEFAULT_BASE = "https://w3id.org/policygraph/"

KEY = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]*")
"""What a key may look like: letters, digits and hyphens, in ASCII."""

_ADDRESS = re.compile(r"https?://[^\s<>\"{}|\\^`]+")
_URN = re.compile(r"urn:[a-z0-9][a-z0-9-]{1,31}:[^\s<>\"{}|\\^`]+")
_PASSAGE = re.compile(r"(?P<text>.+)#char=(?P<start>\d+),(?P<end>\d+)")
_OFFSETS = re.compile(r"\d+,\d+")


@cache
def kind_of_class(name: str) -> str:
    """Turn a class name into the segment its things stand under.

    >>> kind_of_class("PolicyDocument"), kind_of_class("Goal")
    ('policy-document', 'goal')
    """
    return re.sub(r"(?<!^)(?=[A-Z])", "-", name).lower()


def property_name(snake: str) -> str:
    """Turn a key of a YAML file into the name of its property.

    >>> property_name("held_on")
    'heldOn'
    """
    head, *tail = snake.split("_")
    return head + "".join(part.capitalize() for part in tail)


def snake_name(name: str) -> str:
    """Turn a property's name into its key in YAML files.

    >>> snake_name("heldOn")
    'held_on'
    """
    return re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()


@dataclass(frozen=True)
class Identifiers:
    """IRIs under one base."""

    base: str = DEFAULT_BASE

    def thing(self, kind: str, key: str) -> str:
        """Name a thing: ``thing("place", "CN-BJ")``."""
        return f"{self.base}id/{kind}/{_quoted(key)}"

    def text(self, document: str, sha256: str) -> str:
        """Name one exact text of a document by the first 12 digits of its hash."""
        return f"{self.thing('document', document)}/text/{sha256[:12]}"

    def passage(self, text: str, start: int, end: int) -> str:
        """Name a stretch of a text (RFC 5147, section 3; code points, end exclusive)."""
        return f"{text}#char={start},{end}"

    def graph(self, *parts: str) -> str:
        """Name a graph that is not a passage: ``graph("registry", "iso-3166")``."""
        return f"{self.base}graph/{'/'.join(quote(part) for part in parts)}"

    def is_ours(self, iri: str) -> bool:
        """Tell whether an IRI names something of this workspace rather than a term."""
        return iri.startswith((f"{self.base}id/", f"{self.base}graph/"))

    def key(self, iri: str) -> str:
        """Give the part of a thing's IRI that people type."""
        return iri.rsplit("/", 1)[-1]


@lru_cache(4096)
def _quoted(key: str) -> str:
    return key if KEY.fullmatch(key) else quote(key)


def documents_for(key: str) -> list[str]:
    """Give the ids that the document of a thing may have, the longest first.

    >>> documents_for("cn-ndwc-2024-g5")
    ['cn-ndwc-2024-g5', 'cn-ndwc-2024', 'cn-ndwc', 'cn']

    Args:
        key: of the thing; it begins with the id of its document, if it has one.
    """
    ids = [key]
    while (end := key.rfind("-")) >= 0:
        ids.append(key := key[:end])
    return ids


def is_address(text: str) -> bool:
    """Tell whether a text can stand as the IRI of something on the web.

    >>> is_address("https://example.org/a"), is_address("https://example.org/a b")
    (True, False)
    """
    return _ADDRESS.fullmatch(text) is not None


def is_identifier(text: str) -> bool:
    """Tell whether a text can stand as an identifier elsewhere: an address, or a URN (RFC 8141).

    >>> is_identifier("urn:iso:std:iso:3166:-2#CN-BJ"), is_identifier("CN-BJ")
    (True, False)
    """
    return is_address(text) or _URN.fullmatch(text) is not None


def passage_span(iri: str) -> tuple[str, int, int] | None:
    """Take a passage IRI apart into its text, start and end; None for any other IRI."""
    match = _PASSAGE.fullmatch(iri)
    return (match["text"], int(match["start"]), int(match["end"])) if match else None


def origin_of(graph: str) -> str:
    """Tell what kind of evidence a graph's name is.

    Returns:
        ``stated``, ``record``, ``registry``, ``editor``, ``links``, ``sources``, ``ontology``,
        ``inferred`` or ``candidate``; ``other`` for a graph that is not made here.
    """
    text, _, place = graph.rpartition("#char=")
    if text and _OFFSETS.fullmatch(place):
        return "stated"
    _, found, rest = graph.partition("/graph/")
    room = rest.split("/", 1)[0] if found else ""
    if room == "document":
        return "record"
    known = {"registry", "editor", "links", "sources", "ontology", "inferred", "candidate"}
    return room if room in known else "other"
