"""What the graph may not say because the words quoted do not (docs/decisions/0007).

In: a value and the words that are to state it. Out: whether they do. Names, numbers, days and
words of the text itself are compared; whether a verb or a topic is well chosen is for a person.
"""

from __future__ import annotations

import calendar
import datetime
import re
from collections.abc import Iterable

_NUMBER = re.compile(r"\d+(?:\.\d+)?")
_DAY = re.compile(r"(\d{1,2})月(\d{1,2})日(?:(?:至|到|—|-)(\d{1,2})日)?")
"""A day, or the first and the last of several in one month."""
_MONTH_END = re.compile(r"(\d{1,2})月[底末]")
_YEAR = re.compile(r"(\d{4})年")
_YEAR_END = re.compile(r"年底|年末|年内")
_RELATIVE = {"前年": -2, "去年": -1, "今年": 0, "本年": 0, "明年": 1}
"""Years said by their distance from the year of the document."""


_WHOLE = r"(?!\d|[初前底末内]|之前|以前|年[初底末内])"
_WHOLE_YEAR = re.compile(rf"(\d{{4}})年{_WHOLE}")
_WHOLE_RELATIVE = re.compile(rf"({'|'.join(_RELATIVE)}){_WHOLE}")


def names_one(words: str, names: Iterable[str]) -> bool:
    """Tell whether words hold one of the names of a thing."""
    return any(map(words.__contains__, names))


def states_number(words: str, number: str) -> bool:
    """Tell whether words hold a number as a whole, not as a part of another.

    >>> states_number("北京等21个地区", "21"), states_number("北京等21个地区", "2")
    (True, False)
    """
    return number in _NUMBER.findall(words)


def states_day(words: str, day: str, issued: str) -> bool:
    """Tell whether Chinese words give a day, read in a document of a certain date.

    The month and day, or the end of the month or year, must be said; the year is said, or said by
    its distance from the document's year, or is the document's own.

    Args:
        words: the words quoted.
        day: an existing day, YYYY-MM-DD.
        issued: the day of the document, YYYY-MM-DD, or empty where it is not known.

    >>> states_day("去年10月25日", "2023-10-25", "2024-04-02"), states_day("目前", "2024-04-01", "")
    (True, False)
    >>> states_day("2025年6月底前", "2025-06-30", "2025-01-02")
    True
    >>> states_day("4月1日至2日", "2024-04-02", "2024-04-02")
    True
    """
    date = datetime.date.fromisoformat(day)
    spans = _DAY.findall(words)
    said = {(int(month), int(each)) for month, *days in spans for each in days if each}
    if date.day == calendar.monthrange(date.year, date.month)[1]:
        said |= {(int(month), date.day) for month in _MONTH_END.findall(words)}
    if _YEAR_END.search(words):
        said.add((12, 31))
    return (date.month, date.day) in said and date.year in _years(words, issued, date.year)


def states_year(words: str, year: str, issued: str) -> bool:
    """Tell whether Chinese words give a year, by itself or by its distance from the document's.

    They name nothing in it (6月, 年底) and nothing before it (2027年前).

    Args:
        words: the words quoted.
        year: a year, YYYY.
        issued: the day of the document, YYYY-MM-DD, or empty where it is not known.

    >>> states_year("到2027年", "2027", ""), states_year("今年", "2024", "2024-04-02")
    (True, True)
    >>> [states_year(words, "2024", "2024-04-02") for words in ("年底前", "2024年前", "2024年6月")]
    [False, False, False]
    """
    own = _own_year(issued, int(year))
    said = set(map(int, _WHOLE_YEAR.findall(words)))
    return int(year) in said | {own + _RELATIVE[word] for word in _WHOLE_RELATIVE.findall(words)}


def _years(words: str, issued: str, default: int) -> set[int]:
    said = {int(year) for year in _YEAR.findall(words)}
    own = _own_year(issued, default)
    said |= {own + distance for word, distance in _RELATIVE.items() if word in words}
    return said or {own}


def _own_year(issued: str, default: int) -> int:
    return datetime.date.fromisoformat(issued).year if issued else default
