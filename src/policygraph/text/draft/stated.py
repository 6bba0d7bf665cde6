"""What the row of a clause states besides its verb, object and subject.

In: the clauses, mentions and relations of a text; out: for each clause the properties of its row,
its figures and, of an event the registry knows, its day and place. What no property can hold (a
name the registry lacks or has twice, a number or day the words leave open) is listed beside them in
its words, so that a reviewer sees all that was found. This room knows no RDF.
"""

from __future__ import annotations

import functools
import unicodedata
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

from policygraph.text.days import is_date
from policygraph.text.draft.model import Clause, Relation
from policygraph.text.draft.reading import Named
from policygraph.text.draft.record import record
from policygraph.text.model import covers, join
from policygraph.text.naming.meaning import KINDS, Register
from policygraph.text.restore import Span

POINTING = {"actor", "implements", "issues"}
"""Relations whose target is a thing of the registry, named alike in ``statements.yaml``."""

LINKS = ("actor", "implements", "issues", "tells_of", "place", "mentions")
"""Keys of a row whose values are things of the registry."""

VALUES = ("value", "unit", "counts", "held_on", "held_until", "held_in")
"""Keys of figures, and of facts about events."""

DRAFTED = frozenset({*LINKS, *VALUES, "deadline"})
"""Links and values that are proposed."""

_NO_THINGS = {"figure": "has_figure", "date": "dates"}
"""Types of mentions that are no things → how what is left of them is listed."""


@record
class Quoted:
    """A value with the words that state it."""

    value: str
    span: Span


@record
class Figure:
    """A number that the words of a clause give.

    Attributes:
        span: its words with those that tell what it counts.
        value: in digits.
        unit: as the text has it.
        counts: what it counts.
        rule: what found it.
    """

    span: Span
    value: str
    unit: str
    counts: str
    rule: str


@record
class Occasion:
    """What a clause says of an event that the registry knows.

    Attributes:
        key: of the event.
        place: key of where it was held; empty where that is not known.
        days: the first day and, of several, the last.
        rule: what found it.
    """

    key: str
    place: str
    days: tuple[Quoted, ...]
    rule: str


@record
class Told:
    """Everything the row of a clause holds.

    Attributes:
        links: properties → keys of the registry.
        figures: in text order.
        deadline: the day, month or year by which, if one is named; its words may stand elsewhere.
        occasion: what it says of a known event, if anything.
        unresolved: relations → the words in the clause that no property holds.
    """

    links: Mapping[str, Sequence[str]]
    figures: Sequence[Figure]
    deadline: Quoted | None
    occasion: Occasion | None
    unresolved: Mapping[str, Sequence[Span]]


