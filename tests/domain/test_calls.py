"""When to call again, as a rep types it."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from app.domain.calls import parse_moment

BERLIN = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 11, 22, 9, 41, tzinfo=BERLIN)  # a Sunday


@pytest.mark.parametrize(
    ("typed", "meant", "timed"),
    [
        ("morgen", "2026-11-23 00:00", False),
        ("heute", "2026-11-22 00:00", False),
        ("Fr 14:30", "2026-11-27 14:30", True),
        ("24.11., 9:00 Uhr", "2026-11-24 09:00", True),
        ("+3 8:05", "2026-11-25 08:05", True),
        ("14:30", "2026-11-22 14:30", True),
    ],
)
def test_a_day_may_have_a_time_behind_it(typed: str, meant: str, timed: bool) -> None:
    moment, found = parse_moment(typed, NOW)
    assert (f"{moment:%Y-%m-%d %H:%M}", found) == (meant, timed)
    assert moment.tzinfo is BERLIN


@pytest.mark.parametrize("typed", ["", "bald", "Fr 25:00", "9:00", "heute 9:40", "1.1.2020", "14:30 Fr", "9:7"])
def test_what_is_no_moment_ahead_is_refused(typed: str) -> None:
    with pytest.raises(ValueError, match="."):
        parse_moment(typed, NOW)
