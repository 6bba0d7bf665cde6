"""What is noted of a graph on disk: enough to tell whether it is what a build would give now."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping
from functools import cached_property
from pathlib import Path

from policygraph.corpus.files import Seen, difference, look
from policygraph.corpus.ledger import Ledger
from policygraph.corpus.order import Order
from policygraph.publish.folder import MANIFEST
from policygraph.text.names import Thing
from policygraph.workspace import Place

LEDGER = "ledger.sqlite"


def keeps(target: Path, place: Place) -> bool:
    """Tell whether the graph in a folder is what building the workspace on disk would give now."""
    facts, known = noted(target)
    order = Order(
        place,
        lambda _name, _facts: None,
        drafts=facts.get("drafts") == str(True),
        same_as=facts.get("same_as") == str(True),
    )
    return order.facts.items() <= facts.items() and not difference(known, look(place, known))


def noted(target: Path) -> tuple[dict[str, str], dict[str, Seen]]:
    """Read the ledger of a graph that is complete."""
    if not ((target / LEDGER).is_file() and (target / MANIFEST).is_file()):
        return {}, {}
    try:
        with Ledger(target / LEDGER) as ledger:
            return ledger.facts, ledger.files
    except sqlite3.DatabaseError:
        return {}, {}


class KnownThings(Mapping[str, list[Thing]]):
    """The things of the registry by key, as the ledger of a graph tells them when asked."""

    def __init__(self, target: Path) -> None:
        self._target = target

    @cached_property
    def _ledger(self) -> Ledger:
        return Ledger(self._target / LEDGER)

    def __getitem__(self, key: str) -> list[Thing]:
        """Give the things that bear a key."""
        things = self._ledger.things(key)
        if not things:
            raise KeyError(key)
        return things

    def __iter__(self) -> Iterator[str]:
        """List the keys, in order."""
        return iter(self._ledger.keys())

    def __len__(self) -> int:
        """Count the keys."""
        return len(self._ledger.keys())
