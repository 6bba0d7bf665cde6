"""Words and mappings of a YAML file: they remember where they stand.

Every scalar is a word, whatever it looks like; a mapping reports what is wrong with its values.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from policygraph.errors import Where
from policygraph.report import Finding
from policygraph.text.model import Fact

Value = Any  # a Word, a Fields or a list of Values

_LANGUAGES = frozenset({"zh-Hans", "zh-Hant", "zh", "en"})


class Word(str):
    """A scalar that remembers where it stands."""

    __slots__ = ("where",)
    where: Where

    def __reduce__(self) -> tuple[Callable[[str, Where], Word], tuple[str, Where]]:
        """Say how to make the word again in another process."""
        return placed, (str(self), self.where)


def placed(text: str, where: Where) -> Word:
    """Make a word of a text and its place."""
    word = Word(text)  # a ``__new__`` of its own would take twice the time
    word.where = where
    return word


def fact(name: str, word: Word, lang: str = "") -> Fact:
    """Make a fact of a word."""
    return tuple.__new__(Fact, (name, str(word), word.where, lang, None))  # past the class: faster


class Fields(dict[str, Value]):
    """A mapping that remembers where it stands and reports what is wrong with its values."""

    __slots__ = ("findings", "where")

    def __init__(self, where: Where, findings: list[Finding]) -> None:
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

    def facts(self, *names: str) -> list[Fact]:
        """Take the named keys, or all that are left, as facts."""
        found: list[Fact] = []
        for name in names or tuple(self):
            if name in self:
                found += self.facts_of(name, self.pop(name))
        return found

    def facts_of(self, name: str, value: Value) -> Iterable[Fact]:
        """Give a value of this mapping as facts of a name."""
        if isinstance(value, Word):
            return (fact(name, value),)
        if isinstance(value, list):
            return [each for item in value for each in self.facts_of(name, item)]
        if _LANGUAGES.issuperset(value):
            return self._by_language(name, value)
        self.complain("yaml/not-a-value", value.where, key=name)
        return ()

    def _by_language(self, name: str, value: Fields) -> Iterator[Fact]:
        for lang, texts in value.items():
            for text in texts if isinstance(texts, list) else [texts]:
                if isinstance(text, Word):
                    yield fact(name, text, lang)
                else:
                    self.complain("yaml/not-text", value.where, key=lang)

    def nothing_else(self) -> None:
        """Report every key that nobody asked for."""
        for key in self:
            self.complain("yaml/unknown-key", key=key)
