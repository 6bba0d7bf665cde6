"""Rows of a new draft that were never offered, put where they belong in a reviewed file.

In: what is carried over and the new draft. Out: edits that take out the undecided rows of before
and put in those of now. Words somebody decided about are not offered again, under whatever kind.
This room knows no RDF.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from policygraph.errors import Where
from policygraph.report import Finding
from policygraph.text.model import Row, covers
from policygraph.text.restore import Span
from policygraph.text.review.carried import Carried, sort_of, sorts
from policygraph.text.review.lists import Lists, New
from policygraph.text.review.places import Places, quoted
from policygraph.text.review.sheet import Edit, Item, Plain, Sheet
from policygraph.text.statements import occurrences


@dataclass
class Offers:
    """The new rows of a draft, by where they go.

    Attributes:
        carried: what stays of the file.
        draft: the new draft.
        places: where the rows of the draft stand.
        added: new rows by the place of their list: the number of a section, or the key of a row.
        ids: the ids of all new rows.
        findings: proposals that no section holds.
    """

    carried: Carried
    draft: Sheet
    places: Places
    added: dict[int | str, list[New]] = field(default_factory=dict)
    ids: set[str] = field(default_factory=set)
    findings: list[Finding] = field(default_factory=list)

    def __post_init__(self) -> None:
        kept = self.carried.kept
        self._taken = {*kept, *(str(s.fields.get("id")) for s in self.carried.sheet.sections)}
        decided = [(key, span) for key, span in self.carried.spans.items()]
        self._decided: dict[tuple[str, Span], str] = {}
        for key, span in (*decided, *self._proposed_once()):
            for sort in sorts(kept[key]):
                self._decided.setdefault((sort, span), key)
        lost = [item for key, item in kept.items() if key not in self.carried.spans]
        self._gone = {(s, words) for item in lost for s in sorts(item) for words in _words(item)}
        for item in self.draft.rows.values():
            if not item.above:
                self._offer(item, None, None)

    def _proposed_once(self) -> Iterator[tuple[str, Span]]:
        """Give the places where the drafter's own words stood before a reviewer corrected them."""
        text = self.carried.texts.now
        for key, span in self.carried.spans.items():
            before = self.carried.kept[key].fields.get("drafted")
            words = before.get("quote") if isinstance(before, dict) else None
            if words:
                extent = self.carried.stretches.around(self.carried.kept[key].section)
                places = list(occurrences(text, words, extent))
                near = [p for p in places if p.start < span.end and span.start < p.end]
                yield from ((key, place) for place in near or places)

    def _offer(self, item: Item, new: New | None, old: str | None) -> None:
        """Put a row of the draft, and all below it, where it belongs.

        What a row says of its own words goes with it: where it was rejected or its words are gone,
        its figures are not offered.
        """
        row = self.places.rows[item.key]
        sort = sort_of(item)
        refused = False
        if self._was_decided(sort, row.span):
            before = new, old
            new, old = self._under(sort, row.span, new, old)
            refused = (new, old) == before
        else:
            new = self._put(item, row, new, old)
        for below in self.draft.below(item.key):
            if not (refused and sort_of(below)):
                self._offer(below, new, old)

    def _was_decided(self, sort: str, span: Span) -> bool:
        words = self.carried.texts.now[span.start : span.end]
        return (sort, span) in self._decided or (sort, words) in self._gone

    def _under(
        self, sort: str, span: Span, new: New | None, old: str | None
    ) -> tuple[New | None, str | None]:
        """Say under what the parts of a decided row go: under it, unless it was rejected."""
        key = self._decided.get((sort, span))
        item = self.carried.kept.get(key or "")
        if item is None or item.inline or item.review == "rejected":
            return new, old
        return None, item.key

    def _put(self, item: Item, row: Row, new: New | None, old: str | None) -> New | None:
        number = self.carried.stretches.holding(row.span)
        if number is None:
            words = self.carried.texts.now[row.span.start : row.span.end]
            where = Where(self.carried.sheet.shown)
            facts = {"quote": words}
            self.findings.append(Finding("review/in-no-section", where, "info", facts))
            return None
        extent = self.carried.stretches.around(number)
        made = New(self._fields(item, row, extent), row.span)
        if new is not None and covers(extent, new.span):
            new.parts.append(made)
        elif old is not None and self.carried.kept[old].section == number:
            self.added.setdefault(old, []).append(made)
        else:
            self.added.setdefault(number, []).append(made)
        return made

    def _fields(self, item: Item, row: Row, extent: Span) -> dict[str, Plain]:
        """Give the keys of a new row; its quotes are counted in the section it comes to."""
        text, fields = self.carried.texts.now, dict(item.fields)
        fields["id"] = self._free(item.key)
        for name, value in quoted(text, row.span, extent).items():
            fields[name] = value
        for fact in row.facts:
            if fact.span and covers(extent, fact.span):
                said = {**fields[fact.name], **quoted(text, fact.span, extent)}
                fields[fact.name] = {name: value for name, value in said.items() if value}
            elif fact.span:  # its words are in another section of the file
                fields.pop(fact.name, None)
        return {name: value for name, value in fields.items() if value is not None}

    def _free(self, key: str) -> str:
        """Give an id that no row and no section has."""
        number, free = 1, key
        while free in self._taken:
            number += 1
            free = f"{key}-{number}"
        self._taken.add(free)
        self.ids.add(free)
        return free

    def edits(self) -> list[Edit]:
        """Say how the lists of the file change, the inner ones first."""
        kept = self.carried.kept
        lists = Lists(self.carried.sheet, self.carried.spans, frozenset(kept))
        rows = sorted(kept.values(), key=lambda item: -len(item.path))
        edits = [edit for row in rows for edit in lists.parts(row, self.added.get(row.key, []))]
        for number, section in enumerate(self.carried.sheet.sections):
            edits += lists.statements(section, self.added.get(number, []))
        return edits


def _words(item: Item) -> Iterator[str]:
    """Give the words of a row, and those that the drafter had proposed for it."""
    for fields in (item.fields, item.fields.get("drafted")):
        if isinstance(fields, Mapping) and isinstance(fields.get("quote"), str):
            yield fields["quote"]
