"""YAML in the usual layout, read line by line: what stands there cannot be read in two ways.

In: the text of a file. Out: what libyaml would give, or None where a line is not of the few forms
below; then libyaml reads the whole file. Nothing is reported here and nothing refused: whatever
gives a finding is not usual (docs/decisions/0070). The forms, in terms of YAML 1.2:

- a block mapping (8.2.2), a block sequence (8.2.1), comments of their own line, one space behind
  a colon or a hyphen;
- plain scalars (7.3.3) of one line that begin with a letter, a digit or an opening bracket of
  Chinese, without ``#``, and without any colon but one that goes on;
- quoted scalars (7.3.1, 7.3.2) of one line with nothing to unescape;
- flow mappings and sequences (7.4) of one line, not empty, one space behind a comma.
"""

from __future__ import annotations

import re
from functools import lru_cache, partial
from itertools import count, repeat

from policygraph.errors import Where
from policygraph.report import Finding
from policygraph.text.days import is_date, looks_like_date
from policygraph.text.fields import Fields, Value, Word, placed

_FIRST = r"(?:-?[^\W_]|[（《“‘「『【])"
_KEY = r"[^\W_][\w-]{0,99}+"
_LINE = re.compile(
    rf"^( {{0,60}}+)(- )?+(?:(\"?)({_KEY})\3:(?: |$))?+"
    rf"(?:(\"[^\"\\\n]*+\")|({_FIRST}[^:#\n]*+(?::(?=[^ \n])[^:#\n]*+)*+(?<! ))|(.*))$",
    re.MULTILINE,
)
"""Column, up to 60, hyphen, key, then what stands behind: words in quotes, plain ones, the rest."""
_SCALAR = rf"(?:({_FIRST}[^:#,\[\]{{}}]*(?<! ))|\"([^\"\\]*)\"|'([^']*)')"
_FLOW_SCALAR = re.compile(_SCALAR)
_FLOW_KEY = re.compile(rf"({_KEY}): ")
_FLOW_PAIR = re.compile(rf"({_KEY}): {_SCALAR}(, |}})")
_OTHERWISE = frozenset({"yes", "no", "true", "false", "on", "off", "null"})
"""Plain words that YAML 1.1 takes for something else."""
_MANY = 4096
"""Short words that are kept at hand: a few of them come back in every document."""
_DEEPEST, _LONGEST = 8, 10_000
"""Brackets within brackets, code points of a line, beyond which a file is not usual."""
_SHORT = len("YYYY-MM-DD")
"""Plain words of more code points than this are never anything else."""


class _Unusual(Exception):
    """The text is not in the usual layout."""


_Line = tuple[int, str, str, Value, Where]
"""Column, hyphen if there is one, key, the value behind them if there is one, and its place."""
_place = partial(tuple.__new__, Where)
"""Makes a place of its parts; there are so many that it counts to go past the class."""


def in_usual_layout(text: str, shown: str, findings: list[Finding]) -> Fields | None:
    """Read a YAML text whose top is a mapping; None where it is not in the usual layout.

    Args:
        text: the text.
        shown: how messages name it.
        findings: collects what is later found wrong with its values.
    """
    if not text.replace("\n", "").isprintable() or _has_long_line(text):
        return None
    try:
        return _Reader(text, shown, findings).top()
    except _Unusual:
        return None


