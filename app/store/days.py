"""Days of the rep's calendar as the epoch seconds that the store compares its times with."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta


def begin_of(day: date) -> int:
    """The first second of a day, which begins in the local zone."""
    try:
        begin = datetime.combine(day, time()).astimezone().timestamp()
    except (OverflowError, ValueError):  # the calendar's first and last days in zones that lead out of it
        begin = datetime.combine(day, time(), UTC).timestamp()
    return int(begin)


def end_of(day: date) -> int:
    """The first second after a day."""
    return begin_of(day + timedelta(days=1)) if day < date.max else begin_of(day) + 86_400
