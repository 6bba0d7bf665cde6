"""Which inferences are published: what is news about our things, in somebody's vocabulary."""

from __future__ import annotations

from pyoxigraph import NamedNode, Triple

from policygraph.graph.rules.axioms import NOISE
from policygraph.graph.terms import TYPE
from policygraph.identifiers import Identifiers
from policygraph.namespaces import OWL, RDFS, SCHEMA

SELF_EVIDENT = NamedNode(SCHEMA + "sameAs")
"""A relation that everything has to itself, which is not worth saying."""


def is_published(triple: Triple, ids: Identifiers) -> bool:
    """Tell whether a triple, where it is inferred, says something new of our things."""
    subject, predicate, value = triple
    if not isinstance(subject, NamedNode) or not ids.is_ours(subject.value):
        return False
    if predicate == SELF_EVIDENT and subject == value:
        return False
    return says_something(predicate, value)


def says_something(predicate: NamedNode, value: object) -> bool:
    """Tell whether a predicate, or a class for a type, belongs to somebody's vocabulary."""
    if predicate == TYPE:
        return not (isinstance(value, NamedNode) and value.value.startswith(NOISE))
    return not predicate.value.startswith((OWL, RDFS))
