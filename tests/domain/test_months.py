"""Months as they are typed, read and told."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.months import last_day, month_after, month_name, month_of, month_words, parse_month

TODAY = date(2026, 11, 22)


@pytest.mark.parametrize(
    ("typed", "month"),
    [
        ("2027-01", "2027-01"),
        ("2027-1", "2027-01"),
        ("01.2027", "2027-01"),
        ("3/2027", "2027-03"),
        ("Januar 2027", "2027-01"),
        ("MÄRZ 2027", "2027-03"),
        ("maerz", "2027-03"),
        ("November", "2026-11"),
        ("okt.", "2027-10"),
        ("dec", "2026-12"),
        (" nächsten  Monat ", "2026-12"),
        ("this month", "2026-11"),
    ],
)
def test_a_month_is_read_however_it_is_written(typed: str, month: str) -> None:
    assert parse_month(typed, TODAY) == month


@pytest.mark.parametrize(
    "typed", ["", "2027", "2027-13", "0.2027", "Frimaire", "2027-01-01", "99999-01", "Januar 0"]
)
def test_what_is_no_month_is_refused(typed: str) -> None:
    with pytest.raises(ValueError, match="Monat"):
        parse_month(typed, TODAY)


@given(st.dates(date(1000, 1, 1), date(9000, 12, 31)), st.integers(0, 11))
def test_a_month_ends_the_day_before_the_next_one_begins(day: date, count: int) -> None:
    month = month_of(day)
    assert month_of(last_day(month)) == month
    assert month_of(last_day(month) + timedelta(days=1)) == month_after(month)
    assert parse_month(month, TODAY) == month == parse_month(month_name(month).lower(), TODAY)
    assert month_after(month_after(month, count), -count) == month


def test_months_are_told_by_words_where_there_are_any() -> None:
    told = [month_words(month, TODAY) for month in ("", "2026-10", "2026-11", "2026-12", "2027-01")]
    assert told == ["ohne Monat", "Oktober 2026", "diesen Monat", "nächsten Monat", "Januar 2027"]
