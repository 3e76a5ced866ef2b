"""Amounts and days are read the way a rep types them, and what could mean two things is refused."""

from __future__ import annotations

from contextlib import suppress
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.due import format_day, parse_day
from app.domain.money import MOST_CENTS, format_euros, parse_euros

SATURDAY = date(2026, 11, 21)


@pytest.mark.parametrize(
    ("text", "cents"),
    [
        ("12.500,00", 1_250_000),
        ("12.500", 1_250_000),
        ("12500", 1_250_000),
        (" 12 500 € ", 1_250_000),
        ("12.500,- EUR", 1_250_000),
        ("12'500.50", 1_250_050),
        ("12,500.00", 1_250_000),
        ("1.250.000,5", 125_000_050),
        ("1,250,000", 125_000_000),
        ("0,05", 5),
        ("12.5", 1_250),
        ("0", 0),
    ],
)
def test_an_amount_is_read_as_typed(text: str, cents: int) -> None:
    assert parse_euros(text) == cents


@pytest.mark.parametrize("text", ["", "viel", "-5", "12,500", "1.2.3", "12.50,00", "1..000", "€", "9" * 30])
def test_what_is_no_amount_or_could_be_two_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        parse_euros(text)


@given(st.integers(0, MOST_CENTS))
def test_an_amount_is_read_back_as_it_was_shown(cents: int) -> None:
    assert parse_euros(format_euros(cents)) == cents


@given(st.text(max_size=30))
def test_any_text_is_an_amount_or_a_value_error(text: str) -> None:
    with suppress(ValueError):
        assert 0 <= parse_euros(text) <= MOST_CENTS


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("24.11.2026", date(2026, 11, 24)),
        ("24. 11. 26", date(2026, 11, 24)),
        ("2026-11-24", date(2026, 11, 24)),
        ("24.11.", date(2026, 11, 24)),
        ("1.3.", date(2027, 3, 1)),
        ("29.2.", date(2028, 2, 29)),
        ("21.11.", SATURDAY),
        ("heute", SATURDAY),
        ("Morgen", date(2026, 11, 22)),
        ("übermorgen", date(2026, 11, 23)),
        ("+3", date(2026, 11, 24)),
        ("+2 w", date(2026, 12, 5)),
        ("fr", date(2026, 11, 27)),
        ("Sa.", date(2026, 11, 28)),
        ("Montag", date(2026, 11, 23)),
    ],
)
def test_a_day_is_read_as_typed(text: str, day: date) -> None:
    assert parse_day(text, SATURDAY) == day


@pytest.mark.parametrize(
    "text", ["", "bald", "31.2.", "31.2.2026", "2026-13-01", "+3 x", "+9999 w" * 2, "24.11"]
)
def test_what_is_no_day_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"24\.11\.2026"):
        parse_day(text, SATURDAY)


@given(
    st.dates(min_value=date(2000, 1, 1), max_value=date(2099, 12, 31)),
    st.dates(date(1990, 1, 1), date(2090, 1, 1)),
)
def test_a_day_is_read_back_as_it_was_shown(day: date, today: date) -> None:
    assert parse_day(format_day(day), today) == parse_day(day.isoformat(), today) == day


@given(st.text(max_size=20), st.dates())
def test_any_text_is_a_day_or_a_value_error(text: str, today: date) -> None:
    with suppress(ValueError):
        assert isinstance(parse_day(text, today), date)
