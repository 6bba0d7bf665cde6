"""Things of a built graph by the names people type: IRI, ``pg:Goal``, key, end of a key, label.

In: the store. Out: IRIs, or a message that names the nearest. Nothing is chosen by likeness.
"""

from __future__ import annotations

from functools import cached_property
from itertools import product

from pyoxigraph import DefaultGraph, Literal, NamedNode

from policygraph.errors import WrongUsage
from policygraph.graph.store import GraphStore
from policygraph.graph.terms import LABEL, TYPE, text_of
from policygraph.identifiers import KEY
from policygraph.namespaces import SKOS, expand, shorten
from policygraph.nearest import nearest

_ALIAS = NamedNode(SKOS + "altLabel")


LANGUAGES = ("zh-hans", "zh-hant", "zh", "en")
"""Languages of labels, as the store writes them."""


class Lookup:
    """What names mean; an index is made when a name is not a label as it stands."""

    def __init__(self, store: GraphStore) -> None:
        self.store = store

    @cached_property
    def by_name(self) -> dict[str, dict[str, None]]:
        """Every name of every thing."""
        index: dict[str, dict[str, None]] = {}
        for predicate in (TYPE, LABEL, _ALIAS):
            pattern = (None, predicate, None, DefaultGraph())
            for quad in self.store.engine.quads_for_pattern(*pattern):
                if isinstance(quad.subject, NamedNode):
                    for name in _names(quad.subject.value, quad.object):
                        index.setdefault(name, {})[quad.subject.value] = None
        return index

    def find(self, name: str, kind: str = "") -> str:
        """Give the IRI that a name means.

        Args:
            name: an IRI, a prefixed name, a key, the end of a key after a hyphen, or a label.
            kind: IRI of the class the thing must have; empty for any.

        Raises:
            WrongUsage: nothing has that name, or several things have.
        """
        if name.startswith(("http://", "https://", "urn:")):
            return self._checked(name, kind)
        term = expand(name)
        if term:
            return term
        found = self._labelled(name, kind) or self._candidates(name, kind)
        if len(found) == 1:
            return found[0]
        if found:
            options = ", ".join(shorten(iri) for iri in found[:6])
            raise WrongUsage("query/ambiguous-name", name=name, options=options)
        raise WrongUsage("query/unknown-name", name=name, nearest=self._nearest(name, kind))

    def _checked(self, iri: str, kind: str) -> str:
        if kind and not self._is(iri, kind):
            key = iri.rsplit("/", 1)[-1]
            raise WrongUsage("query/unknown-name", name=iri, nearest=self._nearest(key, kind))
        return iri

    def _labelled(self, name: str, kind: str) -> list[str]:
        """List what has exactly this label or alias; none where the name may be a key as well."""
        if KEY.fullmatch(name):
            return []
        labels = [Literal(name, language=each) for each in LANGUAGES]
        patterns = product((LABEL, _ALIAS), [*labels, Literal(name)])
        found = {
            text_of(quad.subject)
            for predicate, label in patterns
            for quad in self.store.engine.quads_for_pattern(None, predicate, label, DefaultGraph())
        }
        return sorted(iri for iri in found if not kind or self._is(iri, kind))

    def _candidates(self, name: str, kind: str) -> list[str]:
        exact = [*self.by_name.get(name, ()), *self.by_name.get(_folded(name), ())]
        qualified = [
            iri for iri in self.by_name.get(name.rpartition("/")[2], ()) if iri.endswith(f"/{name}")
        ]
        endings = [
            iri
            for key, iris in self.by_name.items()
            if key.endswith(f"-{name}")
            for iri in iris
            if iri.endswith(key)
        ]
        for found in (exact, qualified, endings):
            fitting = sorted({iri for iri in found if not kind or self._is(iri, kind)})
            if fitting:
                return fitting
        return []

    def _is(self, iri: str, kind: str) -> bool:
        pattern = (NamedNode(iri), TYPE, NamedNode(kind), DefaultGraph())
        return next(self.store.engine.quads_for_pattern(*pattern), None) is not None

    def _nearest(self, name: str, kind: str) -> str:
        names = [
            known
            for known, iris in self.by_name.items()
            if not kind or any(self._is(iri, kind) for iri in iris)
        ]
        return nearest(name, sorted(names))


def _names(iri: str, value: object) -> set[str]:
    names = {iri.rsplit("/", 1)[-1]}
    if isinstance(value, Literal):
        names.add(_folded(value.value))
    return names


def _folded(label: str) -> str:
    """Fold a label so that case and the quotation marks around a name do not matter."""
    return label.casefold().translate(str.maketrans("", "", '“”"《》'))
