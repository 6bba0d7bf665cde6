"""What one document says: its record, its sections, its statements, its passages.

In: a document, read. Out: quads whose graph is the passage that states them, and findings where
the words quoted do not say what is stated of them.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator

from policygraph.assets import asset
from policygraph.errors import Where
from policygraph.graph.knowledge import judgement_record
from policygraph.graph.passages import describe_passages
from policygraph.graph.values import DECIMAL, Values, canonical
from policygraph.graph.vocabulary import DATE, LANG_STRING, MONTH, YEAR
from policygraph.graph.wording import (
    names_one,
    states_day,
    states_month,
    states_number,
    states_year,
)
from policygraph.graph.written import (
    LABEL,
    QUOTED,
    TYPE,
    Written,
    bracketed,
    index,
    literal,
    node,
    pg,
    quoter_of,
    tail_of,
)
from policygraph.identifiers import is_address, kind_of_class
from policygraph.messages import LANGUAGES, say
from policygraph.namespaces import DCTERMS, NIF, PROV, SKOS
from policygraph.text.days import is_date
from policygraph.text.model import Document, Fact, Row, Section, covers, join
from policygraph.text.names import Thing
from policygraph.text.restore import Span

_MUST_BE_NAMED = frozenset(
    {"Institution", "Initiative", "Event", "Instrument", "Place", "Topic", "Period"}
)
"""Things of these classes are stated of only where the words quoted name them."""

_IN_SECTION, _MEASURE_KIND = pg("inSection"), pg("measureKind")


class DocumentBuilder:
    """Builds the quads of one document; knows nothing of the others but their names."""

    def __init__(self, document: Document, values: Values, *, drafts: bool = False) -> None:
        self.document = document
        self.values = values
        self.drafts = drafts
        self.ids = values.ids
        record = document.record
        self.id, self.language = record.id, record.language
        self.iri = bracketed(self.ids.thing("document", record.id))
        self.text = self.ids.text(record.id, record.text_sha256)
        self.record_graph = bracketed(self.ids.graph("document", record.id))
        self.translation = bracketed(self.ids.graph("editor", f"{record.id}-translation"))
        self.candidate = bracketed(self.ids.graph("candidate"))
        self.cited: dict[Span, str] = {}
        days = (fact.value for fact in record.facts if fact.name == "issued_on")
        self.period: list[tuple[str, str, str]] = []
        self.issued = next(filter(is_date, days), "")
        self._text = document.text
        self._quote = quoter_of(document.text)
        self._spoken = tail_of(record.language)
        self._quads: list[Written] = []

    def said(self) -> list[Written]:
        """Give everything the document's folder says."""
        self._quads = [*self._record()]
        for section in self.document.sections:
            self._section(section)
        self._quads += self._translation()
        return self._quads

    def passages(self) -> tuple[list[str], int]:
        """Describe the passages that were cited so far, in lines of the document's own graph.

        Returns:
            The lines, cut anywhere, and how many they are.
        """
        return describe_passages(self.document, self.text, self.ids, self.record_graph, self.cited)

    def _passage(self, span: Span) -> str:
        name = self.cited.get(span)
        if name is None:
            name = self.cited[span] = bracketed(self.ids.passage(self.text, *span))
        return name

    def _words(self, span: Span) -> str:
        start, end = span
        return self._text[start:end]

    # what document.yaml says

    def _record(self) -> Iterator[Written]:
        record, text = self.document.record, node(self.text)
        for subject, predicate, value in (
            (self.iri, TYPE, pg("PolicyDocument")),
            (self.iri, node(DCTERMS + "language"), literal(record.language)),
            (self.iri, pg("sha256"), literal(record.source_sha256)),
            (text, TYPE, pg("Text")),
            (text, pg("textOf"), self.iri),
            (text, pg("sha256"), literal(record.text_sha256)),
            (text, node(NIF + "isString"), literal(self.document.text)),
        ):
            yield subject, predicate, value, self.record_graph
        for title in record.titles:
            label = literal(title.value, language=title.lang)
            yield self.iri, LABEL, label, self.record_graph
        yield from self._record_links()
        for fact in record.facts:
            yield from self._record_fact(fact)

    def _record_links(self) -> Iterator[Written]:
        record = self.document.record
        for name, address in (
            (DCTERMS + "source", record.source_address),
            (PROV + "wasDerivedFrom", record.derived_from),
        ):
            if is_address(address):
                yield self.iri, node(name), node(address), self.record_graph

    def _record_fact(self, fact: Fact) -> Iterator[Written]:
        if fact.name == "note":
            note = literal(fact.value, language=fact.lang or "en")
            yield self.iri, node(SKOS + "note"), note, self.record_graph
            return
        meaning = self.values.meaning(fact)
        if meaning:
            yield self.iri, meaning.predicate, meaning.object, self.record_graph

    def _translation(self) -> Iterator[Written]:
        """Describe the graph of renderings: whose they are and how far they may be trusted."""
        how = dict(self.document.record.translation)
        if how.get("by"):
            status = {"status": how["status"]}
            grounds = {lang: say("statements/rendering", status, lang) for lang in LANGUAGES}
            yield from judgement_record(self.translation, how["by"], how["on"], grounds, self.ids)

    # what statements.yaml says

    def _section(self, section: Section) -> None:
        iri = bracketed(self.ids.thing("section", f"{self.id}-{section.id}"))
        labels = [(LABEL, literal(each.value, language=each.lang)) for each in section.labels]
        for predicate, value in (
            (TYPE, pg("Section")),
            (pg("partOf"), self.iri),
            (pg("sectionStatus"), literal(section.status)),
            (node(NIF + "beginIndex"), index(section.extent.start)),
            (node(NIF + "endIndex"), index(section.extent.end)),
            *labels,
        ):
            self._quads.append((iri, predicate, value, self.record_graph))
        self.period = self._period(section)
        self._quads += [(iri, *said) for said in self.period]
        self._rows(section.rows, iri)

    def _period(self, section: Section) -> list[tuple[str, str, str]]:
        """Give the period of a section, with the graph of the heading that states it of all."""
        if not section.period:
            return []
        span = section.heading or section.extent
        meaning = self.values.meaning(Fact("period", section.period, section.where))
        if not meaning:
            return []
        if meaning.thing:
            self._check_named(meaning.thing, span, section.where)
        return [(meaning.predicate, meaning.object, self._passage(span))]

    def _rows(self, rows: tuple[Row, ...], place: str, parent: Row | None = None) -> None:
        """Build rows; each is judged by its own review, whatever that of the row above is."""
        for row in rows:
            left_out = row.review == "rejected" or (row.review == "draft" and not self.drafts)
            if not left_out:
                self._row(row, place, parent)
            if row.parts:
                self._rows(row.parts, place, None if left_out or row.of else row)

    def _row(self, row: Row, place: str, parent: Row | None) -> None:
        subject, type_ = self._subject(row)
        if not subject:
            return
        begun = len(self._quads)
        self._about_row(row, subject, type_, place)
        if row.review == "draft":
            self._as_candidates(begun)
        if parent and not row.of:
            begun = len(self._quads)
            self._part(parent, row, subject)
            if "draft" in (row.review, parent.review):
                self._as_candidates(begun)

    def _as_candidates(self, begun: int) -> None:
        """Whatever nobody reviewed stands in the one graph that is never merged."""
        self._quads[begun:] = [(*quad[:3], self.candidate) for quad in self._quads[begun:]]

    def _subject(self, row: Row) -> tuple[str, str]:
        """Name what a row is about, and its class; empty for a reference that means nothing."""
        if not row.of:
            return self._own(row), row.kind
        thing = self.values.resolve(row.of, row.where, document=self.id)
        if not thing:
            return "", ""
        self._check_named(thing, row.span, row.where)
        return self.values.iri(thing), thing.type

    def _own(self, row: Row) -> str:
        """Name the thing that a row makes."""
        return bracketed(self.ids.thing(kind_of_class(row.kind), f"{self.id}-{row.id}"))

    def _about_row(self, row: Row, subject: str, type_: str, place: str) -> None:
        graph = self._passage(row.span)
        kind = self.values.class_iri(row.kind, row.where) if row.kind else None
        if kind:
            self._quads.append((subject, TYPE, kind, graph))
        if type_ != "PolicyDocument":
            self._quads.append((subject, QUOTED, graph, self.record_graph))
        if not row.of:
            self._as_statement(row, subject, place, graph)
        for fact in row.facts:
            self._fact(fact, row, subject, graph)

    def _as_statement(self, row: Row, subject: str, place: str, graph: str) -> None:
        words = self._quote(self._words(row.span)) + self._spoken
        self._quads.append((subject, LABEL, words, graph))
        said_by = self.values.vocabulary.says.get(row.kind)
        if said_by:
            self._quads.append((self.iri, node(said_by), subject, graph))
            self._quads.append((subject, _IN_SECTION, place, self.record_graph))
            self._quads += [(subject, *said) for said in self.period]

    def _part(self, parent: Row, row: Row, subject: str) -> None:
        """Say that a row stands under another; the words from the one to the other show it."""
        graph = self._passage(join(parent.span, row.span))
        part = pg(_part_property(parent.kind, row.kind))
        self._quads.append((self._own(parent), part, subject, graph))

    def _fact(self, fact: Fact, row: Row, subject: str, graph: str) -> None:
        meaning = self.values.meaning(fact, self.id, self.language)
        name, value, where, lang, span = fact
        if span:
            graph = self._passage(span)
            self._quads.append((subject, QUOTED, graph, self.record_graph))
        else:
            span = row.span
        if meaning:
            predicate, written, thing, datatype = meaning
            if lang and lang != self.language:
                graph = self.translation
            elif datatype and not self._states(value, datatype, span):
                facts = {"key": name, "value": value, "quote": self._words(span)}
                self.values.complain("statements/words-not-quoted", where, **facts)
            if thing:
                self._check_named(thing, span, where)
            self._quads.append((subject, predicate, written, graph))
        if name == "verb":
            self._measure(fact, row, subject)

    def _measure(self, fact: Fact, row: Row, subject: str) -> None:
        """Say which kind of measure a verb names: the editors' classification, not the text's.

        A draft may have a verb that no kind lists yet: it is for the reviewer to place it.
        """
        kind = self.values.vocabulary.verbs.get(fact.value)
        if kind:
            self._quads.append((subject, _MEASURE_KIND, node(kind), self.translation))
        elif row.review != "draft":
            self.values.complain("statements/unknown-verb", fact.where, verb=fact.value)

    # what the graph may not say because the text does not

    def _check_named(self, thing: Thing, span: Span, where: Where) -> None:
        names = thing.named(self.language)
        words = self._words(span)
        if not names or names_one(words, names):
            return
        if self.values.vocabulary.is_a(thing.type, _MUST_BE_NAMED):
            self.values.complain(
                "statements/not-named", where, key=thing.key, quote=words, names=" / ".join(names)
            )

    def _states(self, value: str, datatype: str, span: Span) -> bool:
        """Tell whether the words quoted hold a number, a day or words."""
        words = self._words(span)
        if datatype == LANG_STRING:
            return value in words
        if datatype == DECIMAL:
            return self._gives(value, span)
        if datatype in (DATE, MONTH, YEAR) and self.language.startswith("zh"):
            return self._dates(value, datatype, words)
        return True

    def _dates(self, value: str, datatype: str, words: str) -> bool:
        """Tell whether words give a day, a month or a year."""
        if datatype == YEAR:
            return states_year(words, value, self.issued, _plans())
        if datatype == MONTH:
            return states_month(words, value, self.issued)
        return states_day(words, value, self.issued)

    def _gives(self, number: str, span: Span) -> bool:
        """Tell whether words give a number: in these digits, or as drafting reads it (1.2万)."""
        if states_number(self._words(span), number):
            return True
        return self.language.startswith("zh") and any(
            covers(span, where) and value == canonical(number) for where, value in self._numbers
        )

    @functools.cached_property
    def _numbers(self) -> list[tuple[Span, str]]:
        """List the numbers of the text as drafting reads them; asked where digits do not do."""
        from policygraph.text.draft.mentions import read_recogniser

        found = read_recogniser(asset("data", "lexicon", "zh")).figures(self.document.text)
        return [
            (figure.span, canonical(str(figure.value)))
            for figure in found
            if isinstance(figure.value, int | float)
        ]


@functools.cache
def _plans() -> dict[str, int]:
    """Give the last year of each plan that the lexicon knows."""
    from policygraph.text.draft.days import read_years

    years = read_years(asset("data", "lexicon", "zh"))
    return {name: last for name, (_, last, flags) in years.items() if flags == "plan"}


def _part_property(whole: str, part: str) -> str:
    """Choose how a row relates to the row it stands under."""
    if part == "Figure":
        return "hasFigure"
    return "hasAction" if (whole, part) == ("Goal", "Action") else "hasPart"
