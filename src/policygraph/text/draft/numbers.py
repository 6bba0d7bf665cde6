"""What the words for a number mean.

In: what a pattern of figures has found, and the signs of numbers of a language; out: the number, or
the two it lies between, and its unit. This room knows no RDF.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal

Numerals = Mapping[str, str]
"""Signs of numbers → what they multiply by or stand for."""

Number = float | int | list[float | int]


def number_of(match: re.Match[str], numerals: Numerals) -> tuple[Number, str]:
    """Work out a number and its unit from the groups of a pattern.

    Args:
        match: with some of the groups ``number``, ``upto``, ``times`` and ``times2`` (signs that
            multiply), ``word`` (a number in words) and ``unit``.
        numerals: signs of numbers.
    """
    groups = match.groupdict()
    unit = groups.get("unit") or ""
    unit = numerals.get(unit, unit)
    if groups.get("word"):
        return int(numerals[groups["word"]]), unit
    times = Decimal(1)
    for sign in (groups.get("times") or "") + (groups.get("times2") or ""):
        times *= Decimal(numerals[sign])
    written = [found for name in ("number", "upto") if (found := groups.get(name))]
    numbers = [_plain(Decimal(each.replace(",", "")) * times) for each in written or ["1"]]
    return (numbers[0] if len(numbers) == 1 else numbers), unit


def whole_number(written: str, numerals: Numerals) -> int:
    """Read a small whole number in figures or words; 0 where it is none."""
    value = written if written.isdecimal() else numerals.get(written, "")
    return int(value) if value.isdecimal() else 0


def _plain(number: Decimal) -> float | int:
    return int(number) if number == number.to_integral_value() else float(number)
