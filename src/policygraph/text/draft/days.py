"""What the words for a day, a month or a year mean.

In: what a pattern of dates has found, the table of words for years, and the day of the document;
out: a date in ISO form, or None where the words do not tell. This room knows no RDF.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

Years = Mapping[str, tuple[int, int, str]]
"""Words for years → first and last year, from the year at hand or by themselves, and flags."""


def date_of(match: re.Match[str], years: Years, issued: str) -> str | None:
    """Work out a date from the groups of a pattern.

    Args:
        match: with some of the groups ``year``, ``last``, ``relative``, ``month``, ``day``,
            ``month2``, ``day2`` and ``plan``.
        years: words for years.
        issued: day of the document, ``YYYY-MM-DD``; empty where it is unknown.
    """
    groups = {name: found for name, found in match.groupdict().items() if found}
    if "plan" in groups:
        first, last, _ = years[groups["plan"] + match[0][3:4]]
        return years_between(first, last)
    year = groups.get("year") or _year(groups.get("relative", ""), years, issued)
    if not year:
        return None
    if "last" in groups:
        return years_between(int(year), int(groups["last"]))
    month = groups.get("month", "")
    if "day" in groups and not month:
        month = _month(groups["day"], issued)
        if not month:
            return None
    opens = _iso(year, month, groups.get("day", ""))
    if "day2" not in groups:
        return opens
    return f"{opens}/{_iso(year, groups.get('month2', month), groups['day2'])}"


def years_between(first: int, last: int) -> str:
    """Write one year, or the first and the last of some.

    >>> years_between(2021, 2025)
    '2021/2025'
    """
    return str(first) if first == last else f"{first}/{last}"


def _year(relative: str, years: Years, issued: str) -> str:
    return str(int(issued[:4]) + years.get(relative, (0, 0, ""))[0]) if issued else ""


def _month(day: str, issued: str) -> str:
    """Give the month of a day that is named alone: the latest such day when the text came out."""
    if not issued[8:10]:
        return ""
    month = int(issued[5:7]) - (int(day) > int(issued[8:10]))
    return str(month) if month else ""


def _iso(*parts: str) -> str:
    """Join the parts of a day that are told."""
    return "-".join(f"{int(part):02d}" for part in parts if part)
