"""Which opportunities are listed, in which order, and what they come to."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.domain.money import MOST_CENTS
from app.domain.opportunities.pipeline import NO_MONTH, OVERDUE, OpportunityFilter, Sort, Sum
from app.domain.opportunities.rules import weighted
from app.domain.opportunities.stages import Outcome
from app.services.opportunities import lists, stages, working
from app.store.database import Store
from tests.services.opportunities.chances import NOW, TODAY, add_chance, add_team
from tests.store.invariants import check
from tests.store.leads import add_contact


@pytest.fixture
def store(store: Store) -> Iterator[Store]:
    add_team(store)
    yield store
    check(store)


def fill(store: Store) -> None:
    """Six, hand-counted: four are open, one of them overdue, one without a month; one is won and one lost."""
    vogel = add_contact(store, "Silke", "Müller", "Vogel Maschinenbau")
    add_chance(store, "Pumpen", value="1.000", expected_on="2026-12-15", contact_id=vogel)
    add_chance(store, "Filter", value="99,99", stage="Angebot", expected_on="2026-12-01", assignee="emil")
    add_chance(store, "Ventile", stage="Angebot", probability=33)
    late = add_chance(store, "Wartung", value="2.000", stage="Verhandlung", expected_on="2026-11-30")
    won = add_chance(store, "Presse", value="500", expected_on="2026-11-25")
    lost = add_chance(store, "Motor", value="700", assignee="emil")
    working.win(store, won.id, author="anna", now=NOW)
    working.lose(store, lost.id, "competitor", author="emil", now=NOW)
    with store.write() as tx:
        tx.run("UPDATE opportunity SET expected_on = '2026-10-31' WHERE id = ?", (late.id,))


def titles(store: Store, sort: Sort = Sort.EXPECTED, **wanted: Any) -> list[str]:
    found = lists.each(store, OpportunityFilter(**wanted), TODAY, sort)
    return [each.title for each in found]


def test_the_hand_counted_sums(store: Store) -> None:
    fill(store)
    sums = lists.pipeline(store, OpportunityFilter(), TODAY)
    assert sums.of(Outcome.OPEN) == Sum(4, 309_999, 25_000 + 5_000 + 0 + 150_000)
    assert sums.of(Outcome.WON) == Sum(1, 50_000, 50_000)
    assert sums.of(Outcome.LOST) == Sum(1, 70_000, 0)
    assert sums.by_stage()["Angebot"] == Sum(2, 9_999, 5_000)
    assert sums.by_month() == {
        "2026-10": Sum(1, 200_000, 150_000),
        "2026-12": Sum(2, 109_999, 30_000),
        "": Sum(1, 0, 0),
    }
    assert lists.pipeline(store, OpportunityFilter(assignee="emil"), TODAY).all == Sum(2, 79_999, 5_000)


def board(store: Store, **wanted: Any) -> tuple[dict[str, int], list[int]]:
    """How many stand in each column of the board, and all ids."""
    asked = OpportunityFilter(**wanted)
    columns = lists.board_ids(store, asked, lists.found(store, asked, TODAY), TODAY)
    return {name: len(ids) for name, ids in columns.items()}, [n for ids in columns.values() for n in ids]


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ({}, {"Pumpen", "Filter", "Ventile", "Wartung", "Presse", "Motor"}),
        ({"assignee": "emil"}, {"Filter", "Motor"}),
        ({"stage": "Angebot"}, {"Filter", "Ventile"}),
        ({"outcome": Outcome.OPEN}, {"Pumpen", "Filter", "Ventile", "Wartung"}),
        ({"outcome": Outcome.WON}, {"Presse"}),
        ({"outcome": Outcome.LOST}, {"Motor"}),
        ({"month": "2026-12"}, {"Pumpen", "Filter"}),
        ({"month": NO_MONTH}, {"Ventile", "Motor"}),
        ({"month": OVERDUE}, {"Wartung"}),
        ({"text": "mueller"}, {"Pumpen"}),
        ({"text": "vogel pum"}, {"Pumpen"}),
        ({"text": "fil"}, {"Filter"}),
        ({"text": "umpen"}, set()),
        ({"month": "2026-12", "assignee": "anna", "text": "p"}, {"Pumpen"}),
    ],
)
def test_filters_let_through_what_fits_all_of_them(
    store: Store, wanted: dict[str, Any], found: set[str]
) -> None:
    fill(store)
    assert set(titles(store, **wanted)) == found
    count = lists.pipeline(store, OpportunityFilter(**wanted), TODAY).all.count
    assert count == len(found) == len(board(store, **wanted)[1])


def test_what_is_open_comes_first_in_each_order(store: Store) -> None:
    fill(store)
    assert titles(store) == ["Wartung", "Filter", "Pumpen", "Ventile", "Presse", "Motor"]
    assert titles(store, Sort.VALUE) == ["Wartung", "Pumpen", "Filter", "Ventile", "Motor", "Presse"]
    assert titles(store, Sort.WEIGHTED) == ["Wartung", "Pumpen", "Filter", "Ventile", "Presse", "Motor"]
    assert titles(store, Sort.STAGE) == ["Pumpen", "Filter", "Ventile", "Wartung", "Presse", "Motor"]
    assert titles(store, Sort.TITLE) == ["Filter", "Pumpen", "Ventile", "Wartung", "Motor", "Presse"]
    assert titles(store, Sort.ASSIGNEE)[:4] == ["Wartung", "Pumpen", "Ventile", "Filter"]
    assert set(titles(store, Sort.CHANGED)[:4]) == {"Filter", "Pumpen", "Ventile", "Wartung"}


def test_the_board_has_a_column_for_each_stage_and_for_what_lies_at_others(store: Store) -> None:
    fill(store)
    stages.set_active(store, "Angebot", False, author="ben", now=NOW)
    stages.set_active(store, "Qualifiziert", False, author="ben", now=NOW)
    columns, _ids = board(store, stage="Angebot")
    assert columns == {"Angebot": 2, "Verhandlung": 0, "Gewonnen": 0, "Verloren": 0}
    with store.write() as tx:
        tx.run("UPDATE opportunity SET stage = 'von früher' WHERE title = 'Pumpen'")
    columns, ids = board(store)
    assert next(iter(columns)) == "von früher"
    assert sum(columns.values()) == len(ids) == 6


def test_a_column_of_the_board_and_the_list_have_the_same_order(store: Store) -> None:
    fill(store)
    found = lists.found(store, OpportunityFilter(), TODAY)
    columns = lists.board_ids(store, OpportunityFilter(), found, TODAY)
    in_order = lists.list_ids(store, OpportunityFilter(), Sort.EXPECTED, TODAY)
    for ids in columns.values():
        assert ids == [number for number in in_order if number in ids]


def test_as_json_amounts_are_euros_and_days_iso(store: Store) -> None:
    made = add_chance(store, value="99,99", expected_on="2027-01")
    told = lists.opportunity_json(made)
    assert told == {
        "id": made.id,
        "title": "Pumpen",
        "contact": None,
        "lead": None,
        "value": 99.99,
        "probability": 25,
        "weighted": 25.0,
        "stage": "Qualifiziert",
        "state": "open",
        "reason": None,
        "expected": "2027-01-31",
        "assignee": "anna",
        "created": "2026-11-22T09:41:00Z",
        "closed": None,
        "note": "",
    }


_DAYS = st.dates(date(2026, 1, 1), date(2027, 12, 31)) | st.none()
_ROWS = st.tuples(
    st.integers(0, MOST_CENTS) | st.none(),
    st.integers(0, 100),
    st.sampled_from(["Qualifiziert", "Angebot", "Gewonnen", "Verloren"]),
    _DAYS,
)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(_ROWS, max_size=40))
def test_sql_adds_up_what_python_adds_up(
    store: Store, rows: list[tuple[int | None, int, str, date | None]]
) -> None:
    with store.write() as tx:
        tx.run("DELETE FROM opportunity")
        tx.run_many(
            "INSERT INTO opportunity (title, value, probability, stage, expected_on) VALUES ('A', ?, ?, ?, ?)",
            [(value, share, stage, day.isoformat() if day else "") for value, share, stage, day in rows],
        )
    expected: dict[tuple[str, str], Sum] = {}
    for value, share, stage, day in rows:
        key = (stage, f"{day:%Y-%m}" if day else "")
        more = Sum(1, value or 0, weighted(value, share))
        expected[key] = expected.get(key, Sum()) + more
    pipeline = lists.pipeline(store, OpportunityFilter(), TODAY)
    assert {(part.stage, part.month): part.sum for part in pipeline.parts} == expected


def test_sums_beyond_the_numbers_of_a_database_are_exact(store: Store) -> None:
    with store.write() as tx:
        tx.run_many(
            "INSERT INTO opportunity (title, value, probability, stage) VALUES ('A', ?, 100, 'Angebot')",
            [(MOST_CENTS - 1,)] * 10_000,
        )
    assert lists.pipeline(store, OpportunityFilter(), TODAY).all == Sum(
        10_000, 10_000 * (MOST_CENTS - 1), 10_000 * (MOST_CENTS - 1)
    )
