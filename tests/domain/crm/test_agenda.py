"""The personal task list stands in groups by urgency, and what is put off comes later, never earlier than today."""

from __future__ import annotations

import time as clock
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.crm.agenda import (
    EntryKind,
    Key,
    PutOff,
    Urgency,
    Wish,
    groups,
    in_days,
    in_minutes,
    next_week,
    put_offs,
    urgency,
)
from app.domain.due import Due

SATURDAY, SUNDAY = date(2026, 11, 21), date(2026, 11, 22)
DAYS = st.dates(date(2000, 1, 1), date(2099, 12, 1))


@pytest.mark.parametrize(
    ("day", "group"),
    [
        (date(2026, 11, 20), Urgency.OVERDUE),
        (SATURDAY, Urgency.TODAY),
        (SUNDAY, Urgency.THIS_WEEK),
        (date(2026, 11, 23), Urgency.NEXT_WEEK),
        (date(2026, 11, 30), Urgency.LATER),
        (None, Urgency.NO_DAY),
    ],
)
def test_an_entry_is_as_urgent_as_its_day(day: date | None, group: Urgency) -> None:
    assert urgency(day, SATURDAY) is group


@pytest.mark.parametrize(
    ("today", "next_sunday", "later"),
    [
        (date(2026, 11, 20), Urgency.LATER, Urgency.LATER),
        (SUNDAY, Urgency.NEXT_WEEK, Urgency.LATER),
        (date(2026, 11, 23), Urgency.THIS_WEEK, Urgency.LATER),
    ],
)
def test_at_a_weekend_the_coming_week_is_what_comes_first(
    today: date, next_sunday: Urgency, later: Urgency
) -> None:
    assert urgency(date(2026, 11, 29), today) is next_sunday
    assert urgency(date(2026, 11, 30), today) is later


@pytest.mark.parametrize(
    ("today", "way", "day"),
    [
        (date(2026, 11, 20), PutOff.NEXT_WEEK, date(2026, 11, 23)),
        (SATURDAY, PutOff.NEXT_WEEK, date(2026, 11, 23)),
        (SUNDAY, PutOff.WEEK_AFTER, date(2026, 11, 30)),
        (date(2026, 11, 23), PutOff.NEXT_WEEK, date(2026, 11, 30)),
    ],
)
def test_next_week_is_no_second_word_for_tomorrow(today: date, way: PutOff, day: date) -> None:
    offered = put_offs(Due(today, time(9)), today)
    assert dict(offered)[way] == Due(day, time(9))
    assert {PutOff.NEXT_WEEK, PutOff.WEEK_AFTER} & {each for each, _due in offered} == {way}


@given(DAYS)
def test_what_is_offered_lies_ahead_in_the_order_of_its_days(today: date) -> None:
    days = [due.day for way, due in put_offs(None, today) if way is not PutOff.IN_3_DAYS]
    assert today < days[0]
    assert days == sorted(set(days))


@given(st.lists(DAYS), DAYS)
def test_a_later_day_is_never_more_urgent(days: list[date], today: date) -> None:
    found = [urgency(day, today) for day in sorted(days)]
    assert found == sorted(found)


@given(st.lists(st.none() | DAYS), DAYS)
def test_every_entry_stands_in_exactly_one_group(days: list[date | None], today: date) -> None:
    days = sorted(days, key=lambda day: (day is None, day or today))
    keys = [Key(EntryKind.TASK, number, day.isoformat() if day else "") for number, day in enumerate(days)]
    found = groups(keys, today)
    assert [group.urgency for group in found] == sorted({urgency(day, today) for day in days})
    places = [place for group in found for place in range(group.first, group.first + group.count)]
    assert places == list(range(len(keys)))


@given(DAYS, st.integers(0, 365), st.none() | st.times())
def test_what_is_put_off_keeps_its_time_of_day(today: date, days: int, at: time | None) -> None:
    due = Due(today - timedelta(days=3), at)
    assert in_days(days, due, today) == Due(today + timedelta(days=days), at)
    monday = next_week(due, today)
    assert (monday.day.weekday(), monday.at) == (0, at)
    assert 1 <= (monday.day - today).days <= 7
    assert next_week(None, today).at is None


@pytest.fixture
def _berlin(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("TZ", "Europe/Berlin")
    clock.tzset()
    yield
    monkeypatch.undo()
    clock.tzset()


@pytest.mark.usefixtures("_berlin")
@pytest.mark.parametrize(
    "at", ["2026-10-25 00:55", "2026-10-25 01:35", "2026-03-29 00:55", "2026-11-21 12:00"]
)
def test_a_reminder_that_was_put_off_lies_ahead_when_clocks_are_changed_too(at: str) -> None:
    now = datetime.fromisoformat(at).replace(tzinfo=UTC)
    assert in_minutes(10, now).remind_at == int(now.timestamp()) + 600


def test_finished_leads_are_no_entries_and_kinds_narrow_the_list() -> None:
    assert all(Wish("a").holds(kind) for kind in EntryKind)
    assert not Wish("a", done=True).holds(EntryKind.LEAD)
    tasks = Wish(kinds=frozenset({EntryKind.TASK}))
    assert [kind for kind in EntryKind if tasks.holds(kind)] == [EntryKind.TASK]
