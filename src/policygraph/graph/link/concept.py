"""A thing of another vocabulary: identifier, names, codes, types, what is wider."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Name:
    """A name in a language; ``lang`` is ``zh``, ``en`` or empty where none is given."""

    text: str
    lang: str
    preferred: bool


@dataclass(slots=True)
class Concept:
    """A thing of another vocabulary.

    Attributes:
        iri: its identifier.
        names: in Chinese and English, and those without a language.
        codes: its codes and notations.
        wider: identifiers, or names, of what it is a part of or narrower than.
        types: IRIs of its classes, or words for them.
    """

    iri: str
    names: list[Name] = field(default_factory=list)
    codes: set[str] = field(default_factory=set)
    wider: set[str] = field(default_factory=set)
    types: set[str] = field(default_factory=set)

    @property
    def label(self) -> str:
        """A name for people: English first, as the identifiers elsewhere are."""
        ranked = sorted(self.names, key=lambda n: (not n.preferred, n.lang != "en", n.text))
        return ranked[0].text if ranked else ""
