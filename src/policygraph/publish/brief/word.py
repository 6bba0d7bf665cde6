"""A brief as a DOCX file, written by python-docx; the same bytes every time."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from policygraph.errors import WrongUsage
from policygraph.publish.brief.outline import Line, Outline
from policygraph.publish.packed import EPOCH, repacked

if TYPE_CHECKING:
    from docx.document import Document
    from docx.text.paragraph import Paragraph

_EAST_ASIAN = "Noto Sans CJK SC"


def docx_bytes(outline: Outline) -> bytes:
    """Write an outline as DOCX.

    Raises:
        WrongUsage: python-docx is not installed.
    """
    try:
        import docx
    except ImportError as error:
        raise WrongUsage("study/no-word") from error
    document = docx.Document()
    _prepare(document, outline)
    document.add_heading(outline.title, 0)
    for part in outline.parts:
        document.add_heading(part.heading, 1)
        for line in part.lines:
            _line(document, line)
    if outline.notes:
        document.add_heading(outline.notes_heading, 1)
        for note in outline.notes:
            paragraph = document.add_paragraph(f"{note.number}. {note.sentence.text} ")
            _small(paragraph, f"{note.source}, {note.begin}–{note.end}. {note.href}")
    written = io.BytesIO()
    document.save(written)
    return repacked(written.getvalue())


def _prepare(document: Document, outline: Outline) -> None:
    """Set fonts for Chinese, and properties that name no clock and no person."""
    from docx.oxml.ns import qn

    for name in ("Normal", "Title", "Heading 1"):
        fonts = document.styles[name].element.get_or_add_rPr().get_or_add_rFonts()
        fonts.set(qn("w:eastAsia"), _EAST_ASIAN)
    properties = document.core_properties
    properties.author, properties.title, properties.comments = "policygraph", outline.title, ""
    properties.created = properties.modified = properties.last_printed = EPOCH
    properties.last_modified_by = "policygraph"
    properties.language = outline.lang


def _line(document: Document, line: Line) -> None:
    style = "List Bullet 2" if line.level else "List Bullet"
    paragraph = document.add_paragraph(line.words.text, style=style)
    for words in line.more:
        _small(paragraph, f" · {words.text}")
    for number in line.notes:
        mark = paragraph.add_run(f" [{number}]")
        mark.font.superscript = True


def _small(paragraph: Paragraph, text: str) -> None:
    from docx.shared import Pt, RGBColor

    run = paragraph.add_run(text)
    run.font.size, run.font.color.rgb = Pt(9), RGBColor(0x5A, 0x66, 0x75)