class _Reader:
    """Goes through the lines of a text."""

    def __init__(self, text: str, shown: str, findings: list[Finding]) -> None:
        self.shown = shown
        self.findings = findings
        self.lines = self._lines(text)
        self.at = 0

    def top(self) -> Fields:
        """Read all lines."""
        fields = self._mapping(0)
        if self.at != len(self.lines) - 1 or not fields:
            raise _Unusual
        return fields

    def _lines(self, text: str) -> list[_Line]:
        """Take lines apart, but those that are empty or a comment alone; one marks the end."""
        lines: list[_Line] = []
        places = map(_place, zip(repeat(self.shown), count(1), repeat("")))
        for where, parts in zip(places, _LINE.findall(text), strict=False):
            indent, hyphen, _, key, quoted, plain, rest = parts
            value: Value = None
            if quoted:
                value = placed(quoted[1:-1], where)
            elif plain:
                value = _plain(plain, where)
            elif not (hyphen or key) and (not rest or rest.startswith("#")):
                continue
            elif rest:
                value = self._rest(rest, where)
            lines.append((len(indent), hyphen, key, value, where))
        return [*lines, (-1, "", "", None, Where(self.shown))]

    def _mapping(self, column: int) -> Fields:
        fields = Fields(self.lines[self.at][-1], self.findings)
        while True:
            found, item, key, value, _ = self.lines[self.at]
            if found != column or item:
                return fields
            if not key or key in fields:
                raise _Unusual
            self.at += 1
            fields[key] = self._below(column) if value is None else value

    def _below(self, column: int) -> Value:
        """Read what stands below a key."""
        found, item, *_ = self.lines[self.at]
        if item and found >= column:
            return self._sequence(found)
        if found > column:
            return self._mapping(found)
        raise _Unusual

    def _sequence(self, column: int) -> list[Value]:
        values: list[Value] = []
        while True:
            found, item, key, value, where = self.lines[self.at]
            if found != column or not item:
                return values
            if key:
                self.lines[self.at] = (column + 2, "", key, value, where)
                values.append(self._mapping(column + 2))
            elif value is None:
                raise _Unusual
            else:
                self.at += 1
                values.append(value)

    def _rest(self, rest: str, where: Where) -> Value:
        """Read what is neither between quotation marks nor plain: something in brackets."""
        value, end = self._flow(rest, 0, where, _DEEPEST)
        if end != len(rest):
            raise _Unusual
        return value

    def _flow(self, text: str, at: int, where: Where, deepest: int) -> tuple[Value, int]:
        """Read a value in brackets, or a scalar there; give it and where it ends."""
        opening = text[at : at + 1]
        if opening in ("{", "[") and deepest:
            read = self._flow_mapping if opening == "{" else self._flow_sequence
            return read(text, at + 1, where, deepest - 1)
        match = _FLOW_SCALAR.match(text, at)
        if not match:
            raise _Unusual
        plain, double, single = match.groups("")
        value = _plain(plain, where) if plain else placed(double or single, where)
        return value, match.end()

    def _flow_mapping(self, text: str, at: int, where: Where, deepest: int) -> tuple[Fields, int]:
        fields = Fields(where, self.findings)
        ended = False
        while not ended:
            pair = _FLOW_PAIR.match(text, at)
            if pair:
                name, plain, double, single, end = pair.groups("")
                value = _plain(plain, where) if plain else placed(double or single, where)
                at, ended = pair.end(), end == "}"
            else:
                name, value, at, ended = self._nested_pair(text, at, where, deepest)
            if name in fields:
                raise _Unusual
            fields[name] = value
        return fields, at

    def _nested_pair(
        self, text: str, at: int, where: Where, deepest: int
    ) -> tuple[str, Value, int, bool]:
        """Read a key and a value in brackets; give them, where they end, and if all ends there."""
        key = _FLOW_KEY.match(text, at)
        if not key:
            raise _Unusual
        value, at = self._flow(text, key.end(), where, deepest)
        return key[1], value, *_next(text, at, "}")

    def _flow_sequence(
        self, text: str, at: int, where: Where, deepest: int
    ) -> tuple[list[Value], int]:
        values = []
        while True:
            value, at = self._flow(text, at, where, deepest)
            values.append(value)
            at, ended = _next(text, at, "]")
            if ended:
                return values, at


def _has_long_line(text: str) -> bool:
    """Tell whether a line is longer than any usual one: in each stretch so long one has to end."""
    start = 0
    while len(text) - start > _LONGEST:
        start = text.rfind("\n", start, start + _LONGEST + 1) + 1
        if not start:
            return True
    return False


def _next(text: str, at: int, closing: str) -> tuple[int, bool]:
    """Go behind a comma or a closing bracket; tell which it was."""
    if text.startswith(closing, at):
        return at + 1, True
    if text.startswith(", ", at):
        return at + 2, False
    raise _Unusual


def _plain(plain: str, where: Where) -> Word:
    """Take plain words, unless YAML 1.1 makes something else of them."""
    if len(plain) <= _SHORT and _means_otherwise(plain):
        raise _Unusual
    return placed(plain, where)


@lru_cache(_MANY)
def _means_otherwise(plain: str) -> bool:
    return plain.lower() in _OTHERWISE or (looks_like_date(plain) and not is_date(plain))
