"""HTML pages: their main text, told from menus and notices by trafilatura.

In: the bytes of a page; out: one line for each of its blocks that belongs to the main text, with
the path of the element. Inline elements do not break a block, ``<br>`` does not either: it becomes
the end of a line within it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from policygraph.errors import UnreadableInput
from policygraph.text.places import Extract, Piece
from policygraph.text.reading import plain

if TYPE_CHECKING:
    from lxml.etree import _Element, _ElementTree

_INLINE = frozenset(
    [
        *("a", "abbr", "b", "bdi", "bdo", "big", "br", "button", "cite", "code", "del", "dfn"),
        *("em", "font", "i", "img", "input", "ins", "kbd", "label", "mark", "q", "rp", "rt"),
        *("ruby", "s", "samp", "small", "span", "strike", "strong", "sub", "sup", "time", "tt"),
        *("u", "var", "wbr"),
    ]
)
_UNSEEN = frozenset(
    (
        *("head", "script", "style", "noscript", "template", "iframe", "object", "svg", "select"),
        "nav",
    )
)
_HIDING = re.compile(r"(?:^|;)\s*(?:display\s*:\s*none|visibility\s*:\s*hidden)\b", re.I)
_START = re.compile(rb"\s*(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|body)[\s>]", re.I | re.S)
_CHARSET = re.compile(rb"<meta[^>]{0,200}charset\s*=\s*[\"']?([\w-]{2,20})", re.I)
_WORDS = frozenset({"p", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote"})
_SPACE = re.compile(r"[ \t\n\r\f]+")
_MOST_DEPTH = 2_000


def library() -> None:
    """Import what this module needs.

    Raises:
        ImportError: it is not installed.
    """
    import lxml.html  # noqa: F401
    import trafilatura  # noqa: F401


def is_html(data: bytes) -> bool:
    """Tell whether a file begins as a page does, in any encoding that contains ASCII."""
    start = data[3:4096] if data.startswith(b"\xef\xbb\xbf") else data[:4096]
    return bool(_START.match(start))


def extract(data: bytes, encoding: str) -> Extract:
    """Read the main text of a page.

    Args:
        data: the bytes of the page.
        encoding: the one to take; empty for the one the page names, or the bytes tell.

    Raises:
        UnreadableInput: there is no main text, or elements are nested too deep.
    """
    import lxml.html
    import trafilatura

    declared = _CHARSET.search(data[:4096])
    said = encoding or (declared[1].decode("ascii") if declared else "")
    try:
        page, taken = plain.decode(data, "", said)
    except UnreadableInput:
        if encoding:
            raise
        page, taken = plain.decode(data, "")  # many pages name an encoding they are not in
    page = re.sub(r"^\s*<\?xml[^>]*\?>", "", page)
    if _depth(page) > _MOST_DEPTH:
        raise UnreadableInput("reading/nested", most=_MOST_DEPTH)
    found = trafilatura.bare_extraction(
        page, favor_recall=True, include_comments=False, include_tables=True, with_metadata=False
    )
    main = getattr(found, "text", None) or ""
    if not main.strip():
        raise UnreadableInput("reading/no-main-text")
    return _lines(list(_blocks(lxml.html.document_fromstring(page))), main, taken)


def _depth(page: str) -> int:
    """Tell how deep elements are nested at most, as far as tags tell."""
    deepest = depth = 0
    for closing in re.findall(r"<(/?)[a-zA-Z][a-zA-Z0-9]*", page):
        depth += -1 if closing else 1
        deepest = max(deepest, depth)
        depth = max(depth, 0)
    return deepest


def _blocks(root: _Element) -> Iterator[tuple[str, str]]:
    """Give each stretch of text between ends of blocks, with the path of its element.

    Stretches that are links and signs between them, outside of paragraphs and headings, are menus;
    what is hidden is left out as well.
    """
    from lxml import etree

    tree, owner, unseen, links = root.getroottree(), root, None, 0
    pieces: list[tuple[str, bool]] = []
    for event, element in etree.iterwalk(root, events=("start", "end", "comment", "pi")):
        tag = element.tag if isinstance(element.tag, str) else ""
        starts = event == "start"
        if starts and unseen is None and tag and _is_unseen(element):
            unseen = element
        if tag and tag not in _INLINE:
            yield from _block(tree, owner, pieces)
            pieces = []
            owner = element if starts or element is root else element.getparent()
        if tag == "a":
            links += 1 if starts else -1
        if unseen is None and starts and tag:
            pieces += [("\n", True)] if tag == "br" else []
            pieces.append((_SPACE.sub(" ", element.text or ""), links > 0))
        if element is unseen and event == "end":
            unseen = None
        if not starts and unseen is None and element is not root:
            pieces.append((_SPACE.sub(" ", element.tail or ""), links > 0))
    yield from _block(tree, owner, pieces)


def _is_unseen(element: _Element) -> bool:
    """Tell whether a reader sees nothing of an element, or a menu.

    Pages that a script shows are hidden whole at first, so bodies count as seen.
    """
    if element.tag in ("html", "body"):
        return False
    hidden = element.get("hidden") is not None or _HIDING.search(element.get("style", ""))
    return bool(hidden) or element.tag in _UNSEEN or element.get("role") == "navigation"


def _block(
    tree: _ElementTree, owner: _Element, pieces: list[tuple[str, bool]]
) -> Iterator[tuple[str, str]]:
    text = "".join(piece for piece, _ in pieces)
    text = re.sub(r" *\n *", "\n", re.sub(" +", " ", text)).strip(" \n")
    linked = all(in_link for piece, in_link in pieces if re.search(r"\w", piece))
    if text and not (linked and owner.tag not in _WORDS):
        yield tree.getpath(owner), text


def _lines(blocks: list[tuple[str, str]], main: str, encoding: str) -> Extract:
    """Keep the blocks that the main text holds, in its order."""
    rest = _bare(main)
    lines: list[str] = []
    pieces: list[Piece] = []
    at, done = 0, 0
    seen: dict[str, int] = {}
    for path, text in blocks:
        bare = _bare(text)
        place = rest.find(bare, done) if bare else -1
        if place < 0 or place - done > len(rest) // 2:
            continue
        done = place + len(bare)
        pieces.append(Piece(at, at + len(text), path, seen.get(path, 0)))
        seen[path] = seen.get(path, 0) + len(text)
        lines.append(text)
        at += len(text) + 1
    if not lines:
        raise UnreadableInput("reading/no-main-text")
    return Extract("\n".join(lines) + "\n", "html", encoding, tuple(pieces))


def _bare(text: str) -> str:
    return re.sub(r"[\s|]+", "", text)
