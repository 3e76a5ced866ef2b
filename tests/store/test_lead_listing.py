"""Lists of leads: in order, narrowed, as rows and counted, the same on every dialect and as plain Python would do it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.crm.kinds import LeadState
from app.domain.crm.naming import words
from app.domain.leads.filter import (
    NO_CAMPAIGN,
    NOBODY,
    OPEN_STATES,
    LeadFilter,
    LeadSort,
    SortKey,
)
from app.domain.leads.rows import LeadCount, LeadRow
from app.domain.money import MOST_CENTS
from app.services.leads import lists
from app.store.database import Store
from tests.conftest import DIALECTS, OpenStore
from tests.store.build import NOON
from tests.store.leads import DAY, add_campaign, add_contact, add_lead, add_member

TODAY = date(2026, 11, 18)
ALL = LeadFilter()


def listed(store: Store, sort: LeadSort | SortKey = SortKey.DUE, **wanted: Any) -> list[str]:
    """The titles of a list."""
    sort = LeadSort(sort) if isinstance(sort, SortKey) else sort
    ids = lists.list_ids(store, LeadFilter(**wanted), sort, TODAY)
    return [row.title for row in lists.lead_rows(store, ids)]


def board(store: Store, **wanted: Any) -> dict[LeadState, list[str]]:
    found = lists.board_ids(store, LeadFilter(**wanted), TODAY)
    return {state: [row.title for row in lists.lead_rows(store, ids)] for state, ids in found.items()}


def test_new_leads_stand_by_how_long_they_wait(store: Store) -> None:
    for title, age in (("gestern", 1), ("heute", 0), ("letzte Woche", 7)):
        add_lead(store, title, created_at=NOON - age * DAY)
    assert board(store)[LeadState.NEW] == ["letzte Woche", "gestern", "heute"]


def test_active_leads_stand_by_their_day_and_those_without_one_last(store: Store) -> None:
    for title, due in (("irgendwann", ""), ("morgen", "2026-11-19"), ("überfällig", "2026-11-02")):
        add_lead(store, title, assignee="anna", due_on=due)
    assert board(store)[LeadState.ACTIVE] == ["überfällig", "morgen", "irgendwann"]


def test_done_leads_stand_with_the_last_one_first(store: Store) -> None:
    for title, age in (("gestern", 1), ("heute", 0), ("letzte Woche", 7)):
        add_lead(store, title, assignee="anna", result="success", finished_at=NOON - age * DAY)
    assert board(store)[LeadState.DONE] == ["heute", "gestern", "letzte Woche"]


def test_a_board_keeps_the_groups_that_a_filter_leaves_out_empty(store: Store) -> None:
    add_lead(store, "neu")
    add_lead(store, "aktiv", assignee="anna")
    add_lead(store, "erledigt", assignee="anna", result="failure")
    assert list(board(store)) == [LeadState.NEW, LeadState.ACTIVE, LeadState.DONE]
    found = board(store, states=OPEN_STATES)
    assert found == {LeadState.NEW: ["neu"], LeadState.ACTIVE: ["aktiv"], LeadState.DONE: []}


def test_a_row_names_what_the_lead_belongs_to(store: Store) -> None:
    add_member(store, "anna", "Anna Berg")
    contact = add_contact(store, "Silke", "Berger", "Vogel Pumpen GmbH", "s@vogel.example")
    number = add_lead(
        store,
        "Pumpen 2027",
        contact_id=contact,
        campaign_id=add_campaign(store, "Messe 2026"),
        source="E-Mail",
        assignee="anna",
        value=1_250_000,
        next_step="Anrufen",
        due_on="2026-11-20",
        result="failure",
        reason="other",
        reason_text="Budget gestrichen",
    )
    at = datetime.fromtimestamp(NOON, UTC)
    assert lists.lead_rows(store, [number]) == [
        LeadRow(
            id=number,
            title="Pumpen 2027",
            state=LeadState.DONE,
            contact_id=contact,
            contact="Silke Berger",
            company="Vogel Pumpen GmbH",
            campaign="Messe 2026",
            source="E-Mail",
            assignee="anna",
            assignee_name="Anna Berg",
            value=1_250_000,
            next_step="Anrufen",
            due=date(2026, 11, 20),
            created_at=at,
            activated_at=at,
            finished_at=at,
            result="failure",
            reason="other",
            reason_text="Budget gestrichen",
            changed_at=at,
        )
    ]


def test_a_lead_by_itself_has_empty_names(store: Store) -> None:
    row = lists.lead_rows(store, [add_lead(store, "allein")])[0]
    assert (row.contact, row.company, row.campaign, row.assignee_name, row.due, row.value) == (
        *("", "", "", "", None),
        None,
    )


def test_a_contact_that_is_only_an_address_is_called_by_it_and_a_stranger_by_the_login(store: Store) -> None:
    contact = add_contact(store, address="info@vogel.example")
    company = add_contact(store, company="Nordholz", address="info@nordholz.example")
    ids = [add_lead(store, contact_id=contact, assignee="gone"), add_lead(store, contact_id=company)]
    first, second = lists.lead_rows(store, ids)
    assert (first.contact, first.assignee_name) == ("info@vogel.example", "gone")
    assert (second.contact, second.company) == ("", "Nordholz")


def test_rows_come_in_the_order_asked_for_without_those_that_are_gone(store: Store) -> None:
    one, two = add_lead(store, "eins"), add_lead(store, "zwei")
    assert [row.title for row in lists.lead_rows(store, [two, 999, one])] == ["zwei", "eins"]


def test_words_are_found_at_their_beginning_in_the_title_and_in_the_contact_together(store: Store) -> None:
    berger = add_contact(store, "Silke", "Müller", "Vogel Pumpen", "s@haus.example")
    add_lead(store, "Rahmenvertrag", contact_id=berger)
    add_lead(store, "Müllabfuhr")
    assert sorted(listed(store, text="MUELL")) == ["Müllabfuhr", "Rahmenvertrag"]
    assert listed(store, text="müller rahmen") == listed(store, text="vog") == ["Rahmenvertrag"]
    assert listed(store, text="vertrag") == listed(store, text="rahmen nordholz") == []
    assert len(listed(store, text=" ?! ")) == 2


def test_signs_of_a_pattern_in_the_text_are_no_pattern(store: Store) -> None:
    add_lead(store, "100 Prozent")
    add_lead(store, "Anfrage")
    assert listed(store, text="100%") == ["100 Prozent"]


def test_leads_of_nobody_and_of_no_campaign_can_be_asked_for(store: Store) -> None:
    messe = add_campaign(store, "Messe")
    add_lead(store, "frei")
    add_lead(store, "vergeben", assignee="anna", campaign_id=messe)
    assert listed(store, assignee=NOBODY) == listed(store, campaign_id=NO_CAMPAIGN) == ["frei"]
    assert listed(store, assignee="anna") == listed(store, campaign_id=messe) == ["vergeben"]
    assert listed(store, assignee="bert") == listed(store, campaign_id=messe + 1) == []


def test_both_days_of_a_period_belong_to_it_in_the_reps_zone(store: Store) -> None:
    begin = int(datetime(2026, 11, 18).astimezone().timestamp())
    for title, at in (("vorher", -1), ("erste", 0), ("letzte", DAY - 1), ("nachher", DAY)):
        add_lead(store, title, created_at=begin + at)
    assert sorted(listed(store, created_from=TODAY, created_to=TODAY)) == ["erste", "letzte"]
    assert len(listed(store, created_from=date.min, created_to=date.max)) == 4


def test_overdue_is_what_is_open_and_whose_day_has_passed(store: Store) -> None:
    add_lead(store, "heute", due_on="2026-11-18")
    add_lead(store, "gestern", due_on="2026-11-17")
    add_lead(store, "erledigt", due_on="2026-11-17", result="success")
    add_lead(store, "ohne Tag")
    assert listed(store, overdue=True) == ["gestern"]
    ids = lists.list_ids(store, ALL, LeadSort(), TODAY)
    assert [row.title for row in lists.lead_rows(store, ids) if row.is_overdue(TODAY)] == ["gestern"]


def test_every_state_is_counted_with_its_value_and_what_is_overdue(store: Store) -> None:
    add_lead(store, value=100, due_on="2026-11-17")
    add_lead(store, value=None)
    add_lead(store, value=50, assignee="anna")
    assert lists.lead_counts(store, ALL, TODAY) == {
        LeadState.NEW: LeadCount(2, 100, 1),
        LeadState.ACTIVE: LeadCount(1, 50, 0),
        LeadState.DONE: LeadCount(),
    }


def test_any_number_of_the_largest_values_is_added_up(store: Store) -> None:
    with store.write() as tx:
        tx.run_many("INSERT INTO lead (title, state, value) VALUES ('x', 'new', ?)", [(MOST_CENTS,)] * 9_300)
    assert lists.lead_counts(store, ALL, TODAY)[LeadState.NEW] == LeadCount(9_300, 9_300 * MOST_CENTS, 0)


def test_names_are_sorted_as_germans_do_and_those_without_one_come_last_either_way(store: Store) -> None:
    for login, name in (("a", "Özdemir"), ("b", "Zander"), ("c", "olsen")):
        add_member(store, login, name)
        add_lead(store, name, assignee=login)
    add_lead(store, "niemand")
    assert listed(store, SortKey.ASSIGNEE) == ["olsen", "Özdemir", "Zander", "niemand"]
    assert listed(store, LeadSort(SortKey.ASSIGNEE, descending=True)) == [
        *("Zander", "Özdemir", "olsen"),
        "niemand",
    ]


def test_what_can_be_filtered_by_is_named_in_order(store: Store) -> None:
    for name in ("Zug", "Äpfel", "Bäder"):
        add_campaign(store, name)
        add_lead(store, source=name)
    add_lead(store)
    assert [name for _id, name in lists.campaigns(store)] == lists.sources(store) == ["Äpfel", "Bäder", "Zug"]


# -- against a list that is filtered and sorted by hand

_TITLES = ("Pumpen", "Müllabfuhr 2027", "alte Anfrage", "Öl")
_DAYS = ("", "2026-11-17", "2026-11-18", "2026-12-01")
_leads = st.lists(
    st.fixed_dictionaries(
        {
            "title": st.sampled_from(_TITLES),
            "contact_id": st.none() | st.integers(1, 3),
            "campaign_id": st.none() | st.integers(1, 2),
            "source": st.sampled_from(("", "Messe", "E-Mail")),
            "assignee": st.sampled_from(("", "anna", "bert")),
            "result": st.sampled_from(("", "success")),
            "value": st.none() | st.integers(0, 3),
            "due_on": st.sampled_from(_DAYS),
            "created_at": st.integers(-2, 2).map(lambda days: NOON + days * DAY),
            "changed_at": st.integers(NOON, NOON + 3),
        }
    ),
    max_size=12,
)
_wanted = st.builds(
    LeadFilter,
    text=st.sampled_from(("", "mull", "vogel", "pump berg", "x")),
    states=st.sampled_from(((), OPEN_STATES, (LeadState.DONE,))),
    assignee=st.none() | st.sampled_from((NOBODY, "anna")),
    campaign_id=st.none() | st.sampled_from((NO_CAMPAIGN, 1)),
    source=st.sampled_from(("", "Messe")),
    created_from=st.none() | st.just(TODAY),
    created_to=st.none() | st.just(TODAY + timedelta(days=1)),
    overdue=st.booleans(),
    contact_id=st.none() | st.just(2),
)
_CONTACTS = ("Anna Berg", "Vogel", "")


def holds(row: LeadRow, wanted: LeadFilter) -> bool:
    found = words(f"{row.title} {row.contact} {row.company}")
    created = row.created_at.astimezone().date()
    return all(
        (
            all(any(known.startswith(word) for known in found) for word in words(wanted.text)),
            row.state in (wanted.states or LeadState),
            wanted.assignee in (None, row.assignee),
            wanted.campaign_id is None or {0: "", 1: "Messe"}[wanted.campaign_id] == row.campaign,
            wanted.source in ("", row.source),
            wanted.created_from is None or wanted.created_from <= created,
            wanted.created_to is None or created <= wanted.created_to,
            not wanted.overdue or row.is_overdue(TODAY),
            wanted.contact_id in (None, row.contact_id),
        )
    )


@pytest.fixture(params=DIALECTS, scope="module")
def furnished(request: pytest.FixtureRequest, open_store: OpenStore) -> Iterator[Store]:
    with open_store(request.param) as store:
        for name in ("Messe", "Brief"):
            add_campaign(store, name)
        for name in _CONTACTS:
            add_contact(store, "", name, address="" if name else "vogel@haus.example")
        yield store


@given(leads=_leads, wanted=_wanted, key=st.sampled_from(SortKey), descending=st.booleans())
@settings(max_examples=40)
def test_a_list_is_what_filtering_by_hand_leaves(
    furnished: Store, leads: list[dict[str, Any]], wanted: LeadFilter, key: SortKey, descending: bool
) -> None:
    with furnished.write() as tx:
        tx.run("DELETE FROM lead")
    ids = [add_lead(furnished, **lead) for lead in leads]
    everything = lists.lead_rows(furnished, ids)
    kept = {row.id for row in everything if holds(row, wanted)}
    found = lists.list_ids(furnished, wanted, LeadSort(key, descending), TODAY)
    assert len(found) == len(set(found))
    assert set(found) == kept
    groups = lists.board_ids(furnished, wanted, TODAY)
    assert {number for group in groups.values() for number in group} == kept
    counts = lists.lead_counts(furnished, wanted, TODAY)
    for state, group in groups.items():
        rows = [row for row in everything if row.id in group]
        assert {row.state for row in rows} <= {state}
        overdue = sum(row.is_overdue(TODAY) for row in rows)
        assert counts[state] == LeadCount(len(rows), sum(row.value or 0 for row in rows), overdue)


@given(leads=_leads, descending=st.booleans())
@settings(max_examples=20)
def test_a_sorted_list_is_in_order_with_what_has_no_value_last(
    furnished: Store, leads: list[dict[str, Any]], descending: bool
) -> None:
    with furnished.write() as tx:
        tx.run("DELETE FROM lead")
    for lead in leads:
        add_lead(furnished, **lead)
    for key in (SortKey.VALUE, SortKey.CREATED, SortKey.CAMPAIGN, SortKey.SOURCE, SortKey.CHANGED):
        ids = lists.list_ids(furnished, ALL, LeadSort(key, descending), TODAY)
        values = [_value(row, key) for row in lists.lead_rows(furnished, ids)]
        given_ones = [value for value in values if value not in ("", None)]
        assert values[: len(given_ones)] == sorted(given_ones, reverse=descending)


def _value(row: LeadRow, key: SortKey) -> Any:
    name = {SortKey.CREATED: "created_at", SortKey.CHANGED: "changed_at"}.get(key, key.value)
    return getattr(row, name)


def test_the_board_comes_out_of_its_index_in_order(sqlite_store: Store) -> None:
    asked: list[str] = []
    sqlite_store.read.driver.set_trace_callback(asked.append)
    lists.board_ids(sqlite_store, ALL, TODAY)
    sqlite_store.read.driver.set_trace_callback(None)
    assert len(asked) == len(LeadState)
    for sql in asked:
        steps = [row[3] for row in sqlite_store.read.rows(f"EXPLAIN QUERY PLAN {sql}")]
        assert any("USING COVERING INDEX lead_list" in step for step in steps), steps
        assert not any("TEMP B-TREE" in step for step in steps), steps
