"""When people at work write mail: German local time and office hours; reads no clock."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from functools import cache
from random import Random


@cache
def _last_sunday(year: int, month: int) -> datetime:
    """01:00 UTC on the last Sunday of a month with 31 days, when the European clocks change."""
    last = datetime(year, month, 31, 1, tzinfo=UTC)
    return last - timedelta(days=(last.weekday() + 1) % 7)


def german_time(moment: datetime) -> datetime:
    """The moment with the offset of Berlin (directive 2000/84/EC), also where no time zone data is installed."""
    moment = moment.astimezone(UTC)
    summer = _last_sunday(moment.year, 3) <= moment < _last_sunday(moment.year, 10)
    return moment.astimezone(timezone(timedelta(hours=2 if summer else 1)))


def office_time(moment: datetime, random: Random) -> datetime:
    """The latest likely time in an office that is not after `moment`: Monday to Friday, 7 to 18 o'clock."""
    local = german_time(moment)
    if local.hour < 7:
        local = _afternoon(local - timedelta(days=1), random)
    elif local.hour >= 18:
        local = _afternoon(local, random)
    while local.weekday() >= 5:
        local = _afternoon(local - timedelta(days=1), random)
    return german_time(local)


def work_before(moment: datetime, hours: float) -> datetime:
    """The time `hours` of work before `moment`, with a working day from 8 to 17:30 and no work at weekends."""
    local = german_time(moment)
    while True:
        opens, closes = local.replace(hour=8, minute=0), local.replace(hour=17, minute=30)
        at_work = (min(local, closes) - opens) / timedelta(hours=1) if local.weekday() < 5 else 0
        if hours < at_work:
            return german_time(min(local, closes) - timedelta(hours=hours))
        hours -= max(at_work, 0)
        local = german_time((local - timedelta(days=1)).replace(hour=23, minute=59))


def _afternoon(local: datetime, random: Random) -> datetime:
    return local.replace(
        hour=random.randint(13, 17), minute=random.randint(0, 59), second=random.randint(0, 59)
    )
