"""Reading documents: the bytes of a file in, its text out, with the place of every character.

Each format has a module with one function, ``extract``: bytes in, an ``Extract`` out. Texts in any
common encoding are read here; everything that is parsed (HTML, Word, PDF) is parsed in a process of
its own within limits, because the files are those of strangers. This room knows no RDF.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from types import ModuleType

from policygraph.bounded import Limits, bounded
from policygraph.errors import UnreadableInput, Where
from policygraph.text.places import Extract
from policygraph.text.reading import html, plain
from policygraph.text.source import Source, bytes_of

ENDINGS = (".docx", ".htm", ".html", ".pdf", ".txt")
"""How the names of files end that a folder is searched for."""

MOST_BYTES = 64 * 2**20
"""No policy text is longer; a longer file is refused unread."""

LIMITS = Limits(120, 2 * 2**30, offline=True, too_long="reading/too-long", lost="reading/too-much")


def _reader(form: str) -> ModuleType:
    """Give what reads a format; it is loaded when a document has it."""
    return import_module(f"policygraph.text.reading.{form}")


def read(path: Path | str, encoding: str = "", limits: Limits = LIMITS) -> Source:
    """Read a document: text in any common encoding, HTML, Word (.docx) or PDF with a text layer.

    Args:
        path: the file; what it holds decides, not its name.
        encoding: that of a text or an HTML page, where it is known; else the bytes decide.
        limits: what parsing may take.

    Raises:
        UnreadableInput: the file is missing, too large, encrypted, damaged or without text, its
            encoding is not plain to see, or the extra that reads it is not installed.
        WorkLost: parsing took more time or memory than it may.
    """
    path = Path(path)
    name = str(path)
    data = bytes_of(path, name, MOST_BYTES)
    form = form_of(data)
    if form == "text":
        text, taken = plain.decode(data, name, encoding)
        extract = Extract(text, form, taken)
    else:
        parse = _reader(form).extract
        _import(form, name)
        given = encoding if form == "html" else ""
        extract = bounded(lambda: _parsed(parse, data, name, given), replace(limits, about=name))
    if not extract.text.strip():
        raise UnreadableInput("source/empty", Where(name))
    return Source(path, data, hashlib.sha256(data).hexdigest(), extract.text, extract)


def documents_in(folder: Path) -> list[Path]:
    """List the documents of a folder, in the order of their names; texts extracted before left out.

    A text that was extracted is named like its document: ``plan.pdf.txt``.
    """
    found = [path for path in folder.iterdir() if path.suffix.lower() in ENDINGS]
    sources = {path.name for path in found}
    return sorted(path for path in found if path.is_file() and path.stem not in sources)


def form_of(data: bytes) -> str:
    """Tell what a file holds: ``text``, ``html``, ``word`` or ``pdf``."""
    if data[:1024].lstrip().startswith(b"%PDF-"):
        return "pdf"
    if data.startswith(b"PK\x03\x04"):
        return "word"
    return "html" if html.is_html(data) else "text"


def _import(form: str, name: str) -> None:
    """Import what reads a format, once, before a process is split off.

    Raises:
        UnreadableInput: it is not installed.
    """
    try:
        _reader(form).library()
    except ImportError as error:
        raise UnreadableInput("reading/no-extra", Where(name), form=form) from error


def _parsed(
    parse: Callable[[bytes, str], Extract], data: bytes, name: str, encoding: str
) -> Extract:
    try:
        return parse(data, encoding)
    except UnreadableInput as error:
        raise UnreadableInput(error.name, Where(name), **error.facts) from None
    except (MemoryError, KeyboardInterrupt):
        raise
    except Exception as error:  # noqa: BLE001 - parsers raise anything on the files of strangers
        reason = f"{type(error).__name__}: {error}"[:200]
        raise UnreadableInput("reading/damaged", Where(name), reason=reason) from None
