"""One-to-one matching that is best as a whole, and the same every time.

In: scores of pairs. Out: pairs, each member in one at most, whose scores add up to the most that is
possible. Source: the Hungarian method by shortest augmenting paths over the pairs there are (Jonker
and Volgenant 1987, "A shortest augmenting path algorithm for dense and sparse linear assignment
problems"; Dijkstra with prices).
"""

from __future__ import annotations

import heapq
from collections.abc import Mapping

Pair = tuple[int, int]

_EXACT = 1_000_000
"""Scores are counted in millionths, so that sums are exact and ties are ties."""


def assign(scores: Mapping[Pair, float]) -> list[Pair]:
    """Choose pairs of a row and a column so that the sum of their scores is the greatest.

    Args:
        scores: row and column, from 0 → score above 0; a pair that is not there is not chosen.

    >>> assign({(0, 0): 0.9, (0, 1): 0.8, (1, 0): 0.8})
    [(0, 1), (1, 0)]
    """
    search = _Search(scores)
    for row in sorted(search.costs):
        search.place(row)
    return sorted(pair for pair in search.column_of.items() if pair in scores)


class _Search:
    """Rows that have found a column, and prices under which none could do better."""

    def __init__(self, scores: Mapping[Pair, float]) -> None:
        self.costs: dict[int, list[tuple[int, int]]] = {}
        for row, column in sorted(scores):
            cost = -round(scores[row, column] * _EXACT)
            self.costs.setdefault(row, []).append((column, cost))
        for row, costs in self.costs.items():
            costs.append((-1 - row, 0))  # a column of its own that costs nothing: it stays alone
        self.column_of: dict[int, int] = {}
        self.row_of: dict[int, int] = {}
        self.row_price: dict[int, int] = {}
        self.column_price: dict[int, int] = {}

    def place(self, row: int) -> None:
        """Give one more row a column, moving others along the cheapest way."""
        price = self.column_price
        self.row_price[row] = min(cost - price.get(column, 0) for column, cost in self.costs[row])
        free, came_from, reached = self._cheapest_way(row)
        length = reached.pop(free)
        self.row_price[row] += length
        for column, distance in reached.items():
            price[column] = price.get(column, 0) - (length - distance)
            self.row_price[self.row_of[column]] += length - distance
        self._shift(row, free, came_from)

    def _shift(self, row: int, free: int, came_from: Mapping[int, int]) -> None:
        """Move everyone on the way one column along, from the free one back to the new row."""
        taken, mover = free, came_from[free]
        while mover != row:
            self.row_of[taken] = mover
            taken, self.column_of[mover] = self.column_of[mover], taken
            mover = came_from[taken]
        self.row_of[taken], self.column_of[row] = row, taken

    def _cheapest_way(self, start: int) -> tuple[int, dict[int, int], dict[int, int]]:
        """Find the nearest free column, the row that each column was reached from, distances."""
        best: dict[int, int] = {}
        came_from: dict[int, int] = {}
        reached: dict[int, int] = {}
        waiting: list[tuple[int, int]] = []
        row, walked = start, 0
        while True:
            for column, cost in self.costs[row]:
                price = cost - self.row_price[row] - self.column_price.get(column, 0)
                if column not in reached and walked + price < best.get(column, walked + price + 1):
                    best[column], came_from[column] = walked + price, row
                    heapq.heappush(waiting, (walked + price, column))
            walked, column = heapq.heappop(waiting)
            while column in reached:
                walked, column = heapq.heappop(waiting)
            reached[column] = walked
            if column not in self.row_of:
                return column, came_from, reached
            row = self.row_of[column]
