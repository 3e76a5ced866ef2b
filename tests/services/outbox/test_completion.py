"""Completing addresses from contacts and past mail."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from app.domain.crm.kinds import Kind
from app.services.crm import records as crm
from app.services.outbox.completion import complete
from tests.services.outbox.office import MAX, SILKE, Office


@pytest.fixture
def people(office: Office) -> Office:
    office.receive()
    crm.create(
        office.store,
        Kind.CONTACT,
        {
            "first_name": "Jürgen",
            "last_name": "Müller",
            "company": "Nordholz GmbH",
            "emails": "j_mueller@xy.example",
        },
        author="anna",
        now=datetime(2026, 11, 21, tzinfo=UTC),
    )
    return office


@pytest.mark.parametrize("typed", ["sil", "Berger", "si be", "silke@", "@vogel", "vogel.ex"])
def test_names_addresses_and_domains_find_people_of_past_mail(people: Office, typed: str) -> None:
    assert SILKE in complete(people.store, typed)


@pytest.mark.parametrize("typed", ["müller", "mueller", "muller", "Jür nord", "j_mueller@"])
def test_contacts_are_found_however_their_umlauts_are_typed(people: Office, typed: str) -> None:
    assert [each.name for each in complete(people.store, typed)] == ["Jürgen Müller"]


def test_those_written_to_come_before_those_who_only_wrote(people: Office) -> None:
    people.queue(MAX)
    people.send()
    assert complete(people.store, "vogel") == [MAX, SILKE]


@pytest.mark.parametrize("typed", ["", "  ", "%", "_", "ilke", "berger quatsch", "\\"])
def test_what_begins_no_word_finds_nobody(people: Office, typed: str) -> None:
    assert complete(people.store, typed) == []
