"""Days written YYYY-MM-DD, months written YYYY-MM, and years written YYYY."""

from __future__ import annotations

import datetime
import re

DAYS = {"forms": "YYYY-MM-DD", "examples": "2024-04-01"}
"""How days are written: what a message tells."""

DAYS_MONTHS_YEARS = {
    "forms": "YYYY-MM-DD / YYYY-MM / YYYY",
    "examples": "2024-04-01 / 2024-04 / 2024",
}
"""How days, months and years are written: what a message tells."""

_YEAR = re.compile(r"[12]\d{3}", re.ASCII)
_MONTH = re.compile(r"[12]\d{3}-(?:0[1-9]|1[0-2])", re.ASCII)
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


def is_month(text: str) -> bool:
    """Tell whether a text is a month of a year written YYYY-MM.

    >>> is_month("2025-06"), is_month("2025-13"), is_month("2025-6"), is_month("2025")
    (True, False, False, False)
    """
    return _MONTH.fullmatch(text) is not None


def is_date(text: str) -> bool:
    """Tell whether a text is an existing day written YYYY-MM-DD.

    >>> is_date("2024-02-29"), is_date("2023-02-29"), is_date("2024-2-1")
    (True, False, False)
    """
    try:
        return datetime.date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False
