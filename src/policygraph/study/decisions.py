"""What reviewers said of pairs of statements, by the IRIs of a graph.

In: the store and the workspace it was built from. Out: decisions; nothing where there is no file.
"""

from __future__ import annotations

from dataclasses import replace

from policygraph.graph.store import GraphStore
from policygraph.report import DataError, Finding
from policygraph.study.reading import Reading
from policygraph.text.pairs import Decision, read_pairs
from policygraph.workspace import Place


def decisions(store: GraphStore, place: Place) -> list[Decision]:
    """Read what reviewers said of pairs; statements are named by their IRIs.

    Raises:
        DataError: the file has errors, or names a statement that the graph does not hold.
    """
    findings: list[Finding] = []
    start = f"{place.base}id/"
    found = [
        replace(each, earlier=start + each.earlier, later=start + each.later)
        for each in read_pairs(place.comparisons, findings)
    ]
    known = Reading(store)
    for each in found:
        for iri in (each.earlier, each.later):
            if not known.said(iri):
                facts = {"name": iri.rpartition("/id/")[2]}
                findings.append(Finding("pairs/unknown-statement", each.where, facts=facts))
    if findings:
        raise DataError(findings)
    return found
