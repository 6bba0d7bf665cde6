"""What of a reviewed file is carried into a new draft, and where it stands in the text now.

In: the file and the texts. Out: the rows that stay with their spans, and the keys that change
because the text did. Decisions whose words are gone stay, marked ``review: lost``; they come back
with the words. This room knows no RDF.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from policygraph.text.draft.stated import DRAFTED
from policygraph.text.restore import Span
from policygraph.text.review.anchors import Quote, Stretches, Texts
from policygraph.text.review.sheet import Item, Plain, Sheet

_MACHINE = frozenset(
    {"id", "type", "of", "quote", "occurrence", "verb", "object", "subject"}
    | {"unresolved", "review", "rule", "confidence", "reason"}
    | DRAFTED
)
"""What the drafter writes; a draft row with anything else, or by no rule, is a person's."""

Changes = Mapping[str, Plain | None]


def touched(item: Item) -> bool:
    """Tell whether a person decided, wrote or changed something of a row."""
    own = "rule" not in item.fields
    return own or item.review != "draft" or not set(item.fields) <= _MACHINE


def sort_of(item: Item) -> str:
    """Tell rows that may have the same words apart: a statement, a figure, facts of an event."""
    if "of" in item.fields:
        return str(item.fields["of"])
    return "Figure" if item.fields.get("type") == "Figure" else ""


def sorts(item: Item) -> Iterator[str]:
    """Give the sort of a row, and that of the row which the drafter had proposed in its place."""
    sort = sort_of(item)
    yield sort
    drafted = item.fields.get("drafted")
    proposed = drafted.get("type", "") if isinstance(drafted, Mapping) else ""
    if proposed and (before := "Figure" if proposed == "Figure" else "") != sort:
        yield before


@dataclass
class Carried:
    """What stays.

    Attributes:
        kept: rows that a person touched and the rows they stand under, in file order.
        spans: where those that are not lost stand.
        changes: the keys of sections and kept rows that change.
        stretches: the sections in the text as it is now.
    """

    sheet: Sheet
    texts: Texts
    kept: dict[str, Item] = field(default_factory=dict)
    spans: dict[str, Span] = field(default_factory=dict)
    changes: list[tuple[Item, Changes]] = field(default_factory=list)

    def __post_init__(self) -> None:
        before = Texts(self.texts.before or "", self.texts.before)
        self.stretches = Stretches.of(self.sheet, self.texts)
        self.former = Stretches.of(self.sheet, before)
        self._keep()
        for number, section in enumerate(self.sheet.sections):
            self.changes.append((section, self._section(section, self.stretches.found[number])))
        rows = {key: self._row(item) for key, item in self.kept.items()}
        for item in self._displaced():
            del self.spans[item.key]
            rows[item.key] = self._lost(item)
        self.changes += [(item, rows[key]) for key, item in self.kept.items()]

    def _keep(self) -> None:
        kept: set[str] = set()
        for key, item in self.sheet.rows.items():
            if self._decided(item):
                while key and key not in kept:
                    kept.add(key)
                    key = self.sheet.rows[key].above
        self.kept = {key: item for key, item in self.sheet.rows.items() if key in kept}

    def _section(self, section: Item, stretch: Span | None) -> dict[str, Plain | None]:
        if stretch is None:
            return {"review": "lost"}
        quote = Quote.of(section.fields)
        changed = self._occurrence(quote, stretch.start, Span(0, len(self.texts.now)), section)
        return {**changed, **({"review": None} if section.review == "lost" else {})}

    def _row(self, item: Item) -> dict[str, Plain | None]:
        quote = Quote.of(item.fields)
        span = self._place(item, quote) if quote else None
        facts = self._facts(item)
        if quote is None or span is None or facts is None:
            return self._lost(item)
        self.spans[item.key] = span
        extent = self.stretches.around(item.section)
        changed = {**facts, **self._occurrence(quote, span.start, extent, item)}
        if item.review == "lost":
            changed |= {"review": item.fields.get("was", "draft"), "was": None}
        return changed

    def _displaced(self) -> list[Item]:
        """List decisions on words of which only those are left that an open row stands for.

        That row stays for what was decided under it: the words cannot be offered twice.
        """
        opened = {self._sort(key) for key in self.spans if not self._decided(self.kept[key])}
        return [
            self.kept[key]
            for key in self.spans
            if self._decided(self.kept[key]) and self._sort(key) in opened
        ]

    def _decided(self, item: Item) -> bool:
        return touched(item) or self.sheet.commented(item)

    def _sort(self, key: str) -> tuple[str, Span]:
        return list(sorts(self.kept[key]))[-1], self.spans[key]

    def _lost(self, item: Item) -> dict[str, Plain | None]:
        return {} if item.review == "lost" else {"review": "lost", "was": self._was(item)}

    def _was(self, item: Item) -> str:
        """Give the review of a row, which may be that of the row above it."""
        while not item.review and item.above:
            item = self.sheet.rows[item.above]
        return str(item.fields.get("was") or item.review or "accepted")

    def _place(self, item: Item, quote: Quote) -> Span | None:
        texts = self.texts.anew() if item.review == "lost" else self.texts
        now, former = self.stretches, self.former
        return texts.place(quote, now.around(item.section), former.around(item.section))

    def _occurrence(
        self, quote: Quote | None, start: int, extent: Span, item: Item
    ) -> dict[str, Plain | None]:
        """Count the occurrence of a quote again."""
        if quote is None:
            return {}
        span = Span(start, start + len(quote.words))
        which = self.texts.which(quote.words, span, extent)
        return {} if which == item.fields.get("occurrence") else {"occurrence": which}

    def _facts(self, item: Item) -> dict[str, Plain | None] | None:
        """Quote the words of single facts again; None where some are gone."""
        changed: dict[str, Plain | None] = {}
        for name, value in item.fields.items():
            quote = Quote.of(value) if isinstance(value, dict) and "value" in value else None
            if quote is None:
                continue
            span = self._place(item, quote)
            if span is None:
                return None
            which = self.texts.which(quote.words, span, self.stretches.around(item.section))
            if which != value.get("occurrence"):
                others = {key: said for key, said in value.items() if key != "occurrence"}
                changed[name] = {**others, **({"occurrence": which} if which else {})}
        return changed
