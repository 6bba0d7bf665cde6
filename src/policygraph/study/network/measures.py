"""How things stand in a network: degree, betweenness, PageRank, communities.

In: a projected network. Out: the same, its nodes with figures. The same network gives the same
figures: nothing is drawn by lot without a seed, and nothing depends on the order of a set.
"""

from __future__ import annotations

import networkx as nx

MEASURES = ("degree", "betweenness", "pagerank", "community")
_DAMPING, _CLOSE, _MOST_ROUNDS = 0.85, 1e-9, 1000
_DIGITS = 6


def measure(network: nx.Graph[str]) -> None:
    """Give each node its figures.

    - ``degree``: how many edges it has.
    - ``betweenness``: share of the shortest paths between others that run through it, from 0 to 1
      (Freeman 1977, as networkx computes it; every edge counts as one step).
    - ``pagerank``: share of a random walk spent at it, all nodes together 1; the walk follows
      edges by their weight and jumps with a chance of 0.15 (Page and others 1999).
    - ``community``: number of its community, 1 for the largest (Louvain, Blondel and others 2008,
      by weight, arrows left aside, seed 0).
    """
    between = nx.betweenness_centrality(network)
    ranks = pagerank(network)
    community = communities(network)
    for iri, about in network.nodes(data=True):
        about["degree"] = network.degree(iri)
        about["betweenness"] = round(between[iri], _DIGITS)
        about["pagerank"] = round(ranks[iri], _DIGITS)
        about["community"] = community[iri]


def pagerank(network: nx.Graph[str]) -> dict[str, float]:
    """Compute PageRank by weight; ``networkx.pagerank`` would bring in numpy and scipy for it."""
    nodes = list(network)
    edges: list[tuple[str, str, int]] = list(network.to_directed().edges(data="weight"))
    out = dict.fromkeys(nodes, 0)
    for start, _, weight in edges:
        out[start] += weight
    ranks = dict.fromkeys(nodes, 1 / len(nodes)) if nodes else {}
    for _ in range(_MOST_ROUNDS):
        lost = sum(rank for node, rank in ranks.items() if not out[node])
        base = (1 - _DAMPING + _DAMPING * lost) / len(nodes) if nodes else 0
        fresh = dict.fromkeys(nodes, base)
        for start, end, weight in edges:
            fresh[end] += _DAMPING * ranks[start] * weight / out[start]
        moved = sum(abs(fresh[node] - ranks[node]) for node in nodes)
        ranks = fresh
        if moved < _CLOSE:
            break
    return ranks


def communities(network: nx.Graph[str]) -> dict[str, int]:
    """Number the communities of a network, the largest first, equal ones by their first node."""
    numbers = {node: number for number, node in enumerate(sorted(network))}
    plain: nx.Graph[int] = nx.Graph()
    plain.add_nodes_from(sorted(numbers.values()))
    for start, end, about in network.edges(data=True):
        ends = numbers[start], numbers[end]
        before = plain.edges[ends]["weight"] if plain.has_edge(*ends) else 0
        plain.add_edge(*ends, weight=before + about["weight"])
    found = [sorted(group) for group in nx.community.louvain_communities(plain, seed=0)]
    found.sort(key=lambda group: (-len(group), group[0]))
    places = {number: place for place, group in enumerate(found, 1) for number in group}
    return {node: places[number] for node, number in numbers.items()}
