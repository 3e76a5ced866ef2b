"""Months as a rep types and reads them; kept as "2027-01", which sorts as it should. It knows no clock."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date

from app.domain.folding import fold
from app.language import N_, _

_ISO = re.compile(r"(?P<year>\d{4})-(?P<month>\d{1,2})")
_GERMAN = re.compile(r"(?P<month>\d{1,2})[./]\s*(?P<year>\d{4})")
_NAMED = re.compile(r"(?P<name>[a-z]+)\.?(?:\s+(?P<year>\d{4}))?")
_NAMES = (
    *(N_("January"), N_("February"), N_("March"), N_("April"), N_("May"), N_("June")),
    *(N_("July"), N_("August"), N_("September"), N_("October"), N_("November"), N_("December")),
)
_WRITTEN = (
    *(("januar", "january", "janner", "jan"), ("februar", "february", "feber", "feb")),
    *(("marz", "march", "mrz", "mar"), ("april", "apr"), ("mai", "may"), ("juni", "june", "jun")),
    *(("juli", "july", "jul"), ("august", "aug"), ("september", "sept", "sep")),
    *(("oktober", "october", "okt", "oct"), ("november", "nov"), ("dezember", "december", "dez", "dec")),
)
_BY_NAME = {fold(name): number for number, names in enumerate(_WRITTEN, 1) for name in names}
_AHEAD = {"diesen monat": 0, "this month": 0, "nachsten monat": 1, "next month": 1}


def month_number(name: str) -> int:
    """1 to 12 for a month by its name or the beginning of it that is in use, folded, in German or English; else 0."""
    return _BY_NAME.get(name, 0)


def month_of(day: date) -> str:
    """ "2027-01"."""
    return f"{day.year:04}-{day.month:02}"


def month_after(month: str, count: int = 1) -> str:
    """The month so many months later. Raises ValueError beyond the calendar."""
    year, number = map(int, month.split("-"))
    ahead = year * 12 + number - 1 + count
    return month_of(date(ahead // 12, ahead % 12 + 1, 1))


def last_day(month: str) -> date:
    """The last day of a month."""
    year, number = map(int, month.split("-"))
    return date(year, number, monthrange(year, number)[1])


def parse_month(text: str, today: date) -> str:
    """The month meant by "2027-01", "01.2027", "Januar 2027", "jan", "next month". Raises ValueError.

    A name without a year is the next such month, this one included.
    """
    typed = " ".join(fold(text).split())
    if typed in _AHEAD:
        return month_after(month_of(today), _AHEAD[typed])
    found = _ISO.fullmatch(typed) or _GERMAN.fullmatch(typed)
    named = _NAMED.fullmatch(typed)
    number = int(found["month"]) if found else month_number(named["name"]) if named else 0
    year = found["year"] if found else named["year"] if named else None
    try:
        return month_of(date(int(year) if year else today.year + (number < today.month), number, 1))
    except ValueError:  # the form is right, but there is no such month
        raise ValueError(_("“{text}” is no month such as 2027-01").format(text=text[:40])) from None


def month_name(month: str) -> str:
    """ "Januar 2027"."""
    year, number = map(int, month.split("-"))
    return f"{_(_NAMES[number - 1])} {year}"


def month_words(month: str, today: date) -> str:
    """A month as it is told: this and the next one by these words; "without a month" for none."""
    if not month:
        return _("without a month")
    here = month_of(today)
    if month == here:
        return _("this month")
    return _("next month") if month == month_after(here) else month_name(month)
