"""What a text names, from the room of mentions.

In: a text and the folder of its language; out: its mentions. While that room is not there, nothing
is named and no relation is drafted. This room knows no RDF.
"""

from __future__ import annotations

import importlib
from collections.abc import Sequence
from pathlib import Path

from policygraph.text.draft.relations import Named
from policygraph.text.names import Names

_ROOM = "policygraph.text.draft.mentions"


def mentions_of(
    text: str, lexicon: Path, issued: str = "", names: Names | None = None
) -> Sequence[Named]:
    """Find what a text names.

    Args:
        text: the restored text.
        lexicon: folder of the language.
        issued: day of the document, ``YYYY-MM-DD``; empty where it is unknown.
        names: things of the registry that mentions may mean.
    """
    try:
        room = importlib.import_module(_ROOM)
    except ModuleNotFoundError as error:
        if error.name != _ROOM:
            raise
        return ()
    found: Sequence[Named] = room.find_mentions(text, lexicon, issued, names)
    return found
