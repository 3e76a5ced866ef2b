"""Stretches of days as a rep names or types them; pure, `today` is passed in."""

from __future__ import annotations

import re
from datetime import date, timedelta

_DAY = re.compile(r"(\d{1,2})\.\s*(\d{1,2})\.\s*(\d{4}|\d{2})?\s*")
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")


def read_day(text: str, today: date) -> date | None:
    """The day that was typed: "1.11.", "01.11.26", "1.11.2026" or "2026-11-01"; None for anything else.

    Without a year it is the last such day that is not after today.
    """
    text = text.strip()
    if found := _ISO.fullmatch(text):
        return _day(*map(int, found.groups()))
    found = _DAY.fullmatch(text)
    if found is None:
        return None
    day, month = int(found[1]), int(found[2])
    if found[3]:
        year = int(found[3])
        return _day(year + 2000 if year < 100 else year, month, day)
    this_year = _day(today.year, month, day)
    return this_year if this_year is not None and this_year <= today else _day(today.year - 1, month, day)


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def last_days(days: int, today: date) -> date:
    """The first of the last so many days, today among them."""
    return today - timedelta(days=days - 1)


_DAYS_AGO = {"heute": 0, "today": 0, "gestern": 1, "yesterday": 1, "vorgestern": 2}
_MONTH = re.compile(r"(?P<year>\d{4})-(?P<month>\d{1,2})|(?P<m>\d{1,2})\.(?P<y>\d{4})")
_YEAR = re.compile(r"\d{4}")


def period_of(text: str, today: date) -> tuple[date, date] | None:
    """The first day of what was typed, a day as above, "gestern", "2026-11", "11.2026" or "2026", and the first day
    after it; None for anything else."""
    text = text.strip().casefold()
    if text in _DAYS_AGO:
        first = today - timedelta(days=_DAYS_AGO[text])
        return first, first + timedelta(days=1)
    try:
        if found := _MONTH.fullmatch(text):
            begin = date(int(found["year"] or found["y"]), int(found["month"] or found["m"]), 1)
            return begin, (begin + timedelta(days=31)).replace(day=1)
        if _YEAR.fullmatch(text):
            return date(int(text), 1, 1), date(int(text) + 1, 1, 1)
        day = read_day(text, today)
        return None if day is None else (day, day + timedelta(days=1))
    except (ValueError, OverflowError):  # a thirteenth month, or the calendar's end
        return None
