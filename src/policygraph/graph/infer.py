"""Inference: what follows from the asserted triples under OWL 2 RL, and nothing else.

In: asserted triples and the ontology. Out: new triples about our things. This is owlrl's only door.
owlrl also gives literals as subjects, ``x sameAs x`` and axioms about its own terms; none of that
is passed on.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import owlrl
import rdflib
from pyoxigraph import Triple

from policygraph.graph.face import from_rdflib, to_rdflib
from policygraph.graph.rules import LOGICAL, Closure, read_rules
from policygraph.graph.terms import TYPE
from policygraph.identifiers import Identifiers
from policygraph.namespaces import OWL, RDF, RDFS, XSD

_NOISE = (OWL, RDF, RDFS, XSD)


def infer(
    asserted: Iterable[Triple],
    ontology: Iterable[Triple],
    ids: Identifiers,
    engine: str = "owlrl",
) -> list[Triple]:
    """Give the triples that follow and are not asserted, sorted.

    Args:
        asserted: what the graph says.
        ontology: the terms' own triples.
        ids: how the IRIs of our things begin.
        engine: ``owlrl``, the reference, or ``fast``, the closure that also keeps proofs.
    """
    given, axioms = set(asserted), list(ontology)
    rules = read_rules(axioms)
    relevant = [t for t in (*given, *axioms) if t.predicate in LOGICAL | rules.relevant()]
    found = Closure(rules, relevant).proofs if engine == "fast" else _by_owlrl(relevant)
    return sorted({triple for triple in found if _is_news(triple, ids)} - given, key=str)


def _by_owlrl(triples: Iterable[Triple]) -> Iterator[Triple]:
    graph = rdflib.Graph()
    for triple in sorted(triples, key=str):
        graph.add(to_rdflib(triple))
    owlrl.DeductiveClosure(owlrl.OWLRL_Semantics).expand(graph)
    return filter(None, map(from_rdflib, graph))


def _is_news(triple: Triple, ids: Identifiers) -> bool:
    """Tell whether a triple says something of our things in somebody's vocabulary."""
    subject, predicate, value = triple
    if not ids.is_ours(subject.value) or predicate.value.startswith((OWL, RDFS)):
        return False
    return predicate != TYPE or not value.value.startswith(_NOISE)
