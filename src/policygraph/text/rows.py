"""YAML files as rows that remember their lines, read strictly.

Every scalar stays a string: nothing is guessed from its look. What YAML 1.1 would silently turn
into something else (``no``, an empty value, a date that does not exist, a repeated key, an alias)
is a finding that names file and line.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

import yaml

from policygraph.errors import UnreadableInput, Where
from policygraph.report import Finding
from policygraph.text.model import Fact
from policygraph.text.source import read_source

Value = Any  # a Word, a Fields or a list of Values

_DATE_LIKE = re.compile(r"\d{4}-\d{1,2}-\d{1,2}")
_DEPTH = 100
_LANGUAGES = ("zh-Hans", "zh-Hant", "zh", "en")


class Word(str):
    """A scalar that remembers where it stands."""

    where: Where

    def __new__(cls, text: str, where: Where) -> Word:
        """Make a word of a text and its place."""
        word = super().__new__(cls, text)
        word.where = where
        return word

    def __reduce__(self) -> tuple[type[Word], tuple[str, Where]]:
        """Say how to make the word again in another process."""
        return Word, (str(self), self.where)


class Fields(dict[str, Value]):
    """A mapping that remembers where it stands and reports what is wrong with its values."""

    def __init__(self, where: Where, findings: list[Finding]) -> None:
        super().__init__()
        self.where = where
        self.findings = findings

    def complain(self, name: str, where: Where | None = None, /, **facts: object) -> None:
        """Record a finding at a place of this mapping."""
        self.findings.append(Finding(name, where or self.where, facts=facts))

    def text(self, key: str, *, required: bool = False) -> str:
        """Take a scalar; empty where it is absent."""
        value = self.pop(key, None)
        if isinstance(value, Word):
            return value
        if value is not None:
            self.complain("yaml/not-text", key=key)
        elif required:
            self.complain("yaml/missing-key", key=key)
        return ""

    def choice(self, key: str, allowed: tuple[str, ...], default: str) -> str:
        """Take a scalar that must be one of a few words."""
        value = self.text(key) or default
        if value not in allowed:
            self.complain("yaml/not-allowed", key=key, value=value, allowed=", ".join(allowed))
            return default
        return value

    def rows(self, key: str) -> list[Fields]:
        """Take a list of mappings; empty where it is absent."""
        value = self.pop(key, [])
        if isinstance(value, list) and all(isinstance(item, Fields) for item in value):
            return value
        self.complain("yaml/not-rows", key=key)
        return []

    def fields(self, key: str) -> Fields:
        """Take a mapping; empty where it is absent."""
        value = self.pop(key, None)
        if isinstance(value, Fields):
            return value
        if value is not None:
            self.complain("yaml/not-fields", key=key)
        return Fields(self.where, self.findings)

    def facts(self, *names: str) -> Iterator[Fact]:
        """Take the named keys, or all that are left, as facts."""
        for name in names or tuple(self):
            if name in self:
                yield from self._facts_of(name, self.pop(name))

    def _facts_of(self, name: str, value: Value) -> Iterator[Fact]:
        if isinstance(value, Word):
            yield Fact(name, value, value.where)
        elif isinstance(value, list):
            for item in value:
                yield from self._facts_of(name, item)
        elif set(value) <= set(_LANGUAGES):
            yield from self._by_language(name, value)
        else:
            self.complain("yaml/not-a-value", value.where, key=name)

    def _by_language(self, name: str, value: Fields) -> Iterator[Fact]:
        for lang, texts in value.items():
            for text in texts if isinstance(texts, list) else [texts]:
                if isinstance(text, Word):
                    yield Fact(name, text, text.where, lang)
                else:
                    self.complain("yaml/not-text", value.where, key=lang)

    def nothing_else(self) -> None:
        """Report every key that nobody asked for."""
        for key in self:
            self.complain("yaml/unknown-key", key=key)


def read_yaml(path: Path, findings: list[Finding]) -> Fields:
    """Read a YAML file whose top is a mapping.

    Args:
        path: the file; messages name it as it is given here.
        findings: collects what is wrong inside.

    Raises:
        UnreadableInput: the file is missing, not UTF-8, empty or not YAML.
    """
    return parse_yaml(read_source(path).text, str(path), findings)


def parse_yaml(text: str, shown: str, findings: list[Finding]) -> Fields:
    """Read a YAML text whose top is a mapping.

    Args:
        text: the text.
        shown: how messages name it.
        findings: collects what is wrong inside.

    Raises:
        UnreadableInput: it is empty or not YAML.
    """
    node = composed(text, shown)
    value = _Converter(shown, findings).value(node) if node else None
    if not isinstance(value, Fields):
        raise UnreadableInput("yaml/not-a-mapping", Where(shown))
    return value


def composed(text: str, shown: str) -> yaml.Node | None:
    """Parse a YAML text; None where there is nothing in it.

    Raises:
        UnreadableInput: it is not YAML, or nested deeper than any file of ours.
    """
    try:
        node = yaml.compose(text, Loader=yaml.CSafeLoader)
    except (yaml.YAMLError, RecursionError) as error:
        raise UnreadableInput("yaml/malformed", _mark(shown, error), why=_reason(error)) from error
    level, seen = [node] if node else [], set[int]()
    for _ in range(_DEPTH):
        seen.update(map(id, level))
        level = [part for each in level for part in _parts(each) if id(part) not in seen]
    if level:
        where = Where(shown, level[0].start_mark.line + 1)
        raise UnreadableInput("yaml/malformed", where, why=f"nested more than {_DEPTH} deep")
    return node


def _parts(node: yaml.Node) -> list[yaml.Node]:
    if isinstance(node, yaml.MappingNode):
        return [part for pair in node.value for part in pair]
    return node.value if isinstance(node, yaml.SequenceNode) else []


def _mark(shown: str, error: Exception) -> Where:
    mark = getattr(error, "problem_mark", None)
    return Where(shown, mark.line + 1 if mark else 0)


def _reason(error: Exception) -> str:
    if isinstance(error, RecursionError):
        return f"nested more than {_DEPTH} deep"
    return str(getattr(error, "problem", None) or error.__class__.__name__)


class _Converter:
    """Turn YAML nodes into words, lists and fields."""

    def __init__(self, shown: str, findings: list[Finding]) -> None:
        self.shown = shown
        self.findings = findings
        self.seen: set[int] = set()

    def value(self, node: yaml.Node) -> Value:
        """Convert a node and everything below it."""
        where = Where(self.shown, node.start_mark.line + 1)
        if id(node) in self.seen:
            self.findings.append(Finding("yaml/alias", where))
            return Word("", where)
        self.seen.add(id(node))
        if isinstance(node, yaml.MappingNode):
            return self._fields(node, where)
        if isinstance(node, yaml.SequenceNode):
            return [self.value(item) for item in node.value]
        return self._word(cast("yaml.ScalarNode", node), where)

    def _fields(self, node: yaml.MappingNode, where: Where) -> Fields:
        fields = Fields(where, self.findings)
        for key_node, value_node in node.value:
            key = str(key_node.value)
            if key in fields:
                line = Where(self.shown, key_node.start_mark.line + 1)
                self.findings.append(Finding("yaml/duplicate-key", line, facts={"key": key}))
            fields[key] = self.value(value_node)
        return fields

    def _word(self, node: yaml.ScalarNode, where: Where) -> Word:
        text = str(node.value)
        trap = _trap(node)
        if trap:
            self.findings.append(Finding(trap, where, facts={"value": text}))
        return Word(text, where)


def _trap(node: yaml.ScalarNode) -> str:
    """Name what a plain scalar would silently become under YAML 1.1; empty where it is harmless."""
    if node.style:
        return ""
    kind = node.tag.rsplit(":", 1)[-1]
    if kind in ("bool", "null"):
        return f"yaml/{kind}"
    if looks_like_date(node.value) and not is_date(node.value):
        return "yaml/no-such-date"
    return ""


def looks_like_date(text: str) -> bool:
    """Tell whether a text has the form of a day, whether or not there is such a day."""
    return _DATE_LIKE.fullmatch(text) is not None


def is_date(text: str) -> bool:
    """Tell whether a text is an existing day written YYYY-MM-DD.

    >>> is_date("2024-02-29"), is_date("2023-02-29"), is_date("2024-2-1")
    (True, False, False)
    """
    try:
        return datetime.date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False
