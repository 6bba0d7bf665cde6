"""The fixed words of the site, from ``words.toml``, in Chinese and English."""

from __future__ import annotations

import functools
import tomllib
from collections.abc import Callable
from importlib.resources import files
from typing import Any

Say = Callable[..., str]


@functools.cache
def fixed_words() -> dict[str, Any]:
    """Read the fixed words of the site."""
    text = files("policygraph.publish.site").joinpath("words.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


def say(lang: str, name: str, number: int | None = None, /, **facts: object) -> str:
    """Give fixed words in a language, with their facts filled in.

    >>> say("en", "origin.stated"), say("en", "ask.rows", 1, count=1)
    ('stated', '1 row')

    Args:
        lang: the language.
        name: of the words.
        number: of what they speak of, where one of it is called otherwise.
        facts: what stands in braces.
    """
    found: Any = fixed_words()
    for step in name.split("."):
        found = found[step]
    one = found.get(f"{lang}_one") if number == 1 else None
    return str(one or found[lang]).format(**facts)


def several(name: str, number: int) -> str:
    """Give the name of a class as so many of it are called.

    >>> several("goal", 8), several("goal", 1), several("目标", 8)
    ('goals', 'goal', '目标')
    """
    plurals: dict[str, str] = fixed_words()["plural"]
    return name if number == 1 else plurals.get(name, name)


def has(name: str) -> bool:
    """Tell whether there are fixed words of a name."""
    found: Any = fixed_words()
    for step in name.split("."):
        found = found.get(step) if isinstance(found, dict) else None
    return found is not None


def sayer(lang: str) -> Say:
    """Give what says fixed words in one language."""
    return functools.partial(say, lang)
