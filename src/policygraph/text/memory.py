"""Work without looking for cycles of objects.

Python looks through all objects it keeps again and again while new ones are made, for those that
only hold one another. A draft, or a document that is read and built, makes very many that stay and
none of that kind. This room knows no language.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def uncollected() -> Iterator[None]:
    """Put off looking for cycles of objects; it goes on behind, even after an error.

    Where several threads work so at once, the first to end lets it go on.
    """
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            _take_as_old()
            gc.enable()


def _take_as_old() -> None:
    """Take all there is as objects that stay, so that they are not looked through at once.

    What somebody else has frozen stays frozen: then they are looked through as usual.
    """
    if not gc.get_freeze_count():
        gc.freeze()
        gc.unfreeze()
