"""What the words for a day, a month or a year mean.

In: what a pattern of dates has found, the table of words for years, and the day of the document;
out: a date in ISO form, or None where the words do not tell. This room knows no RDF.
"""

from __future__ import annotations

import calendar
import functools
import re
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from pathlib import Path

from policygraph.text.days import is_date, is_month, is_year
from policygraph.text.draft.model import Clause
from policygraph.text.draft.numbers import Numerals, whole_number
from policygraph.text.draft.tables import read_optional, table_at

Years = Mapping[str, tuple[int, int, str]]
"""Words for years or months → the first and last, from the year at hand or by themselves; flags."""


@functools.cache
def read_years(lexicon: Path) -> Years:
    """Read the words of a language for years and months.

    Args:
        lexicon: folder of the language.

    Raises:
        UnreadableInput: the table is malformed.
    """
    columns = ("form", "first", "last", "flags", "comment")
    return {
        row["form"]: (int(row["first"]), int(row["last"]), row["flags"])
        for row in read_optional(table_at(lexicon, "names", "dates.tsv"), *columns)
    }


def date_of(match: re.Match[str], years: Years, numerals: Numerals, issued: str) -> str | None:
    """Work out a date from the groups of a pattern.

    Args:
        match: with some of the groups ``year``, ``last``, ``spelt`` (a year in words),
            ``relative``, ``month``, ``day``, ``month2``, ``day2``, ``plan`` (years of a plan; with
            ``end`` the last of them), ``part`` (months of a year), ``ahead`` and ``back`` (so many
            years from the one at hand). ``close`` (the end of a month, a part of the year or a
            year) and ``whole`` (a month or year, and nothing in, before or after it) give no day
            here.
        years: words for years and months.
        numerals: signs of numbers.
        issued: day of the document, ``YYYY-MM-DD``, or its year; empty where it is unknown.
    """
    groups = {name: found for name, found in match.groupdict().items() if found}
    if "plan" in groups:
        first, last, _ = years[groups["plan"]]
        return years_between(last if "end" in groups else first, last)
    if groups.keys() & {"ahead", "back"}:
        return _around(groups, numerals, issued)
    year = _year(groups, years, numerals, issued)
    if not year:
        return None
    if "last" in groups:
        return years_between(int(year), int(groups["last"]))
    if "part" in groups:
        first, last, _ = years[groups["part"]]
        return f"{_iso(year, str(first))}/{_iso(year, str(last))}"
    return _within(year, groups, issued)


def issued_at(
    match: re.Match[str], starts: Sequence[int], clauses: Sequence[Clause], issued: str
) -> str:
    """Give the day or year that a date without a year is reckoned from: that of its heading.

    Args:
        match: what a pattern of dates has found.
        starts: where the clauses start.
        clauses: those of the text.
        issued: day of the document, or its year; empty where it is unknown.
    """
    groups = {name for name, found in match.groupdict().items() if found}
    place = bisect_right(starts, match.start()) - 1
    clause = clauses[place] if place >= 0 else None
    if not clause or not clause.headed or "relative" in groups or not groups & {"month", "part"}:
        return issued
    if clause.period in ("", issued[:4]):
        return issued
    return clause.period if clause.period.isdecimal() else ""


def years_between(first: int, last: int) -> str:
    """Write one year, or the first and the last of some.

    >>> years_between(2021, 2025)
    '2021/2025'
    """
    return str(first) if first == last else f"{first}/{last}"


def years_of(said: tuple[int, int, str], at_hand: int, year: int) -> tuple[str | None, str]:
    """Give the years that a word means, and the day by which they end where it names their end.

    Args:
        said: the first and the last, from the year at hand, and flags.
        at_hand: the year that the text speaks of; 0 where that is unknown.
        year: that of the document: a day is told by it alone.
    """
    first, last, flags = said
    years = years_between(at_hand + first, at_hand + last) if at_hand else None
    closes = "end" in flags.split() and at_hand == year
    return years, limit(years, closes=closes, whole=False)


def limit_of(match: re.Match[str], value: str | None, years: Years, near: str, issued: str) -> str:
    """Give the limit of a date that a pattern has found; see ``limit``.

    A year that its words do not tell is that of the document, and the date is not before it.

    Args:
        match: what the pattern has found.
        value: the date in ISO form, if it is known.
        years: words for years.
        near: the day or year that it was reckoned from.
        issued: day of the document, or its year; empty where it is unknown.
    """
    groups = {name: found for name, found in match.groupdict().items() if found is not None}
    if "relative" in groups and groups["relative"] not in years:
        return ""
    told = groups.keys() & {"year", "spelt", "plan", "relative"}
    if value and not told and (near[:4] != issued[:4] or value < issued[:7]):
        return ""
    return limit(value, closes="close" in groups, whole="whole" in groups)


def limit(value: str | None, *, closes: bool, whole: bool) -> str:
    """Give the last day of what a date names, the month or the year; empty where it names none.

    Args:
        value: the date in ISO form, if it is known.
        closes: whether the words name the end of the month, the part of the year or the year.
        whole: whether they name a month or year and nothing in, before or after it.

    >>> dates = ("2024-02-01", "2024-02", "2024", "2024-07/2024-09", "2024/2025")
    >>> [limit(value, closes=True, whole=False) for value in dates]
    ['2024-02-01', '2024-02-29', '2024-12-31', '2024-09-30', '']
    >>> [limit(value, closes=False, whole=True) for value in dates[:3]]
    ['2024-02-01', '2024-02', '2024']
    """
    first, _, last = (value or "").partition("/")
    if is_date(first):
        return "" if last else first
    if not closes:
        return first if whole and not last and (is_month(first) or is_year(first)) else ""
    ends = last or first
    if not is_month(ends) and (last or not is_year(ends)):
        return ""
    year, _, month = ends.partition("-")
    return f"{year}-{month or '12'}-{calendar.monthrange(int(year), int(month or 12))[1]}"


def _around(groups: Mapping[str, str], numerals: Numerals, issued: str) -> str | None:
    count = whole_number(groups.get("ahead") or groups["back"], numerals)
    if not issued or not count:
        return None
    year = int(issued[:4])
    if "ahead" in groups:
        return years_between(year, year + count - 1)
    return years_between(year - count, year - 1)


def _year(groups: Mapping[str, str], years: Years, numerals: Numerals, issued: str) -> str:
    if "year" in groups:
        return groups["year"]
    if "spelt" in groups:
        return "".join(numerals[sign] for sign in groups["spelt"])
    away, _, _ = years.get(groups.get("relative", ""), (0, 0, ""))
    dated = groups.keys() & {"relative", "part", "month", "day"}
    return str(int(issued[:4]) + away) if issued and dated else ""


def _within(year: str, groups: Mapping[str, str], issued: str) -> str | None:
    """Give a year, a month or a day, or the days or months from one to another."""
    month = groups.get("month", "")
    if "day" in groups and not month:
        month = _month(groups["day"], issued)
        if not month:
            return None
    opens = _iso(year, month, groups.get("day", ""))
    if not groups.keys() & {"day2", "month2"}:
        return opens
    return f"{opens}/{_iso(year, groups.get('month2', month), groups.get('day2', ''))}"


def _month(day: str, issued: str) -> str:
    """Give the month of a day that is named alone: the latest such day when the text came out."""
    if not issued[8:10]:
        return ""
    month = int(issued[5:7]) - (int(day) > int(issued[8:10]))
    return str(month) if month else ""


def _iso(*parts: str) -> str:
    """Join the parts of a day that are told."""
    return "-".join(f"{int(part):02d}" for part in parts if part)
