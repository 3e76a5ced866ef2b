"""A second open lead of a contact is made only for whoever says so, however it is made."""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import UTC, datetime

import pytest

from app.domain.crm.kinds import Kind
from app.domain.crm.record_input import LeadInput
from app.domain.mail.triage import Selection
from app.services.crm import changing
from app.services.crm import records as crm
from app.services.crm.checks import OpenLeadKnown
from app.services.crm.from_mail import new_lead_from_mail
from app.store.database import Store
from tests.store.build import add_folder, add_mail, add_mailbox, steps_of
from tests.store.invariants import check
from tests.store.leads import add_contact, add_lead

NOW = datetime(2026, 11, 22, 9, 41, tzinfo=UTC)
Make = Callable[[Collection[int] | None], object]


@pytest.fixture
def person(store: Store) -> int:
    return add_contact(store, last="Berger")


@pytest.fixture(params=["typed", "from mail"])
def make(store: Store, person: int, request: pytest.FixtureRequest) -> Make:
    """Makes a lead of this contact."""
    mail = add_mail(store, add_folder(store, add_mailbox(store)))

    def typed(beside: Collection[int] | None) -> object:
        values = {"title": "Pumpen", "contact_id": person}
        return crm.create(store, Kind.LEAD, values, author="anna", now=NOW, beside=beside)

    def from_mail(beside: Collection[int] | None) -> object:
        lead, mails = LeadInput(title="Pumpen", contact_id=person), Selection((mail.id,))
        return new_lead_from_mail(store, mails, lead, author="anna", now=NOW, beside=beside)

    return typed if request.param == "typed" else from_mail


def leads(store: Store) -> int:
    return int(store.read.value("SELECT count(*) FROM lead"))


def test_nothing_is_made_while_the_contact_has_an_open_lead(store: Store, person: int, make: Make) -> None:
    known = [add_lead(store, contact_id=person, assignee="bert"), add_lead(store, contact_id=person)]
    for beside in ((), known[:1]):
        with pytest.raises(OpenLeadKnown) as raised:
            make(beside)
        assert sorted(row.id for row in raised.value.known) == known
    assert leads(store) == 2
    assert steps_of(store, "anna") == []
    check(store)


def test_it_is_made_beside_those_that_a_person_has_seen(store: Store, person: int, make: Make) -> None:
    make([add_lead(store, contact_id=person)])
    assert leads(store) == 2


def test_it_is_made_at_once_where_all_leads_are_done_or_nobody_minds(
    store: Store, person: int, make: Make
) -> None:
    add_lead(store, contact_id=person, assignee="anna", result="failure")
    add_lead(store)
    make(())
    make(None)
    assert leads(store) == 4


def test_an_open_lead_is_changed_without_a_question(store: Store, person: int) -> None:
    first, second = add_lead(store, contact_id=person), add_lead(store, contact_id=person)
    changed = changing.change(
        store, Kind.LEAD, second, {"title": "Ventile"}, author="anna", now=NOW, beside=()
    )
    assert changed.row.title == "Ventile"
    assert [row.id for row in crm.open_leads_of(store, person)] == [second, first]
