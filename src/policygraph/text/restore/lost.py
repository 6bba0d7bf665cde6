"""What is lost without a trace: characters of the user-defined area, spaces that became ``????``.

In: a text; out: spaces for question marks that indent lines, and notes on what can only be marked.
A character that is lost is never made up. This room knows no RDF.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from policygraph.text.restore.ledger import Note, Proposal, facts, leave
from policygraph.text.restore.script import HAN
from policygraph.text.restore.trace import Change, Span

# A converter that lacks a character writes U+FFFD; one that keeps the two bytes of the
# user-defined area writes a private character that has no meaning outside its font.
_LOST = re.compile("[\ue000-\uf8ff\ufffd\U000f0000-\U0010fffd]+")
# Chinese paragraphs are indented; lost bytes of a character never make four question marks.
_INDENT = re.compile(r"(?m)^\?{4,}(?=[^?\s])")
_WITHIN = re.compile(r"(?<=[^?\n])\?{4,}(?=[^?\s])")


def proposals(text: str) -> Iterator[Proposal]:
    """Propose spaces where question marks indent a line, and note what is lost."""
    for found in _in_order(text):
        start, end = span = Span(*found.span())
        if found.re is _LOST:
            codes = " ".join(f"U+{ord(character):04X}" for character in found[0])
            yield leave("lost-character", "restore/lost-character", facts(codes=codes), span)
        elif found.re is _INDENT:
            count = facts(count=end - start)
            note = Note("space", "inferred", "restore/indent", count, span)
            yield Proposal(Change(start, end, " " * (end - start)), (note,))
        else:
            yield leave("space", "restore/question-marks", facts(count=end - start), span)


def _in_order(text: str) -> list[re.Match[str]]:
    if not HAN.search(text):
        return []
    patterns = (_LOST, _INDENT, _WITHIN) if "????" in text else (_LOST,)
    found = [match for pattern in patterns for match in pattern.finditer(text)]
    return sorted(found, key=re.Match.start)
