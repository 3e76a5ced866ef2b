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
