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
from policygraph.text.restore import Span
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
    sentence_of = {span: around(span, cut) for span in cited}
    for span in sorted({*sentence_of, *sentence_of.values()}):
        passage = bracketed(ids.passage(text, *span))
        for predicate, value in _description(document, text, span):
            yield passage, predicate, value, graph
        sentence = sentence_of.get(span, span)
        if sentence != span:
            yield passage, _SENTENCE, bracketed(ids.passage(text, *sentence)), graph


def _description(document: Document, text: str, span: Span) -> Iterator[tuple[str, str]]:
    words, lang = document.text, document.record.language
    source = document.restoration.to_source(*span)
    yield TYPE, _PASSAGE
    yield _CONTEXT, bracketed(text)
    yield _BEGIN, index(span.start)
    yield _END, index(span.end)
    yield _ANCHOR, literal(words[span.start : span.end], language=lang)
    yield _PREFIX, literal(words[max(0, span.start - CONTEXT) : span.start])
    yield _SUFFIX, literal(words[span.end : span.end + CONTEXT])
    yield _SOURCE_BEGIN, index(source.start)
    yield _SOURCE_END, index(source.end)
    doubt = _repair_status(document, span)
    if doubt:
        yield pg("repairStatus"), literal(doubt)


def _repair_status(document: Document, span: Span) -> str:
    """Give the weakest proof among the byte repairs inside a span; empty where there is none."""
    inside = {
        edit.status
        for edit in document.restoration.edits
        if edit.kind == "misread-bytes"
        and edit.restored.start < span.end
        and span.start < edit.restored.end
    }
    return next((status for status in _DOUBT if status in inside), "")
