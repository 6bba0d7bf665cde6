"""Passages: the stretches of text that state things, each described once.

In: a document and the spans its statements cite. Out: lines in the document's own graph: offsets
in the restored text and in the source, the words, a little context, the sentence around, and
whether a byte repair inside is less than proved.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from policygraph.graph.written import TYPE, bracketed, node, pg, quoted, tail_of
from policygraph.identifiers import Identifiers
from policygraph.namespaces import NIF, OA, XSD
from policygraph.text.model import Document
from policygraph.text.restore import Edit, Span
from policygraph.text.sentences import around, sentences

CONTEXT = 32
"""How many code points of context a passage carries on either side, for re-anchoring
(Web Annotation Data Model, section 4.2.4)."""

_PASSAGE = pg("Passage")
_CONTEXT, _BEGIN, _END, _ANCHOR = (
    node(NIF + name) for name in ("referenceContext", "beginIndex", "endIndex", "anchorOf")
)
_PREFIX, _SUFFIX = node(OA + "prefix"), node(OA + "suffix")
_SOURCE_BEGIN, _SOURCE_END, _SENTENCE, _REPAIR = map(
    pg, ("sourceBegin", "sourceEnd", "inSentence", "repairStatus")
)

_DOUBT = ("undecided", "inferred", "proved")


def describe_passages(
    document: Document, text: str, ids: Identifiers, graph: str, cited: Iterable[Span]
) -> Iterator[str]:
    """Describe every cited passage and the sentence around it.

    Args:
        document: the document.
        text: IRI of its restored text.
        ids: how IRIs look.
        graph: the document's own graph, as it is written.
        cited: the stretches that are quoted.

    Returns:
        For each passage the lines of N-Quads that describe it; no line comes twice.
    """
    cut = sentences(document.text)
    misread = [edit for edit in document.restoration.edits if edit.kind == "misread-bytes"]
    sentence_of = {span: around(span, cut) for span in cited}
    stretches = sorted({*sentence_of, *sentence_of.values()})
    names = {span: bracketed(ids.passage(text, *span)) for span in stretches}
    for span, lines in _descriptions(document, bracketed(text), names, graph):
        doubt = _repair_status(misread, span) if misread else ""
        if doubt:
            lines += f"{names[span]} {_REPAIR} {quoted(doubt)} {graph} .\n"
        sentence = sentence_of.get(span, span)
        if sentence != span:
            lines += f"{names[span]} {_SENTENCE} {names[sentence]} {graph} .\n"
        yield lines


def _descriptions(
    document: Document, text: str, names: Mapping[Span, str], graph: str
) -> Iterator[tuple[Span, str]]:
    """Say of each passage what is said of all; what does not change is put together once."""
    end = f" {graph} .\n"
    is_passage = f" {TYPE} {_PASSAGE}{end}"
    in_text = f" {_CONTEXT} {text}{end}"
    number = f'"{tail_of(datatype=XSD + "integer")}{end}'
    spoken = tail_of(language=document.record.language) + end
    words, to_source = document.text, document.restoration.to_source
    for span, it in names.items():
        start, stop = span
        source = to_source(start, stop)
        yield (
            span,
            f"{it}{is_passage}{it}{in_text}"
            f'{it} {_BEGIN} "{start}{number}{it} {_END} "{stop}{number}'
            f"{it} {_ANCHOR} {quoted(words[start:stop])}{spoken}"
            f"{it} {_PREFIX} {quoted(words[max(0, start - CONTEXT) : start])}{end}"
            f"{it} {_SUFFIX} {quoted(words[stop : stop + CONTEXT])}{end}"
            f'{it} {_SOURCE_BEGIN} "{source.start}{number}'
            f'{it} {_SOURCE_END} "{source.end}{number}',
        )


def _repair_status(misread: Iterable[Edit], span: Span) -> str:
    """Give the weakest proof among the byte repairs inside a span; empty where there is none."""
    inside = {
        edit.status
        for edit in misread
        if edit.restored.start < span.end and span.start < edit.restored.end
    }
    return next((status for status in _DOUBT if status in inside), "")
