"""Figures of overviews as a person reads them: numbers, amounts, percent, durations, days; nothing is drawn here."""

from __future__ import annotations

from datetime import date

from app.domain.due import format_day
from app.domain.money import format_euros
from app.domain.overviews.tables import Figures, Sort, Value
from app.language import _
from app.widgets.words import number

_MINUTE, _HOUR, _DAY = 60, 3_600, 86_400
#: What stands where there is no figure.
NONE = "–"


def figure(sort: Sort, value: Value) -> str:
    """A value of a column of this sort."""
    if value is None:
        return NONE if sort in (Sort.RATE, Sort.TIME) else ""
    if isinstance(value, date):
        return format_day(value)
    if isinstance(value, str):
        return value
    if sort is Sort.RATE:
        return percent(value)
    if sort is Sort.TIME:
        return duration(value)
    return euros(round(value)) if sort is Sort.MONEY else number(round(value))


def rows_told(table: Figures) -> list[list[str]]:
    """The rows of a table, the total last if there is one."""
    rows = [*table.rows, table.total] if table.total else table.rows
    return [
        [figure(heading.sort, value) for heading, value in zip(table.headings, row, strict=True)]
        for row in rows
    ]


def percent(rate: float | None) -> str:
    """ "33,3 %"; a dash for none."""
    return NONE if rate is None else f"{_decimal(rate * 100)} %"


def euros(cents: int) -> str:
    """Whole euros: of sums nobody reads the cents."""
    return format_euros(round(cents / 100) * 100)


def duration(seconds: float | None) -> str:
    """Minutes, hours or days, whichever says it shortly; a dash for none."""
    if seconds is None:
        return NONE
    if seconds < _MINUTE:
        return _("< 1 min")
    if seconds < _HOUR:
        return _("{n} min").format(n=round(seconds / _MINUTE))
    if seconds < 2 * _DAY:
        return _("{n} h").format(n=round(seconds / _HOUR))
    days = seconds / _DAY
    return _("{n} days").format(n=_decimal(days) if days < 10 else number(round(days)))


def _decimal(value: float) -> str:
    return f"{value:.1f}".replace(".", _("0.1")[1])
