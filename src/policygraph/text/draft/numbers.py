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

_TEN, _MYRIAD = Decimal(10), Decimal(10_000)
_PLACES = 6  # behind the point of a number in words, at most

Number = float | int | list[float | int]


def number_of(match: re.Match[str], numerals: Numerals) -> tuple[Number | None, str]:
    """Work out a number and its unit from the groups of a pattern.

    A part of a whole that no decimal writes (one of three) has no number.

    Args:
        match: with some of the groups ``number``, ``upto``, ``times`` and ``times2`` (signs that
            multiply), ``word`` (a number in words), ``parts`` (of how many, in words) and ``unit``.
        numerals: signs of numbers.
    """
    groups = match.groupdict()
    unit = groups.get("unit") or ""
    unit = numerals.get(unit, unit)
    times = Decimal(1)
    for sign in (groups.get("times") or "") + (groups.get("times2") or ""):
        times *= Decimal(numerals[sign])
    if groups.get("word"):
        parts = groups.get("parts")
        number = (
            times * _spelt(groups["word"], numerals) / (_spelt(parts, numerals) if parts else 1)
        )
        return (_plain(number) if number == round(number, _PLACES) else None), unit
    written = [found for name in ("number", "upto") if (found := groups.get(name))]
    numbers = [_plain(Decimal(each.replace(",", "")) * times) for each in written or ["1"]]
    return (numbers[0] if len(numbers) == 1 else numbers), unit


def whole_number(written: str, numerals: Numerals) -> int:
    """Read a small whole number in figures or words; 0 where it is none."""
    value = written if written.isdecimal() else numerals.get(written, "")
    return int(value) if value.isdecimal() else 0


def _spelt(words: str, numerals: Numerals) -> Decimal:
    """Read a number in words: signs of digits, of what they are multiplied by, and of the point."""
    total = below = digit = Decimal(0)
    scale = Decimal(0)  # of the next digit behind the point
    for value in (numerals[sign] for sign in words):
        if value == ".":
            scale = Decimal("0.1")
        elif Decimal(value) < _TEN:
            digit += Decimal(value) * (scale or 1)
            scale /= _TEN
        elif Decimal(value) < _MYRIAD:
            below, digit = below + (digit or 1) * Decimal(value), Decimal(0)
        else:
            before = total if total >= Decimal(value) else Decimal(0)
            total = before + (total - before + below + digit) * Decimal(value)
            below = digit = Decimal(0)
    return total + below + digit


def _plain(number: Decimal) -> float | int:
    return int(number) if number == number.to_integral_value() else float(number)
