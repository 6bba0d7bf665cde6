"""YAML files as rows that remember their lines, read strictly.

Every scalar stays a string: nothing is guessed from its look. What YAML 1.1 would silently turn
into something else (``no``, an empty value, a date that does not exist, a repeated key, an alias)
is a finding that names file and line.
"""

from __future__ import annotations

from pathlib import Path
from typing import cast

import yaml

from policygraph.errors import UnreadableInput, Where
from policygraph.report import Finding
from policygraph.text.days import is_date, looks_like_date
from policygraph.text.fields import Fields, Value, Word, placed
from policygraph.text.layout import in_usual_layout
from policygraph.text.source import read_source

_DEPTH = 100


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
    usual = in_usual_layout(text, shown, findings)
    return by_libyaml(text, shown, findings) if usual is None else usual


def by_libyaml(text: str, shown: str, findings: list[Finding]) -> Fields:
    """Read a YAML text in whatever layout; as ``parse_yaml``."""
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
            return placed("", where)
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
        return placed(text, where)


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
