"""A mail begun from the page of a record goes to its contact, and is linked once it is sent, as its answers are."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC
from pathlib import Path

import pytest

from app.domain.crm.kinds import Kind
from app.services.crm import history
from app.services.crm import records as crm
from app.services.outbox.about import mail_about
from app.services.outbox.originals import Answering, Begun
from app.store.database import Store
from tests.services.outbox.office import START, Office
from tests.store.invariants import check


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    opened = Office.at(tmp_path, f"maildir://{tmp_path / 'out'}")
    yield opened
    check(opened.store)
    opened.store.close()


def lead(store: Store, **contact: str) -> int:
    person = crm.create(store, Kind.CONTACT, {"last_name": "Berger", **contact}, author="anna", now=START)
    values = {"title": "Pumpen", "contact_id": person.id}
    return crm.create(store, Kind.LEAD, values, author="anna", now=START).id


def begun(office: Office, number: int) -> Begun:
    answering = Answering(office.store, "de", UTC)
    return mail_about(office.store, answering, Kind.LEAD, number, author="anna")


def test_it_is_linked_once_it_is_sent_and_its_answer_is_by_the_thread(office: Office) -> None:
    number = lead(office.store, first_name="Silke", emails="silke@vogel.example, einkauf@vogel.example")
    mail = begun(office, number)
    assert [person.address for person in mail.draft.to] == ["silke@vogel.example"]
    saved = office.outbox.save(mail.mailbox_id, replace(mail.draft, subject="Angebot", body="Guten Tag\n"))
    assert office.outbox.load(saved.id)[1].about == mail.draft.about
    assert office.store.read.value("SELECT count(*) FROM link") == 0
    office.outbox.queue(saved.id, 0)
    office.send()
    ((message_id, _uid),) = office.sent_copies()
    office.receive(
        f"From: silke@vogel.example\r\nTo: berg@nordholz.example\r\nSubject: Re: Angebot\r\nMessage-ID: <a@vogel.example>\r\n"
        f"In-Reply-To: {message_id}\r\nDate: Fri, 20 Nov 2026 09:00:00 +0000\r\n\r\nDanke\r\n".encode()
    )
    links = office.store.read.rows("SELECT kind, record_id, origin FROM link ORDER BY id")
    assert links == [("lead", number, "person"), ("lead", number, "thread")]
    lines = history.lines(office.store, Kind.LEAD, number, history.timeline(office.store, Kind.LEAD, number))
    assert [(line.text, line.sent) for line in lines if line.message_id] == [
        ("Re: Angebot", False),
        ("Angebot", True),
    ]


def test_what_is_gone_by_then_is_linked_with_nothing(office: Office) -> None:
    number = lead(office.store, emails="silke@vogel.example")
    mail = begun(office, number)
    saved = office.outbox.save(mail.mailbox_id, replace(mail.draft, subject="Angebot", body="Guten Tag\n"))
    office.outbox.queue(saved.id, 0)
    with office.store.write() as tx:
        tx.run("DELETE FROM history_entry")
        tx.run("DELETE FROM lead")
    office.send()
    assert len(office.sent_copies()) == 1
    assert office.store.read.value("SELECT count(*) FROM link") == 0


def test_without_an_address_the_mail_is_begun_to_nobody(office: Office) -> None:
    assert begun(office, lead(office.store)).draft.to == ()
