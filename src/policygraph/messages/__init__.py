"""Every sentence the program says about data, in both languages.

The ``.toml`` files beside this one, one per room, hold one table per message with ``en``, ``zh``
and, where there is something to do about it, ``mend.en`` and ``mend.zh``. This room imports nothing
of the project.
"""

from __future__ import annotations

import functools
import tomllib
from collections.abc import Mapping
from importlib.resources import files

LANGUAGES = ("en", "zh")


@functools.cache
def catalogue() -> dict[str, dict[str, object]]:
    """Read the message catalogue: message name → its texts."""
    entries: dict[str, dict[str, object]] = {}
    for file in files("policygraph.messages").iterdir():
        if file.name.endswith(".toml"):
            entries |= tomllib.loads(file.read_text(encoding="utf-8"))
    return entries


def say(name: str, facts: Mapping[str, object], lang: str = "en") -> str:
    """Compose the sentence called ``name`` from its facts.

    Raises:
        KeyError: the catalogue has no such name, or the template names a fact that is not given.
    """
    return str(catalogue()[name][lang]).format_map(facts)


def advise(name: str, facts: Mapping[str, object], lang: str = "en") -> str:
    """Compose what to do about ``name``; empty where the catalogue gives no advice."""
    advice = catalogue()[name].get("mend")
    return str(advice[lang]).format_map(facts) if isinstance(advice, dict) else ""
