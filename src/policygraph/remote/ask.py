"""Questions asked of a store elsewhere: the same named queries, the same answers.

In: a query and values. Out: what the store answers, read as if it had been asked here. Parameters
go in as terms in a VALUES block, never as text; names are looked up in the store by exact key or
label. The default graph is to be the merge of all graphs, as ``policygraph load`` leaves it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any, cast

from pyoxigraph import (
    Literal,
    NamedNode,
    QueryBoolean,
    QuerySolutions,
    QueryTriples,
    RdfFormat,
    Store,
    Variable,
    parse,
)

from policygraph.errors import RemoteFailure, WrongUsage
from policygraph.graph.lookup import LANGUAGES
from policygraph.graph.query import Asker, NamedQuery, missing_prefixes, without_opaque
from policygraph.graph.store import GraphStore
from policygraph.graph.terms import LABEL, TYPE, text_of
from policygraph.identifiers import KEY, Identifiers, kind_of_class
from policygraph.namespaces import SKOS, expand, shorten
from policygraph.remote.store import RemoteStore

_ALIAS = NamedNode(SKOS + "altLabel")
_TRIPLES = "application/n-triples"
_DECLARED = re.compile(r"\bPREFIX\s+([\w.-]*):", re.IGNORECASE)
_CONSTRUCTS = re.compile(r"\b(CONSTRUCT|DESCRIBE)\b", re.IGNORECASE)
_WHERE = re.compile(r"\bWHERE\s*\{", re.IGNORECASE)
_BRACE = re.compile(r"\{")


class RemoteAsker(Asker):
    """Asks questions of a store elsewhere."""

    def __init__(
        self,
        remote: RemoteStore,
        queries: Mapping[str, NamedQuery],
        ids: Identifiers,
        classes: Iterable[str],
    ) -> None:
        """Make ready to ask.

        Args:
            remote: the store.
            queries: the named queries.
            ids: how the IRIs of its things begin.
            classes: names of the classes that its things may have.
        """
        super().__init__(GraphStore(), queries)
        self._remote, self._ids = remote, ids
        self._kinds = sorted({kind_of_class(name) for name in classes})

    def run(
        self, text: str, bindings: Mapping[Variable, Any] | None = None
    ) -> QuerySolutions | QueryBoolean | QueryTriples:
        """Run SPARQL text in the store.

        Raises:
            WrongUsage: the text is no SPARQL query, or it wants to ask yet another store.
            RemoteFailure: the store does not answer.
        """
        query = with_values(with_prefixes(text), bindings or {})
        kind = super().run(query)  # here it finds nothing, but it is read: is it a query, and which
        if isinstance(kind, QueryTriples):
            return _triples(self._remote.ask(query, _TRIPLES))
        return self._remote.solutions(query)

    def find(self, name: str, kind: str = "") -> str:
        """Give the IRI of the thing that a name means in the store.

        Args:
            name: an IRI, a prefixed name, a whole key, or a label as it stands.
            kind: IRI of the class the thing must have; empty for any.

        Raises:
            WrongUsage: nothing there has that name, or several things have.
        """
        if name.startswith(("http://", "https://", "urn:")):
            return self._checked(name)
        term = expand(name)
        if term:
            return term
        found = sorted({*self._with_key(name, kind), *self._labelled(name, kind)})
        if len(found) == 1:
            return found[0]
        if found:
            options = ", ".join(map(shorten, found[:6]))
            raise WrongUsage("query/ambiguous-name", name=name, options=options)
        raise WrongUsage("remote/unknown-name", name=name)

    @staticmethod
    def _checked(iri: str) -> str:
        try:
            return NamedNode(iri).value
        except ValueError as error:
            raise WrongUsage("remote/unknown-name", name=iri) from error

    def _with_key(self, key: str, kind: str) -> list[str]:
        if not KEY.fullmatch(key):
            return []
        things = (NamedNode(self._ids.thing(each, key)) for each in self._kinds)
        return self._of_kind(f"VALUES ?s {{ {' '.join(map(str, things))} }}", kind)

    def _labelled(self, name: str, kind: str) -> list[str]:
        labels = [Literal(name), *(Literal(name, language=each) for each in LANGUAGES)]
        wanted = f"VALUES ?label {{ {' '.join(map(str, labels))} }}"
        return self._of_kind(f"{wanted} ?s {LABEL}|{_ALIAS} ?label .", kind)

    def _of_kind(self, pattern: str, kind: str) -> list[str]:
        """List the things that fit a pattern and have a class."""
        wanted = NamedNode(kind) if kind else "?any"
        query = f"SELECT DISTINCT ?s WHERE {{ {pattern} ?s {TYPE} {wanted} }} LIMIT 7"
        return [text_of(thing) for (thing,) in self._remote.rows(query)]


def with_prefixes(text: str) -> str:
    """Declare the project's prefixes that a query uses and does not declare."""
    declared = set(_DECLARED.findall(without_opaque(text)))
    missing = {name: iri for name, iri in missing_prefixes(text).items() if name not in declared}
    return "".join(f"PREFIX {name}: <{iri}>\n" for name, iri in missing.items()) + text


def with_values(text: str, bindings: Mapping[Variable, Any]) -> str:
    """Put values of variables, as terms, at the head of what a query looks for.

    Raises:
        WrongUsage: the query has no place for them.
    """
    if not bindings:
        return text
    bare = without_opaque(text)
    where = _CONSTRUCTS.search(bare)
    start = _WHERE.search(bare, where.end()) if where else _BRACE.search(bare)
    if not start:
        raise WrongUsage("query/parameter-not-selected", why="WHERE {")
    names = " ".join(map(str, bindings))
    terms = " ".join(map(str, bindings.values()))
    block = f" VALUES ({names}) {{ ({terms}) }}"
    return text[: start.end()] + block + text[start.end() :]


def _triples(data: bytes) -> QueryTriples:
    """Read triples so that they can be written like any others."""
    try:
        found = Store()
        found.extend(parse(data, RdfFormat.N_TRIPLES))
    except SyntaxError as error:
        raise RemoteFailure("remote/no-answer", address="", why=error.msg) from error
    return cast("QueryTriples", found.query("CONSTRUCT WHERE { ?s ?p ?o }"))
