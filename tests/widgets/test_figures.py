"""Figures of overviews as they are read."""

from __future__ import annotations

from app.language import use_language
from app.widgets.figures import duration


def test_what_took_no_minute_is_not_told_as_none_at_all() -> None:
    use_language("de")
    assert [duration(seconds) for seconds in (0, 29, 59, 60, 3_600)] == [
        "< 1 Min.",
        "< 1 Min.",
        "< 1 Min.",
        "1 Min.",
        "1 Std.",
    ]
