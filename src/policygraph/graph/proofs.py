"""Explanations as flat rows: one for each premise of a proof, down to who says it.

In: explanations. Out: ``ProofRow`` values. Step ``""`` is the triple itself, ``2`` its second
premise, ``2.1`` the first premise of that.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from pyoxigraph import NamedNode, Triple

from policygraph.graph.explain import Evidence, Explainer, Explanation
from policygraph.graph.terms import text_of
from policygraph.identifiers import origin_of


class ProofRow(NamedTuple):
    """One line of a proof.

    Attributes:
        step: place in the proof; empty for the triple itself.
        subject: of the premise, as IRI; ``predicate`` likewise.
        object: of the premise: an IRI, or the words of a literal.
        rule: of OWL 2 RL, by which the premise follows; empty where somebody says it.
        axiom: of the ontology, that the rule applies; its terms with spaces between.
        origin: ``inferred``, or what kind of evidence the graph is.
        graph: IRI of the passage, source or judgement that says it.
        words: of the passage, source or judgement.
        sentence: around the words of a passage.
        by: the document, source or editor.
    """

    step: str
    subject: str
    predicate: str
    object: str
    rule: str = ""
    axiom: str = ""
    origin: str = ""
    graph: str = ""
    words: str = ""
    sentence: str = ""
    by: str = ""


def rows_of(explanation: Explanation, lang: str = "en", step: str = "") -> Iterator[ProofRow]:
    """Lay an explanation flat, each premise before what it rests on itself.

    Args:
        explanation: the explanation.
        lang: language of names and grounds; the words of a document are as they are.
        step: what the numbers of the steps begin with.
    """
    subject, predicate, value = map(text_of, explanation.triple)
    row = ProofRow(step, subject, predicate, value)
    for evidence in explanation.evidence:
        yield _told(row, evidence, lang)
    if explanation.proof:
        axiom = " ".join(explanation.proof.axiom)
        yield row._replace(rule=explanation.proof.rule, axiom=axiom, origin="inferred")
    elif not explanation.evidence:  # owlrl inferred it by a rule that is not among ours
        yield row._replace(origin="inferred")
    for number, premise in enumerate(explanation.premises, 1):
        yield from rows_of(premise, lang, f"{step}.{number}" if step else str(number))


def _told(row: ProofRow, evidence: Evidence, lang: str) -> ProofRow:
    words = evidence.words.get(lang) or next(iter(evidence.words.values()), "")
    by = evidence.by.get(lang) or next(iter(evidence.by.values()), "")
    sentence = evidence.before + words + evidence.after if evidence.origin == "stated" else ""
    said = {"words": words, "sentence": sentence, "by": by}
    return row._replace(origin=evidence.origin, graph=evidence.graph, **said)


def explanations(explainer: Explainer) -> Iterator[Explanation]:
    """Explain every inferred triple of a store, in order, one at a time."""
    for triple in inferred_triples(explainer):
        found = explainer.why(triple)
        if found is not None:
            yield found


def inferred_triples(explainer: Explainer) -> list[Triple]:
    """List the triples that only follow, in order."""
    engine = explainer.store.engine
    graphs = [
        graph
        for graph in engine.named_graphs()
        if isinstance(graph, NamedNode) and origin_of(graph.value) == "inferred"
    ]
    found = [
        quad.triple
        for graph in graphs
        for quad in engine.quads_for_pattern(None, None, None, graph)
    ]
    return sorted(found, key=str)
