"""What a text names: bodies, schemes, papers, meetings, places, persons, dates, figures.

In: a text, its clauses and the tables in ``names/`` of its language; out: mentions with exact
spans. A name is found by a list, by its shape, or by the word that what a clause governs ends with.
Nothing is looked up and nothing is guessed: what no row says is not named. This room knows no RDF.
"""

from __future__ import annotations

import functools
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from policygraph.errors import UnreadableInput
from policygraph.text.draft.beside import IN_ROW, going_on, holding, is_row
from policygraph.text.draft.days import Years, date_of, issued_at, limit_of, read_years, years_of
from policygraph.text.draft.forms import ends_of
from policygraph.text.draft.lexicon import NAMES, Lexicon, read_lexicon, trie
from policygraph.text.draft.listed import Listed, Names
from policygraph.text.draft.model import Clause
from policygraph.text.draft.named import name_patterns
from policygraph.text.draft.numbers import number_of
from policygraph.text.draft.record import record
from policygraph.text.draft.shapes import Shape, Shapes
from policygraph.text.draft.signs import read_signs
from policygraph.text.draft.tables import TableRow, read_optional, table_at
from policygraph.text.naming.meaning import Reader, Register
from policygraph.text.restore import Span

TYPES = ("institution", "place", "initiative", "document", "event", "person")
"""The types that have a list of names; dates and figures have shapes only."""

_IN_PATTERNS = frozenset({"plan", "months"})  # words that patterns find with what is around them
_NEAR = 6  # characters behind its verb in which a clause may say that something is issued
_VERBS = {"issued": "issues", "run": "runs"}
"""Places of patterns that hold only under some verbs → the list of these."""


@record
class Mention:
    """A mention of something in a text.

    Attributes:
        span: its words, as code points.
        type: one of the types of the annotation guide.
        rule: the list or pattern that found it.
        value: a date in ISO form (``2024``, ``2024-04-01``, ``2021/2025``) or a number; None where
            the words do not tell.
        unit: of a figure.
        last: of a date, the day by which its words end (2025年底 ends on 2025-12-31), or the month
            or year that they name; empty where they name none (2027年前), or where neither they nor
            the document tell the year.
        generic: it names bodies of a kind rather than one of them.
        key: of the one thing in the registry that bears this name; empty where none or several do.
        options: keys of the things that bear it, where several do.
    """

    span: Span
    type: str
    rule: str
    value: str | float | int | list[float | int] | None = None
    unit: str = ""
    last: str = ""
    generic: bool = False
    key: str = ""
    options: tuple[str, ...] = ()


