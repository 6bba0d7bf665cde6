"""Batches as clients send them: JSON in, questions out, or what is wrong with them."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from policygraph.errors import WrongUsage
from policygraph.graph.search.find import LONGEST

BATCH = 100
"""Questions, or things, that one request may ask about."""
CANDIDATES = 50
"""Candidates that one question may ask for."""
_VALUES = 50
_STRICT = ("any", "should", "all")
_KEYS = {"query", "type", "limit", "properties", "type_strict"}


@dataclass(frozen=True)
class Question:
    """What is asked about one cell of a table.

    Attributes:
        query: the name in it; empty where only properties are given.
        types: ids of types.
        strict: ``any`` or ``all`` of the types must fit, or one ``should``.
        limit: candidates that are wanted.
        properties: each property with the values that the row has for it.
    """

    query: str
    types: tuple[str, ...] = ()
    strict: str = "any"
    limit: int = 10
    properties: tuple[tuple[str, tuple[str, ...]], ...] = ()


def questions_of(text: str) -> dict[str, Question]:
    """Read a batch of questions.

    Raises:
        WrongUsage: it is none, or too large.
    """
    batch = _object(text, "queries")
    if len(batch) > BATCH:
        raise WrongUsage("reconcile/too-many", count=len(batch), most=BATCH)
    return {key: _question(key, value) for key, value in batch.items()}


@dataclass(frozen=True)
class Extension:
    """A request for what is said of things.

    Attributes:
        ids: of the things.
        properties: each with its settings.
    """

    ids: tuple[str, ...]
    properties: tuple[tuple[str, Mapping[str, Any]], ...]


def extension_of(text: str) -> Extension:
    """Read a request for what is said of things.

    Raises:
        WrongUsage: it is none, or too large.
    """
    asked = _object(text, "extend")
    ids, wanted = asked.get("ids"), asked.get("properties")
    if not isinstance(ids, list) or not all(isinstance(each, str) for each in ids):
        raise _wrong("extend", "ids")
    if not isinstance(wanted, list) or not all(map(_is_wanted, wanted)):
        raise _wrong("extend", "properties")
    if max(len(ids), len(wanted)) > BATCH:
        raise WrongUsage("reconcile/too-many", count=max(len(ids), len(wanted)), most=BATCH)
    properties = tuple((each["id"], each.get("settings") or {}) for each in wanted)
    return Extension(tuple(dict.fromkeys(ids)), properties)


def _is_wanted(given: object) -> bool:
    return (
        isinstance(given, dict)
        and isinstance(given.get("id"), str)
        and isinstance(given.get("settings") or {}, dict)
    )


def _object(text: str, name: str) -> dict[str, Any]:
    try:
        given = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise _wrong(name, "JSON") from error
    if not isinstance(given, dict):
        raise _wrong(name, "JSON")
    return given


def _question(key: str, given: object) -> Question:
    if not isinstance(given, dict) or not set(given) <= _KEYS:
        raise _wrong(key, ", ".join(sorted(_KEYS)))
    query, types = given.get("query", ""), given.get("type") or []
    types = [types] if isinstance(types, str) else types
    limit, strict = given.get("limit", 10), given.get("type_strict", "any")
    checks = {
        "query": isinstance(query, str) and len(query) <= LONGEST,
        "type": isinstance(types, list) and all(isinstance(each, str) for each in types),
        "limit": isinstance(limit, int | float) and math.isfinite(limit) and limit >= 1,
        "type_strict": strict in _STRICT,
        "properties": isinstance(given.get("properties", []), list),
    }
    wrong = [name for name, fine in checks.items() if not fine]
    if wrong:
        raise _wrong(key, wrong[0])
    properties = tuple(_property(key, each) for each in given.get("properties", []))
    if not query.strip() and not properties:
        raise _wrong(key, "query")
    return Question(query, tuple(types), strict, min(int(limit), CANDIDATES), properties)


def _property(key: str, given: object) -> tuple[str, tuple[str, ...]]:
    if not isinstance(given, dict) or not isinstance(given.get("pid"), str) or "v" not in given:
        raise _wrong(key, "properties")
    values = given["v"] if isinstance(given["v"], list) else [given["v"]]
    return given["pid"], tuple(_value(key, value) for value in values[:_VALUES])


def _value(key: str, given: object) -> str:
    if isinstance(given, bool):
        return str(given).lower()
    if isinstance(given, str | int | float):
        return str(given)
    if isinstance(given, dict) and isinstance(given.get("id"), str):
        return str(given["id"])
    raise _wrong(key, "v")


def _wrong(key: str, part: str) -> WrongUsage:
    return WrongUsage("reconcile/malformed", key=key, part=part)
