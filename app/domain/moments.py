"""How a moment is written for scripts; how people read it is a matter of their language."""

from __future__ import annotations

from datetime import UTC, datetime


def iso(moment: datetime) -> str:
    """ISO 8601 in UTC, to the second."""
    return f"{moment.astimezone(UTC).isoformat()[:19]}Z"


def iso_seconds(seconds: int | None) -> str | None:
    """The same for epoch seconds; None stays None."""
    return None if seconds is None else iso(datetime.fromtimestamp(seconds, UTC))
