"""Facts as terms: a literal of the right datatype, or the one thing a reference means.

In: facts of YAML files and the vocabulary. Out: predicates and objects as they are written, and a
finding for every value that does not fit.
"""

from __future__ import annotations

import decimal
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from policygraph.errors import Where
from policygraph.graph.vocabulary import DATE, LANG_STRING, MONTH, YEAR, Property, Vocabulary
from policygraph.graph.written import bracketed, literal, node, pg, quoted, tail_of
from policygraph.identifiers import Identifiers
from policygraph.namespaces import RDFS, SKOS, XSD
from policygraph.nearest import nearest
from policygraph.report import Finding
from policygraph.text.days import (
    DAYS,
    DAYS_MONTHS_YEARS,
    is_date,
    is_month,
    is_year,
    looks_like_date,
)
from policygraph.text.model import Fact
from policygraph.text.names import Names, Thing

DECIMAL = XSD + "decimal"
_NUMBER = re.compile(r"-?\d+(\.\d+)?")
_OWN = {  # keys whose property is not of the policy ontology
    "label": Property(RDFS + "label", frozenset(), LANG_STRING),
    "alias": Property(SKOS + "altLabel", frozenset(), LANG_STRING),
    "note": Property(SKOS + "note", frozenset(), LANG_STRING),
    "broader": Property(SKOS + "broader", frozenset({"Topic"}), ""),
}


_COARSER = {MONTH: is_month, YEAR: is_year}
"""Datatype of what is no day → whether a text is written as one."""


class Meaning(NamedTuple):
    """What a fact says.

    Attributes:
        predicate: as it is written.
        object: likewise.
        thing: the one that a reference means.
        datatype: IRI of that of a value which words can be asked for.
    """

    predicate: str
    object: str
    thing: Thing | None
    datatype: str


@dataclass
class Values:
    """Turns facts into terms; what a fact says is worked out once."""

    ids: Identifiers
    vocabulary: Vocabulary
    names: Names
    findings: list[Finding] = field(default_factory=list)
    _properties: Mapping[str, Property] = field(init=False)
    _said: dict[tuple[str, str, str, str], Meaning] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._properties = {**self.vocabulary.properties, **_OWN}

    def complain(self, name: str, where: Where, /, **facts: object) -> None:
        """Record a finding."""
        self.findings.append(Finding(name, where, facts=facts))

    def iri(self, thing: Thing) -> str:
        """Name a thing."""
        return bracketed(self.ids.thing(thing.kind, thing.key))

    def meaning(self, fact: Fact, document: str = "", language: str = "") -> Meaning | None:
        """Give what a fact says; nothing but a finding where it cannot be said.

        Args:
            fact: the fact.
            document: the document whose own ids a reference may use.
            language: the language of words that name none.
        """
        name, value, _, lang, _ = fact
        key = (name, value, lang or language, document)
        said = self._said.get(key)
        if said is None and (said := self._meaning(fact, document, language)):
            self._said[key] = said
        return said

    def _meaning(self, fact: Fact, document: str, language: str) -> Meaning | None:
        prop = self._properties.get(fact.name)
        if prop is None:
            self._unknown_property(fact)
            return None
        if prop.points_to_things:
            return self._pointing(fact, prop, document)
        datatype = datatype_of(prop, fact.value)
        words = self._words(fact, prop, datatype, fact.lang or language)
        stated = "" if fact.name in _OWN else datatype
        return Meaning(node(prop.iri), words, None, stated) if words else None

    def _unknown_property(self, fact: Fact) -> None:
        options = nearest(fact.name, [*_OWN, *self.vocabulary.properties])
        self.complain("data/unknown-property", fact.where, key=fact.name, nearest=options)

    def _words(self, fact: Fact, prop: Property, datatype: str, language: str) -> str:
        """Write the literal that a fact gives; empty where it gives none of its datatype."""
        name, value, where, _, _ = fact
        if datatype == LANG_STRING:
            if language:
                return quoted(value) + tail_of(language)
            self.complain("data/no-language", where, key=name)
        elif datatype == DATE and not is_date(value):
            if not looks_like_date(value):  # else the reader of the file has reported it
                forms = DAYS_MONTHS_YEARS if prop.coarser else DAYS
                self.complain("data/not-a-date", where, key=name, value=value, **forms)
        elif datatype != DECIMAL:
            return literal(value, datatype=datatype)
        elif is_number(value):
            return literal(canonical(value), datatype=datatype)
        else:
            self.complain("data/not-a-number", where, key=name, value=value)
        return ""

    def _pointing(self, fact: Fact, prop: Property, document: str) -> Meaning | None:
        concept = self._concept(fact.value, prop)
        if concept:
            return Meaning(node(prop.iri), node(concept), None, "")
        thing = self.resolve(fact.value, fact.where, prop.ranges, document)
        return Meaning(node(prop.iri), self.iri(thing), thing, "") if thing else None

    def _concept(self, key: str, prop: Property) -> str | None:
        for kind in prop.ranges:
            if (kind, key) in self.vocabulary.concepts:
                return self.vocabulary.concepts[kind, key]
        return None

    def resolve(
        self, reference: str, where: Where, ranges: frozenset[str] = frozenset(), document: str = ""
    ) -> Thing | None:
        """Give the one thing a reference means; a finding says why where there is none.

        Args:
            reference: ``key`` or ``kind/key``.
            where: the place of the reference.
            ranges: classes that decide between several things of the same key.
            document: the document whose own ids may be used.
        """
        found = self.names.find(reference, document)
        choice = found
        if len(found) > 1:
            choice = [each for each in found if self.vocabulary.is_a(each.type, ranges)] or found
        if len(choice) == 1:
            return choice[0]
        if choice:
            options = ", ".join(f"{thing.kind}/{thing.key}" for thing in choice)
            self.complain("data/ambiguous-thing", where, key=reference, options=options)
        else:
            nearest = ", ".join(self._suggestions(reference, ranges)) or "-"
            self.complain("data/unknown-thing", where, key=reference, nearest=nearest)
        return None

    def _suggestions(self, reference: str, ranges: frozenset[str]) -> list[str]:
        concepts = [key for kind, key in self.vocabulary.concepts if kind in ranges]
        return self.names.nearest(reference) or concepts

    def class_iri(self, kind: str, where: Where) -> str | None:
        """Give the IRI of a class of the ontology; a finding where there is none."""
        if kind in self.vocabulary.classes:
            return pg(kind)
        from rapidfuzz import process

        nearest = process.extractOne(kind, sorted(self.vocabulary.classes))
        self.complain(
            "data/unknown-class", where, kind=kind, nearest=nearest[0] if nearest else "-"
        )
        return None


def datatype_of(prop: Property, value: str) -> str:
    """Give the IRI of a value's datatype; a month or a year has its own, where it is taken."""
    for each in prop.coarser:
        if _COARSER[each](value):
            return each
    return prop.datatype


def is_number(text: str) -> bool:
    """Tell whether a text is a number in digits, with a point where there are decimals."""
    return _NUMBER.fullmatch(text) is not None


def canonical(number: str) -> str:
    """Give a decimal number in its shortest form, as the store keeps it.

    >>> canonical("1.50"), canonical("26"), canonical("100")
    ('1.5', '26', '100')
    """
    return format(decimal.Decimal(number).normalize(), "f")
