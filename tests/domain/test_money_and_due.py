"""Amounts and days are read the way a rep types them, and what could mean two things is refused."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from datetime import date, datetime, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.due import Due, DuePast, check_ahead, format_day, format_due, parse_day, parse_due, short_day
from app.domain.money import MOST_CENTS, format_euros, parse_euros
from app.language import use_language

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


@pytest.mark.parametrize(
    "text",
    ["9" * 5_000, "0" * 5_000 + "1" * 15, "9" * 30, "1.000.000.000.000.000,00"],
    ids=["page", "zeros", "line", "words"],
)
def test_an_amount_too_long_for_any_deal_is_told_so(text: str) -> None:
    with pytest.raises(ValueError, match="der Betrag ist zu groß"):
        parse_euros(text)


def test_zeros_in_front_make_no_amount_larger() -> None:
    assert parse_euros("0" * 5_000 + "12") == 1_200


@pytest.mark.parametrize("text", ["-5", "- 1.250,00 €", "\N{MINUS SIGN}5"])
def test_an_amount_below_nothing_is_told_so(text: str) -> None:
    with pytest.raises(ValueError, match="darf nicht negativ sein"):
        parse_euros(text)


@pytest.mark.parametrize(
    "long",
    ["9" * 5_000, "1" * 5_000 + ".1.", "+" + "9" * 5_000, "2026-11-" + "1" * 5_000],
    ids=["year", "german", "ahead", "iso"],
)
def test_a_day_as_long_as_a_page_is_no_day(long: str) -> None:
    for read in (parse_day, parse_due):
        with pytest.raises(ValueError, match="ist kein Tag wie"):
            read(long, SATURDAY)


@given(st.integers(0, MOST_CENTS))
def test_an_amount_is_read_back_as_it_was_shown(cents: int) -> None:
    assert parse_euros(format_euros(cents)) == cents


@pytest.fixture
def english() -> Iterator[None]:
    use_language("en")
    yield
    use_language("de")


@pytest.mark.usefixtures("english")
@pytest.mark.parametrize(
    ("text", "cents"),
    [
        ("12,500.00", 1_250_000),
        ("12,500", 1_250_000),
        ("12.500,00", 1_250_000),
        ("5.000,50", 500_050),
        ("5,000.50", 500_050),
        ("1.250.000", 125_000_000),
        ("12,5", 1_250),
    ],
)
def test_in_english_a_comma_before_three_digits_parts_thousands(text: str, cents: int) -> None:
    assert parse_euros(text) == cents


@pytest.mark.usefixtures("english")
@pytest.mark.parametrize("text", ["12.500", "12,50.00", "1,2,3", "1.250,0,0"])
def test_in_english_what_could_be_two_amounts_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(ValueError, match=r"12,500\.00"):
        parse_euros(text)


@pytest.mark.usefixtures("english")
@pytest.mark.parametrize("cents", [0, 5, 1_250_000, 1_250_050, 125_000_000, MOST_CENTS])
def test_in_english_an_amount_is_read_back_as_it_was_shown(cents: int) -> None:
    assert parse_euros(format_euros(cents)) == cents


@pytest.mark.usefixtures("english")
def test_in_english_a_day_is_shown_so_that_it_is_no_other_day_and_is_read_back() -> None:
    assert format_euros(1_250_050) == "12,500.50 €"
    assert (format_day(SATURDAY), short_day(SATURDAY)) == ("2026-11-21", "21 Nov")
    assert parse_day(format_day(SATURDAY), SATURDAY) == SATURDAY


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
        ("24 Nov", date(2026, 11, 24)),
        ("1. März", date(2027, 3, 1)),
        ("24 November 2026", date(2026, 11, 24)),
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


@pytest.mark.parametrize(
    ("text", "due"),
    [
        ("morgen 14:30", Due(date(2026, 11, 22), time(14, 30))),
        ("+2 9:00", Due(date(2026, 11, 23), time(9))),
        ("+2 w  9:00", Due(date(2026, 12, 5), time(9))),
        ("24.11. 8:15", Due(date(2026, 11, 24), time(8, 15))),
        ("24.11.2026, 8:15 Uhr", Due(date(2026, 11, 24), time(8, 15))),
        ("Fr um 8 Uhr", Due(date(2026, 11, 27), time(8))),
        ("2026-11-24 00:00", Due(date(2026, 11, 24), time(0))),
        ("Übermorgen um 23:59", Due(date(2026, 11, 23), time(23, 59))),
        ("14:30", Due(SATURDAY, time(14, 30))),
        ("16 uhr", Due(SATURDAY, time(16))),
        ("24.11.", Due(date(2026, 11, 24))),
        ("+3", Due(date(2026, 11, 24))),
    ],
)
def test_a_day_with_a_time_is_read_as_typed(text: str, due: Due) -> None:
    assert parse_due(text, SATURDAY) == due


@pytest.mark.parametrize("text", ["", "morgen 25:00", "bald 8:15", "8:61", "31.2. 8:00", "8:5", "24.11. 8"])
def test_what_is_no_day_and_time_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"24\.11\.2026|14:30"):
        parse_due(text, SATURDAY)


@given(st.text(max_size=20), st.dates())
def test_any_text_is_a_day_with_a_time_or_a_value_error(text: str, today: date) -> None:
    with suppress(ValueError):
        assert isinstance(parse_due(text, today), Due)


@given(
    st.dates(date(2000, 1, 1), date(2099, 12, 31)),
    st.none() | st.times().map(lambda at: at.replace(second=0, microsecond=0)),
)
def test_a_day_with_a_time_is_read_back_as_it_was_shown(day: date, at: time | None) -> None:
    assert parse_due(format_due(Due(day, at)), SATURDAY) == Due(day, at)


@given(st.datetimes(datetime(2000, 1, 1), datetime(2099, 12, 31)))
def test_a_time_is_stored_in_utc_and_comes_back_in_the_reps_zone(local: datetime) -> None:
    stored = Due(local.date(), local.time().replace(second=0, microsecond=0)).remind_at
    assert stored is not None
    back = Due.of("", stored)
    assert back is not None
    assert back.remind_at == stored


def test_a_whole_day_is_stored_as_a_day_only() -> None:
    assert Due.of("2026-11-24", None) == Due(date(2026, 11, 24))
    assert Due(date(2026, 11, 24)).remind_at is None
    assert Due.of("", None) is None


@pytest.mark.parametrize(
    ("due", "is_past"),
    [
        (Due(date(2026, 11, 20)), True),
        (Due(date(2026, 11, 21)), False),
        (Due(date(2026, 11, 21), time(11, 59)), True),
        (Due(date(2026, 11, 21), time(12)), False),
        (Due(date(2026, 11, 22), time(0)), False),
    ],
)
def test_a_day_is_past_when_it_is_over_and_a_time_at_once(due: Due, is_past: bool) -> None:
    noon = datetime(2026, 11, 21, 12).astimezone()
    assert due.is_past(noon) is is_past
    if is_past:
        with pytest.raises(DuePast):
            check_ahead(due, noon)
    else:
        check_ahead(due, noon)
    check_ahead(None, noon)
