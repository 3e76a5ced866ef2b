"""Records are made, changed, shown, listed and found."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from app.domain.crm.kinds import Kind
from app.domain.crm.record_input import ContactInput, EmailEntry, LeadInput
from app.domain.errors import BadInput, NotFound
from app.domain.leads.rules import LeadRefusal
from app.domain.mail.triage import Selection
from app.services import triage
from app.services.crm import records as crm
from app.services.crm.changing import change
from app.services.crm.printing import mails_json, record_json
from app.store.database import Store
from tests.store.build import add_folder, add_mail, add_mailbox
from tests.store.invariants import check
from tests.store.leads import add_lead, add_member

NOW = datetime(2026, 11, 21, 9, 41, tzinfo=UTC)


@pytest.fixture
def store(store: Store) -> Iterator[Store]:
    yield store
    check(store)


def make(store: Store, kind: Kind, **values: Any) -> int:
    return crm.create(store, kind, values, author="anna", now=NOW).id


def titles(store: Store, text: str, **more: Any) -> list[str]:
    return [row.title for row in crm.find_records(store, text, **more)]


def test_a_contact_is_kept_with_everything_in_it(store: Store) -> None:
    number = make(
        store,
        Kind.CONTACT,
        salutation="Frau",
        title="Dr.",
        first_name="Silke",
        last_name="Müller",
        company="Vogel Maschinenbau GmbH",
        customer_number="10023",
        emails="S.Mueller@vogel.example",
        phones=[{"value": "+49 421 5550", "label": "Büro"}],
        traits="Messe 2026, Newsletter",
    )
    record = crm.show(store, Kind.CONTACT, number)
    assert record.row.title == "Silke Müller, Vogel Maschinenbau GmbH"
    assert record.row.detail == "s.mueller@vogel.example"
    assert isinstance(record.data, ContactInput)
    assert record.data.traits == ("Messe 2026", "Newsletter")
    assert record.data.phones[0].label == "Büro"
    assert record.data.assignee == "anna"
    assert store.read.value("SELECT domain FROM contact_email") == "vogel.example"


def test_a_lead_is_shown_with_its_contact_and_its_mails(store: Store) -> None:
    contact = make(store, Kind.CONTACT, last_name="Berger", company="Vogel")
    add_member(store, "bert")
    lead = make(
        store, Kind.LEAD, title="Pumpen", contact_id=contact, value="12.500,50", due_on="+3", assignee="bert"
    )
    mail = add_mail(store, add_folder(store, add_mailbox(store)), subject="Pumpen?")
    triage.link(store, Selection(copies=(mail.id,)), Kind.LEAD, lead, author="anna", now=NOW)
    record = crm.show(store, Kind.LEAD, lead)
    assert (record.row.detail, record.row.state, record.row.due) == ("Berger, Vogel", "active", "2026-11-24")
    assert record.contact is not None
    assert record.contact.id == contact
    assert [mail.subject for mail in record.mails] == ["Pumpen?"]
    assert [linked["id"] for linked in mails_json(record)] == [mail.message]


@pytest.mark.parametrize(
    ("kind", "values", "shown"),
    [
        (
            Kind.CONTACT,
            {"first_name": "Silke", "title": "Dr."},
            {"name": "Silke", "title": "Dr.", "emails": []},
        ),
        (Kind.TASK, {"title": "A"}, {"title": "A", "state": "open", "due_on": None, "lead": None}),
    ],
)
def test_contacts_and_tasks_are_printed_for_scripts(
    store: Store, kind: Kind, values: dict[str, Any], shown: dict[str, Any]
) -> None:
    found = record_json(crm.show(store, kind, make(store, kind, **values)))
    assert found["kind"] == kind.value
    assert found["created_at"] == "2026-11-21T09:41:00Z"
    assert {name: found[name] for name in shown} == shown


def test_a_change_keeps_what_it_does_not_name_and_is_later_than_the_record(store: Store) -> None:
    number = make(
        store, Kind.CONTACT, first_name="Silke", last_name="Berger", emails="a@vogel.example", traits="A"
    )
    change(
        store,
        Kind.CONTACT,
        number,
        {"emails": "b@vogel.example", "last_name": "Vogt"},
        author="anna",
        now=NOW,
    )
    record = crm.show(store, Kind.CONTACT, number)
    assert isinstance(record.data, ContactInput)
    assert record.data.emails == (EmailEntry(value="b@vogel.example"),)
    assert (record.data.first_name, record.data.last_name, record.data.traits) == ("Silke", "Vogt", ("A",))
    assert record.changed_at > record.created_at
    assert titles(store, "berger") == []
    assert titles(store, "vogt") == ["Silke Vogt"]


def test_what_cannot_be_used_leaves_nothing_behind(store: Store) -> None:
    with pytest.raises(BadInput):
        make(store, Kind.LEAD, title="")
    with pytest.raises(NotFound):
        make(store, Kind.LEAD, title="Pumpen", contact_id=5)
    with pytest.raises(NotFound):
        make(store, Kind.TASK, title="Pumpen", lead_id=5)
    number = make(store, Kind.LEAD, title="Pumpen")
    with pytest.raises(BadInput):
        change(store, Kind.LEAD, number, {"value": "viel"}, author="anna", now=NOW)
    with pytest.raises(NotFound):
        change(store, Kind.LEAD, number, {"contact_id": 5}, author="anna", now=NOW)
    with pytest.raises(NotFound):
        change(store, Kind.LEAD, 99, {"title": "A"}, author="anna", now=NOW)
    with pytest.raises(NotFound):
        crm.show(store, Kind.LEAD, 99)
    assert [row.title for row in crm.list_records(store, Kind.LEAD)] == ["Pumpen"]


def test_a_contact_is_in_the_care_of_somebody_who_is_there(store: Store) -> None:
    add_member(store, "gone", active=False)
    number = make(store, Kind.CONTACT, last_name="Berger", assignee="anna")
    for login in ("niemand", "gone"):
        with pytest.raises(LeadRefusal):
            make(store, Kind.CONTACT, last_name="Vogel", assignee=login)
        with pytest.raises(LeadRefusal):
            change(store, Kind.CONTACT, number, {"assignee": login}, author="anna", now=NOW)
    with store.write() as tx:
        tx.run("UPDATE contact SET assignee = 'gone'")
    change(store, Kind.CONTACT, number, {"city": "Bremen"}, author="anna", now=NOW)
    assert store.read.rows("SELECT assignee, city FROM contact") == [("gone", "Bremen")]


def test_lists_are_in_the_order_that_a_rep_works_in(store: Store) -> None:
    for title, due in (("spät", "+9"), ("ohne", ""), ("bald", "+1")):
        make(store, Kind.LEAD, title=title, due_on=due)
    add_lead(store, "fertig", due_on="2026-11-22", result="failure")
    for name in ("Vogel", "Adler"):
        make(store, Kind.CONTACT, last_name=name)
    assert [row.title for row in crm.list_records(store, Kind.LEAD)] == ["bald", "spät", "ohne", "fertig"]
    assert [row.title for row in crm.list_records(store, Kind.LEAD, state="new", limit=1, offset=1)] == [
        "spät"
    ]
    assert [row.title for row in crm.list_records(store, Kind.CONTACT)] == ["Adler", "Vogel"]
    assert crm.list_records(store, Kind.LEAD, assignee="bert") == []
    assert [record.row.title for record in crm.every_record(store, Kind.CONTACT)] == ["Adler", "Vogel"]


@pytest.mark.parametrize(
    "typed",
    ["mül", "muel", "MULLER", "müller silke", "vog masch", "10023", "s.mueller@vog", "Silke M", "ma-bau"],
)
def test_a_contact_is_found_as_it_is_typed(store: Store, typed: str) -> None:
    make(store, Kind.CONTACT, first_name="Silke", last_name="Müller", company="Vogel Ma-Bau Maschinen AG",
         customer_number="10023", emails="s.mueller@vogel.example")  # fmt: skip
    make(store, Kind.CONTACT, first_name="Anna", last_name="Schmidt", company="Berg KG")
    assert titles(store, typed) == ["Silke Müller, Vogel Ma-Bau Maschinen AG"]


@pytest.mark.parametrize("typed", ["", "  ", "%", "_", "silke schmidt", "üller", "'; --"])
def test_what_begins_no_word_finds_nothing(store: Store, typed: str) -> None:
    make(store, Kind.CONTACT, first_name="Silke", last_name="Müller")
    make(store, Kind.CONTACT, first_name="Anna", last_name="Schmidt")
    assert titles(store, typed) == []


def test_every_kind_has_its_share_of_what_is_found(store: Store) -> None:
    contact = make(store, Kind.CONTACT, last_name="Vogel")
    for number in range(9):
        make(store, Kind.TASK, title=f"Vogel anrufen {number}")
    make(store, Kind.LEAD, title="Rahmenvertrag", contact_id=contact)
    make(store, Kind.LEAD, title="Vogel 2027")
    found = crm.find_records(store, "vogel", limit=8)
    kinds = [row.kind for row in found]
    assert len(found) == 8
    assert kinds[0] is Kind.LEAD
    assert (kinds.count(Kind.TASK), kinds.count(Kind.CONTACT)) == (5, 1)
    assert [row.title for row in found if row.kind is Kind.LEAD] == ["Vogel 2027", "Rahmenvertrag"]
    assert [row.kind for row in crm.find_records(store, "vogel", kinds=(Kind.CONTACT,))] == [Kind.CONTACT]


def test_what_is_done_comes_after_what_is_open(store: Store) -> None:
    add_lead(store, "Pumpen alt", result="failure")
    make(store, Kind.LEAD, title="Pumpen neu")
    assert titles(store, "pump") == ["Pumpen neu", "Pumpen alt"]


def test_many_records_are_made_in_one_transaction(store: Store) -> None:
    inputs = [LeadInput(title=f"Lead {number}", due_on=date(2026, 12, 1)) for number in range(3)]
    numbers = crm.create_many(store, Kind.LEAD, inputs, now=NOW)
    assert [row.title for row in crm.list_records(store, Kind.LEAD)] == ["Lead 0", "Lead 1", "Lead 2"]
    with pytest.raises(NotFound):
        crm.create_many(
            store, Kind.LEAD, [*inputs, LeadInput(title="A", contact_id=9)], now=NOW + timedelta(1)
        )
    assert len(crm.list_records(store, Kind.LEAD)) == len(numbers)


def test_reading_records_does_not_import_the_object_mapper() -> None:
    code = (
        "import app.services.crm.records, sys; sys.exit(bool({'sqlmodel', 'sqlalchemy'} & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", code]).returncode == 0


def test_contacts_are_sorted_as_a_german_telephone_book_is_whatever_the_database(store: Store) -> None:
    people = [
        *(("Zander", "Uwe", ""), ("Ötztal", "Ida", ""), ("oppermann", "Jo", ""), ("Östling", "Bo", "")),
        *(("Berger", "Silke", ""), ("Berg", "Zoe", ""), ("Müller", "Anna", ""), ("Mueller", "Karl", "")),
        *(("", "", "Ähren AG"), ("Strauß", "Eva", ""), ("Strauss", "Adam", ""), ("Abel", "Tom", "")),
    ]
    for last, first, company in people:
        make(store, Kind.CONTACT, last_name=last, first_name=first, company=company)
    make(store, Kind.CONTACT, emails="info@pfeifer.example")
    assert [row.title for row in crm.list_records(store, Kind.CONTACT)] == [
        *("Tom Abel", "Ähren AG", "Zoe Berg", "Silke Berger", "info@pfeifer.example", "Anna Müller"),
        *("Karl Mueller", "Jo oppermann", "Bo Östling", "Ida Ötztal", "Adam Strauss", "Eva Strauß"),
        "Uwe Zander",
    ]