@dataclass(frozen=True)
class Recogniser:
    """Finds the names of a language.

    Attributes:
        listed: names that lists give.
        shapes: patterns searched anywhere.
        endings: patterns that the whole of what a clause governs must fit.
        following: name of a pattern → the pattern that must fit what follows a name of a type.
        within: type of a name → patterns searched in such a name only.
        years: words for years → first and last year, from the year at hand or by themselves.
        numerals: signs of numbers → what they multiply by or stand for.
        nests: which types may lie inside which, and through what type only, if any.
        joints: what joins the members of a row.
        quotes: the signs that open quoted words, and those that close them.
        lexicon: the words of the language.
    """

    listed: Names
    shapes: Shapes
    endings: tuple[Shape, ...]
    following: dict[str, Shape]
    within: dict[str, list[Shape]]
    years: Years
    year_words: re.Pattern[str]
    numerals: dict[str, str]
    nests: dict[tuple[str, str], str]
    joints: re.Pattern[str]
    quotes: tuple[frozenset[str], frozenset[str]]
    lexicon: Lexicon

    def find(self, text: str, clauses: Sequence[Clause], issued: str) -> list[Mention]:
        """Find the mentions of a text, in text order, outer ones first.

        Args:
            text: the restored text.
            clauses: of the text: what they govern may be a name as a whole.
            issued: day of the document, ``YYYY-MM-DD``, or its year; empty where it is unknown.
        """
        year = int(issued[:4]) if issued else 0
        listed = holding(text, self._in_lists(text), self.joints)
        found = [
            *listed,
            *self._going_on(text, listed),
            *self._by_shape(text, clauses, issued),
            *self._governed(text, clauses),
            *self._relative(text, clauses, year),
        ]
        quoted = [self._quoted(text, mention) for mention in found]
        kept = _without_clashes(quoted, self.nests)
        return _in_order([*kept, *self._within(text, kept)])

    def _quoted(self, text: str, mention: Mention) -> Mention:
        """Take the quotation marks around a whole name as part of it."""
        (start, end), (opens, closes) = mention.span, self.quotes
        around = start > 0 and text[start - 1] in opens and text[end : end + 1] in closes
        whole = around and mention.type in TYPES
        return replace(mention, span=Span(start - 1, end + 1)) if whole else mention

    def figures(self, text: str) -> list[Mention]:
        """Find the numbers of a text, each with its value and unit."""
        found = (mention for mention in self._by_shape(text, (), "") if mention.type == "figure")
        return _without_clashes(found, self.nests)

    def _in_lists(self, text: str) -> Iterator[Mention]:
        for span, entry in self.listed.find(text):
            yield Mention(span, entry.type, entry.rule, generic=entry.generic)

    def _going_on(self, text: str, listed: Sequence[Mention]) -> Iterator[Mention]:
        for name, span in going_on(text, listed, self._after):
            shape = self.following[name]
            yield Mention(span, shape.type, name, generic=shape.generic)

    def _within(self, text: str, named: Sequence[Mention]) -> Iterator[Mention]:
        """Find what names hold that are about something else named."""
        for outer in named:
            for shape in self.within.get(outer.type, ()):
                for match in shape.pattern.finditer(text, *outer.span):
                    for span in self._of_match(text, match, Span(*match.span())):
                        yield Mention(span, shape.type, shape.name)

    @functools.cached_property
    def _after(self) -> dict[str, list[tuple[str, re.Pattern[str]]]]:
        """Type of a name → names of patterns with what may follow it."""
        after: dict[str, list[tuple[str, re.Pattern[str]]]] = defaultdict(list)
        for shape in self.following.values():
            after[shape.after].append((shape.name, shape.pattern))
        return dict(after)

    def _by_shape(self, text: str, clauses: Sequence[Clause], issued: str) -> Iterator[Mention]:
        starts = [clause.span.start for clause in clauses]
        for shape, match in self.shapes.find(text):
            span = Span(*match.span())
            if shape.type == "date":
                near = issued_at(match, starts, clauses, issued)
                day = date_of(match, self.years, self.numerals, near)
                last = limit_of(match, day, self.years, near, issued)
                yield Mention(span, "date", shape.name, day, last=last)
            elif shape.type == "figure":
                value, unit = number_of(match, self.numerals)
                yield Mention(span, "figure", shape.name, value, unit)
            else:
                for named in self._of_match(text, match, span):
                    yield Mention(named, shape.type, shape.name, generic=shape.generic)

    def _governed(self, text: str, clauses: Sequence[Clause]) -> Iterator[Mention]:
        for clause in clauses:
            parts = clause.parts
            spans = (parts.object, parts.subject) if parts else (clause.span,)
            for span in spans if parts or clause.heading else ():
                if span:
                    yield from self._ended(text, clause, span)

    def _ended(self, text: str, clause: Clause, span: Span) -> Iterator[Mention]:
        """Give the names that a span or its members are; a row of two plans is no plan."""
        members = self._members(text, span)
        named = [each for member in members for each in self._ending(text, clause, member)]
        for mention in self._ending(text, clause, span):
            if not is_row(mention, named):
                yield mention
        yield from named

    def _members(self, text: str, span: Span) -> Iterator[Span]:
        """Give the members that are joined in a span."""
        place = span.start
        for match in self.joints.finditer(text, *span):
            yield Span(place, match.start())
            place = match.end()
        if place > span.start:
            yield Span(place, span.end)

    def _ending(self, text: str, clause: Clause, span: Span) -> Iterable[Mention]:
        """Give the names that a whole span is; most end with what no name ends with."""
        shapes = self._by_last.get(text[span.end - 1], self._by_last[""])
        return self._fitting(text, clause, span, shapes) if shapes else ()

    def _fitting(
        self, text: str, clause: Clause, span: Span, shapes: Sequence[Shape]
    ) -> Iterator[Mention]:
        for shape in shapes:
            match = shape.pattern.fullmatch(text, *span)
            for named in self._of_match(text, match, span) if match else ():
                if not shape.verbs or self._does(text, clause, named, shape.verbs):
                    yield Mention(named, shape.type, shape.name)

    def _of_match(self, text: str, match: re.Match[str], span: Span) -> Iterable[Span]:
        """Give what a pattern names: its group for a name, the members of its row, or all of it."""
        if "row" in match.re.groupindex:
            row = Span(*match.span("row"))
            return list(self._members(text, row)) or [row]
        return [Span(*match.span("name")) if "name" in match.re.groupindex else span]

    @functools.cached_property
    def _by_last(self) -> dict[str, list[Shape]]:
        """Last character → the endings that may fit; under none those whose last is not known."""
        lasts = [ends_of(shape.pattern) for shape in self.endings]
        known = frozenset[str]().union(*filter(None, lasts))
        return {
            last: [
                shape
                for shape, some in zip(self.endings, lasts, strict=True)
                if some is None or last in some
            ]
            for last in ("", *sorted(known))
        }

    def _does(self, text: str, clause: Clause, span: Span, verbs: str) -> bool:
        """Tell whether a clause does to a span, not by it, what one of some verbs says."""
        parts = clause.parts
        if not parts or not parts.verb:
            return False
        if parts.object and parts.subject and parts.subject.start <= span.start < parts.subject.end:
            return False
        last = max(parts.verb.end, min(parts.verb.end + _NEAR, span.start))
        tokens = self.lexicon.scan(text, clause.span.start, last)
        return any(verbs in self.lexicon.names[code] for code in tokens.codes)

    def _relative(self, text: str, clauses: Sequence[Clause], year: int) -> Iterator[Mention]:
        """Find words for years; those that mean the section's year take the clause's period.

        Where the clause speaks of several years, which is meant is not known.
        """
        periods = [(clause.span, clause.period) for clause in clauses]
        place = 0
        for match in self.year_words.finditer(text):
            said, at_hand = self.years[match[0]], year
            if "section" in said[2].split():
                while place + 1 < len(periods) and periods[place + 1][0].start <= match.start():
                    place += 1
                spoken = periods[place][1] if periods else ""
                at_hand = int(spoken or year) if "/" not in spoken else 0
            years, last = years_of(said, at_hand, year)
            yield Mention(Span(*match.span()), "date", "year-word", years, last=last)


