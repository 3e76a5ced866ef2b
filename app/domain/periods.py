"""Stretches of days as a rep names, types and reads them; pure, `today` is passed in."""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from app.domain.due import format_day
from app.domain.errors import BadInput
from app.domain.months import month_name
from app.domain.months import month_of as month_key
from app.language import N_, _

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


@dataclass(frozen=True, slots=True)
class Period:
    """Days of the rep's zone, the first and the last among them; None: open at that end.

    Raises BadInput when it ends before it begins.
    """

    first: date | None = None
    last: date | None = None

    def __post_init__(self) -> None:
        if self.first and self.last and self.last < self.first:
            days = f"{format_day(self.first)}–{format_day(self.last)}"
            raise BadInput("{where}: {reason}", where=days, reason=N_("the period ends before it begins"))


#: From the first day until the last.
EVER = Period()


class Span(StrEnum):
    """Periods that are chosen by a word."""

    EVER = "ever"
    THIS_MONTH = "this month"
    LAST_MONTH = "last month"
    THIS_QUARTER = "this quarter"
    LAST_QUARTER = "last quarter"
    THIS_YEAR = "this year"
    LAST_YEAR = "last year"


def span_word(span: Span) -> str:
    """How such a period is called."""
    return {
        Span.EVER: _("all time"),
        Span.THIS_MONTH: _("this month"),
        Span.LAST_MONTH: _("last month"),
        Span.THIS_QUARTER: _("this quarter"),
        Span.LAST_QUARTER: _("last quarter"),
        Span.THIS_YEAR: _("this year"),
        Span.LAST_YEAR: _("last year"),
    }[span]


def period_of_span(span: Span, today: date) -> Period:
    """The days that are meant by a word today."""
    month, quarter, year = month_of(today), quarter_of(today), year_of(today)
    return {
        Span.EVER: lambda: EVER,
        Span.THIS_MONTH: lambda: month,
        Span.LAST_MONTH: lambda: month_of(_day_before(month)),
        Span.THIS_QUARTER: lambda: quarter,
        Span.LAST_QUARTER: lambda: quarter_of(_day_before(quarter)),
        Span.THIS_YEAR: lambda: year,
        Span.LAST_YEAR: lambda: year_of(_day_before(year)),
    }[span]()


def month_of(day: date) -> Period:
    """The month that a day lies in."""
    return _months(day.year, day.month, day.month)


def quarter_of(day: date) -> Period:
    """The quarter of a year that a day lies in."""
    first = (day.month - 1) // 3 * 3 + 1
    return _months(day.year, first, first + 2)


def year_of(day: date) -> Period:
    """The year that a day lies in."""
    return _months(day.year, 1, 12)


def _months(year: int, first: int, last: int) -> Period:
    return Period(date(year, first, 1), date(year, last, calendar.monthrange(year, last)[1]))


def _day_before(period: Period) -> date:
    assert period.first is not None, "only named periods lie behind one another"
    return period.first - timedelta(days=1)


def period_word(period: Period) -> str:
    """A period as a person calls it: "November 2026", "4. Quartal 2026", "2026", a day, or its first and last day."""
    first, last = period.first, period.last
    if first is None or last is None:
        if first is not None:
            return _("from {day}").format(day=format_day(first))
        return _("until {day}").format(day=format_day(last)) if last is not None else _("all time")
    if first == last:
        return format_day(first)
    if period == year_of(first):
        return str(first.year)
    if period == quarter_of(first):
        return _("quarter {n} of {year}").format(n=first.month // 3 + 1, year=first.year)
    if period == month_of(first):
        return month_name(month_key(first))
    return f"{format_day(first)}–{format_day(last)}"