class Stated:
    """Says of each clause of a text what its row states.

    Args:
        text: the restored text.
        mentions: what the text names, in text order; the first has the id ``e1``.
        relations: what the text states.
        known: names of the registry's things.
    """

    def __init__(
        self,
        text: str,
        mentions: Sequence[Named],
        relations: Sequence[Relation],
        known: Register | None,
    ) -> None:
        self.text = text
        self.mentions = mentions
        self.known = known or Register()
        self._starts = [mention.span.start for mention in mentions]
        self._of: dict[str, list[Relation]] = defaultdict(list)
        for relation in relations:
            if not relation.carried or relation.type == "deadline":  # its words are quoted
                self._of[relation.source].append(relation)

    def of(self, clause: Clause) -> Told | None:
        """Say what the row of a clause states, if anything; it cites what its own words say."""
        inside = self._inside(clause.span)
        if not inside and not self._of.get(clause.id):
            return None
        return _Row(self, clause, inside).told()

    def stated_of(self, source: str) -> Sequence[Relation]:
        """List what is stated of a clause or a mention, but for what was carried over."""
        return self._of.get(source, ())

    def mention(self, target: str) -> Named:
        """Give a mention by its id."""
        return self.mentions[int(target[1:]) - 1]

    def _inside(self, span: Span) -> list[tuple[str, Named]]:
        """List the mentions in a span with their ids, in text order."""
        first = bisect_left(self._starts, span.start)
        last = bisect_left(self._starts, span.end, first)
        return [
            (f"e{number + 1}", self.mentions[number])
            for number in range(first, last)
            if self.mentions[number].span.end <= span.end
        ]

    def named(self, mention: Named) -> str:
        """Give the key of the thing whose registered name the words of a mention are, if any.

        What the words mean only by what stands elsewhere (a short name, the year of a meeting) they
        do not name.
        """
        key = str(getattr(mention, "key", ""))
        if not key:
            return ""
        words = self.text[slice(*mention.span)]
        return key if self.known.meaning(words, mention.type).key == key else ""

    def reference(self, key: str, type_: str) -> str:
        """Write a reference to a thing: its key, with its kind where others bear the same key."""
        alone = len(self._kinds.get(key, ())) < 2
        return key if alone else f"{KINDS[type_]}/{key}"

    @functools.cached_property
    def _kinds(self) -> Mapping[str, set[str]]:
        kinds: dict[str, set[str]] = defaultdict(set)
        for table in (self.known.labels, self.known.aliases):
            for (kind, _), keys in table.items():
                for key in keys:
                    kinds[key].add(kind)
        return kinds


