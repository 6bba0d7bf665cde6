"""Extracted text kept beside the bytes it was taken from, so that no later library changes it.

In: an extract, or the files of one; out: the files, or the extract. The text is one file, the
places of its stretches another: tab-separated, one piece a line. This room knows no RDF.
"""

from __future__ import annotations

from pathlib import Path

from policygraph.errors import UnreadableInput, Where
from policygraph.text.places import Extract, Piece

_HEAD = "start\tend\tpart\tat"


def places_beside(text: Path) -> Path:
    """Say where the places of an extracted text are kept."""
    return text.with_name(f"{text.name}.places.tsv")


def write_places(extract: Extract) -> str:
    """Write the pieces of an extract as a table."""
    rows = ("\t".join(map(str, piece)) for piece in extract.pieces)
    return "".join(f"{row}\n" for row in (f"{_HEAD}\t{extract.encoding}", *rows))


def read_kept(path: Path, text: str, form: str) -> Extract:
    """Read the places of a kept text.

    Args:
        path: the file of the text.
        text: what it says.
        form: of the document that it was taken from.

    Raises:
        UnreadableInput: the table is missing, malformed or of another text.
    """
    beside = places_beside(path)
    try:
        head, *rows = beside.read_text("utf-8").splitlines()
        pieces = tuple(_piece(row) for row in rows)
    except (OSError, ValueError) as error:
        raise UnreadableInput("reading/places", Where(str(beside)), reason=str(error)) from error
    ends = [0, *(end for piece in pieces for end in piece[:2]), len(text)]
    if not head.startswith(_HEAD) or ends != sorted(ends):
        reason = "start, end"
        raise UnreadableInput("reading/places", Where(str(beside)), reason=reason)
    return Extract(text, form, head.removeprefix(_HEAD).strip(), pieces)


def _piece(row: str) -> Piece:
    start, end, part, at = row.split("\t")
    return Piece(int(start), int(end), part, int(at))
