"""Days written YYYY-MM-DD, and years written YYYY."""

from __future__ import annotations

import datetime
import re

_YEAR = re.compile(r"[12]\d{3}")
_DATE_LIKE = re.compile(r"\d{4}-\d{1,2}-\d{1,2}")


def looks_like_date(text: str) -> bool:
    """Tell whether a text has the form of a day, whether or not there is such a day."""
    return _DATE_LIKE.fullmatch(text) is not None


def is_year(text: str) -> bool:
    """Tell whether a text is a year written YYYY.

    >>> is_year("2027"), is_year("27"), is_year("2027-01")
    (True, False, False)
    """
    return _YEAR.fullmatch(text) is not None


def is_date(text: str) -> bool:
    """Tell whether a text is an existing day written YYYY-MM-DD.

    >>> is_date("2024-02-29"), is_date("2023-02-29"), is_date("2024-2-1")
    (True, False, False)
    """
    try:
        return datetime.date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False
