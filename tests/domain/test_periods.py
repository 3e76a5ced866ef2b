from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.periods import last_days, read_day

TODAY = date(2026, 11, 20)


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("1.11.", date(2026, 11, 1)),
        ("24.12.", date(2025, 12, 24)),
        ("20.11.", TODAY),
        ("01.11.24", date(2024, 11, 1)),
        ("1. 11. 2024", date(2024, 11, 1)),
        ("2024-11-01", date(2024, 11, 1)),
        ("31.2.2026", None),
        ("29.2.", None),
        ("gestern", None),
        ("", None),
    ],
)
def test_a_day_is_read_as_it_is_typed(typed, day):
    assert read_day(typed, TODAY) == day


@given(st.dates(date(1970, 1, 1), date(2099, 12, 31)))
def test_every_day_that_is_written_out_is_read_back(day):
    assert read_day(f"{day:%d.%m.%Y}", TODAY) == day
    assert read_day(day.isoformat(), TODAY) == day


@given(st.text(max_size=12))
def test_anything_may_be_typed(text):
    read_day(text, TODAY)


def test_today_is_one_of_the_last_days():
    assert last_days(1, TODAY) == TODAY
    assert last_days(7, TODAY) == date(2026, 11, 14)
