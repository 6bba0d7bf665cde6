"""A ``statements.yaml`` as its lines: changed in place, the same byte for byte elsewhere.

In: the text of the file; out: its rows by key, and new texts in which only the lines of a change
differ. Comments, order, quotation marks and line ends are kept because nothing is written again.
Every change is read back and compared with what was wanted; a file whose form defeats the editor
is refused, never spoilt.
"""

from __future__ import annotations

import copy
import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

import yaml

from policygraph.errors import UnreadableInput, Where
from policygraph.text.draft.yaml_words import inline
from policygraph.text.rows import composed

Plain = Any  # a str, a list of Plains or a dict of Plains: everything is text, as in ``rows``
_BREAK = re.compile("\r\n|[\r\n\x85\u2028\u2029]")
PARTS = "parts"


class Edit(NamedTuple):
    """Put a text in the place of what stands between two offsets of the file."""

    start: int
    end: int
    text: str


@dataclass(frozen=True, eq=False)
class Item:
    """A row, or a section, as it stands in the file.

    Attributes:
        key: its id, or its place (``at-0-2``) where it has none.
        node: its mapping.
        fields: its keys and values but for rows below it.
        path: the way to it from the top of the file.
        above: key of the row it stands under; empty where there is none.
        section: number of its section.
    """

    key: str
    node: yaml.MappingNode
    fields: Mapping[str, Plain]
    path: tuple[str | int, ...]
    above: str
    section: int

    @property
    def line(self) -> int:
        """Its first line, from 1."""
        return int(self.node.start_mark.line) + 1

    @property
    def review(self) -> str:
        """What the row itself says of its review; empty where it says nothing."""
        return str(self.fields.get("review", ""))

    @property
    def inline(self) -> bool:
        """Tell whether it is written in braces."""
        return bool(self.node.flow_style)


