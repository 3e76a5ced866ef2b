"""Days, months and years as people write them; it reads no clock."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta

_DAYS_AGO = {
    "heute": 0,
    "today": 0,
    "gestern": 1,
    "yesterday": 1,
    "vorgestern": 2,
}


def period_of(text: str, today: date) -> tuple[date, date] | None:
    """The first day of what `text` names and the first day after it; None if it names no day, month or year.

    A day without a year (`20.11.`) is the last one that is not in the future.
    """
    text = text.strip().casefold()
    if text in _DAYS_AGO:
        return _from(today - timedelta(days=_DAYS_AGO[text]), days=1)
    for pattern, read in _SPELLINGS:
        if match := pattern.fullmatch(text):
            try:
                return read(today, *(int(number) for number in match.groups()))
            except (ValueError, OverflowError):
                return None
    return None


def _from(first: date, *, days: int) -> tuple[date, date]:
    return first, first + timedelta(days=days)


def _day(_today: date, year: int, month: int, day: int) -> tuple[date, date]:
    return _from(date(_full(year), month, day), days=1)


def _day_of_this_year(today: date, day: int, month: int) -> tuple[date, date]:
    for year in range(today.year, today.year - 5, -1):  # 29.02. may lie years back
        try:
            found = date(year, month, day)
        except ValueError:
            continue
        if found <= today:
            return _from(found, days=1)
    raise ValueError(day, month)


def _month(_today: date, year: int, month: int) -> tuple[date, date]:
    first = date(_full(year), month, 1)
    return first, (first + timedelta(days=31)).replace(day=1)


def _year(_today: date, year: int) -> tuple[date, date]:
    return date(year, 1, 1), date(year + 1, 1, 1)


def _full(year: int) -> int:
    return year + 2000 if year < 100 else year


_SPELLINGS: tuple[tuple[re.Pattern[str], Callable[..., tuple[date, date]]], ...] = (
    (re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})"), _day),
    (re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4}|\d\d)"), lambda today, d, m, y: _day(today, y, m, d)),
    (re.compile(r"(\d{1,2})\.(\d{1,2})\.?"), _day_of_this_year),
    (re.compile(r"(\d{4})-(\d{1,2})"), _month),
    (re.compile(r"(\d{1,2})\.(\d{4})"), lambda today, m, y: _month(today, y, m)),
    (re.compile(r"(\d{4})"), _year),
)
