"""Every sentence the program says about data, in both languages.

The ``.toml`` files beside this one, one per room, hold one table per message with ``en``, ``zh``
and, where there is something to do about it, ``mend.en`` and ``mend.zh``. This room imports nothing
of the project.
"""

from __future__ import annotations

import functools
import tomllib
from collections.abc import Mapping
from pathlib import Path

LANGUAGES = ("en", "zh")
_FOLDER = Path(__file__).parent


@functools.cache
def catalogue() -> dict[str, dict[str, object]]:
    """Read the message catalogue: message name → its texts."""
    return {name: texts for room in _FOLDER.glob("*.toml") for name, texts in _room(room).items()}


@functools.cache
def _room(path: Path) -> dict[str, dict[str, object]]:
    return tomllib.loads(path.read_text(encoding="utf-8"))


def _texts(name: str) -> dict[str, object]:
    """Give the texts of a message; most stand in the file that is called as their names begin."""
    likely = _FOLDER / f"{name.partition('/')[0]}.toml"
    found = _room(likely).get(name) if likely.is_file() else None
    return found or catalogue()[name]


def say(name: str, facts: Mapping[str, object], lang: str = "en") -> str:
    """Compose the sentence called ``name`` from its facts.

    Raises:
        KeyError: the catalogue has no such name, or the template names a fact that is not given.
    """
    return str(_texts(name)[lang]).format_map(facts)


def advise(name: str, facts: Mapping[str, object], lang: str = "en") -> str:
    """Compose what to do about ``name``; empty where the catalogue gives no advice."""
    advice = _texts(name).get("mend")
    return str(advice[lang]).format_map(facts) if isinstance(advice, dict) else ""
