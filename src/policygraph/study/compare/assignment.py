"""One-to-one matching that is best as a whole, and the same every time.

In: scores of pairs. Out: pairs, each member in one at most, whose scores add up to the most that is
possible. Source: the Hungarian method by shortest augmenting paths (Jonker and Volgenant 1987,
"A shortest augmenting path algorithm for dense and sparse linear assignment problems").
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping

Pair = tuple[int, int]


def assign(scores: Mapping[Pair, float]) -> list[Pair]:
    """Choose pairs of a row and a column so that the sum of their scores is the greatest.

    Args:
        scores: row and column, from 0 → score above 0; a pair that is not there is not chosen.

    >>> assign({(0, 0): 0.9, (0, 1): 0.8, (1, 0): 0.8})
    [(0, 1), (1, 0)]
    """
    chosen = (pair for block in _blocks(scores) for pair in _best(block, scores))
    return sorted(chosen)


def _blocks(scores: Mapping[Pair, float]) -> Iterator[tuple[list[int], list[int]]]:
    """Divide the pairs into blocks that share no row and no column."""
    of_row: dict[int, list[int]] = {}
    of_column: dict[int, list[int]] = {}
    for row, column in sorted(scores):
        of_row.setdefault(row, []).append(column)
        of_column.setdefault(column, []).append(row)
    waiting = set(of_row)
    for first in sorted(of_row):
        rows: set[int] = set()
        columns: set[int] = set()
        todo = [first] if first in waiting else []
        while todo:
            row = todo.pop()
            if row not in rows:
                rows.add(row)
                columns.update(of_row[row])
                todo += [other for column in of_row[row] for other in of_column[column]]
        waiting -= rows
        if rows:
            yield sorted(rows), sorted(columns)


def _best(block: tuple[list[int], list[int]], scores: Mapping[Pair, float]) -> Iterator[Pair]:
    """Solve one block; a row may stay alone, in a column of its own that costs nothing."""
    rows, columns = block
    costs = [
        [-scores.get((row, column), 0.0) for column in columns] + [0.0] * len(rows) for row in rows
    ]
    for at, place in enumerate(_cheapest(costs)):
        if place < len(columns) and (rows[at], columns[place]) in scores:
            yield rows[at], columns[place]


def _cheapest(costs: list[list[float]]) -> list[int]:
    """Give each row a column of its own so that the costs add up to the least."""
    width = len(costs[0])
    row_price, column_price = [0.0] * len(costs), [0.0] * (width + 1)
    owner = [-1] * (width + 1)  # which row has a column; the last one is where a search starts
    for row in range(len(costs)):
        owner[width] = row
        _augment(costs, row_price, column_price, owner)
    places = [-1] * len(costs)
    for column, row in enumerate(owner[:width]):
        if row >= 0:
            places[row] = column
    return places


def _augment(
    costs: list[list[float]], row_price: list[float], column_price: list[float], owner: list[int]
) -> None:
    """Find the shortest way from a row without a column to a free one, and shift along it."""
    width = len(costs[0])
    least, before = [math.inf] * (width + 1), [width] * (width + 1)
    seen = [False] * (width + 1)
    at = width
    while owner[at] >= 0:
        seen[at] = True
        row, delta, following = owner[at], math.inf, width
        for column in range(width):
            if seen[column]:
                continue
            price = costs[row][column] - row_price[row] - column_price[column]
            if price < least[column]:
                least[column], before[column] = price, at
            if least[column] < delta:
                delta, following = least[column], column
        for column in range(width + 1):
            if seen[column]:
                row_price[owner[column]] += delta
                column_price[column] -= delta
            else:
                least[column] -= delta
        at = following
    while at != width:
        owner[at] = owner[before[at]]
        at = before[at]
    owner[width] = -1
