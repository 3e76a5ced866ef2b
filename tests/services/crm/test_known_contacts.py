"""A second contact with an address that another has is made only for whoever says so, however it is made."""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import UTC, datetime

import pytest

from app.domain.crm.kinds import Kind
from app.domain.crm.record_input import ContactInput
from app.domain.mail.triage import Selection
from app.services.crm import records as crm
from app.services.crm.checks import ContactKnown
from app.services.crm.from_mail import new_contact_from_mail
from app.store.database import Store
from tests.store.build import add_folder, add_mail, add_mailbox, steps_of
from tests.store.invariants import check

NOW = datetime(2026, 11, 21, 9, 41, tzinfo=UTC)
ADDRESSES = "neu@adler.example, S.Berger@vogel.example"
Make = Callable[[Collection[int] | None], object]


@pytest.fixture(params=["typed", "from mail"])
def make(store: Store, request: pytest.FixtureRequest) -> Make:
    """Makes a contact with these addresses."""
    mail = add_mail(store, add_folder(store, add_mailbox(store)))

    def typed(beside: Collection[int] | None) -> object:
        values = {"last_name": "Vogt", "emails": ADDRESSES}
        return crm.create(store, Kind.CONTACT, values, author="anna", now=NOW, beside=beside)

    def from_mail(beside: Collection[int] | None) -> object:
        contact, mails = (
            ContactInput.model_validate({"last_name": "Vogt", "emails": ADDRESSES}),
            Selection((mail.id,)),
        )
        return new_contact_from_mail(store, mails, contact, author="anna", now=NOW, beside=beside)

    return typed if request.param == "typed" else from_mail


def contact(store: Store, address: str = "s.berger@vogel.example") -> int:
    values = {"last_name": "Berger", "emails": address}
    return crm.create(store, Kind.CONTACT, values, author="anna", now=NOW).id


def test_nothing_is_made_while_another_has_one_of_the_addresses(store: Store, make: Make) -> None:
    known = [contact(store), contact(store)]
    steps = steps_of(store, "anna")
    for beside in ((), known[:1]):
        with pytest.raises(ContactKnown) as raised:
            make(beside)
        assert sorted(row.id for row in raised.value.known) == known
    assert len(crm.list_records(store, Kind.CONTACT)) == 2
    assert store.read.value("SELECT count(*) FROM link") == 0
    assert steps_of(store, "anna") == steps
    check(store)


def test_it_is_made_beside_those_that_a_person_has_seen(store: Store, make: Make) -> None:
    make([contact(store), contact(store, "anders@vogel.example")])
    assert len(crm.list_records(store, Kind.CONTACT)) == 3


def test_it_is_made_at_once_where_nobody_has_the_address_or_nobody_minds(store: Store, make: Make) -> None:
    contact(store, "anders@vogel.example")
    make(())
    make(None)
    assert len(crm.list_records(store, Kind.CONTACT)) == 3
