"""The settings of a workspace, ``policygraph.toml``: its base, and what it says of its graph.

In: the folder. Out: plain values. Whatever is left out has a default or is empty; a key that
nobody knows is refused.
"""

from __future__ import annotations

import datetime
import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, TypeVar

from policygraph.errors import UnreadableInput, Where
from policygraph.identifiers import DEFAULT_BASE, is_address

FILE = "policygraph.toml"
CATALOG = "catalog"
"""The table that tells others what the graph is and where it can be had."""

_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]+)*")
_MAIL = re.compile(r"mailto:[^\s@<>\"]+@[^\s@<>\"]+")

T = TypeVar("T")


@dataclass(frozen=True)
class About:
    """What a workspace says of its graph to those who look for data.

    Attributes:
        title: by language; ``description`` likewise.
        publisher: its name, by language (empty for none).
        publisher_page: of the publisher.
        license: address of the licence of the data.
        contact: ``mailto:`` or the address of a page.
        address: of the folder on the web in which the files of ``dist/`` can be had.
        endpoint: address at which the graph is asked in SPARQL.
        modified: day of the last change, YYYY-MM-DD.
    """

    title: Mapping[str, str] = field(default_factory=dict)
    description: Mapping[str, str] = field(default_factory=dict)
    publisher: Mapping[str, str] = field(default_factory=dict)
    publisher_page: str = ""
    license: str = ""
    contact: str = ""
    address: str = ""
    endpoint: str = ""
    modified: str = ""

    def lacks(self, *names: str) -> list[str]:
        """Name those of some settings that are not given, in order."""
        return [name for name in names if not getattr(self, name)]


@dataclass(frozen=True)
class Settings:
    """The settings of a workspace: ``base`` begins the IRIs of its things."""

    base: str = DEFAULT_BASE
    about: About = field(default_factory=About)


def read_settings(root: Path) -> Settings:
    """Read the settings of a workspace; the defaults where it has none.

    Raises:
        UnreadableInput: the file is malformed, has an unknown key or a value that cannot be.
    """
    path = root / FILE
    if not path.is_file():
        return Settings()
    try:
        given = tomllib.loads(path.read_text(encoding="utf-8"))
    except (ValueError, RecursionError) as error:  # malformed, not UTF-8, endless digits, too deep
        raise UnreadableInput("workspace/settings", Where(str(path)), why=str(error)) from error
    reader = _Reader(path)
    base = reader.take(given, "base", _base, DEFAULT_BASE)
    said = reader.take(given, CATALOG, _table, dict[str, Any]())
    reader.refuse_others(given, ["base", CATALOG])
    return Settings(base, reader.about(said))


@dataclass(frozen=True)
class _Reader:
    """Takes values out of tables; what cannot be is named with its key."""

    path: Path

    def about(self, said: dict[str, Any]) -> About:
        known = {each.name: _READERS[each.name] for each in fields(About)}
        values = {name: self.take(said, name, read, None) for name, read in known.items()}
        self.refuse_others(said, list(known))
        return About(**{name: value for name, value in values.items() if value is not None})

    def take(
        self, table: dict[str, Any], name: str, read: Callable[[Any], T | None], default: T
    ) -> T:
        if name not in table:
            return default
        value = table.pop(name)
        found = read(value)
        if found is None:
            facts = {"key": name, "value": str(value)[:200]}
            raise UnreadableInput("workspace/setting", Where(str(self.path)), **facts)
        return found

    def refuse_others(self, table: Mapping[str, Any], known: list[str]) -> None:
        for name in table:
            facts = {"key": name, "known": ", ".join(known)}
            raise UnreadableInput("workspace/unknown-setting", Where(str(self.path)), **facts)


def _base(value: Any) -> str | None:
    return _address(value) if str(value).endswith("/") else None


def _table(value: Any) -> dict[str, Any] | None:
    return dict(value) if isinstance(value, dict) else None


def _words(value: Any) -> Mapping[str, str] | None:
    """Read text by language; one that has none is in no language."""
    by_language = {"": value} if isinstance(value, str) else value
    if not isinstance(by_language, dict) or not by_language:
        return None
    for lang, text in by_language.items():
        if (
            not isinstance(text, str)
            or not text.strip()
            or (lang and not _LANGUAGE.fullmatch(lang))
        ):
            return None
    return by_language


def _address(value: Any) -> str | None:
    return value if isinstance(value, str) and is_address(value) else None


def _contact(value: Any) -> str | None:
    return value if isinstance(value, str) and _MAIL.fullmatch(value) else _address(value)


def _folder(value: Any) -> str | None:
    address = _address(value)
    return address and address.rstrip("/") + "/"


def _day(value: Any) -> str | None:
    is_day = isinstance(value, datetime.date) and not isinstance(value, datetime.datetime)
    return value.isoformat() if is_day else None


_READERS: Mapping[str, Callable[[Any], Any]] = {
    "title": _words,
    "description": _words,
    "publisher": _words,
    "publisher_page": _address,
    "license": _address,
    "contact": _contact,
    "address": _folder,
    "endpoint": _address,
    "modified": _day,
}
