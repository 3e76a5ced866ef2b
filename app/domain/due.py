"""Days ahead as a rep types and reads them: German, ISO, or counted from today; knows no clock."""

from __future__ import annotations

import re
from datetime import date, timedelta

from app.domain.folding import fold
from app.language import _

_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
_GERMAN = re.compile(r"(\d{1,2})\.\s*(\d{1,2})\.\s*(\d{2}|\d{4})?")
_AHEAD = re.compile(r"\+\s*(\d{1,4})\s*([a-z]*)")
_UNITS = {"": 1, "t": 1, "d": 1, "tag": 1, "tage": 1, "day": 1, "days": 1} | dict.fromkeys(
    ("w", "woche", "wochen", "week", "weeks"), 7
)
_WORDS = {"heute": 0, "today": 0, "morgen": 1, "tomorrow": 1, "ubermorgen": 2}
_WEEKDAYS = (
    ("mo", "montag", "monday"),
    ("di", "dienstag", "tu", "tue", "tuesday"),
    ("mi", "mittwoch", "we", "wed", "wednesday"),
    ("do", "donnerstag", "th", "thu", "thursday"),
    ("fr", "freitag", "friday"),
    ("sa", "samstag", "sonnabend", "saturday"),
    ("so", "sonntag", "su", "sunday"),
)
_BY_NAME = {name: number for number, names in enumerate(_WEEKDAYS) for name in names}


def parse_day(text: str, today: date) -> date:
    """The day meant by "24.11.2026", "24.11.", "2026-11-24", "+3", "+2 w", "morgen" or "fr". Raises ValueError.

    A day without a year is the next one; a weekday is the next one after today; two digits of a year are 20xx.
    """
    typed = fold(text.strip()).rstrip()
    if typed in _WORDS:
        return today + timedelta(days=_WORDS[typed])
    if typed.rstrip(".") in _BY_NAME:
        ahead = (_BY_NAME[typed.rstrip(".")] - today.weekday() - 1) % 7 + 1
        return today + timedelta(days=ahead)
    try:
        found = _written(typed, today)
    except (ValueError, OverflowError):  # the form is right, but there is no such day
        found = None
    if found is None:
        raise ValueError(_("“{text}” is no day such as 24.11.2026").format(text=text[:40]))
    return found


def _written(typed: str, today: date) -> date | None:
    """Raises ValueError or OverflowError for a day that does not exist."""
    if (found := _AHEAD.fullmatch(typed)) and found[2] in _UNITS:
        return today + timedelta(days=int(found[1]) * _UNITS[found[2]])
    if found := _ISO.fullmatch(typed):
        return date(int(found[1]), int(found[2]), int(found[3]))
    if found := _GERMAN.fullmatch(typed):
        return _german(int(found[1]), int(found[2]), found[3], today)
    return None


def _german(day: int, month: int, year: str | None, today: date) -> date:
    if year:
        return date(int(year) + (2000 if len(year) == 2 else 0), month, day)
    for ahead in range(9):  # 29 February may be up to eight years away
        try:
            found = date(today.year + ahead, month, day)
        except ValueError:
            continue
        if found >= today:
            return found
    raise ValueError


def format_day(day: date) -> str:
    """ "24.11.2026"."""
    return f"{day:%d.%m.%Y}"
