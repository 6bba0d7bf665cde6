"""Words as YAML has them: plain where nothing in them means anything to it, else quoted.

In: words, or lists and mappings of them; out: one line of YAML. This room knows no language.
"""

from __future__ import annotations

import functools
import json
import re
from collections.abc import Mapping
from typing import Any

from policygraph.text.days import is_date

_PLAIN = re.compile(
    r"[^\W\d_A-Za-z](?:\w|[、·%（）《》“”()-])*"
    r"|(?!(?i:yes|no|on|off|true|false|null|y|n)$)[A-Za-z][A-Za-z0-9-]*(?: \([a-z0-9 ]+\))?"
)
"""Words that mean nothing to YAML; anything else is written in quotation marks."""

_quoted = json.JSONEncoder(ensure_ascii=False).encode
_UNPRINTABLE = re.compile(r"[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff\ud800-\udfff]")


def inline(value: Any) -> str:
    """Write a value on one line: words, or lists and mappings of them.

    >>> inline({"en": "Open up", "on": ["2024-04-01", "Act"]})
    '{en: "Open up", "on": [2024-04-01, Act]}'
    """
    if isinstance(value, str):
        return value if is_date(value) else scalar(value)
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{scalar(k)}: {inline(v)}" for k, v in value.items()) + "}"
    return "[" + ", ".join(map(inline, value)) + "]"


@functools.lru_cache(maxsize=4096)  # the same verbs, rules and reviews stand in many rows
def scalar(words: str) -> str:
    """Write words plainly where nothing in them means anything to YAML, else in quotation marks."""
    if _PLAIN.fullmatch(words):
        return words
    quoted = _quoted(words)
    if quoted.isprintable():
        return quoted
    return _UNPRINTABLE.sub(lambda match: f"\\u{ord(match[0]):04x}", quoted)
