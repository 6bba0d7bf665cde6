"""The rows of a file as a table, and what a table decides brought back: all of it, or nothing.

In: a sheet, or the cells of a table with their lines. Out: cells, or the sheet with the decisions.
A cell that nobody filled decides nothing. Everything that is wrong is found at once, with the line
and the column. This room knows no RDF.
"""

from __future__ import annotations

import functools
import re
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from importlib.resources import files

from policygraph.errors import PolicyGraphError, Where, WrongUsage
from policygraph.report import DataError, Finding
from policygraph.text.restore import Span
from policygraph.text.review.decisions import FIXED, WORDS, Decision, Signature, decide
from policygraph.text.review.places import Places
from policygraph.text.review.sheet import Item, Sheet
from policygraph.text.statements import occurrences

TOLD = (
    *("id", "state", "kind", "words", "verb", "object", "subject", "value", "links", "unresolved"),
    *("english", "continues", "rule", "confidence", "section", "start", "end", "note"),
)
"""Columns that tell; what is changed in them is not read, but must still be said of the row."""

DECIDED = (
    *("decision", "reason", "new_kind", "new_words", "new_verb", "new_object", "new_subject"),
    *("new_links", "new_english", "new_continues"),
)
"""Columns that a reviewer fills; an empty cell decides nothing, a hyphen clears a value."""

REVIEWED = {"accept": "accepted", "reject": "rejected", "reopen": "draft"}
CLEARED = "-"

_UNSEEN = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]"
)
"""Controls and signs that turn the direction of writing: they hide what a cell holds."""

_LINK = re.compile(r"\s*(?P<field>[a-z_]+)\s*[:：]\s*(?P<gone>-?)\s*(?P<key>[A-Za-z0-9/-]+)\s*")


@functools.cache
def verdicts() -> dict[str, str]:
    """Map what may stand in the decision column to the action it means."""
    text = files("policygraph.text.review").joinpath("verdicts.toml").read_text(encoding="utf-8")
    return {word: action for action, words in tomllib.loads(text).items() for word in words}


def visible(words: str) -> str:
    r"""Write signs that cannot be seen by their number.

    >>> visible("a\u202eb")
    'a⟨U+202E⟩b'
    """
    return _UNSEEN.sub(lambda match: f"⟨U+{ord(match[0]):04X}⟩", words)


def rows_of(
    sheet: Sheet, places: Places, continues: Mapping[str, str] | None = None
) -> Iterator[dict[str, str]]:
    """Give the rows of a sheet as cells by column; those to be filled are empty."""
    for key, item in sheet.rows.items():
        row, fields = places.rows.get(key), item.fields
        label = fields.get("label")
        cells = {
            "id": key,
            "state": state_of(sheet, item),
            "kind": str(fields.get("type", "")),
            "words": str(fields.get("quote", "")),
            "value": " ".join(_values(item)),
            "links": "; ".join(_links(item)),
            "unresolved": "; ".join(_unresolved(item)),
            "english": str(label.get("en", "")) if isinstance(label, Mapping) else "",
            "continues": (continues or {}).get(key, ""),
            "section": str(sheet.sections[item.section].fields.get("id", "")),
            "start": str(row.span.start) if row else "",
            "end": str(row.span.end) if row else "",
            **{
                name: str(fields.get(name, ""))
                for name in ("verb", "object", "subject", "rule", "confidence", "note")
            },
        }
        yield {name: visible(cells.get(name, "")) for name in (*TOLD, *DECIDED)}


def state_of(sheet: Sheet, item: Item) -> str:
    """Give the review of a row, which may be that of the row above it."""
    while not item.review and item.above:
        item = sheet.rows[item.above]
    return item.review or "accepted"


def _links(item: Item) -> Iterator[str]:
    if "of" in item.fields:
        yield f"of: {item.fields['of']}"
    for name, value in item.fields.items():
        if name in FIXED or name in WORDS or name in _NO_LINKS:
            continue
        keys = value.get("value", []) if isinstance(value, Mapping) else value
        for key in [keys] if isinstance(keys, str) else keys:
            yield f"{name}: {key}"


