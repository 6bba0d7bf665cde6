"""Processes that make parts side by side, this one among them (docs/decisions/0083).

In: a workspace and folders. Out: parts in the order of the folders. Only a few parts wait at a
time, so memory does not grow with the number of documents.
"""

from __future__ import annotations

import gc
import itertools
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from pathlib import Path

from policygraph.corpus.parts import Maker, Part
from policygraph.workspace import Place

_FEW = 8
"""Documents up to which this process does all: starting another takes longer."""
_BATCH = 4
"""Documents that a process is given at a time: at the end the others wait for the last of them."""
_UNDER_WAY = 2
"""Batches that another process is given before it has given one back."""
_WAITING = 3
"""Batches per process that are under way or wait to be taken."""

_making: list[Callable[[list[Path]], Iterator[Part]]] = []
"""How a process of a pool makes parts; the last counts."""


def parts(
    place: Place,
    folders: Sequence[Path],
    jobs: int = 1,
    *,
    drafts: bool = False,
    on: str = "",
    maker: Maker | None = None,
) -> Iterator[Part]:
    """Make the parts of documents, in the order of their folders.

    Args:
        place: the workspace.
        folders: of the documents.
        jobs: number of processes, 1 or more, this one included; with 1, or a few documents, it
            does all.
        drafts: include rows that nobody reviewed.
        on: a cluster that does the work instead (see ``corpus/cluster.py``); empty for none.
        maker: what this process makes parts with, if it has one.

    Raises:
        UnreadableInput: a file is missing or malformed; the first such document is named.
        WorkLost: a worker process was killed, or the cluster cannot be reached.
        WrongUsage: the cluster cannot be used.
    """
    if on:
        from policygraph.corpus.cluster import cluster_parts

        yield from cluster_parts(place, folders, on, jobs, drafts=drafts)
        return
    if jobs == 1 or len(folders) <= _FEW:
        yield from (maker or Maker(place, drafts=drafts)).parts(folders, _listed(place, folders))
        return
    from policygraph.corpus.processes import pool_of, side_by_side

    own, listed = maker or Maker(place, drafts=drafts), _listed(place, folders)
    with pool_of(jobs - 1, _begin, place, drafts, listed) as pool:
        made = side_by_side(
            pool,
            _batch,
            lambda batch: list(own.parts(batch, listed)),
            _batches(folders),
            (jobs - 1) * _UNDER_WAY,
            jobs * _WAITING,
        )
        yield from itertools.chain.from_iterable(made)


def _listed(place: Place, folders: Sequence[Path]) -> frozenset[str] | None:
    """List what may hold a document, where so many are made that looking for each takes longer."""
    few = len(folders) <= _FEW
    return None if few else frozenset(os.listdir(place.data / "documents"))  # noqa: PTH208


def _batches(folders: Iterable[Path]) -> Iterator[list[Path]]:
    remaining = iter(folders)
    while batch := list(itertools.islice(remaining, _BATCH)):
        yield batch


def _begin(  # called by the pool
    place: Place,
    drafts: bool,  # noqa: FBT001
    listed: frozenset[str],
) -> None:
    """Make a process ready: what all parts share is kept."""
    maker = Maker(place, drafts=drafts)
    _ = maker.vocabulary, maker.names
    _making.append(partial(maker.parts, listed=listed))
    gc.freeze()  # nobody need look for rubbish among it


def _batch(folders: list[Path]) -> list[Part]:
    return list(_making[-1](folders))
