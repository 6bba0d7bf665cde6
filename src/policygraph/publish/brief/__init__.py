"""A period in brief, as Markdown, a page, or a DOCX file; every line with its sentence.

In: the brief that ``study`` chose, and a language. Out: bytes, the same every time.
"""

from __future__ import annotations

from policygraph.publish.brief.outline import Outline, outline
from policygraph.publish.pages import page
from policygraph.study.brief import Brief

__all__ = ["Outline", "brief_bytes", "outline"]


def brief_bytes(brief: Brief, lang: str, form: str) -> bytes:
    """Write a brief.

    Args:
        brief: what is to be told.
        lang: of headings and, where the graph has them, names: ``en`` or ``zh``.
        form: ``md``, ``html`` or ``docx``.

    Raises:
        WrongUsage: DOCX is wanted and python-docx is not installed.
    """
    made = outline(brief, lang)
    if form == "docx":
        from policygraph.publish.brief.word import docx_bytes

        return docx_bytes(made)
    return page(f"brief.{form}.j2", title=made.title, lang=lang, outline=made).encode()
