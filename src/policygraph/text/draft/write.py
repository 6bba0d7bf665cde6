"""Draft rows for ``statements.yaml``: what a person reviews.

In: the clauses, mentions and relations of a text; out: the YAML text, with every row marked
``review: draft``, its rule and how far that rule is trusted. What was carried over from another
clause is not stated and is left out. This room knows no RDF.
"""

from __future__ import annotations

import functools
import hashlib
from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from policygraph.text.draft.confidence import Rating, rated
from policygraph.text.draft.grams import places_of
from policygraph.text.draft.model import Clause, Parts, Relation
from policygraph.text.draft.reading import Named
from policygraph.text.draft.stated import Figure, Occasion, Quoted, Stated, Told
from policygraph.text.draft.yaml_words import inline, scalar
from policygraph.text.memory import uncollected
from policygraph.text.model import covers
from policygraph.text.naming.meaning import Register
from policygraph.text.restore import Span
from policygraph.text.statements import occurrences

TYPES = {
    "goal": "Goal",
    "action": "Action",
    "achievement": "Achievement",
    "event": "Statement",
    "fact": "Statement",
}
"""The class of a row by the kind of its clause; context has none."""

DRAFTED_FROM = "# Drafted by policygraph; draft rows are for a person to review. Source sha256: "
"""How the first line of a drafted file begins; the hash of the source follows."""

MADE_WITH = "# Made with: "
"""How the line begins that says what else a draft depends on."""

_OPENING = 4
"""Code points by which quotes are looked up."""


@dataclass(frozen=True)
class Draft:
    """Everything found in one text.

    Attributes:
        document: id of the document.
        text: the restored text.
        clauses: in text order.
        mentions: what the text names; the first has the id ``e1``.
        relations: what the text states.
        known: names of the registry's things, where they were at hand.
        issued: day of the document, ``YYYY-MM-DD``, or its year; empty where it is unknown.
    """

    document: str
    text: str
    clauses: Sequence[Clause]
    mentions: Sequence[Named] = ()
    relations: Sequence[Relation] = ()
    known: Register | None = None
    issued: str = ""


@dataclass
class _Run:
    """Clauses that make one section, and the words that open it."""

    status: str
    period: str
    heading: Span
    clauses: list[Clause]

    @property
    def opens(self) -> int:
        return self.heading.start


class _Row(NamedTuple):
    """A row as it is written: its own lines, and the rows under it."""

    lines: str
    indent: str
    parts: list[_Row]

    @classmethod
    def of(cls, fields: Iterable[str], indent: str) -> _Row:
        """Write an item of a list in YAML; its fields come without indentation."""
        return cls(f"{indent}- " + f"\n{indent}  ".join(fields), indent, [])

    def written(self) -> Iterator[str]:
        yield self.lines
        if self.parts:
            yield f"{self.indent}  parts:"
            for part in self.parts:
                yield from part.written()


def _merged(runs: Iterable[_Run]) -> Iterator[_Run]:
    """Join neighbouring runs that are left to the reviewer."""
    last: _Run | None = None
    for run in runs:
        if last and not last.period and not run.period:
            last.clauses += run.clauses
            continue
        if last:
            yield last
        last = run
    if last:
        yield last


