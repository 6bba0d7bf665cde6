"""Candidates for names, each with a score and the features that explain it.

In: questions. Out: candidates as the API has them. Whoever bears the very name or id comes first;
a candidate is a match only if nobody else bears it and nothing that is asked speaks against it.
Scores order candidates, they assert nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

from pyoxigraph import DefaultGraph, Literal, NamedNode
from rapidfuzz import fuzz

from policygraph.graph.reconcile.asked import Question
from policygraph.graph.reconcile.catalogue import Catalogue
from policygraph.graph.reconcile.values import Values, is_name
from policygraph.graph.search.words import is_chinese, key_of
from policygraph.graph.terms import TYPE, pg, text_of

_LOOKED_AT = 50
"""Candidates that are weighed for one question."""
_LEAST = 30.0
"""Likeness below which a name is no candidate, in percent."""
_EXACT, _LIKE = 80.0, 79.0
"""What the very name counts by itself, and what likeness can count at most."""
_PROPERTIES = 0.3
"""Share of properties in the score of a name that is only alike."""
_OTHER_TYPE = 0.8


@dataclass(frozen=True)
class _Weighed:
    iri: str
    name: str
    features: dict[str, float | bool]
    kinds: tuple[str, ...]

    @property
    def exact(self) -> bool:
        return bool(self.features.get("exact_id") or self.features.get("exact_name"))

    @property
    def agreement(self) -> float | None:
        """How far the properties agree, from 0 to 1; None where none is asked about."""
        known = [value for name, value in self.features.items() if name.startswith("property:")]
        return sum(known) / len(known) / 100 if known else None

    @property
    def score(self) -> float:
        agreed = self.agreement
        if self.exact:
            whole = _EXACT + (100 - _EXACT) * (1 if agreed is None else agreed)
        else:
            alike = float(self.features.get("name", 0.0))
            share = 0.0 if agreed is None else _PROPERTIES if "name" in self.features else 1.0
            whole = _LIKE / 100 * (alike * (1 - share) + 100 * share * (agreed or 0))
        return round(whole * (1 if self.features.get("type", True) else _OTHER_TYPE), 1)


class Answerer:
    """Answers questions about one graph."""

    def __init__(self, catalogue: Catalogue) -> None:
        self.catalogue = catalogue
        self.values = Values(catalogue)

    def answer(self, question: Question, lang: str) -> list[dict[str, Any]]:
        """List candidates, the best first.

        Args:
            question: what is asked.
            lang: language of names where the question has none.
        """
        weighed = [self._weighed(iri, question) for iri in self._candidates(question)]
        fitting = [each for each in weighed if self._fits(each, question)]
        ranked = sorted(fitting, key=lambda each: (-each.score, each.iri))
        spoken = "zh" if any(map(is_chinese, question.query)) else "en" if question.query else lang
        exact = [each for each in ranked if each.exact]
        return [
            self._candidate(each, spoken, match=exact == [each] and _nothing_against(each))
            for each in ranked[: question.limit]
        ]

    def _candidates(self, question: Question) -> list[str]:
        """List things that may be meant, at most so many."""
        kinds = self.catalogue.kinds(() if question.strict == "should" else question.types)
        found = dict.fromkeys(filter(None, [self.catalogue.iri_of(question.query.strip())]))
        finder = self.catalogue.finder
        hits = finder.find(
            question.query, {"kind": kinds or "-"}, limit=_LOOKED_AT, facets=False
        ).hits
        found |= dict.fromkeys(hit.iri for hit in hits)
        if not any(hit.why == "name" for hit in hits):
            found |= dict.fromkeys(finder.similar(question.query, kinds, _LOOKED_AT))
        if not question.query.strip():
            found |= dict.fromkeys(islice(self._having(question), _LOOKED_AT))
        return list(found)[: 2 * _LOOKED_AT]

    def _having(self, question: Question) -> Iterator[str]:
        """Give the things that have the values asked for."""
        for name, values in question.properties:
            for term in (term for value in values for term in self._terms(value)):
                pattern = (None, pg(name) if name.isalnum() else TYPE, term, DefaultGraph())
                quads = self.catalogue.store.engine.quads_for_pattern(*pattern)
                yield from (text_of(quad.subject) for quad in islice(quads, _LOOKED_AT))

    def _terms(self, value: str) -> Iterator[NamedNode | Literal]:
        iri = self.catalogue.iri_of(value)
        named = self.catalogue.finder.find(value[:100], limit=3, facets=False).hits
        yield from (NamedNode(each) for each in [iri] if each)
        yield from (NamedNode(hit.iri) for hit in named if hit.why == "name")
        for datatype in ("string", "date", "gYearMonth", "gYear", "integer", "decimal"):
            yield Literal(value, datatype=NamedNode(f"http://www.w3.org/2001/XMLSchema#{datatype}"))

    def _weighed(self, iri: str, question: Question) -> _Weighed:
        names = self.catalogue.finder.names(iri)
        wanted = key_of(question.query)
        alike = max((_alike(wanted, key_of(text)) for text, _ in names), default=0.0)
        kinds = tuple(self.catalogue.kinds_of(iri))
        features: dict[str, float | bool] = {}
        if question.query.strip():
            ids = (self.catalogue.id_of(iri), iri, self.catalogue.ids.key(iri))
            features["exact_id"] = question.query.strip() in ids
            features["exact_name"] = bool(wanted) and alike == 100.0
            features["name"] = alike
        if question.types:
            features["type"] = bool(set(question.types) & set(kinds))
        for name, values in question.properties:
            features[f"property:{name}"] = self._agreement(iri, name, values)
        return _Weighed(iri, names[0][0] if names else "", features, kinds)

    def _agreement(self, iri: str, name: str, values: Iterable[str]) -> float:
        """Tell how like the values of a property are to those asked for, in percent."""
        wanted = [key_of(value) for value in values]
        told = [
            (key_of(text), is_name(term))
            for term in self.values.of(iri, name)
            for text in self.values.texts(term)
        ]
        return max(
            (_alike(one, other, whole=not named) for one in wanted for other, named in told),
            default=0.0,
        )

    def _fits(self, each: _Weighed, question: Question) -> bool:
        likely = each.exact or float(each.features.get("name", 0)) >= _LEAST
        if not question.query.strip():
            likely = (each.agreement or 0) == 1
        types = set(question.types)
        if not types or question.strict == "should":
            return likely
        has = types & set(each.kinds)
        return likely and (has == types if question.strict == "all" else bool(has))

    def _candidate(self, each: _Weighed, lang: str, *, match: bool) -> dict[str, Any]:
        other = self.catalogue.name(each.iri, "en" if lang == "zh" else "zh")
        kind = self.catalogue.term(each.kinds[0], lang) if each.kinds else ""
        return {
            "id": self.catalogue.id_of(each.iri),
            "name": self.catalogue.name(each.iri, lang),
            "description": f"{kind} · {other}",
            "score": each.score,
            "match": match,
            "type": [self.catalogue.type(name, lang) for name in each.kinds],
            "features": [{"id": name, "value": value} for name, value in each.features.items()],
        }


def _nothing_against(each: _Weighed) -> bool:
    return each.features.get("type", True) is not False and each.agreement in (None, 1.0)


def _alike(one: str, other: str, *, whole: bool = False) -> float:
    """Tell how like two names are, in percent; 100 for the very same words only.

    Args:
        one: words of a name, as ``key_of`` gives them.
        other: those of another.
        whole: whether what is not the same is not alike at all, as with days and codes.
    """
    if one == other:
        return 100.0
    if whole:
        return 0.0
    return min(99.0, round(fuzz.ratio(one.replace(" ", ""), other.replace(" ", "")), 1))
