"""Inference: what follows from the asserted triples under OWL 2 RL, and nothing else.

In: asserted triples and the ontology. Out: new triples about our things. This is owlrl's only door.
owlrl also gives literals as subjects, ``x sameAs x`` and axioms about its own terms; none of that
is passed on.
"""

from __future__ import annotations

from collections.abc import Iterable

import owlrl
import rdflib
from pyoxigraph import Triple

from policygraph.graph.face import from_rdflib, to_rdflib
from policygraph.graph.rules import LOGICAL, read_rules
from policygraph.graph.terms import TYPE
from policygraph.identifiers import Identifiers
from policygraph.namespaces import OWL, RDF, RDFS, XSD

_NOISE = (OWL, RDF, RDFS, XSD)


def infer(asserted: Iterable[Triple], ontology: Iterable[Triple], ids: Identifiers) -> list[Triple]:
    """Give the triples that follow and are not asserted, sorted."""
    given, axioms = set(asserted), list(ontology)
    relevant = read_rules(axioms).relevant()
    graph = rdflib.Graph()
    for triple in sorted((*given, *axioms), key=str):
        logical = triple.predicate in LOGICAL or triple.predicate in relevant
        if logical:
            graph.add(to_rdflib(triple))
    owlrl.DeductiveClosure(owlrl.OWLRL_Semantics).expand(graph)
    found = {triple for triple in map(from_rdflib, graph) if triple and _is_news(triple, ids)}
    return sorted(found - given, key=str)


def _is_news(triple: Triple, ids: Identifiers) -> bool:
    """Tell whether a triple says something of our things in somebody's vocabulary."""
    subject, predicate, value = triple
    if not ids.is_ours(subject.value) or predicate.value.startswith((OWL, RDFS)):
        return False
    return predicate != TYPE or not value.value.startswith(_NOISE)