def _without_clashes(
    found: Iterable[Mention], nests: Mapping[tuple[str, str], str]
) -> list[Mention]:
    """Keep the longest; inside it, what its type may hold; nothing that crosses its border."""
    ranked = sorted(found, key=lambda m: (m.span.start - m.span.end, m.span.start, _rank(m)))
    kept: list[Mention] = []
    taken: dict[int, list[Mention]] = {}
    for mention in ranked:
        places = range(*mention.span)
        around = list({id(m): m for place in places for m in taken.get(place, ())}.values())
        if all(_may_hold(outer, mention, around, nests) for outer in around):
            kept.append(mention)
            for place in places:
                taken.setdefault(place, []).append(mention)
    return _in_order(kept)


def _in_order(found: Iterable[Mention]) -> list[Mention]:
    return sorted(found, key=lambda m: (m.span.start, -m.span.end))


def _may_hold(
    outer: Mention,
    inner: Mention,
    around: Sequence[Mention],
    nests: Mapping[tuple[str, str], str],
) -> bool:
    (first, last), (start, end) = outer.span, inner.span
    pair = (outer.type, inner.type)
    inside = first <= start and end <= last and (first, last) != (start, end)
    if not inside or pair not in nests:
        return False
    if outer.type == inner.type and first != start:
        return False  # the head of a name is not named by itself
    return not nests[pair] or any(each.type == nests[pair] for each in around)


