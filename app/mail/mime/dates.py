"""When a message was written, from a Date field that may be missing, malformed or a lie."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from app.mail.mime.words import decode_field

EARLIEST = datetime(1980, 1, 1, tzinfo=UTC)
TOLERANCE = timedelta(days=1)


def parse_date(value: bytes) -> datetime | None:
    """The moment a Date field names (RFC 5322 section 3.3, or ISO 8601), aware UTC; None if it names none."""
    text = decode_field(value)
    if not text:
        return None
    for read in (parsedate_to_datetime, datetime.fromisoformat):
        try:
            date = read(text)
            return (date if date.tzinfo else date.replace(tzinfo=UTC)).astimezone(UTC)
        except (ValueError, TypeError, IndexError, OverflowError):
            continue
    return None


def plausible_date(value: bytes, arrived: datetime) -> datetime:
    """The date of a Date field unless it lies before 1980 or later than a day after the arrival; else the arrival."""
    date = parse_date(value)
    if date is None or not EARLIEST <= date <= arrived + TOLERANCE:
        return arrived.astimezone(UTC)
    return date