class _Row:
    """Collects what one row states."""

    def __init__(self, of: Stated, clause: Clause, inside: list[tuple[str, Named]]) -> None:
        self.of = of
        self.clause = clause
        self.inside = inside
        self.links: dict[str, list[str]] = {}
        self.unresolved: dict[str, list[Span]] = {}
        self.used: set[str] = set()

    def told(self) -> Told:
        for relation in self.of.stated_of(self.clause.id):
            if relation.type in POINTING and self._here(relation):
                self._point(relation)
        figures = tuple(self._figures())
        deadline = self._deadline()
        occasion = self._occasion()
        self._mentions()
        links = {name: self.links[name] for name in LINKS if name in self.links}
        return Told(links, figures, deadline, occasion, self.unresolved)

    def _here(self, relation: Relation) -> bool:
        return covers(self.clause.span, self.of.mention(relation.target).span)

    def _point(self, relation: Relation) -> None:
        mention = self.of.mention(relation.target)
        key = self.of.named(mention)
        if key:
            self._link(relation.type, key)
            self.used.add(relation.target)
        else:
            self._leave(relation.type, relation.target)

    def _link(self, name: str, key: str) -> None:
        keys = self.links.setdefault(name, [])
        if key not in keys:
            keys.append(key)

    def _leave(self, name: str, target: str) -> None:
        """List the words of a mention as what no property holds."""
        spans = self.unresolved.setdefault(name, [])
        if (span := self.of.mention(target).span) not in spans:
            spans.append(span)
        self.used.add(target)

    def _figures(self) -> Iterator[Figure]:
        numbers = [each for each in self.inside if each[1].type == "figure"]
        for target, mention in numbers:
            value, unit = getattr(mention, "value", None), self._unit(mention)
            counts = self._counted(mention.span) if len(numbers) == 1 else None
            if isinstance(value, int | float) and unit and counts:
                words, rule = self.of.text[slice(*counts)], f"figure-{getattr(mention, 'rule', '')}"
                digits = format(Decimal(str(value)), "f")
                yield Figure(join(counts, mention.span), digits, unit, words, rule)
                self.used.add(target)
            else:
                self._leave("has_figure", target)

    def _unit(self, mention: Named) -> str:
        """Give the unit as the words have it; empty where they do not."""
        unit, words = getattr(mention, "unit", ""), self.of.text[slice(*mention.span)]
        if unit in words:
            return str(unit)
        return next((s for s in words if unicodedata.normalize("NFKC", s) == unit), "")

    def _counted(self, figure: Span) -> Span | None:
        """Give the words before the one figure that ends a clause, if they name something.

        They begin at the subject, or at the verb with a thing behind it; a date ahead of them tells
        when, not what.
        """
        parts = self.clause.parts
        if figure.end != self.clause.span.end or (parts and parts.negation):
            return None
        if parts:
            things = [part for part in (parts.subject, parts.object) if part]
            if not any(part.start < figure.start for part in things):
                return None
            starts = [part.start for part in (*things, parts.verb) if part]
        elif self.clause.kind == "fact":
            return None
        else:
            starts = [self.clause.span.start]
        start = min(starts)
        for _, mention in self.inside:
            if mention.type == "date" and mention.span.start == start:
                start = mention.span.end
        counts = Span(start, figure.start)
        return counts if self.of.text[slice(*counts)].strip() else None

    def _deadline(self) -> Quoted | None:
        """Give the one day, month or year by which; other words are left to the reviewer."""
        due = [r for r in self.of.stated_of(self.clause.id) if r.type == "deadline"]
        days = [self._day(relation) for relation in due]
        if len(due) == 1 and days[0]:
            self.used.add(due[0].target)
            return days[0]
        for relation in filter(self._here, due):
            self._leave("deadline", relation.target)
        return None

    def _day(self, deadline: Relation) -> Quoted | None:
        """Give the last day of a date, or the month or year that it names."""
        date = self.of.mention(deadline.target)
        day = str(getattr(date, "last", ""))
        return Quoted(day, date.span) if day else None

    def _occasion(self) -> Occasion | None:
        """Say which event a clause tells of, when and where it was held."""
        occasion = None
        for source in (self.clause.id, *(each for each, _ in self.inside)):
            held = [r for r in self.of.stated_of(source) if r.type in ("held_on", "located_in")]
            if not held:
                continue
            event = self.of.mention(source) if source.startswith("e") else None
            key = self.of.named(event) if event and event.type == "event" else ""
            days = self._days(held, known=bool(key))
            place = self._place(held)
            if key:
                self._link("tells_of", self.of.reference(key, "event"))
                self.used.add(source)
                if occasion is None and (days or place):
                    occasion = Occasion(key, place, days, held[0].rule)
        return occasion

    def _days(self, held: Sequence[Relation], *, known: bool) -> tuple[Quoted, ...]:
        """Give the first and last day of an event; what is no day is left to the reviewer."""
        for relation in held:
            if relation.type != "held_on":
                continue
            date = self.of.mention(relation.target)
            days = str(getattr(date, "value", None) or "").split("/")
            if known and all(map(is_date, days)) and getattr(date, "rule", "") in _WHOLE_DAYS:
                self.used.add(relation.target)
                return tuple(Quoted(day, date.span) for day in days)
            if self._here(relation):
                self._leave("held_on", relation.target)
        return ()

    def _place(self, held: Sequence[Relation]) -> str:
        for relation in held:
            if relation.type != "located_in" or not self._here(relation):
                continue
            place = self.of.mention(relation.target)
            key = self.of.named(place)
            if key:
                self._link("place", self.of.reference(key, "place"))
                self.used.add(relation.target)
                return key
            self._leave("located_in", relation.target)
        return ""

    def _mentions(self) -> None:
        """Name what else the words name; what lies in another name is named by that one."""
        end = self.clause.span.start
        for target, mention in self.inside:
            outer = mention.span.start >= end
            end = max(end, mention.span.end)
            if target in self.used or not outer:
                continue
            key = self.of.named(mention) if mention.type in KINDS else ""
            if not key:
                self._leave(_NO_THINGS.get(mention.type, "mentions"), target)
            elif (reference := self.of.reference(key, mention.type)) not in self._linked():
                self._link("mentions", reference)

    def _linked(self) -> set[str]:
        return {key for keys in self.links.values() for key in keys}


_WHOLE_DAYS = frozenset({"day", "day-of-year", "days"})
"""Patterns of dates whose words give month and day; a day by itself is read from the document."""