def _values(item: Item) -> Iterator[str]:
    """Give the number of a figure and its unit, as the text has it."""
    for name in ("value", "unit"):
        value = item.fields.get(name, "")
        yield from map(str, value.values() if isinstance(value, Mapping) else [value])


def _unresolved(item: Item) -> Iterator[str]:
    """Give what was found in the words and no property holds."""
    for name, those in item.fields.get("unresolved", {}).items():
        yield from (
            f"{name}: {said['quote'] if isinstance(said, Mapping) else said}" for said in those
        )


_NO_LINKS = frozenset({"label", "alias", "value", "unit", "counts"})
"""Keys whose values are words or numbers rather than things or days."""


@dataclass(frozen=True)
class Line:
    """A line of a table.

    Attributes:
        number: in the file, from 1.
        cells: by column.
    """

    number: int
    cells: Mapping[str, str]

    def decides(self) -> bool:
        """Tell whether anything is filled in."""
        return any(self.cells.get(name, "").strip() for name in DECIDED)


@dataclass
class Table:
    """Decisions of a table, brought into a sheet.

    Attributes:
        sheet: the file as it is; after ``apply``, with the decisions.
        text: the restored text.
        find: gives the places of a sheet.
        signature: by whom and when.
        shown: how messages name the table.
        headings: how the table calls its columns.
        check: refuses a link that the words do not state.
    """

    sheet: Sheet
    text: str
    find: Callable[[Sheet], Places]
    signature: Signature
    shown: str
    headings: Mapping[str, str]
    check: Callable[[Decision, Sheet], None]
    findings: list[Finding] = field(default_factory=list)

    def apply(self, lines: Iterable[Line]) -> int:
        """Bring in every line and give the number of rows that changed.

        Raises:
            DataError: a line is wrong; it carries all findings, and nothing is to be saved.
        """
        self.places = self.find(self.sheet)
        seen: dict[str, int] = {}
        changed = 0
        for line in lines:
            if not line.decides():
                continue
            key, before = line.cells.get("id", ""), self.sheet
            if key in seen:
                self.wrong(line, "id", "review/row-twice", id=key, first=seen[key])
                continue
            seen[key] = line.number
            if self._stands(line):
                self._line(line, key)
            changed += self.sheet is not before
        if self.findings:
            raise DataError(self.findings)
        return changed

    def _stands(self, line: Line) -> bool:
        """Tell whether the row is still what the table shows of it."""
        item = self.sheet.rows.get(line.cells.get("id", ""))
        if item is None:
            self.wrong(line, "id", "review/no-row", id=line.cells.get("id", ""))
            return False
        words = visible(str(item.fields.get("quote", "")))
        if _bare(line.cells.get("words", "")) != _bare(words):
            self.wrong(line, "words", "review/row-changed", now=words)
            return False
        return True

    def _line(self, line: Line, key: str) -> None:
        for column, decision in self._decisions(line, key):
            try:
                self._decide(decision)
            except PolicyGraphError as error:
                self.wrong(line, column, error.name, **error.facts)

    def _decide(self, decision: Decision) -> None:
        if decision.action == "link":
            self.check(decision, self.sheet)
        self.sheet = decide(self.sheet, decision, self.signature, self.text, self.places)
        if decision.action in ("correct", "reopen"):
            self.places = self.find(self.sheet)

    def _decisions(self, line: Line, key: str) -> Iterator[tuple[str, Decision]]:
        """Read what a line decides, in the order in which it is done."""
        cells = {name: line.cells.get(name, "").strip() for name in DECIDED}
        item = self.sheet.rows[key]
        for name in DECIDED:
            if name != "new_words" and _UNSEEN.search(cells[name]):
                self.wrong(line, name, "review/unseen-signs", value=visible(cells[name]))
                return
        if cells["new_words"] and cells["new_words"] != item.fields.get("quote"):
            span = self._span(line, key, cells["new_words"])
            if span:
                yield "new_words", Decision(key, "correct", span=span)
        if cells["new_kind"] and cells["new_kind"] != item.fields.get("type"):
            yield "new_kind", Decision(key, "kind", cells["new_kind"])
        for name in ("verb", "object", "subject"):
            said = cells[f"new_{name}"]
            if said and said != item.fields.get(name):
                words = "" if said == CLEARED else said
                yield f"new_{name}", Decision(key, "fill", words, name)
        if cells["new_english"]:
            words = "" if cells["new_english"] == CLEARED else cells["new_english"]
            yield "new_english", Decision(key, "fill", words, "label", "en")
        yield from self._new_links(line, key, cells["new_links"])
        yield from self._verdict(line, item, cells)

    def _verdict(
        self, line: Line, item: Item, cells: Mapping[str, str]
    ) -> Iterator[tuple[str, Decision]]:
        said = cells["decision"]
        action = verdicts().get(said.casefold())
        if said and action is None:
            self.wrong(line, "decision", "review/no-action", action=said)
        elif cells["reason"] and action != "reject":
            self.wrong(line, "reason", "review/reason-of-nothing")
        elif action:
            now, told = state_of(self.sheet, item), line.cells.get("state", "")
            same = now == REVIEWED[action] and cells["reason"] in ("", item.fields.get("note", ""))
            if now not in (told, REVIEWED[action]):
                self.wrong(line, "state", "review/decided-meanwhile", now=now, told=told)
            elif not same:
                yield "decision", Decision(item.key, action, cells["reason"])

    def _new_links(self, line: Line, key: str, said: str) -> Iterator[tuple[str, Decision]]:
        for piece in filter(None, re.split(r"[;；\n]", said)):
            found = _LINK.fullmatch(piece)
            if found is None:
                self.wrong(line, "new_links", "review/no-link", value=piece.strip())
                continue
            action = "unlink" if found["gone"] else "link"
            yield "new_links", Decision(key, action, found["key"], found["field"])

    def _span(self, line: Line, key: str, words: str) -> Span | None:
        """Find new words: where they touch those of the row or, if nowhere, in its section."""
        item, row = self.sheet.rows[key], self.places.rows.get(key)
        found = list(occurrences(self.text, words, self.places.extent(item)))
        near = [s for s in found if row and s.start < row.span.end and row.span.start < s.end]
        fitting = near or found
        if len(fitting) == 1:
            return fitting[0]
        name = "review/words-twice" if fitting else "review/words-nowhere"
        self.wrong(line, "new_words", name, words=words, count=len(fitting))
        return None

    def wrong(self, line: Line, column: str, name: str, **facts: object) -> None:
        """Note what is wrong with a cell."""
        heading = self.headings.get(column, column)
        place = Where(self.shown, line.number, f"{line.cells.get('id', '')} [{heading}]".strip())
        self.findings.append(Finding(name, place, facts=facts))