class Sheet:
    """The text of a ``statements.yaml`` with its rows.

    Attributes:
        text: the text of the file.
        shown: how messages name the file.
        sections: the sections, in order.
        rows: every row by its key, in the order of the file.
    """

    def __init__(self, text: str, shown: str = "statements.yaml") -> None:
        self.text = text
        self.shown = shown
        self.root = self._composed()
        self.plain = plain(self.root)
        self._starts = [0, *(found.end() for found in _BREAK.finditer(text))]
        self.newline = found[0] if (found := _BREAK.search(text)) else "\n"
        self.sections: list[Item] = []
        self.rows: dict[str, Item] = {}
        self._read()

    def _composed(self) -> yaml.Node:
        node = composed(self.text, self.shown)
        if not isinstance(node, yaml.MappingNode):
            raise UnreadableInput("yaml/not-a-mapping", Where(self.shown))
        self._refuse_aliases(node)
        return node

    def _refuse_aliases(self, root: yaml.Node) -> None:
        """Stop at a node that stands twice: a few lines of aliases can mean gigabytes."""
        seen: set[int] = set()
        waiting = [root]
        while waiting:
            node = waiting.pop()
            if id(node) in seen:
                where = Where(self.shown, node.start_mark.line + 1)
                raise UnreadableInput("yaml/alias", where)
            seen.add(id(node))
            if isinstance(node, yaml.MappingNode):
                waiting += [part for pair in node.value for part in pair]
            elif isinstance(node, yaml.SequenceNode):
                waiting += node.value

    def _read(self) -> None:
        listed = value_of(self.root, "sections")
        for number, node in enumerate(_mappings(listed)):
            path = ("sections", number)
            fields = _fields(node, "statements")
            key = str(fields.get("id", ""))
            self.sections.append(Item(key, node, fields, path, "", number))
            self._read_rows(value_of(node, "statements"), (*path, "statements"), "", number)

    def _read_rows(
        self, listed: yaml.Node | None, path: tuple[str | int, ...], above: str, section: int
    ) -> None:
        for place, node in enumerate(_mappings(listed)):
            here = (*path, place)
            fields = _fields(node, PARTS)
            numbers = (str(step) for step in here if isinstance(step, int))
            key = str(fields.get("id") or f"at-{'-'.join(numbers)}")
            if key in self.rows:
                where = Where(self.shown, node.start_mark.line + 1)
                facts = {"id": key, "line": self.rows[key].line}
                raise UnreadableInput("statements/duplicate-id", where, **facts)
            self.rows[key] = Item(key, node, fields, here, above, section)
            self._read_rows(value_of(node, PARTS), (*here, PARTS), key, section)

    def below(self, key: str) -> Iterator[Item]:
        """Go through the rows directly under a row."""
        return (item for item in self.rows.values() if item.above == key)

    # places in the text

    def at(self, mark: Any) -> int:
        """Give the offset of a mark."""
        start: int = self._starts[mark.line]
        return start + int(mark.column)

    def line_start(self, line: int) -> int:
        """Give the offset at which a line begins (from 0), or that of the end of the text."""
        return self._starts[line] if line < len(self._starts) else len(self.text)

    def line_end(self, offset: int) -> int:
        """Give the offset of the line break that follows."""
        found = _BREAK.search(self.text, offset)
        return found.start() if found else len(self.text)

    def end_of(self, node: yaml.Node) -> int:
        """Give the offset behind the last character of a value, before comments and blanks."""
        if isinstance(node, yaml.ScalarNode):
            mark = node.end_mark
            if node.style in ("|", ">") and mark.column == 0 and mark.line > node.start_mark.line:
                return self.line_end(self._starts[mark.line - 1])
            return self.at(mark)
        if not isinstance(node, yaml.CollectionNode) or node.flow_style or not node.value:
            return self.at(node.end_mark)
        last = node.value[-1]
        return self.end_of(last[1] if isinstance(last, tuple) else last)

    # changes

    def change(self, item: Item, changes: Mapping[str, Plain | None]) -> Sheet:
        """Give the sheet with some values of a row changed; None takes a key out.

        Raises:
            UnreadableInput: the lines of the row have a form that cannot be changed safely.
        """
        wanted = copy.deepcopy(self.plain)
        row = wanted
        for step in item.path:
            row = row[step]
        for name, value in changes.items():
            if value is None:
                row.pop(name, None)
            else:
                row[name] = value
        done = self.with_edits(self.edits(item.node, changes), item.line)
        if done.plain != wanted:
            raise UnreadableInput("review/not-editable", Where(self.shown, item.line, item.key))
        return done

    def with_edits(self, edits: Iterable[Edit], line: int = 0) -> Sheet:
        """Give the sheet after edits that do not overlap; at one place they follow each other."""
        pieces, at = [], 0
        for edit in sorted(edits, key=lambda edit: edit[:2]):
            pieces += [self.text[at : edit.start], edit.text]
            at = edit.end
        try:
            return Sheet("".join([*pieces, self.text[at:]]), self.shown)
        except UnreadableInput as error:
            raise UnreadableInput("review/not-editable", Where(self.shown, line)) from error

    def edits(self, node: yaml.MappingNode, changes: Mapping[str, Plain | None]) -> list[Edit]:
        """Say what changing some values of a mapping does to the text."""
        edits: list[Edit] = []
        added: list[str] = []
        pairs = {str(key.value): (key, value) for key, value in node.value}
        for name, value in changes.items():
            if name not in pairs:
                added += [] if value is None else [f"{name}: {inline(value)}"]
            elif value is None:
                edits.append(self.removal(node, name))
            elif plain(pairs[name][1]) != value:
                start, end = self.at(pairs[name][0].start_mark), self.end_of(pairs[name][1])
                edits.append(Edit(start, end, f"{name}: {inline(value)}"))
        if added:
            gone = {name for name, value in changes.items() if value is None}
            edits.append(self._addition(node, added, gone))
        return edits

    def _addition(self, node: yaml.MappingNode, added: list[str], gone: set[str]) -> Edit:
        """Add keys behind those that are there, in front of the parts."""
        own = [value for key, value in node.value if key.value not in {PARTS, "statements", *gone}]
        end = self.end_of(own[-1])
        if node.flow_style:
            return Edit(end, end, "".join(f", {line}" for line in added))
        place = self.line_end(end)
        indent = self.newline + " " * node.start_mark.column
        return Edit(place, place, "".join(indent + line for line in added))

    def removal(self, node: yaml.MappingNode, name: str) -> Edit:
        """Say what taking a key out does to the text."""
        names = [str(key.value) for key, _ in node.value]
        place = names.index(name)
        key, value = node.value[place]
        if place == 0 and len(names) > 1:  # the next key takes its place
            return Edit(self.at(key.start_mark), self.at(node.value[1][0].start_mark), "")
        if node.flow_style:
            return Edit(self.end_of(node.value[place - 1][1]), self.end_of(value), "")
        start = self.line_start(key.start_mark.line)
        return Edit(start, self.next_line(self.end_of(value)), "")

    def next_line(self, offset: int) -> int:
        """Give the offset behind the line break that follows."""
        found = _BREAK.search(self.text, offset)
        return found.end() if found else len(self.text)

    # lists of rows

    def dash(self, item: Item) -> int:
        """Give the offset of a row's hyphen."""
        return self.text.rindex("-", 0, self.at(item.node.start_mark))

    def first_line(self, item: Item) -> int:
        """Give the offset of the beginning of the first line of a row."""
        return self._starts[bisect_right(self._starts, self.dash(item)) - 1]

    def after(self, item: Item) -> int:
        """Give the offset of the line behind the last one of a row and all below it."""
        return self.next_line(self.end_of(item.node))

    def commented(self, item: Item) -> bool:
        """Tell whether somebody wrote a comment between the lines of a row."""
        lines = self.text[self.first_line(item) : self.after(item)].splitlines()
        return any(re.search(r"(^|\s)#", line) for line in lines)


def plain(node: yaml.Node) -> Plain:
    """Give what a node holds; every scalar is text."""
    if isinstance(node, yaml.MappingNode):
        return {str(key.value): plain(value) for key, value in node.value}
    if isinstance(node, yaml.SequenceNode):
        return [plain(value) for value in node.value]
    return str(node.value)


def value_of(node: yaml.Node | None, name: str) -> yaml.Node | None:
    """Give the value of a key, or None."""
    if not isinstance(node, yaml.MappingNode):
        return None
    return next((value for key, value in node.value if key.value == name), None)


def _fields(node: yaml.MappingNode, but: str) -> dict[str, Plain]:
    return {str(key.value): plain(value) for key, value in node.value if key.value != but}


def _mappings(node: yaml.Node | None) -> Iterator[yaml.MappingNode]:
    if isinstance(node, yaml.SequenceNode):
        yield from (row for row in node.value if isinstance(row, yaml.MappingNode))
