"""What is noted of a graph on disk: enough to tell whether it is what a build would give now."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from policygraph.corpus.files import Seen, difference, look
from policygraph.corpus.ledger import Ledger
from policygraph.corpus.order import Order
from policygraph.publish.folder import MANIFEST
from policygraph.workspace import Place

STORE = "store"
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