def _rank(mention: Mention) -> int:
    return 0 if mention.rule == "list" else 1


@functools.cache
def read_recogniser(lexicon: Path) -> Recogniser:
    """Read the tables of names of a language; empty lists where it has none.

    Args:
        lexicon: folder of the language.

    Raises:
        UnreadableInput: a table is malformed.
    """
    words, signs = read_lexicon(lexicon), read_signs(lexicon).sets
    listed: dict[str, tuple[Listed, ...]] = {}
    shut_out = read_optional(table_at(lexicon, "names", "never.tsv"), "type", "form", "comment")
    never = {(row["type"], row["form"]) for row in shut_out}
    for type_ in TYPES:
        for row in read_optional(table_at(lexicon, "names", f"{type_}.tsv"), *NAMES):
            if (type_, row["form"]) in never:
                raise UnreadableInput("draft/never-a-name", row.where, form=row["form"])
            not_before, not_after = (
                tuple(filter(None, row[name].split("|"))) for name in NAMES[2:4]
            )
            flags = row.words("flags")
            rule = IN_ROW if "in-row" in flags else "list"
            entry = Listed(type_, "generic" in flags, rule, not_before, not_after)
            listed[row["form"]] = (*listed.get(row["form"], ()), entry)
    patterns: dict[str, list[Shape]] = defaultdict(list)
    for row in name_patterns(lexicon):
        patterns[row["place"]].append(_shape(row))
    years = read_years(lexicon)
    spoken = [form for form, (_, _, flags) in years.items() if flags not in _IN_PATTERNS]
    return Recogniser(
        Names(listed),
        Shapes(patterns["text"]),
        (*patterns["issued"], *patterns["run"], *patterns["phrase"]),
        {shape.name: shape for shapes in patterns.values() for shape in shapes if shape.after},
        {"document": patterns["in-document"]},
        years,
        re.compile(trie(spoken) or r"(?!)"),
        {
            row["form"]: row["value"]
            for row in read_optional(
                table_at(lexicon, "names", "numerals.tsv"), "form", "value", "comment"
            )
        },
        {
            (row["outer"], row["inner"]): row["through"]
            for row in read_optional(
                table_at(lexicon, "names", "nesting.tsv"), "outer", "inner", "through", "comment"
            )
        },
        re.compile(trie(_joints(words)) or r"(?!)"),
        (signs.get("speech", frozenset()), signs.get("unspeech", frozenset())),
        words,
    )


def _joints(words: Lexicon) -> list[str]:
    return [form for form, names in words.classes.items() if names & {"pause", "joint"}]


def _shape(row: TableRow) -> Shape:
    type_, *flags = row.words("type")
    pattern = re.compile(row["pattern"])
    after = row["place"].removeprefix("after-") if row["place"].startswith("after-") else ""
    verbs = _VERBS.get(row["place"], "")
    return Shape(row["name"], type_, pattern, verbs, "generic" in flags, after)


def find_mentions(
    text: str,
    clauses: Sequence[Clause],
    lexicon: Path,
    issued: str = "",
    known: Register | None = None,
) -> list[Mention]:
    """Find what a text names, and what of it the registry knows.

    Args:
        text: the restored text.
        clauses: of the text.
        lexicon: folder of the language.
        issued: day of the document, ``YYYY-MM-DD``, or its year; empty where it is unknown.
        known: names of the registry's things, which mentions may mean.
    """
    found = read_recogniser(lexicon).find(text, clauses, issued)
    if known is None:
        return found
    reader = Reader.of(text, found, known, int(issued[:4]) if issued else 0, lexicon)
    meanings = [reader.meaning(mention) for mention in found]
    return [
        replace(mention, key=meaning.key, options=meaning.options)
        for mention, meaning in zip(found, meanings, strict=True)
    ]
