"""What is refused of a stranger's RDF before a parser sees it: entities, and nesting without end.

RDF/XML and JSON-LD are written by nesting; parsers take time and memory that grow with the square
of the depth, and with what entities say rather than with what a file holds. Real vocabularies
declare namespaces at most and are some ten levels deep. Turtle and its kin have neither.
"""

from __future__ import annotations

import re
from pathlib import Path
from xml.parsers import expat

from pyoxigraph import RdfFormat

from policygraph.errors import UnreadableInput, Where

DEEPEST = 200
"""Levels of elements or brackets."""
_PIECE = 1 << 16
_NAMESPACE = re.compile(r"https?://[^\s&<>\"]{0,500}|urn:[^\s&<>\"]{0,500}")
_IN_JSON = re.compile(rb'"(?:[^"\\]|\\.)*"|[\[{]|[\]}]', re.DOTALL)


def refuse_hostile(path: Path, form: RdfFormat) -> None:
    """Stop where a file of RDF would take a parser more than it is worth.

    Args:
        path: the file.
        form: how it is written.

    Raises:
        UnreadableInput: it declares entities that are no addresses, or is nested too deep; the line
            is named. What is malformed otherwise is left to its parser.
    """
    if form == RdfFormat.RDF_XML:
        _scan_xml(path)
    elif form == RdfFormat.JSON_LD:
        _scan_json(path)


def _scan_xml(path: Path) -> None:
    parser, depth = expat.ParserCreate(), 0

    def begin(_name: str, _attributes: dict[str, str]) -> None:
        nonlocal depth
        depth += 1
        if depth > DEEPEST:
            raise _refused("links/too-deep", path, parser.CurrentLineNumber)

    def end(_name: str) -> None:
        nonlocal depth
        depth -= 1

    def declare(name: str, _is_parameter: bool, value: str | None, *_: object) -> None:  # noqa: FBT001
        if value is None or not _NAMESPACE.fullmatch(value):  # OWL files name namespaces so
            raise _refused("links/entities", path, parser.CurrentLineNumber, name=name)

    parser.StartElementHandler, parser.EndElementHandler = begin, end
    parser.EntityDeclHandler = declare
    try:
        with path.open("rb") as file:
            while piece := file.read(_PIECE):
                parser.Parse(piece, False)  # noqa: FBT003 - expat's own order
    except expat.ExpatError:
        return


def _scan_json(path: Path) -> None:
    data, depth = path.read_bytes(), 0
    for found in _IN_JSON.finditer(data):
        sign = found[0][:1]
        depth += (sign in b"[{") - (sign in b"]}")
        if depth > DEEPEST:
            line = data.count(b"\n", 0, found.start()) + 1
            raise _refused("links/too-deep", path, line)


def _refused(message: str, path: Path, line: int, /, **facts: object) -> UnreadableInput:
    return UnreadableInput(message, Where(str(path), line), depth=DEEPEST, **facts)
