"""Days and times ahead as a rep types and reads them: German, ISO, or counted from today; knows no clock."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Self

from app.domain.errors import BadInput
from app.domain.folding import fold
from app.domain.months import month_number
from app.language import _

_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
_GERMAN = re.compile(r"(\d{1,2})\.\s*(\d{1,2})\.\s*(\d{2}|\d{4})?")
_NAMED = re.compile(r"(\d{1,2})\.?\s*([a-z]{3,})\.?\s*(\d{2}|\d{4})?")
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
_TIME = re.compile(r"(.*?)\b(?:um |at )?(\d{1,2})(?::(\d{2})(?: ?uhr)?| ?uhr)", re.IGNORECASE)
_BY_NAME = {name: number for number, names in enumerate(_WEEKDAYS) for name in names}


def parse_day(text: str, today: date) -> date:
    """The day meant by "24.11.2026", "24.11.", "24 Nov", "2026-11-24", "+3", "+2 w", "morgen" or "fr". Raises ValueError.

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
        raise ValueError(_("“{text}” is no day such as 2026-11-24").format(text=text[:40]))
    return found


def _written(typed: str, today: date) -> date | None:
    """Raises ValueError or OverflowError for a day that does not exist."""
    if (found := _AHEAD.fullmatch(typed)) and found[2] in _UNITS:
        return today + timedelta(days=int(found[1]) * _UNITS[found[2]])
    if found := _ISO.fullmatch(typed):
        return date(int(found[1]), int(found[2]), int(found[3]))
    if found := _GERMAN.fullmatch(typed):
        return _german(int(found[1]), int(found[2]), found[3], today)
    if (found := _NAMED.fullmatch(typed)) and (month := month_number(found[2])):
        return _german(int(found[1]), month, found[3], today)
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
    """ "24.11.2026", in English "2026-11-24", which nobody reads as another day; `parse_day` reads both."""
    return f"{day:{_('%Y-%m-%d')}}"


def short_day(day: date) -> str:
    """Six cells: "24.11.", in English "24 Nov"."""
    return f"{day:{_('%d %b')}}"


@dataclass(frozen=True, slots=True, order=True)
class Due:
    """A day, and a time of it in the rep's zone, which is that of this machine; without a time: the whole day."""

    day: date
    at: time | None = None

    @classmethod
    def of(cls, due_on: str, remind_at: int | None) -> Self | None:
        """As the store keeps it: a day in ISO 8601 or nothing, and a time in epoch seconds."""
        if remind_at is not None:
            local = datetime.fromtimestamp(remind_at)  # noqa: DTZ006 - the rep's zone is wanted
            return cls(local.date(), local.time())
        return cls(date.fromisoformat(due_on)) if due_on else None

    @property
    def remind_at(self) -> int | None:
        """The time in epoch seconds; None for a whole day. One that summer time leaps over is the one after the leap."""
        if self.at is None:
            return None
        return int(datetime.combine(self.day, self.at).astimezone(UTC).timestamp())

    def is_past(self, now: datetime) -> bool:
        """Whether it is over at this (aware) time."""
        if self.remind_at is None:
            return self.day < now.astimezone().date()
        return self.remind_at < int(now.timestamp())


class DuePast(BadInput):
    """A day or time that is set anew lies ahead."""

    title = "This day is over already"
    next_step = "Give today or a day to come."


def parse_due(text: str, today: date) -> Due:
    """The day, as `parse_day` reads it, and the time behind it: "morgen 14:30", "+2 9:00", "24.11. um 8 Uhr"; a time alone
    is one of today. Raises ValueError."""
    found = _TIME.fullmatch(" ".join(text.split()))
    if found is None:
        return Due(parse_day(text, today))
    try:
        at = time(int(found[2]), int(found[3] or 0))
    except ValueError:
        raise ValueError(_("“{text}” is no time such as 14:30").format(text=text.strip()[:40])) from None
    day = found[1].strip(" ,")
    return Due(parse_day(day, today) if day else today, at)


def format_due(due: Due) -> str:
    """ "24.11.2026", or "24.11.2026 14:30"."""
    return f"{format_day(due.day)} {due.at:%H:%M}" if due.at is not None else format_day(due.day)


def check_day_ahead(day: date | None, today: date, before: object = None) -> None:
    """Raise DuePast for a day in the past, unless it was that `before`."""
    if day is not None and day < today and day != before:
        raise DuePast(format_day(day))


def check_ahead(due: Due | None, now: datetime) -> None:
    """Raise DuePast for what lies in the past."""
    if due is not None and due.is_past(now):
        raise DuePast(format_due(due))
