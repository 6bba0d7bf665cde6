"""What reviewers said of pairs of statements, by the IRIs of a graph.

In: the workspace a graph was built from, and its store. Out: decisions, nothing where there is no
file; and those that have no effect.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from policygraph.graph.store import GraphStore
from policygraph.report import DataError, Finding
from policygraph.study.reading import Reading
from policygraph.text.pairs import Decision, read_pairs
from policygraph.workspace import Place


def decisions(place: Place) -> list[Decision]:
    """Read what reviewers said of pairs; statements are named by their IRIs.

    Raises:
        DataError: the file has errors.
    """
    findings: list[Finding] = []
    start = f"{place.base}id/"
    found = [
        replace(each, earlier=start + each.earlier, later=start + each.later)
        for each in read_pairs(place.comparisons, findings)
    ]
    if findings:
        raise DataError(findings)
    return found


def idle(store: GraphStore, made: Iterable[Decision]) -> list[Finding]:
    """Warn of decisions without effect: the graph does not hold what they speak of.

    A name was misspelt, or a reviewer took back what had been accepted: no reason to refuse the
    other pairs.
    """
    known = Reading(store)
    return [
        Finding("pairs/unknown-statement", each.where, "warning", {"name": _key(iri)})
        for each in made
        for iri in (each.earlier, each.later)
        if not known.said(iri)
    ]


def _key(iri: str) -> str:
    return iri.rpartition("/id/")[2]
