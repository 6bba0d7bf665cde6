"""Passages: the stretches of text that state things, each described once.

In: a document and the spans its statements cite. Out: lines in the document's own graph: offsets
in the restored text and in the source, the words, a little context, the sentence around, and
whether a byte repair inside is less than proved.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import chain

from policygraph.graph.written import TYPE, bracketed, node, pg, quoted, quoter_of, tail_of
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

_LINES = 9
"""How many of them describe any passage."""

_DOUBT = ("undecided", "inferred", "proved")


def describe_passages(
    document: Document, text: str, ids: Identifiers, graph: str, cited: Mapping[Span, str]
) -> tuple[list[str], int]:
    """Describe every cited passage and the sentence around it.

    Args:
        document: the document.
        text: IRI of its restored text.
        ids: how IRIs look.
        graph: the document's own graph, as it is written.
        cited: the stretches that are quoted, each with its name as it is written.

    Returns:
        Lines of N-Quads, cut anywhere, of which none comes twice; and how many they are.
    """
    cut = sentences(document.text)
    sentence_of = around(cited, cut)
    stretches = sorted({*sentence_of, *sentence_of.values()})
    names = {span: cited.get(span) or bracketed(ids.passage(text, *span)) for span in stretches}
    misread = [edit for edit in document.restoration.edits if edit.kind == "misread-bytes"]
    further = {
        span: f"{names[span]} {_SENTENCE} {names[sentence]} {graph} .\n"
        for span, sentence in sentence_of.items()
        if sentence != span
    }
    count = _LINES * len(names) + len(further)
    for span, it in names.items() if misread else ():
        doubt = _repair_status(misread, span)
        if doubt:
            line = f"{it} {_REPAIR} {quoted(doubt)} {graph} .\n"
            further[span] = line + further.get(span, "")
            count += 1
    described = _descriptions(document, bracketed(text), names, graph, further)
    return list(chain.from_iterable(described)), count


def _descriptions(
    document: Document,
    text: str,
    names: Mapping[Span, str],
    graph: str,
    further: Mapping[Span, str],
) -> Iterator[tuple[str, ...]]:
    """Say of each passage what is said of all; what does not change is put together once.

    Words stand by themselves: texts that are all ASCII become bytes much faster.
    """
    end = f" {graph} .\n"
    is_passage = f" {TYPE} {_PASSAGE}{end}"
    in_text = f" {_CONTEXT} {text}{end}"
    number = f'"{tail_of("", XSD + "integer")}{end}'
    spoken = tail_of(document.record.language) + end
    words, to_source = document.text, document.restoration.traced.to_source
    quote = quoter_of(words)
    for span, it in names.items():
        start, stop = span
        first, last = to_source(start, stop)
        yield (
            f"{it}{is_passage}{it}{in_text}"
            f'{it} {_BEGIN} "{start}{number}{it} {_END} "{stop}{number}{it} {_ANCHOR} ',
            quote(words[start:stop]),
            f"{spoken}{it} {_PREFIX} ",
            quote(words[max(0, start - CONTEXT) : start]),
            f"{end}{it} {_SUFFIX} ",
            quote(words[stop : stop + CONTEXT]),
            f'{end}{it} {_SOURCE_BEGIN} "{first}{number}'
            f'{it} {_SOURCE_END} "{last}{number}{further.get(span, "")}',
        )


def _repair_status(misread: Iterable[Edit], span: Span) -> str:
    """Give the weakest proof among the byte repairs inside a span; empty where there is none."""
    inside = {
        edit.status
        for edit in misread
        if edit.restored.start < span.end and span.start < edit.restored.end
    }
    return next((status for status in _DOUBT if status in inside), "")
