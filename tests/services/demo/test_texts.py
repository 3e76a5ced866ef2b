"""The words of the demo: German, complete, and not the same thing over and over."""

from __future__ import annotations

import re
from collections import Counter
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.services.demo.catalogue import catalogue
from app.services.demo.template import choose, euro, fill, in_words, workday
from app.services.demo.times import german_time, office_time, work_before
from tests.services.demo.mailbox import NOW, demo


def test_most_mails_hold_umlauts_and_no_letter_was_damaged() -> None:
    mails = [mail for mail in demo()[1] if mail.own_text]
    assert len([mail for mail in mails if re.search("[äöüßÄÖÜ]", mail.own_text)]) > 0.97 * len(mails)
    damaged = [mail for mail in mails if "\ufffd" in mail.text or "Ã" in mail.text]
    assert len(damaged) == 1  # the one whose charset is wrong on purpose


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_no_gap_and_no_choice_of_wording_is_left_open(seed: int) -> None:
    for mail in demo(NOW, seed)[1]:
        text = f"{mail.message['Subject']}\n{mail.own_text}"
        assert not re.search(r"\{[^}]*\}|\[[^\]]*\|[^\]]*\]|  +[a-zäöü]|\.\.|\bNone\b", text), text


def test_hardly_any_text_occurs_twice() -> None:
    texts = Counter(re.sub(r"\W+", " ", mail.own_text) for mail in demo()[1] if mail.own_text.strip())
    assert sum(count - 1 for count in texts.values()) <= 3


def test_what_follows_the_greeting_begins_in_lower_case_unless_it_is_a_noun() -> None:
    wrong = re.compile(
        r",\n\n(Der|Die|Das|Wir|Ich|Ein|Eine|Im|In|Bei|Für|Danke|Vielen|Hier|Haben|Können|Gern|Ja|Leider)\b"
    )
    for mail in demo()[1]:
        if not mail.message["List-Id"]:
            assert not wrong.search(mail.own_text), mail.own_text


def test_a_swiss_customer_writes_without_sharp_s() -> None:
    swiss = [mail for mail in demo()[1] if "zellweger-apparate.example" in str(mail.message["From"])]
    assert swiss
    assert not [mail for mail in swiss if "ß" in mail.own_text]


def test_each_turn_takes_another_wording_and_three_turns_are_no_twins() -> None:
    text = "[a|b] [c|d] [e|f] [g|h] [i|j] [k|l] [m|n] [o|p]"
    assert len({choose(text, turn, seed=1) for turn in range(4)}) == 4
    assert [choose("[x|y|z]", turn) for turn in range(4)] == ["x", "y", "z", "x"]


def test_a_gap_is_filled_from_values_dates_or_the_distance_to_today() -> None:
    days = {"frist": date(2026, 11, 12)}
    text = "{p} bis {frist.t}, spätestens {frist.k}. Heute plus drei: {+3.w}"
    assert fill(text, {"p": "{q} Pumpe", "q": "eine"}, days, date(2026, 11, 20)) == (
        "eine Pumpe bis Donnerstag, 12. November, spätestens 12.11. Heute plus drei: Montag"
    )
    with pytest.raises(KeyError):
        fill("{unknown}", {}, {}, date(2026, 11, 20))


def test_dates_and_amounts_are_written_the_german_way() -> None:
    assert in_words(date(2026, 3, 5), "d") == "Donnerstag, den 05.03."
    assert in_words(date(2027, 1, 1), "kw") == "KW 53"
    assert euro(12345.6) == "12.345,60 €"


@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)), st.sampled_from([1, -1]))
def test_a_workday_is_never_on_a_weekend_and_at_most_two_days_away(day: date, step: int) -> None:
    found = workday(day, step)
    assert found.weekday() < 5
    assert 0 <= (found - day).days * step <= 2


@given(
    st.datetimes(datetime(2020, 1, 1), datetime(2040, 1, 1)).map(lambda moment: moment.replace(tzinfo=UTC)),
    st.floats(0, 400),
)
def test_office_hours_are_never_later_than_asked_and_never_on_a_weekend(
    moment: datetime, hours: float
) -> None:
    from random import Random

    at_desk = office_time(moment, Random(1))
    assert at_desk <= moment
    assert at_desk.weekday() < 5
    assert 7 <= at_desk.hour < 18
    earlier = work_before(moment, hours)
    assert earlier <= moment
    assert earlier.weekday() < 5


def test_german_time_changes_with_the_clocks() -> None:
    assert german_time(datetime(2026, 3, 29, 0, 59, tzinfo=UTC)).hour == 1
    assert german_time(datetime(2026, 3, 29, 1, 0, tzinfo=UTC)).hour == 3
    assert german_time(datetime(2026, 10, 25, 1, 0, tzinfo=UTC)).hour == 2


def test_every_scenario_has_a_wording_for_each_time_it_happens() -> None:
    for scenario in catalogue().scenarios:
        assert len(scenario.lengths) == scenario.uses, scenario.id
        assert max(scenario.lengths) <= len(scenario.steps), scenario.id
        assert all(len(options) == scenario.uses for options in scenario.pick.values()), scenario.id
