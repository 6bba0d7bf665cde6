"""Word documents (.docx): the paragraphs of the text, those of tables and boxes in their place.

In: the bytes; out: one line a paragraph, with its number. What was deleted under change tracking is
left out, what was inserted is kept. Numbers that Word counts itself, notes, headers and footers are
not in the text of a paragraph and are left out.
"""

from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING

from policygraph.errors import UnreadableInput
from policygraph.text.places import Extract, Piece

if TYPE_CHECKING:
    from lxml.etree import _Element

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_GONE = frozenset({f"{_W}del", f"{_W}moveFrom", _FALLBACK})
_SIGNS = {f"{_W}tab": "\t", f"{_W}br": "\n", f"{_W}cr": "\n", f"{_W}noBreakHyphen": "-"}
_TEXT = f"{_W}t"
_PARAGRAPH = f"{_W}p"
_MOST_PARTS = 10_000
_MOST_UNPACKED = 256 * 2**20
_MOST_TIMES = 200  # as large as packed; XML of documents shrinks to a tenth


def library() -> None:
    """Import what this module needs.

    Raises:
        ImportError: it is not installed.
    """
    import docx  # noqa: F401


def extract(data: bytes, _encoding: str) -> Extract:
    """Read the paragraphs of a document.

    Raises:
        UnreadableInput: it is no Word document, unpacks to more than it may, or holds entities.
    """
    import docx

    _check(data)
    body = docx.Document(io.BytesIO(data)).element.body
    lines: list[str] = []
    pieces: list[Piece] = []
    at = 0
    for number, paragraph in enumerate(body.iter(_PARAGRAPH), start=1):
        text = _text_of(paragraph)
        if text.strip():
            pieces.append(Piece(at, at + len(text), f"paragraph {number}", 0))
            lines.append(text)
            at += len(text) + 1
    return Extract("".join(f"{line}\n" for line in lines), "word", "", tuple(pieces))


def _check(data: bytes) -> None:
    """Look at the parts before anything is unpacked."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = archive.infolist()
            names = {part.filename for part in parts}
            size = sum(part.file_size for part in parts)
            if len(parts) > _MOST_PARTS or size > min(_MOST_UNPACKED, _MOST_TIMES * len(data)):
                raise UnreadableInput("reading/bomb", parts=len(parts), size=f"{size:,}")
            if "word/document.xml" not in names:
                raise UnreadableInput("reading/not-word")
            for name in sorted(names):
                if name.endswith((".xml", ".rels")) and b"<!" in archive.read(name)[:4096]:
                    raise UnreadableInput("reading/entities", part=name)
    except zipfile.BadZipFile as error:
        raise UnreadableInput("reading/damaged", reason=str(error)) from error


def _text_of(paragraph: _Element) -> str:
    """Join the text of a paragraph, without that of paragraphs in boxes within it."""
    pieces: list[str] = []
    waiting = list(reversed(paragraph))
    while waiting:
        element = waiting.pop()
        if element.tag in _GONE or element.tag == _PARAGRAPH:
            continue
        if element.tag == _TEXT:
            pieces.append(element.text or "")
        elif element.tag in _SIGNS and element.getparent().tag == f"{_W}r":
            pieces.append(_SIGNS[element.tag])
        waiting += reversed(element)
    return "".join(pieces)
