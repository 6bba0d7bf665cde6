"""What the page of a document shows: its text with every statement marked, section by section.

In: a document of the graph. Out: lines of marked text and the statements that stand in them.
Everything is read from the passages of its text; the original comes from the workspace.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from markupsafe import Markup
from pyoxigraph import DefaultGraph, NamedNode

from policygraph.graph.terms import QUOTED, TYPE, pg, text_of
from policygraph.identifiers import origin_of, passage_span
from policygraph.namespaces import NIF, PG
from policygraph.publish.sheets.sheet import html_language
from policygraph.publish.site.links import Links, Shown
from policygraph.publish.site.marks import Mark, Node, markup, nest
from policygraph.publish.site.original import Original
from policygraph.publish.site.reader import Reader
from policygraph.publish.site.words import say
from policygraph.text.sentences import sentences

_CONTEXT = NamedNode(NIF + "referenceContext")
_RANK = ("Goal", "Action", "Aim", "Achievement", "Statement", "Figure", "Sum")


@dataclass(frozen=True)
class Statement:
    """A statement of a document: where it stands, what it is."""

    iri: str
    kind: str
    start: int
    end: int
    passage: str
    candidate: bool

    @property
    def anchor(self) -> str:
        """Its place in the list of statements."""
        return "s-" + "-".join(self.iri.rsplit("/", 2)[1:])


@dataclass(frozen=True)
class Part:
    """A section of a document, or what stands outside of all."""

    iri: str
    start: int
    end: int
    status: str


@dataclass(frozen=True)
class Line:
    """A line of the restored text, and the same of the original where that is known."""

    text: tuple[Node, ...]
    original: tuple[Node, ...]


class TextReader:
    """Reads the text of one document out of the graph."""

    def __init__(self, reader: Reader, document: str) -> None:
        self.reader = reader
        self.engine = reader.store.engine
        self.document = document

    @cached_property
    def text_iri(self) -> str:
        """The text of the document; empty where the graph holds none."""
        pattern = (None, pg("textOf"), NamedNode(self.document), DefaultGraph())
        found = (text_of(quad.subject) for quad in self.engine.quads_for_pattern(*pattern))
        return min(found, default="")

    @cached_property
    def text(self) -> str:
        """Its words."""
        return self.reader.one(self.text_iri, NIF + "isString") if self.text_iri else ""

    @cached_property
    def language(self) -> str:
        """The language of its words."""
        first = next(iter(self.passages), "")
        return html_language(self.reader.passage_words(first).lang) if first else ""

    @cached_property
    def passages(self) -> dict[str, tuple[int, int]]:
        """Every passage that is described, with its span."""
        pattern = (None, _CONTEXT, NamedNode(self.text_iri), None)
        quads = self.engine.quads_for_pattern(*pattern)
        spans = {iri: passage_span(iri) for iri in {text_of(quad.subject) for quad in quads}}
        found = {iri: (span[1], span[2]) for iri, span in spans.items() if span}
        return {
            iri: span
            for iri, span in sorted(found.items(), key=lambda item: item[1])
            if 0 <= span[0] < span[1] <= len(self.text)
        }

    @cached_property
    def statements(self) -> list[Statement]:
        """Every statement, at the passage that says what it is, in reading order."""
        found: dict[tuple[str, str], Statement] = {}
        for passage, (start, end) in self.passages.items():
            for iri, kind, candidate in self._stated(passage):
                found.setdefault(
                    (iri, passage), Statement(iri, kind, start, end, passage, candidate)
                )
        order = {kind: at for at, kind in enumerate(_RANK)}
        return sorted(
            found.values(), key=lambda s: (s.start, order.get(s.kind, len(order)), -s.end, s.iri)
        )

    def _stated(self, passage: str) -> Iterable[tuple[str, str, bool]]:
        """Give what a passage says there is: things with their class, candidates marked."""
        said = self.engine.quads_for_pattern(None, TYPE, None, NamedNode(passage))
        for quad in said:
            kind = text_of(quad.object)
            if kind.startswith(PG):
                yield text_of(quad.subject), kind.removeprefix(PG), False
        for quad in self.engine.quads_for_pattern(None, QUOTED, NamedNode(passage), None):
            if origin_of(text_of(quad.graph_name)) == "candidate":
                iri = text_of(quad.subject)
                yield from ((iri, kind, True) for kind in self.reader.kinds(iri)[:1])

    @cached_property
    def parts(self) -> list[Part]:
        """The sections in reading order, with what stands before, between and behind them."""
        pattern = (None, pg("partOf"), NamedNode(self.document), DefaultGraph())
        iris = sorted({text_of(quad.subject) for quad in self.engine.quads_for_pattern(*pattern)})
        known = [part for part in map(self._part, iris) if part.start < part.end]
        parts, place = list[Part](), 0
        for part in sorted(known, key=lambda each: each.start):
            if part.start > place:
                parts.append(Part("", place, part.start, ""))
            parts.append(Part(part.iri, max(place, part.start), part.end, part.status))
            place = max(place, part.end)
        return [*parts, *([Part("", place, len(self.text), "")] if place < len(self.text) else [])]

    def _part(self, iri: str) -> Part:
        begin, end = (self.reader.one(iri, NIF + name) for name in ("beginIndex", "endIndex"))
        start, stop = int(begin or 0), min(int(end or 0), len(self.text))
        return Part(iri, start, stop, self.reader.one(iri, PG + "sectionStatus"))


class DocumentView:
    """What a page shows of a document, in one language."""

    def __init__(self, text: TextReader, links: Links, original: Original | None) -> None:
        self.text = text
        self.links = links
        self.original = original
        self.marks = _marks(text)

    def lines(self, part: Part) -> list[Line]:
        """Give the lines of a part; empty ones are left out."""
        lines, start = list[Line](), part.start
        for words in self.text.text[part.start : part.end].split("\n"):
            end = start + len(words)
            if words.strip():
                marked = nest(self.text.text, self.marks, start, end)
                source = self.original.line(start, end) if self.original else ()
                lines.append(Line(marked, source))
            start = end + 1
        return lines

    def markup(self, nodes: tuple[Node, ...]) -> Markup:
        """Write pieces of a line as HTML."""
        return markup(nodes, say(self.links.lang, "document.permalink"))

    def statements(self, part: Part) -> list[Statement]:
        """List the statements of a part, each once."""
        inside = [s for s in self.text.statements if part.start <= s.start < part.end]
        return list({s.iri: s for s in reversed(inside)}.values())[::-1]

    def label(self, part: Part) -> Shown:
        """Give the name of a section."""
        return self.links.named(part.iri)

    def kinds(self) -> list[tuple[str, int]]:
        """Count the statements by class."""
        counts: dict[str, set[str]] = {}
        for each in self.text.statements:
            counts.setdefault(each.kind, set()).add(each.iri)
        ranked = sorted(counts, key=lambda kind: (_RANK.index(kind) if kind in _RANK else 99, kind))
        return [(kind, len(counts[kind])) for kind in ranked]


def _marks(text: TextReader) -> list[Mark]:
    """Mark every sentence, every passage and, by the statement listed first, what it says."""
    marks = {
        (span.start, span.end): Mark(*span, _anchor(span), "sentence")
        for span in sentences(text.text)
    }
    for span in text.passages.values():
        marks.setdefault(span, Mark(*span, _anchor(span)))
    looks: dict[tuple[int, int], Mark] = {}
    for each in text.statements:
        look = f"s {each.kind}{' candidate' if each.candidate else ''}"
        mark = Mark(each.start, each.end, "", look, f"#{each.anchor}")
        looks.setdefault((each.start, each.end), mark)
    return [*marks.values(), *looks.values()]


def _anchor(span: tuple[int, int]) -> str:
    return f"char={span[0]},{span[1]}"