def lines_of(
    rows: Sequence[tuple[int, Sequence[str]]], headings: Mapping[str, Sequence[str]], shown: str
) -> tuple[list[Line], dict[str, str]]:
    """Tell the columns of a table by its headings.

    Args:
        rows: the number and the cells of each line, the headings first.
        headings: by column, what it may be called besides its own name.
        shown: how messages name the table.

    Returns:
        the lines, and how the table calls each column.

    Raises:
        WrongUsage: a column that is needed is missing, stands twice, or is not known.
    """
    known = {called: name for name, all_ in headings.items() for called in (name, *all_)}
    (number, first), *others = rows or [(1, ())]
    named = [known.get(cell.strip(), "") for cell in first]
    calls = {name: cell.strip() for name, cell in zip(named, first, strict=True) if name}
    where = Where(shown, number)
    for cell, name in zip(first, named, strict=True):
        if not name and cell.strip():
            raise WrongUsage("review/no-column", where, column=cell.strip())
        if name and named.count(name) > 1:
            raise WrongUsage("review/column-twice", where, column=cell.strip())
    for name in ("id", "state", "words", "decision"):
        if name not in named:
            raise WrongUsage("review/column-missing", where, column=headings[name][0])
    lines = [
        Line(line, {name: cell for name, cell in zip(named, cells, strict=False) if name})
        for line, cells in others
        if any(cell.strip() for cell in cells)
    ]
    return lines, calls


def _bare(words: str) -> str:
    """Leave out what spreadsheets change by themselves: line ends and blanks at the borders."""
    return " ".join(words.split())
