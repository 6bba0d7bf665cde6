"""Where everything of the site lies (docs/decisions/0050).

A thing ``{base}id/goal/KEY`` has its data in ``doc/goal/KEY.ttl`` and so on, and a page in each
language: ``en/doc/goal/KEY.html``, ``zh/doc/goal/KEY.html``. Paths are relative to the top of the
site, without a slash in front; links between pages are relative, so that they work in a folder,
under any prefix and when served.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from policygraph.identifiers import Identifiers, passage_span
from policygraph.namespaces import PG

LANGUAGES = ("en", "zh")
TWINS = ("ttl", "jsonld", "nt", "csv", "json")
"""Endings of the data beside the page of a thing."""

CONCEPTS = "https://w3id.org/policygraph/concepts/"

_REST = re.compile(r"[A-Za-z0-9_~-][A-Za-z0-9._~-]*(/[A-Za-z0-9_~-][A-Za-z0-9._~-]*)+")
_PAGE = re.compile(r"(?P<lang>en|zh)/doc/(?P<rest>.+)\.html")
_TWIN = re.compile(r"doc/(?P<rest>.+)\.(?P<form>ttl|jsonld|nt|csv|json)")


@dataclass(frozen=True)
class Addresses:
    """Paths of the site of one graph."""

    ids: Identifiers

    def rest(self, iri: str) -> str:
        """Give what names a thing below ``doc/``; empty where it can have no page.

        Things stand under their kind, sources and judgements under ``graph``.
        """
        for start in ("id/", "graph/"):
            if iri.startswith(self.ids.base + start):
                rest = iri.removeprefix(self.ids.base).removeprefix("id/")
                return rest if _REST.fullmatch(rest) else ""
        return ""

    def iri(self, rest: str) -> str:
        """Give the thing that a path below ``doc/`` names; the inverse of ``rest``."""
        if not _REST.fullmatch(rest):
            return ""
        return self.ids.base + (rest if rest.startswith("graph/") else f"id/{rest}")

    def page(self, iri: str, lang: str) -> str:
        """Give the path of the page of a thing; empty where it can have none."""
        rest = self.rest(iri)
        return f"{lang}/doc/{rest}.html" if rest else ""

    def twin(self, iri: str, form: str) -> str:
        """Give the path of the data of a thing; empty where it can have none."""
        rest = self.rest(iri)
        return f"doc/{rest}.{form}" if rest else ""

    def thing_of(self, path: str) -> tuple[str, str, str] | None:
        """Take the path of a page or of data apart: thing, language, format.

        The language is empty for data; None for any other path.
        """
        page, data = _PAGE.fullmatch(path), _TWIN.fullmatch(path)
        found = page or data
        iri = self.iri(found["rest"]) if found else ""
        if not found or not iri:
            return None
        return (iri, page["lang"], "html") if page else (iri, "", found["form"])


def term_anchor(iri: str) -> str:
    """Give the anchor of a term on the page of the ontology; empty for terms of others.

    >>> term_anchor("https://w3id.org/policygraph/ns#Goal")
    'Goal'
    """
    if iri.startswith(PG):
        return iri.removeprefix(PG)
    if iri.startswith(CONCEPTS):
        return iri.removeprefix(CONCEPTS).replace("/", "-")
    return ""


def passage_anchor(iri: str) -> str:
    """Give the anchor of a passage on the page of its document; empty for all else.

    >>> passage_anchor("https://example.org/id/document/d/text/abc#char=3,9")
    'char=3,9'
    """
    span = passage_span(iri)
    return f"char={span[1]},{span[2]}" if span else ""


def document_of(text: str) -> str:
    """Give the document of a text or passage by its IRI; empty for all else."""
    document, found, _ = text.partition("/text/")
    return document if found else ""


def relative(target: str, seen_at: str) -> str:
    """Give the link from one path to another, which may carry a fragment.

    >>> relative("en/doc/goal/g.html#top", "en/index.html")
    'doc/goal/g.html#top'
    """
    path, sign, fragment = target.partition("#")
    if path == seen_at and sign:
        return sign + fragment
    here, there = seen_at.split("/")[:-1], path.split("/")
    shared = 0
    while shared < min(len(here), len(there) - 1) and here[shared] == there[shared]:
        shared += 1
    return "../" * (len(here) - shared) + "/".join(there[shared:]) + sign + fragment
