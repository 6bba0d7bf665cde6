"""Inference: what follows from the asserted triples under OWL 2 RL, and nothing else.

In: asserted triples and the ontology. Out: new triples about our things. This is owlrl's only door.
owlrl also gives literals as subjects, ``x sameAs x`` and axioms about its own terms; none of that
is passed on. Axioms are the ontology's: what the data says in the words of OWL is left out, but for
``owl:sameAs``, which counts wherever it stands.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from pyoxigraph import Store, Triple

from policygraph.errors import Where
from policygraph.graph.rules.axioms import SAME, Rules, is_axiom, read_rules
from policygraph.graph.rules.closure import Closure
from policygraph.graph.rules.published import is_published
from policygraph.graph.rules.sources import Stored
from policygraph.identifiers import Identifiers
from policygraph.namespaces import shorten
from policygraph.report import Finding


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
        engine: ``owlrl``, the reference, or ``fast``, our own closure. An ontology that says more
            than the fast engine understands is left to owlrl; ``limits`` tells which does.

    Raises:
        UnreadableInput: the list of a property chain has no end, or a gap.
    """
    given, axioms = list(asserted), list(ontology)
    rules = read_rules(axioms)
    if engine == "fast" and not rules.beyond:
        return list(Closure(rules, [*given, *axioms]).published(ids))
    relevant = _read_by_rules(given, axioms, rules)
    found = {triple for triple in _by_owlrl(relevant) if is_published(triple, ids)}
    return sorted(found.difference(given, axioms), key=str)


def infer_in_store(store: Store, ontology: Iterable[Triple], ids: Identifiers) -> Iterator[Triple]:
    """Give the same, sorted, for the default graph of a store; only what rules ask for is read.

    Args:
        store: the asserted triples and the ontology's, in the default graph; what stands in the
            graph of inferences too is left out.
        ontology: the terms' own triples.
        ids: how the IRIs of our things and of the graph of inferences begin.

    Raises:
        UnreadableInput: the list of a property chain has no end, or a gap.
    """
    axioms = list(ontology)
    rules = read_rules(axioms)
    source = Stored(store, ids.graph("inferred"))
    if rules.beyond:
        return iter(infer(source.all(), axioms, ids))
    return Closure(rules, source).published(ids)


def limits(ontology: Iterable[Triple]) -> list[Finding]:
    """Name what the ontology says that inference passes on to owlrl, or that it does not check."""
    rules = read_rules(ontology)
    kinds = (("infer/left-to-owlrl", rules.beyond), ("infer/not-checked", rules.unchecked))
    return [
        Finding(
            name,
            Where(id=shorten(use.term)),
            "warning",
            {"term": shorten(use.term), "construct": shorten(use.construct)},
            use.construct,
        )
        for name, uses in kinds
        for use in uses
    ]


def _read_by_rules(given: list[Triple], axioms: list[Triple], rules: Rules) -> list[Triple]:
    """Leave out what no rule reads; where terms or things are the same, rules read everything."""
    data = [triple for triple in given if not is_axiom(triple)]
    same = any(triple.predicate == SAME for triple in (*data, *axioms))
    if rules.beyond or rules.makes_equal or same:
        return [*data, *axioms]
    relevant = rules.relevant()
    return [
        *(triple for triple in data if triple.predicate in relevant),
        *(triple for triple in axioms if triple.predicate in relevant or is_axiom(triple)),
    ]


def _by_owlrl(triples: Iterable[Triple]) -> Iterator[Triple]:
    import owlrl
    import rdflib

    from policygraph.graph.face import from_rdflib, to_rdflib

    graph = rdflib.Graph()
    for triple in sorted(triples, key=str):
        graph.add(to_rdflib(triple))
    owlrl.DeductiveClosure(owlrl.OWLRL_Semantics).expand(graph)
    return filter(None, map(from_rdflib, graph))
