"""Work that is shared out: in order, whoever does it."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policygraph.corpus.processes import side_by_side


@given(st.integers(0, 20), st.integers(1, 4), st.integers(0, 4))
def test_pieces_come_in_order_whoever_makes_them(count: int, under_way: int, more: int) -> None:
    with ThreadPoolExecutor(2) as pool:
        made = list(side_by_side(pool, str, str, range(count), under_way, under_way + more))
    assert made == [str(piece) for piece in range(count)]


def test_who_would_wait_works_but_not_further_ahead_than_it_may() -> None:
    gate = Event()
    own: list[int] = []

    def here(piece: int) -> int:
        own.append(piece)
        if len(own) == 3:
            gate.set()
        return piece

    def there(piece: int) -> int:
        gate.wait()
        return piece

    with ThreadPoolExecutor(1) as pool:
        made = side_by_side(pool, there, here, range(9), 2, 5)
        first = next(made)
        assert (first, own) == (0, [2, 3, 4])
        assert [first, *made] == list(range(9))


@pytest.mark.parametrize("bad", [0, 1, 2, 3])
def test_what_goes_wrong_with_a_piece_is_raised_when_it_is_its_turn(bad: int) -> None:
    def work(piece: int) -> int:
        if piece >= bad:
            raise ValueError(f"piece {piece}")
        return piece

    with ThreadPoolExecutor(1) as pool:
        made = side_by_side(pool, work, work, range(9), 1, 4)
        assert [next(made) for _ in range(bad)] == list(range(bad))
        with pytest.raises(ValueError, match=f"piece {bad}"):
            next(made)
