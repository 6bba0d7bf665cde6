"""The lists of rows of a ``statements.yaml``: rows put in where the text has them, or taken out.

In: a sheet, where its rows stand, which of them stay. Out: edits of its lines; what stays is not
written again. This room knows no RDF.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from policygraph.text.draft.yaml_words import inline
from policygraph.text.restore import Span
from policygraph.text.review.sheet import PARTS, Edit, Item, Plain, Sheet, value_of

_STATEMENTS = "statements"


@dataclass
class New:
    """A row to put in."""

    fields: dict[str, Plain]
    span: Span
    parts: list[New] = field(default_factory=list)


@dataclass(frozen=True)
class Lists:
    """Says how lists of rows change.

    Attributes:
        sheet: the file.
        spans: where its rows stand, by key.
        kept: keys of the rows that stay.
    """

    sheet: Sheet
    spans: Mapping[str, Span]
    kept: Collection[str]

    def parts(self, row: Item, added: Iterable[New]) -> Iterator[Edit]:
        """Change the list of rows under a row."""
        yield from self._list(row, PARTS, list(self.sheet.below(row.key)), added)

    def statements(self, section: Item, added: Iterable[New]) -> Iterator[Edit]:
        """Change the list of rows right under a section."""
        rows = self.sheet.rows.values()
        there = [item for item in rows if not item.above and item.section == section.section]
        yield from self._list(section, _STATEMENTS, there, added)

    def _list(
        self, holder: Item, name: str, there: list[Item], given: Iterable[New]
    ) -> Iterator[Edit]:
        sheet = self.sheet
        added = sorted(given, key=lambda row: (row.span.start, -row.span.end))
        kept = [item for item in there if item.key in self.kept]
        if len(kept) == len(there) and not added:
            return
        if not kept:
            yield from self._whole_list(holder, name, added)
            return
        column = sheet.dash(kept[0]) - sheet.first_line(kept[0])
        for item in there:
            if item.key not in self.kept:
                yield Edit(sheet.first_line(item), sheet.after(item), "")
        for row in added:
            at = self._behind(row, kept, sheet.first_line(there[0]))
            yield Edit(at, at, self._lines(row, column))

    def _behind(self, row: New, kept: list[Item], first: int) -> int:
        """Give the place behind the kept rows that stand before a new one in the text."""
        at = first
        for item in kept:
            span = self.spans.get(item.key)
            if span and span.start > row.span.start:
                break
            at = self.sheet.after(item)
        return at

    def _whole_list(self, holder: Item, name: str, added: list[New]) -> Iterator[Edit]:
        """Write a list of which nothing stays."""
        sheet = self.sheet
        column = holder.node.start_mark.column
        dash = column + self._step()
        lines = "".join(self._lines(row, dash) for row in added)
        node = value_of(holder.node, name)
        if node is None:
            at = sheet.next_line(sheet.end_of(holder.node))
            yield Edit(at, at, f"{' ' * column}{name}:{sheet.newline}{lines}")
        elif not added and name == PARTS:
            yield sheet.removal(holder.node, name)
        else:
            key = next(key for key, _ in holder.node.value if key.value == name)
            end = sheet.next_line(sheet.end_of(node)) if added else sheet.end_of(node)
            text = f"{name}:{sheet.newline}{lines}" if added else f"{name}: []"
            yield Edit(sheet.at(key.start_mark), end, text)

    def _step(self) -> int:
        """Tell how far the file's lists stand to the right of their keys."""
        sheet = self.sheet
        return sheet.dash(sheet.sections[0]) - sheet.first_line(sheet.sections[0])

    def _lines(self, row: New, column: int) -> str:
        indent, newline = " " * (column + 2), self.sheet.newline
        lines = [f"{indent}{name}: {inline(value)}{newline}" for name, value in row.fields.items()]
        lines[0] = f"{' ' * column}- {lines[0].lstrip()}"
        parts = [self._lines(part, column + 2 + self._step()) for part in row.parts]
        return "".join([*lines, *([f"{indent}{PARTS}:{newline}"] if parts else []), *parts])
