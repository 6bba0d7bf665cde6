"""Whether a store elsewhere holds what was loaded: counts of every graph, checksums of some or all.

In: the built graph, the journal, the store. Out: findings. What differs is noted in the journal,
so that the next load sends it again.
"""

from __future__ import annotations

from collections.abc import Iterator
from heapq import nsmallest
from itertools import groupby

from pyoxigraph import DefaultGraph

from policygraph.errors import Where
from policygraph.graph.store import GraphStore
from policygraph.graph.terms import text_of
from policygraph.identifiers import Identifiers
from policygraph.remote.checksum import Checksum, checksum
from policygraph.remote.journal import Journal
from policygraph.remote.store import RemoteStore, batches
from policygraph.report import Finding, Severity
from policygraph.workspace import sha256

SAMPLE = 200
"""Graphs whose content is compared unless all are: always the same ones, spread by their hashes."""
_AT_ONCE = 200


def check_loaded(
    store: GraphStore, remote: RemoteStore, journal: Journal, ids: Identifiers, *, whole: bool
) -> list[Finding]:
    """Compare a store with what was loaded into it.

    Args:
        store: the built graph.
        remote: the store.
        journal: what it accepted.
        ids: how the IRIs of its graphs begin.
        whole: compare the content of every graph, not of some.

    Raises:
        RemoteFailure: the store does not answer.
    """
    found = [*_counts(remote, journal), *_strangers(remote, journal, ids)]
    odd = {finding.where.file for finding in found}
    found += _contents(remote, journal, odd, whole=whole)
    journal.doubt([finding.where.file for finding in found])
    return [*found, *_merge(store, remote)]


def _counts(remote: RemoteStore, journal: Journal) -> Iterator[Finding]:
    for graphs in batches(journal.graphs(), _AT_ONCE):
        there = dict(remote.counts_of(name for name, _ in graphs))
        for name, content in graphs:
            if there.get(name, 0) != content.quads:
                facts = {"expected": content.quads, "found": there.get(name, 0)}
                yield Finding("remote/count-differs", Where(name), facts=facts)


def _strangers(remote: RemoteStore, journal: Journal, ids: Identifiers) -> Iterator[Finding]:
    """Find graphs under our base that were not loaded."""
    for name in remote.graphs_under(ids.base):
        if not journal.knows(name):
            yield Finding("remote/stranger", Where(name))


def _contents(
    remote: RemoteStore, journal: Journal, odd: set[str], *, whole: bool
) -> Iterator[Finding]:
    graphs = (pair for pair in journal.graphs() if pair[0] not in odd)
    sample = nsmallest(SAMPLE, () if whole else graphs, key=lambda pair: sha256(pair[0].encode()))
    for some in batches(graphs if whole else sample, _AT_ONCE):
        there = dict(_checksums(remote, [name for name, _ in some]))
        for name, content in some:
            if there.get(name) != content:
                yield Finding("remote/content-differs", Where(name))


def _checksums(remote: RemoteStore, names: list[str]) -> Iterator[tuple[str, Checksum]]:
    rows = sorted(remote.quads_of(names), key=lambda row: text_of(row[3]))
    for graph, those in groupby(rows, lambda row: text_of(row[3])):
        yield graph, checksum(those)


def _merge(store: GraphStore, remote: RemoteStore) -> Iterator[Finding]:
    """Compare the number of triples in the default graph, where it is a graph of its own."""
    if remote.has_union:
        yield Finding("remote/union", severity="info")
        return
    here = sum(1 for _ in store.engine.quads_for_pattern(None, None, None, DefaultGraph()))
    there = remote.default_count()
    if here != there:
        facts = {"expected": here, "found": there}
        severity: Severity = "error" if there < here else "warning"  # more: perhaps other data
        yield Finding("remote/merge-differs", severity=severity, facts=facts)
