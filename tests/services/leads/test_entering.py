"""A lead that is made or changed by its fields follows the same rules as one that is worked on."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from app.domain.crm.kinds import Kind, LeadState
from app.domain.crm.record_input import LeadInput
from app.domain.due import DuePast
from app.domain.errors import BadInput, Refused
from app.domain.leads.rules import (
    InactiveAssignee,
    LeadFinished,
    NoAssignee,
    NotYours,
    ReadsOnly,
    UnknownAssignee,
)
from app.services.crm import records as crm
from app.services.crm.changing import change
from app.services.team.campaigns import add_campaign
from app.store.database import Store
from tests.services.leads.team import AT, NOW, broken_leads, furnish, history, standing
from tests.store.leads import add_lead


@pytest.fixture
def store(store: Store) -> Iterator[Store]:
    furnish(store)
    yield store
    assert broken_leads(store) == []


def make(store: Store, author: str = "anna", **values: Any) -> int:
    return crm.create(store, Kind.LEAD, {"title": "Pumpen", **values}, author=author, now=NOW).id


def alter(store: Store, lead: int, author: str = "anna", **values: Any) -> None:
    change(store, Kind.LEAD, lead, values, author=author, now=NOW)


def test_a_lead_is_new_until_somebody_is_named(store: Store) -> None:
    new, bens = make(store), make(store, assignee="ben")
    assert (standing(store, new), standing(store, bens)) == (("new", ""), ("active", "ben"))
    assert store.read.rows("SELECT activated_at, created_by, changed_at FROM lead ORDER BY id") == [
        (None, "anna", AT),
        (AT, "anna", AT),
    ]
    shown = crm.show(store, Kind.LEAD, bens)
    assert shown.standing is not None
    assert (shown.standing.state, shown.standing.activated_at) == (LeadState.ACTIVE, NOW)
    assert history(store, new) == [("created", "anna", "", {})]
    assert history(store, bens) == [
        ("created", "anna", "", {}),
        ("assigned", "anna", "", {"assignee": ["", "ben"]}),
    ]


@pytest.mark.parametrize(
    ("assignee", "refused"), [("nobody", UnknownAssignee), ("emil", InactiveAssignee), ("dora", NoAssignee)]
)
def test_nobody_gets_a_lead_who_cannot_have_one(
    store: Store, assignee: str, refused: type[Exception]
) -> None:
    lead = make(store)
    with pytest.raises(refused):
        make(store, assignee=assignee)
    with pytest.raises(refused):
        alter(store, lead, assignee=assignee, title="Anders")
    assert store.read.rows("SELECT title, assignee FROM lead") == [("Pumpen", "")]


def test_privacy_officers_make_and_change_no_leads(store: Store) -> None:
    lead = make(store)
    with pytest.raises(ReadsOnly):
        make(store, author="dora")
    with pytest.raises(ReadsOnly):
        alter(store, lead, author="dora", note="x")
    assert store.read.rows("SELECT note FROM lead") == [("",)]


def test_naming_another_assignee_is_the_same_as_assigning(store: Store) -> None:
    lead = make(store)
    alter(store, lead, assignee="ben", value="500", next_step="anrufen")
    assert standing(store, lead) == ("active", "ben")
    assert history(store, lead)[1:] == [
        ("changed", "anna", "", {"value": [None, 50_000], "next_step": ["", "anrufen"]}),
        ("assigned", "anna", "", {"assignee": ["", "ben"]}),
    ]
    with pytest.raises(NotYours):
        alter(store, lead, assignee="anna")
    alter(store, lead, assignee="", author="ben")
    assert standing(store, lead) == ("new", "")
    assert history(store, lead)[3] == ("taken back", "ben", "", {"assignee": ["ben", ""]})


def test_a_finished_lead_keeps_its_assignee_while_its_fields_change(store: Store) -> None:
    lead = add_lead(store, assignee="anna", result="failure", reason="competitor")
    alter(store, lead, note="rief noch einmal an")
    with pytest.raises(LeadFinished):
        alter(store, lead, assignee="ben")
    assert standing(store, lead) == ("done", "anna")


def test_a_campaign_is_found_by_its_name_or_made(store: Store) -> None:
    leads = [make(store, campaign=name) for name in ("Messe 2026", "MESSE  2026", "Brief", "")]
    assert store.read.rows("SELECT name FROM campaign ORDER BY id") == [("Messe 2026",), ("Brief",)]
    assert store.read.rows("SELECT campaign_id FROM lead ORDER BY id") == [(1,), (1,), (2,), (None,)]
    alter(store, leads[2], campaign="")
    data = [crm.show(store, Kind.LEAD, lead).data for lead in leads]
    assert [each.campaign for each in data if isinstance(each, LeadInput)] == [
        *("Messe 2026", "Messe 2026", "", "")
    ]


def test_a_campaign_is_the_same_however_its_letters_are_written(store: Store) -> None:
    make(store, campaign="Frühjahrsmesse Köln")
    make(store, campaign=" FRUEHJAHRSMESSE  Koeln ")
    assert store.read.rows("SELECT name FROM campaign") == [("Frühjahrsmesse Köln",)]
    with pytest.raises(Refused, match="Frühjahrsmesse Köln"):
        add_campaign(store, "Fruhjahrsmesse Koln", author="cleo", now=NOW)


def test_a_campaign_that_a_lead_brings_has_the_length_that_admins_keep_to(store: Store) -> None:
    with pytest.raises(BadInput, match="80"):
        make(store, campaign="x" * 81)
    with pytest.raises(BadInput, match="80"):
        add_campaign(store, "x" * 81, author="cleo", now=NOW)
    assert store.read.rows("SELECT name FROM campaign") == []


def test_a_campaign_whose_name_is_too_long_since_long_can_stay(store: Store) -> None:
    with store.write() as tx:
        number = tx.value("INSERT INTO campaign (name) VALUES (?) RETURNING id", ("x" * 120,))
    lead = add_lead(store, campaign_id=number)
    alter(store, lead, note="rief an")
    alter(store, lead, note="rief noch einmal an", campaign="x" * 120)
    with pytest.raises(BadInput, match="80"):
        alter(store, lead, campaign="y" * 120)
    assert store.read.rows("SELECT note, campaign_id FROM lead") == [("rief noch einmal an", number)]


def test_a_day_that_is_over_can_stay_but_not_come(store: Store) -> None:
    lead = add_lead(store, assignee="anna", due_on="2026-11-02")
    alter(store, lead, note="noch offen")
    for day in ("1.11.2026", "2026-11-22"):
        with pytest.raises(DuePast):
            alter(store, lead, due_on=day)
        with pytest.raises(DuePast):
            make(store, due_on=day)
    alter(store, lead, due_on="23.11.2026")
    assert store.read.rows("SELECT due_on FROM lead") == [("2026-11-23",)]


def test_a_long_note_is_kept_whole_and_clean(store: Store) -> None:
    note = "Zeile \x1b[31mrot\x1b[0m\r\n" * 500
    lead = make(store, note=note)
    kept = store.read.value("SELECT note FROM lead WHERE id = ?", (lead,))
    assert kept.count("\n") == 499
    assert "\x1b" not in kept
    assert len(kept) > 5_000
    with pytest.raises(BadInput, match="50000"):
        alter(store, lead, note="x" * 50_001)
