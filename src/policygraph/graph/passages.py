"""Passages: the stretches of text that state things, each described once.

In: a document and the spans its statements cite. Out: quads in the document's own graph: offsets
in the restored text and in the source, the words, a little context, the sentence around, and
whether a byte repair inside is less than proved.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from pyoxigraph import Literal, NamedNode, Quad

from policygraph.graph.terms import TYPE, Term, index, pg
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
    NamedNode(NIF + name) for name in ("referenceContext", "beginIndex", "endIndex", "anchorOf")
)
_PREFIX, _SUFFIX = NamedNode(OA + "prefix"), NamedNode(OA + "suffix")
_SOURCE_BEGIN, _SOURCE_END = pg("sourceBegin"), pg("sourceEnd")

_DOUBT = ("undecided", "inferred", "proved")


def describe_passages(
    document: Document, text: NamedNode, ids: Identifiers, graph: NamedNode, cited: Iterable[Span]
) -> Iterator[Quad]:
    """Describe every cited passage and the sentence around it."""
    cut = sentences(document.text)
    sentence_of = {span: around(span, cut) for span in cited}
    for span in sorted({*sentence_of, *sentence_of.values()}):
        passage = NamedNode(ids.passage(text.value, *span))
        for predicate, value in _description(document, text, span):
            yield Quad(passage, predicate, value, graph)
        sentence = sentence_of.get(span, span)
        if sentence != span:
            whole = NamedNode(ids.passage(text.value, *sentence))
            yield Quad(passage, pg("inSentence"), whole, graph)


def _description(
    document: Document, text: NamedNode, span: Span
) -> Iterator[tuple[NamedNode, Term]]:
    words, lang = document.text, document.record.language
    source = document.restoration.to_source(*span)
    yield TYPE, _PASSAGE
    yield _CONTEXT, text
    yield _BEGIN, index(span.start)
    yield _END, index(span.end)
    yield _ANCHOR, Literal(words[span.start : span.end], language=lang)
    yield _PREFIX, Literal(words[max(0, span.start - CONTEXT) : span.start])
    yield _SUFFIX, Literal(words[span.end : span.end + CONTEXT])
    yield _SOURCE_BEGIN, index(source.start)
    yield _SOURCE_END, index(source.end)
    doubt = _repair_status(document, span)
    if doubt:
        yield pg("repairStatus"), Literal(doubt)


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
