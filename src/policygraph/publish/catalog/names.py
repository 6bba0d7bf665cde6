"""Names of the things that descriptions speak of, and the form in which they are written.

In: the base of a workspace. Out: IRIs and Turtle. Nothing has a blank node: the same graph gives
the same bytes.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import quote

from pyoxigraph import Literal, NamedNode, RdfFormat, Triple

from policygraph.graph.terms import INTEGER, Term, used_prefixes, write
from policygraph.namespaces import prefixes, shorten

Said = tuple[str, str | Term]
"""A property by its prefixed name, and its value: a term, or the prefixed name of one."""


@dataclass(frozen=True)
class Names:
    """IRIs of what is published under a base, the graph as a whole and its parts."""

    base: str

    @property
    def dataset(self) -> NamedNode:
        """The graph as a data set."""
        return self.of("dataset")

    def of(self, *parts: str) -> NamedNode:
        """Name something by a path below the base.

        >>> Names("https://example.org/").of("query", "goals-of-year").value
        'https://example.org/query/goals-of-year'
        """
        return NamedNode(self.base + "/".join(quote(part, safe=":") for part in parts))

    def part(self, by: str, *terms: str) -> NamedNode:
        """Name the part of the data set that a class, or a property, singles out.

        >>> Names("https://example.org/").part("class", "https://w3id.org/policygraph/ns#Goal").value
        'https://example.org/dataset/class/pg:Goal'
        """
        return self.of("dataset", by, *map(shorten, terms))


def about(subject: NamedNode, *said: Said) -> list[Triple]:
    """Say something of a thing; what has an empty value is left out."""
    return [Triple(subject, term(name), value_of(value)) for name, value in said if value != ""]


def term(name: str) -> NamedNode:
    """Give the term that a prefixed name means."""
    prefix, _, local = name.partition(":")
    return NamedNode(prefixes()[prefix] + local)


def value_of(value: str | Term) -> Term:
    """Give a term as it is, and a prefixed name as the term it means."""
    return term(value) if isinstance(value, str) else value


def number(count: int) -> Literal:
    """Give a count as a literal."""
    return Literal(str(count), datatype=INTEGER)


def words(name: str, by_language: Mapping[str, str]) -> list[Said]:
    """Give a text in every language it has."""
    return [
        (name, Literal(text, language=lang) if lang else Literal(text))
        for lang, text in sorted(by_language.items())
    ]


def turtle(triples: Iterable[Triple], offered: Mapping[str, str]) -> bytes:
    """Write triples, sorted, with the prefixes they use."""
    ordered = sorted(set(triples), key=str)
    return write(ordered, RdfFormat.TURTLE, used_prefixes(ordered, offered))