@dataclass
class _Writer:
    draft: Draft
    known: Mapping[str, Rating]
    periods: Collection[str]
    taken: set[str] = field(default_factory=set)
    repeated: dict[tuple[str, str], int] = field(default_factory=dict)
    known_places: dict[str, list[int]] = field(default_factory=dict)
    proposed: dict[tuple[str, str], list[str]] = field(default_factory=dict)

    def sections(self) -> Iterator[str]:
        """Write the sections, each from the words that open it to those that open the next."""
        runs = list(_merged(self._runs()))
        starts = [
            0 if run.status == "stated" and not n else run.opens for n, run in enumerate(runs)
        ]
        ends = [*starts[1:], len(self.draft.text)][: len(runs)]
        for number, (run, start, end) in enumerate(zip(runs, starts, ends, strict=True)):
            yield from self._section(number + 1, run, Span(start, end))

    def _runs(self) -> Iterator[_Run]:
        """Cut the clauses where what they report changes."""
        before: list[Clause] = []  # context clauses since the last statement
        run: _Run | None = None
        key = ("", "")
        for clause in self.draft.clauses:
            if clause.kind not in TYPES:
                before.append(clause)
                continue
            changed = key != (clause.status, clause.period)
            if run is None or changed or (before and not run.period):
                key = (clause.status, clause.period)
                if run:
                    yield run
                run = self._run(clause, before)
            run.clauses.append(clause)
            before = []
        if run:
            yield run

    def _run(self, first: Clause, before: Sequence[Clause]) -> _Run:
        """Open a section by words that name its period.

        A section that reports or plans must name a period of the registry, and its words must name
        it too: where they do not, the section is left to the reviewer; its rows keep their types.
        """
        if first.status != "stated" and first.period in self.periods:
            for clause in (*before, first):
                if first.period in self.draft.text[slice(*clause.span)]:
                    return _Run(first.status, first.period, clause.span, [])
        return _Run("stated", "", first.span, [])

    def _section(self, number: int, run: _Run, extent: Span) -> Iterator[str]:
        fields = {"id": f"section-{number}"}
        if number > 1 or run.period:
            fields |= self._quote(run.heading, Span(0, len(self.draft.text)))
        fields["status"] = run.status
        if run.period:
            fields["period"] = run.period
        yield _Row.of([*_fields(fields), "statements:"], "").lines
        for row in self._rows(run.clauses, extent):
            yield from row.written()

    def _rows(self, run: list[Clause], extent: Span) -> list[_Row]:
        """Put every clause under the one that heads it, if that one is in the same section."""
        rows: list[_Row] = []
        made: dict[str, _Row] = {}
        for clause in run:
            above = made.get(clause.parent)
            row = self._row(clause, extent, above.indent + "  " if above else "  ")
            (above.parts if above else rows).append(row)
            made[clause.id] = row
        return rows

    def _row(self, clause: Clause, extent: Span, indent: str) -> _Row:
        parts, told = clause.parts, self._told.get(clause.id)
        rule = parts.rule if parts else clause.reason
        fields = [f"id: {self._id(clause.kind, clause.span)}", f"type: {TYPES[clause.kind]}"]
        fields += _fields(self._quote(clause.span, extent))
        if parts:
            fields += self._parts(clause, parts)
        if told:
            fields += self._linked(clause, told, extent)
        fields += self._proposed(rule, f"{clause.kind}: {clause.reason}")
        row = _Row.of(fields, indent)
        if told:
            row.parts.extend(self._under(clause, told, extent, indent + "  "))
        return row

    def _linked(self, clause: Clause, told: Told, extent: Span) -> Iterator[str]:
        """Write what a row states besides its verb, object and subject."""
        yield from (f"{name}: {inline(keys)}" for name, keys in told.links.items())
        if told.deadline and covers(extent, told.deadline.span):
            yield self._dated("deadline", told.deadline, extent)
        if told.unresolved:
            yield f"unresolved: {inline(self._unresolved(clause, told))}"

    def _under(self, clause: Clause, told: Told, extent: Span, indent: str) -> Iterator[_Row]:
        """Write the rows under a row: its figures and what it says of an event."""
        yield from (_Row.of(self._figure(each, extent), indent) for each in told.figures)
        if told.occasion:
            yield _Row.of(self._occasion(told.occasion, clause, extent), indent)

    def _proposed(self, rule: str, reason: str) -> list[str]:
        """Say what proposes a row and how far it may be trusted."""
        lines = self.proposed.get((rule, reason))
        if lines is None:
            rating = str(rated(rule, self.known))
            said = {"review": "draft", "rule": rule, "confidence": rating, "reason": reason}
            lines = self.proposed[rule, reason] = _fields(said)
        return lines

    def _figure(self, figure: Figure, extent: Span) -> list[str]:
        said = {"id": self._id("figure", figure.span), "type": "Figure"}
        said |= self._quote(figure.span, extent)
        said |= {"value": figure.value, "unit": figure.unit, "counts": figure.counts}
        return _fields(said) + self._proposed(figure.rule, "figure: figure-in-clause")

    def _occasion(self, occasion: Occasion, clause: Clause, extent: Span) -> list[str]:
        """Write the row of facts about an event that the registry knows."""
        said = {"id": self._id("occasion", clause.span), "of": f"event/{occasion.key}"}
        fields = _fields(said | self._quote(clause.span, extent))
        for name, day in zip(("held_on", "held_until"), occasion.days, strict=False):
            if covers(extent, day.span):
                fields.append(self._dated(name, day, extent))
        if occasion.place:
            fields.append(f"held_in: {scalar(occasion.place)}")
        return fields + self._proposed(occasion.rule, f"event: {clause.reason}")

    def _dated(self, name: str, day: Quoted, extent: Span) -> str:
        return f"{name}: {inline({'value': day.value, **self._quote(day.span, extent)})}"

    def _unresolved(self, clause: Clause, told: Told) -> dict[str, list[Any]]:
        """Quote what no property holds; words that stand twice in the row say which they are."""
        return {
            name: [self._in_row(span, clause.span) for span in spans]
            for name, spans in told.unresolved.items()
        }

    def _in_row(self, span: Span, row: Span) -> str | dict[str, str]:
        quote = self.draft.text[slice(*span)]
        places = [place.start for place in occurrences(self.draft.text, quote, row)]
        if len(places) == 1:
            return quote
        return {"quote": quote, "occurrence": str(places.index(span.start) + 1)}

    @functools.cached_property
    def _told(self) -> dict[str, Told]:
        """Id of a clause → what its row states, where it states more than the clause's parts."""
        draft = self.draft
        stated = Stated(draft.text, draft.mentions, draft.relations, draft.known)
        rows = (clause for clause in draft.clauses if clause.kind in TYPES)
        return {clause.id: told for clause in rows if (told := stated.of(clause))}

    def _parts(self, clause: Clause, parts: Parts) -> Iterator[str]:
        """Give verb, object and subject, as far as they stand in the words of the clause.

        A verb that is denied is given with its negation.
        """
        verb = parts.stated if clause.kind != "event" else None
        for name, span in (("verb", verb), ("object", parts.object), ("subject", parts.subject)):
            if span and covers(clause.span, span):
                yield f"{name}: {scalar(self.draft.text[slice(*span)])}"

    def _quote(self, span: Span, extent: Span) -> dict[str, str]:
        """Quote words, with the number of the occurrence where they stand more than once."""
        quote = self.draft.text[slice(*span)]
        places = self._places(quote)
        first = bisect_left(places, extent.start)
        last = bisect_right(places, extent.end - len(quote), first)
        if last - first < 2:
            return {"quote": quote}
        return {"quote": quote, "occurrence": str(bisect_left(places, span.start) - first + 1)}

    def _places(self, quote: str) -> list[int]:
        """List where a quote stands in the text, as ``occurrences`` does, in a long text too."""
        places = self.known_places.get(quote)
        if places is None:
            text = self.draft.text
            if len(quote) < _OPENING:
                places = [span.start for span in occurrences(text, quote, Span(0, len(text)))]
            else:
                opens = self._openings[quote[:_OPENING]]
                places = [place for place in opens if text.startswith(quote, place)]
            self.known_places[quote] = places
        return places

    @functools.cached_property
    def _openings(self) -> dict[str, list[int]]:
        """First characters of the quotes → where they stand in the text."""
        text = self.draft.text
        places: dict[str, list[int]] = {
            text[start : start + _OPENING]: [] for start in self._quoted_from()
        }
        for start in places_of({opening[:2] for opening in places}, text):
            opening = places.get(text[start : start + _OPENING])
            if opening is not None:
                opening.append(start)
        return places

    def _quoted_from(self) -> Iterator[int]:
        """Give the places where quotes begin."""
        for clause in self.draft.clauses:
            yield clause.span.start
        for told in self._told.values():
            yield from (figure.span.start for figure in told.figures)
            if told.deadline:
                yield told.deadline.span.start
            if told.occasion:
                yield from (day.span.start for day in told.occasion.days)

    def _id(self, kind: str, span: Span) -> str:
        """Name a row by its kind and words, so that it keeps its name when drafted again."""
        quote = self.draft.text[slice(*span)]
        while True:
            number = self.repeated.get((kind, quote), 0)
            self.repeated[kind, quote] = number + 1
            said = "\0".join((kind, quote, str(number)))
            key = f"d-{hashlib.sha256(said.encode()).hexdigest()[:8]}"
            if key not in self.taken:
                self.taken.add(key)
                return key


@uncollected()
def statements_yaml(
    draft: Draft,
    known: Mapping[str, Rating] | None = None,
    periods: Collection[str] = (),
    source_sha256: str = "",
    made_with: str = "",
) -> str:
    """Write the draft of a ``statements.yaml``.

    Args:
        draft: what was found.
        known: ratings of rules; rules it lacks are unrated.
        periods: keys of the registry's periods; others are left out.
        source_sha256: hash of the source file, for the first line.
        made_with: what else the draft depends on, for the second one.
    """
    sections = list(_Writer(draft, known or {}, periods).sections())
    sha256 = hashlib.sha256(draft.text.encode()).hexdigest()
    head = [f"{DRAFTED_FROM}{source_sha256}", *([f"{MADE_WITH}{made_with}"] if made_with else [])]
    top = _fields({"document": str(draft.document), "text": sha256})
    return "\n".join([*head, *top, "sections:" if sections else "sections: []", *sections, ""])


def _fields(values: Mapping[str, str]) -> list[str]:
    """Write words with their keys; they stay as they are wherever YAML allows it."""
    return [f"{key}: {scalar(words)}" for key, words in values.items()]
