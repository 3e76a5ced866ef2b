"""A successful lead becomes an opportunity in the same step; one that is not keeps its reason; refusals leave nothing."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from app.domain.crm.reasons import UnknownReason
from app.domain.errors import BadInput, NotFound
from app.domain.leads.rules import (
    HasOpportunity,
    InactiveAssignee,
    LeadFinished,
    NotAssigned,
    NotYours,
    ReadsOnly,
    ReasonNeedsText,
    ReasonNotOffered,
    UnknownAssignee,
)
from app.services.leads.finishing import fail, finish_reasons, kept_opportunity, succeed
from app.services.leads.printing import lead_json
from app.services.leads.working import reopen
from app.services.opportunities.working import lose, win
from app.store.database import Store
from tests.services.leads.team import AT, NOW, broken_leads, furnish, history, standing
from tests.store.leads import add_contact, add_lead


@pytest.fixture
def store(store: Store) -> Iterator[Store]:
    furnish(store)
    yield store
    assert broken_leads(store) == []


def opportunities(store: Store) -> list[tuple[Any, ...]]:
    return store.read.rows(
        """SELECT title, value, probability, expected_on, assignee, contact_id, lead_id, stage, created_by
  FROM opportunity ORDER BY id"""
    )


def test_success_makes_an_opportunity_of_what_the_lead_holds(store: Store) -> None:
    contact = add_contact(store, "Silke", "Berger")
    lead = add_lead(store, "Pumpen 2027", assignee="anna", contact_id=contact, value=1_250_000)
    found = succeed(store, lead, author="anna", now=NOW)
    assert not found.kept
    kept = kept_opportunity(store, lead)
    assert kept is not None
    assert (kept.id, kept.title) == (found.opportunity, "Pumpen 2027")
    assert opportunities(store) == [
        ("Pumpen 2027", 1_250_000, 25, "", "anna", contact, lead, "Qualifiziert", "anna")
    ]
    assert standing(store, lead) == ("done", "anna")
    assert store.read.value("SELECT finished_at FROM lead") == AT
    assert history(store, lead) == [
        ("finished", "anna", "", {"result": ["", "success"], "opportunity": found.opportunity})
    ]


def test_what_is_known_of_the_opportunity_is_said_when_finishing(store: Store) -> None:
    lead = add_lead(store, assignee="anna", value=500)
    succeed(
        store,
        lead,
        {
            "title": "Rahmenvertrag",
            "value": "",
            "probability": "60",
            "expected_on": "24.12.2026",
            "assignee": "ben",
        },
        author="cleo",
        now=NOW,
    )
    assert opportunities(store)[0][:5] == ("Rahmenvertrag", None, 60, "2026-12-24", "ben")


@pytest.mark.parametrize(
    ("values", "refused"),
    [
        ({"title": " "}, BadInput),
        ({"value": "-5"}, BadInput),
        ({"probability": "101"}, BadInput),
        ({"expected_on": "1.1.2020"}, BadInput),
        ({"assignee": "nobody"}, UnknownAssignee),
        ({"assignee": "emil"}, InactiveAssignee),
    ],
)
def test_an_opportunity_that_cannot_be_made_leaves_the_lead_active(
    store: Store, values: dict[str, str], refused: type[Exception]
) -> None:
    lead = add_lead(store, assignee="anna")
    with pytest.raises(refused):
        succeed(store, lead, values, author="anna", now=NOW)
    assert standing(store, lead) == ("active", "anna")
    assert (opportunities(store), history(store, lead)) == ([], [])


def test_a_lead_finished_again_keeps_the_opportunity_it_has(store: Store) -> None:
    lead = add_lead(store, assignee="anna")
    first = succeed(store, lead, author="anna", now=NOW)
    reopen(store, lead, author="anna", now=NOW)
    kept = kept_opportunity(store, lead)
    assert kept is not None
    assert (kept.id, kept.title) == (first.opportunity, "Anfrage")
    again = succeed(store, lead, author="anna", now=NOW)
    assert (again.opportunity, again.kept) == (first.opportunity, True)
    assert [row[0] for row in opportunities(store)] == ["Anfrage"]
    assert [entry[0] for entry in history(store, lead)] == ["finished", "reopened", "finished"]


def test_what_is_said_of_an_opportunity_is_refused_where_the_lead_keeps_the_one_it_has(store: Store) -> None:
    lead = add_lead(store, assignee="anna")
    first = succeed(store, lead, author="anna", now=NOW).opportunity
    reopen(store, lead, author="anna", now=NOW)
    for close in (None, win):
        if close is not None:
            close(store, first, author="anna", now=NOW)
        with pytest.raises(HasOpportunity, match="Anfrage"):
            succeed(store, lead, {"title": "Anders"}, author="anna", now=NOW)
    assert standing(store, lead) == ("active", "anna")
    assert [row[0] for row in opportunities(store)] == ["Anfrage"]


def test_a_lead_whose_opportunity_is_lost_makes_a_new_one(store: Store) -> None:
    lead = add_lead(store, assignee="anna")
    first = succeed(store, lead, author="anna", now=NOW).opportunity
    lose(store, first, "competitor", author="anna", now=NOW)
    reopen(store, lead, author="anna", now=NOW)
    assert kept_opportunity(store, lead) is None
    again = succeed(store, lead, {"title": "Noch einmal", "assignee": "ben"}, author="anna", now=NOW)
    assert not again.kept
    assert [(row[0], row[4], row[7]) for row in opportunities(store)] == [
        ("Anfrage", "anna", "Verloren"),
        ("Noch einmal", "ben", "Qualifiziert"),
    ]
    told = lead_json(store, lead)["opportunity"]
    assert told == {"id": again.opportunity, "title": "Noch einmal"}


def test_failure_keeps_its_reason_with_what_was_said(store: Store) -> None:
    lead, other = add_lead(store, assignee="anna"), add_lead(store, assignee="anna")
    fail(store, lead, "competitor", author="anna", now=NOW)
    fail(store, other, "other", " zieht \x1b[2J weg ", author="anna", now=NOW)
    rows = store.read.rows("SELECT result, reason, reason_text FROM lead ORDER BY id")
    assert rows[0] == ("failure", "competitor", "")
    assert rows[1][:2] == ("failure", "other")
    assert "\x1b" not in rows[1][2]
    event, author, text, details = history(store, other)[0]
    assert (event, author, details) == (
        *("finished", "anna"),
        {"result": ["", "failure"], "reason": "other"},
    )
    assert text == rows[1][2]


def test_a_reason_must_be_offered_and_say_something(store: Store) -> None:
    lead = add_lead(store, assignee="anna")
    with store.write() as tx:
        tx.run("UPDATE finish_reason SET active = 0 WHERE name = 'competitor'")
    for reason, text, refused in (
        ("quark", "", UnknownReason),
        ("competitor", "", ReasonNotOffered),
        ("other", "", ReasonNeedsText),
        ("other", " \t ", ReasonNeedsText),
        ("other", "x" * 301, BadInput),
    ):
        with pytest.raises(refused):
            fail(store, lead, reason, text, author="anna", now=NOW)
    assert standing(store, lead) == ("active", "anna")
    assert [reason.name for reason in finish_reasons(store)] == [
        *("not interested", "not reachable", "wrong contact", "other")
    ]


def test_only_an_assigned_lead_of_ones_own_can_be_finished(store: Store) -> None:
    new, bens = add_lead(store), add_lead(store, assignee="ben")
    done = add_lead(store, assignee="anna", result="failure", reason="competitor")
    for lead, author, refused in (
        (new, "anna", NotAssigned),
        (bens, "anna", NotYours),
        (done, "anna", LeadFinished),
        (bens, "dora", ReadsOnly),
        (99, "anna", NotFound),
    ):
        with pytest.raises(refused):
            succeed(store, lead, author=author, now=NOW)
        with pytest.raises(refused):
            fail(store, lead, "competitor", author=author, now=NOW)
    assert opportunities(store) == []
    fail(store, bens, "competitor", author="cleo", now=NOW)
    assert standing(store, bens) == ("done", "ben")
