"""PDF documents with a text layer: the lines of each page, joined where a line was merely full.

In: the bytes; out: paragraphs, each stretch with its page. Numbers that stand alone at the head or
foot of a page are left out. A page that was scanned has no text; to read pictures is left to other
programs.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple

from policygraph.assets import asset
from policygraph.errors import UnreadableInput
from policygraph.text.draft.signs import read_signs
from policygraph.text.places import Extract, Piece

_MOST_PAGES = 5_000
_MOST_CHARACTERS = 20_000_000
_PAGE_NUMBER = re.compile(r"\s*[-—–·.\s]*\d{1,4}[-—–·.\s]*")
_ENDS = re.compile(r"[。！？：；.!?:;”）)]$")
_IN_LINES = 6  # the level from which on list markers also stand within running text
_HAN = re.compile("[\u3000-\u303f\u3400-\u9fff\uff00-\uffef“”‘’—…]")
_FULL = 0.85  # of the longest line of the page: shorter ones end a paragraph or are headings


class _Line(NamedTuple):
    """A line of a page: its text and where it starts in the text of the page."""

    page: int
    text: str
    at: int
    full: bool


def library() -> None:
    """Import what this module needs.

    Raises:
        ImportError: it is not installed.
    """
    import pypdf  # noqa: F401


def extract(data: bytes, _encoding: str) -> Extract:
    """Read the paragraphs of a document.

    Raises:
        UnreadableInput: it is encrypted, has too many pages, or no text.
    """
    import pypdf
    import pypdf.errors

    reader = pypdf.PdfReader(io.BytesIO(data))
    if reader.is_encrypted and not _opens(reader):
        raise UnreadableInput("reading/encrypted")
    count = len(reader.pages)
    if count > _MOST_PAGES:
        raise UnreadableInput("reading/too-many-pages", count=f"{count:,}", most=f"{_MOST_PAGES:,}")
    lines: list[_Line] = []
    total = 0
    for number, page in enumerate(reader.pages, start=1):
        try:
            text = page.extract_text()
        except pypdf.errors.LimitReachedError as error:  # a few bytes unpack to very many
            raise UnreadableInput("reading/too-much") from error
        total += len(text)
        if total > _MOST_CHARACTERS:
            raise UnreadableInput("reading/too-much")
        lines += _lines(number, text)
    if not lines:
        raise UnreadableInput("reading/no-text-layer", pages=count)
    return _joined(lines)


def _opens(reader: object) -> bool:
    """Tell whether everybody may read it: many documents only forbid to change them."""
    import pypdf

    try:
        return bool(reader.decrypt(""))  # type: ignore[attr-defined]
    except (pypdf.errors.DependencyError, NotImplementedError):
        return False


def _lines(page: int, text: str) -> list[_Line]:
    found = [m for m in re.finditer(r"[^\n]+", text) if m[0].strip()]
    if found and _PAGE_NUMBER.fullmatch(found[-1][0]):
        found.pop()
    if found and _PAGE_NUMBER.fullmatch(found[0][0]):
        found.pop(0)
    longest = max((len(m[0].strip()) for m in found), default=0)
    return [_line(page, m, longest) for m in found]


def _line(page: int, found: re.Match[str], longest: int) -> _Line:
    text = found[0].rstrip()
    return _Line(page, text, found.start(), len(text.strip()) >= _FULL * longest)


def _joined(lines: list[_Line]) -> Extract:
    pieces: list[Piece] = []
    texts: list[str] = []
    at = 0
    for line, between in zip(lines, _between(lines), strict=True):
        pieces.append(Piece(at, at + len(line.text), f"page {line.page}", line.at))
        texts += line.text, between
        at += len(line.text) + len(between)
    return Extract("".join(texts), "pdf", "", tuple(pieces))


def _between(lines: list[_Line]) -> Iterator[str]:
    """Say what stands behind each line: nothing or a space where the next one goes on."""
    for line, following in pairwise(lines):
        goes_on = line.full and not _ENDS.search(line.text) and not _begins(following.text)
        chinese = _HAN.match(line.text[-1]) or _HAN.match(following.text)
        yield ("" if chinese else " ") if goes_on else "\n"
    yield "\n"


def _begins(line: str) -> bool:
    """Tell whether a line begins a paragraph: it is indented, or a list marker opens it."""
    signs = read_signs(asset("data", "lexicon", "zh"))
    marker = signs.marker.match(line)
    return line[:1].isspace() or (marker is not None and signs.level(marker) < _IN_LINES)
