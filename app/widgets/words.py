"""Numbers, times and errors as the rep reads them; nothing is drawn here."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from app.domain.due import format_day, short_day
from app.domain.errors import told_again
from app.domain.text import clean_line
from app.language import _


def number(n: int) -> str:
    """4079 as "4.079" in German."""
    return f"{n:,}".replace(",", _("1,000")[1])


def told_error(error: str) -> str:
    """An error as the sync notes it, cleaned and in the rep's language."""
    return told_again(clean_line(error))


def weekday(day: date) -> str:
    """The weekday in two letters."""
    return (_("Mo"), _("Tu"), _("We"), _("Th"), _("Fr"), _("Sa"), _("Su"))[day.weekday()]


def short_date(date: datetime, now: datetime) -> str:
    """At most six cells: the time today, the weekday and day this week, day and month this year, else month and year.

    Both in the zone that is shown.
    """
    if date.date() == now.date():
        return f"{date:%H:%M}"
    age = now.date() - date.date()
    if timedelta(0) < age < timedelta(days=6):
        return _("{weekday} {day:2}").format(weekday=weekday(date), day=date.day)
    if date.year == now.year or timedelta(0) < age < timedelta(days=180):
        return short_day(date)
    return f"{date:%m/%y}"


def long_date(date: datetime) -> str:
    """Weekday, date and time; in the zone that `date` has."""
    return f"{weekday(date)} {format_day(date)}  {date:%H:%M}"


def day_and_time(date: datetime, now: datetime) -> str:
    """14 cells: date and time, for wide lists."""
    return f"{date:%H:%M}".rjust(14) if date.date() == now.date() else f"{date:{_('%y-%m-%d')} %H:%M}"


def size(octets: int) -> str:
    """At most six cells: 14 kB, 3,1 MB."""
    if octets < 1_000_000:
        return f"{max(1, round(octets / 1000))} kB"
    if octets < 99_500_000:
        return f"{octets / 1_000_000:.1f}".replace(".", _("0.1")[1]) + " MB"
    return f"{round(octets / 1_000_000)} MB"
