"""The vocabularies that links may point into: how their IRIs look.

In: the triples of ``ontology/schemes.ttl`` (VoID, section 4.2 and 4.3: ``void:uriSpace``,
``void:uriRegexPattern``). Out: values.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from pyoxigraph import Literal, Triple

from policygraph.graph.terms import Term, text_of
from policygraph.namespaces import DCTERMS, VOID

_PREFIX = "http://purl.org/vocab/vann/preferredNamespacePrefix"


@dataclass(frozen=True)
class Scheme:
    """Another vocabulary.

    Attributes:
        iri: of the vocabulary.
        titles: by language.
        prefix: what its namespace is called in files of links.
        space: how the IRIs of its things begin.
        pattern: a regular expression that the whole of such an IRI fits.
    """

    iri: str
    titles: Mapping[str, str]
    prefix: str
    space: str
    pattern: str

    def holds(self, iri: str) -> bool:
        """Tell whether an IRI looks like one of its things."""
        return re.fullmatch(self.pattern, iri) is not None


def schemes_of(triples: Iterable[Triple]) -> tuple[Scheme, ...]:
    """Give the vocabularies that triples describe, in the order of their IRIs."""
    said: dict[str, dict[str, list[Term]]] = {}
    for triple in triples:
        about = said.setdefault(text_of(triple.subject), {})
        if isinstance(triple.object, Term):
            about.setdefault(text_of(triple.predicate), []).append(triple.object)
    return tuple(_scheme(iri, about) for iri, about in sorted(said.items()))


def _scheme(iri: str, about: Mapping[str, list[Term]]) -> Scheme:
    titles = about.get(DCTERMS + "title", [])
    prefix, space, pattern = (
        text_of(about[name][0]) if name in about else ""
        for name in (_PREFIX, VOID + "uriSpace", VOID + "uriRegexPattern")
    )
    named = {title.language or "": title.value for title in titles if isinstance(title, Literal)}
    return Scheme(iri, named, prefix, space, pattern)


def scheme_of(iri: str, schemes: Iterable[Scheme]) -> Scheme | None:
    """Give the vocabulary whose things look like this; None where there is none."""
    return next((scheme for scheme in schemes if scheme.holds(iri)), None)
