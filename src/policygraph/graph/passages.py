"""Passages: the stretches of text that state things, each described once.

In: a document and the spans its statements cite. Out: quads in the document's own graph: offsets
in the restored text and in the source, the words, a little context, the sentence around, and
whether a byte repair inside is less than proved.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from policygraph.graph.written import TYPE, Written, bracketed, index, literal, node, pg
from policygraph.identifiers import Identifiers
from policygraph.namespaces import NIF, OA
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
_SOURCE_BEGIN, _SOURCE_END, _SENTENCE = pg("sourceBegin"), pg("sourceEnd"), pg("inSentence")

_DOUBT = ("undecided", "inferred", "proved")


def describe_passages(
    document: Document, text: str, ids: Identifiers, graph: str, cited: Iterable[Span]
) -> Iterator[Written]:
    """Describe every cited passage and the sentence around it.

    Args:
        document: the document.
        text: IRI of its restored text.
        ids: how IRIs look.
        graph: the document's own graph, as it is written.
        cited: the stretches that are quoted.
    """
    cut = sentences(document.text)
    misread = [edit for edit in document.restoration.edits if edit.kind == "misread-bytes"]
    sentence_of = {span: around(span, cut) for span in cited}
    for span in sorted({*sentence_of, *sentence_of.values()}):
        passage = bracketed(ids.passage(text, *span))
        yield from _description(document, bracketed(text), span, passage, graph)
        doubt = _repair_status(misread, span) if misread else ""
        if doubt:
            yield passage, pg("repairStatus"), literal(doubt), graph
        sentence = sentence_of.get(span, span)
        if sentence != span:
            yield passage, _SENTENCE, bracketed(ids.passage(text, *sentence)), graph


def _description(
    document: Document, text: str, span: Span, passage: str, graph: str
) -> tuple[Written, ...]:
    """Say of a passage what is said of each; all at once, for there are many."""
    words, (start, end) = document.text, span
    source = document.restoration.to_source(start, end)
    anchor = literal(words[start:end], language=document.record.language)
    return (
        (passage, TYPE, _PASSAGE, graph),
        (passage, _CONTEXT, text, graph),
        (passage, _BEGIN, index(start), graph),
        (passage, _END, index(end), graph),
        (passage, _ANCHOR, anchor, graph),
        (passage, _PREFIX, literal(words[max(0, start - CONTEXT) : start]), graph),
        (passage, _SUFFIX, literal(words[end : end + CONTEXT]), graph),
        (passage, _SOURCE_BEGIN, index(source.start), graph),
        (passage, _SOURCE_END, index(source.end), graph),
    )


def _repair_status(misread: Iterable[Edit], span: Span) -> str:
    """Give the weakest proof among the byte repairs inside a span; empty where there is none."""
    inside = {
        edit.status
        for edit in misread
        if edit.restored.start < span.end and span.start < edit.restored.end
    }
    return next((status for status in _DOUBT if status in inside), "")
