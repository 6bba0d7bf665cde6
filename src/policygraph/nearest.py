"""What somebody may have meant by a name that means nothing.

In: the name and those that mean something. Out: the three most like it, for a message.
"""

from __future__ import annotations

from collections.abc import Iterable

SHOWN = 3


def nearest(name: str, known: Iterable[str]) -> str:
    """Name those that look most like a name, the likest first; a dash if there is none.

    >>> nearest("gaols", ["actions", "goals"])
    'goals, actions'
    """
    from rapidfuzz import process  # only who mistypes waits for it

    return ", ".join(hit[0] for hit in process.extract(name, list(known), limit=SHOWN)) or "-"
