"""What the graph may not say because the words quoted do not (docs/decisions/0007).

In: a value and the words that are to state it. Out: whether they do. Names, numbers, days and
words of the text itself are compared; whether a verb or a topic is well chosen is for a person.
"""

from __future__ import annotations

import calendar
import datetime
import re
from collections.abc import Iterable, Mapping

_NUMBER = re.compile(r"\d+(?:\.\d+)?")
_DAY = re.compile(r"(\d{1,2})月(\d{1,2})日(?:(?:至|到|—|-)(\d{1,2})日)?")
"""A day, or the first and the last of several in one month."""
_MONTH_END = re.compile(r"(\d{1,2})月[底末]")
_PART_END = re.compile(r"([一二三四]季度|上半年|下半年)末")
_LAST_MONTH = {"一季度": 3, "二季度": 6, "上半年": 6, "三季度": 9, "四季度": 12, "下半年": 12}
_YEAR = re.compile(r"(\d{4})年")
_YEAR_END = re.compile(r"年底|年末|年内")
_RELATIVE = {"前年": -2, "去年": -1, "今年": 0, "本年": 0, "明年": 1}
"""Years said by their distance from the year of the document."""

_SPELT = "\u3007○零一二三四五六七八九"
_SPELT_YEAR = re.compile(rf"[一二][{_SPELT}]{{3}}(?=年)")
_DIGITS = str.maketrans(_SPELT, "000123456789")

_TO = "[至到—–~\uff0d\uff5e-]"
_NOT_BY = r"[前起后]|之[前后]|以[前后来]"
"""What says that a time is meant before or after a month or year rather than up to it."""
_WHOLE = (
    rf"(?!\d|[初底末内]|年[初底末内]|{_NOT_BY}|[一二三四五六七八九十]{{1,3}}月"
    r"|中(?![国央期华小医])|第?[一二三四]季度|[上下]半年|[春夏秋冬]|元旦|国庆|汛期)"
)
"""A year is named and nothing in it."""
_WHOLE_YEAR = re.compile(rf"(\d{{4}})年{_WHOLE}")
_WHOLE_RELATIVE = re.compile(rf"({'|'.join(_RELATIVE)}){_WHOLE}")
_WHOLE_MONTH = re.compile(
    rf"(?<![\d年月]{_TO})(?<!\d)(?:(\d{{4}})年|({'|'.join(_RELATIVE)})|(?<!年))(\d{{1,2}})月"
    rf"(?!\d|份?(?:[初底末内]|{_NOT_BY}|[上下]半月|[上中下]旬|中(?![国央小])|{_TO}\d))"
)
"""A month, of a year or of the one at hand, and nothing in it."""
_PLAN_END = re.compile(rf"“(\w{{3}})”期?末(?!期|{_NOT_BY})")
"""The end of a plan, by its name."""


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

    The month and day, or the end of a month, a part of the year or the year, must be said; the
    year is said, or said by its distance from the document's year, or is the document's own.

    Args:
        words: the words quoted.
        day: an existing day, YYYY-MM-DD.
        issued: the day of the document, YYYY-MM-DD, or empty where it is not known.

    >>> states_day("去年10月25日", "2023-10-25", "2024-04-02"), states_day("目前", "2024-04-01", "")
    (True, False)
    >>> states_day("2025年6月底前", "2025-06-30", "2025-01-02")
    True
    >>> states_day("三季度末", "2025-09-30", "2025-01-02")
    True
    >>> states_day("4月1日至2日", "2024-04-02", "2024-04-02")
    True
    """
    date = datetime.date.fromisoformat(day)
    words = _in_digits(words)
    return _names_day(words, date) and date.year in _years(words, issued, date.year)


def _names_day(words: str, date: datetime.date) -> bool:
    """Tell whether words give a month and its day, or the end of what ends with it."""
    wanted, spans = (date.month, date.day), _DAY.findall(words)
    if wanted in [(int(month), int(each)) for month, *days in spans for each in days if each]:
        return True
    if date.day < calendar.monthrange(date.year, date.month)[1]:
        return False
    months = [*map(int, _MONTH_END.findall(words))]
    months += [_LAST_MONTH[part] for part in _PART_END.findall(words)]
    return date.month in months or (date.month == 12 and _YEAR_END.search(words) is not None)


def states_month(words: str, month: str, issued: str) -> bool:
    """Tell whether Chinese words give a month; its year is told as that of a day.

    They name nothing in it (6月底, 6月中旬) and nothing before or after it (6月前).

    Args:
        words: the words quoted.
        month: a month, YYYY-MM.
        issued: the day of the document, YYYY-MM-DD, or empty where it is not known.

    >>> words = ("到2025年6月", "今年6月", "6月")
    >>> [states_month(each, "2025-06", "2025-01-02") for each in words]
    [True, True, True]
    >>> words = ("6月底前", "6月前", "明年6月")
    >>> [states_month(each, "2025-06", "2025-01-02") for each in words]
    [False, False, False]
    """
    words, wanted = _in_digits(words), int(month[:4])
    own = _own_year(issued, wanted)
    years = _years(words, issued, wanted)
    said = {
        (each, int(number))
        for year, relative, number in _WHOLE_MONTH.findall(words)
        for each in ([int(year)] if year else [own + _RELATIVE[relative]] if relative else years)
    }
    return (wanted, int(month[5:])) in said


def states_year(words: str, year: str, issued: str, plans: Mapping[str, int]) -> bool:
    """Tell whether Chinese words give a year: by itself, by its distance, or as a plan's last.

    They name nothing in it (6月, 年底) and nothing before or after it (2027年前).

    Args:
        words: the words quoted.
        year: a year, YYYY.
        issued: the day of the document, YYYY-MM-DD, or empty where it is not known.
        plans: the last year of each plan, by its name.

    >>> states_year("到2027年", "2027", "", {}), states_year("今年", "2024", "2024-04-02", {})
    (True, True)
    >>> states_year("到“十四五”末", "2025", "2024-04-02", {"十四五": 2025})
    True
    >>> narrower = ("年底前", "2024年前", "2024年6月", "“十四五”时期")
    >>> [states_year(words, "2024", "2024-04-02", {"十四五": 2024}) for words in narrower]
    [False, False, False, False]
    """
    words, own = _in_digits(words), _own_year(issued, int(year))
    said = set(map(int, _WHOLE_YEAR.findall(words)))
    said |= {own + _RELATIVE[word] for word in _WHOLE_RELATIVE.findall(words)}
    return int(year) in said | {plans[name] for name in _PLAN_END.findall(words) if name in plans}


def _in_digits(words: str) -> str:
    """Write spelt years in digits: 二〇二七年 is 2027年."""
    return _SPELT_YEAR.sub(lambda year: year[0].translate(_DIGITS), words)


def _years(words: str, issued: str, default: int) -> set[int]:
    said = {int(year) for year in _YEAR.findall(words)}
    own = _own_year(issued, default)
    said |= {own + distance for word, distance in _RELATIVE.items() if word in words}
    return said or {own}


def _own_year(issued: str, default: int) -> int:
    return datetime.date.fromisoformat(issued).year if issued else default
