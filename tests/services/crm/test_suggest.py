"""What is suggested for a mail, from what the store holds."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pytest

from app.domain.crm.kinds import Kind
from app.domain.errors import NotFound
from app.domain.mail.triage import Selection
from app.services import triage
from app.services.crm import records as crm
from app.services.crm.suggest import suggest, suggest_for_all
from app.store.database import Store
from tests.store.build import Copy, add_folder, add_mail, add_mailbox
from tests.store.invariants import check
from tests.store.leads import add_lead

NOW = datetime(2026, 11, 21, 9, 41, tzinfo=UTC)
STRANGER = ("Unbekannt", "wer@fremd.example")


@pytest.fixture
def store(store: Store) -> Iterator[Store]:
    yield store
    check(store)


@dataclass
class Desk:
    store: Store
    inbox: int

    def make(self, kind: Kind, **values: Any) -> int:
        return crm.create(self.store, kind, values, author="anna", now=NOW).id

    def contact(self, first: str, last: str, address: str = "", **more: Any) -> int:
        return self.make(Kind.CONTACT, first_name=first, last_name=last, emails=address, **more)

    def mail(self, sender: tuple[str, str] = STRANGER, subject: str = "Hallo", thread: int = 0) -> Copy:
        return add_mail(self.store, self.inbox, sender=sender, subject=subject, thread=thread)

    def link(self, mail: Copy, kind: Kind, number: int) -> None:
        triage.link(self.store, Selection(copies=(mail.id,)), kind, number, author="anna", now=NOW)

    def suggested(self, mail: Copy, text: str = "", **more: Any) -> list[tuple[Kind, int, str]]:
        found = suggest(self.store, mail.message, text=text, **more)
        return [(each.record.kind, each.record.id, each.reason) for each in found]


@pytest.fixture
def desk(store: Store) -> Desk:
    return Desk(store, add_folder(store, add_mailbox(store, address="anna@haus.example")))


SILKE = ("Silke Berger", "silke@vogel.example")


def test_a_mail_in_a_linked_thread_belongs_to_the_same_record(desk: Desk) -> None:
    lead = desk.make(Kind.LEAD, title="Pumpen")
    desk.contact("Silke", "Berger", SILKE[1])
    desk.link(desk.mail(thread=5), Kind.LEAD, lead)
    assert desk.suggested(desk.mail(SILKE, thread=5))[0] == (Kind.LEAD, lead, "same thread")


def test_a_known_sender_is_suggested_with_what_is_open_with_them(desk: Desk) -> None:
    silke = desk.contact("Silke", "Berger", SILKE[1])
    done = add_lead(desk.store, "Alt", contact_id=silke, result="failure")
    lead = desk.make(Kind.LEAD, title="Pumpen", contact_id=silke)
    task = desk.make(Kind.TASK, title="Anrufen", contact_id=silke)
    desk.make(Kind.LEAD, title="Pumpen", contact_id=desk.contact("Max", "Vogt"))
    found = desk.suggested(desk.mail(SILKE))
    assert [(kind, number) for kind, number, _ in found] == [
        (Kind.LEAD, lead), (Kind.CONTACT, silke), (Kind.TASK, task),
    ]  # fmt: skip
    assert done not in [number for kind, number, _ in found if kind is Kind.LEAD]
    assert {reason for _, _, reason in found} == {"same address"}


def test_what_the_senders_mail_was_linked_to_last_is_first(desk: Desk) -> None:
    silke = desk.contact("Silke", "Berger", SILKE[1])
    first, second = (desk.make(Kind.LEAD, title=title, contact_id=silke) for title in ("Pumpen", "Wartung"))
    desk.link(desk.mail(SILKE), Kind.LEAD, second)
    desk.link(desk.mail(SILKE), Kind.LEAD, first)
    assert [number for _, number, _ in desk.suggested(desk.mail(SILKE))][:2] == [first, second]


def test_a_colleague_of_a_contact_is_known_by_the_domain(desk: Desk) -> None:
    silke = desk.contact("Silke", "Berger", SILKE[1])
    assert desk.suggested(desk.mail(("Max", "max@vogel.example"))) == [(Kind.CONTACT, silke, "same domain")]


@pytest.mark.parametrize("domain", ["gmx.de", "t-online.de", "haus.example"])
def test_free_mail_and_our_own_domain_make_nobody_colleagues(desk: Desk, domain: str) -> None:
    desk.contact("Silke", "Berger", f"silke@{domain}")
    assert desk.suggested(desk.mail(("Max", f"max@{domain}"))) == []


def test_what_a_colleague_passed_on_before_tells_nothing_about_the_next_mail(desk: Desk) -> None:
    krug = desk.contact("Volker", "Krug", "krug@andere.example")
    fink = desk.contact("Sonja", "Fink", "fink@dritte.example")
    colleague = ("Lukas Brandes", "brandes@haus.example")
    desk.link(desk.mail(colleague, "WG: Angebot"), Kind.CONTACT, krug)
    assert desk.suggested(desk.mail(colleague, "WG: Rückfrage"), "Von: fink@dritte.example") == [
        (Kind.CONTACT, fink, "address in the text")
    ]


def test_mail_from_ourselves_is_about_the_people_it_names(desk: Desk) -> None:
    desk.contact("Anna", "Berg", "anna@haus.example")
    silke = desk.contact("Silke", "Berger", SILKE[1])
    found = desk.suggested(
        desk.mail(("", "anna@haus.example")), f"Anfrage von {SILKE[1].upper()}, bitte anrufen"
    )
    assert found == [(Kind.CONTACT, silke, "address in the text")]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("Viele Grüße\nSilke Müller", "name in the text"),
        ("Gruss, Mueller Silke", "name in the text"),
        ("Kd.-Nr. K-10023", "customer number in the text"),
        ("im Auftrag der VOGEL Maschinenbau", "company in the text"),
    ],
)
def test_a_name_company_or_number_in_the_text_betrays_a_contact(desk: Desk, text: str, reason: str) -> None:
    silke = desk.contact("Silke", "Müller", company="Vogel Maschinenbau GmbH", customer_number="K-10023")
    desk.contact("Eva", "Müller", company="Adler KG", customer_number="K-1")
    assert desk.suggested(desk.mail(), text) == [(Kind.CONTACT, silke, reason)]


def test_the_senders_displayed_name_counts_as_text(desk: Desk) -> None:
    silke = desk.contact("Silke", "Berger", SILKE[1])
    found = desk.suggested(desk.mail(("Berger, Silke", "silke.privat@gmx.de")))
    assert found == [(Kind.CONTACT, silke, "name in the text")]


def test_what_is_linked_already_is_not_suggested_again(desk: Desk) -> None:
    silke = desk.contact("Silke", "Berger", SILKE[1])
    mail = desk.mail(SILKE)
    desk.link(mail, Kind.CONTACT, silke)
    assert desk.suggested(mail) == []


def test_a_signature_far_down_is_looked_at(desk: Desk) -> None:
    silke = desk.contact("Silke", "Berger")
    assert desk.suggested(desk.mail(), "wort " * 5_000 + "Silke Berger") == [
        (Kind.CONTACT, silke, "name in the text")
    ]


def test_no_more_is_suggested_than_asked_for(desk: Desk) -> None:
    for number in range(20):
        desk.contact(f"Silke{number}", "Berger", f"s{number}@vogel.example")
    assert len(desk.suggested(desk.mail(("", "neu@vogel.example")), limit=3)) == 3


def test_a_stranger_gets_no_suggestion_and_a_mail_that_is_gone_is_an_error(desk: Desk) -> None:
    desk.contact("Silke", "Berger", SILKE[1])
    assert desk.suggested(desk.mail()) == []
    with pytest.raises(NotFound):
        suggest(desk.store, 12345)


def for_all(desk: Desk, *mails: Copy) -> list[tuple[Kind, int, int]]:
    found = suggest_for_all(desk.store, [mail.message for mail in mails])
    return [(each.record.kind, each.record.id, each.fits) for each in found]


def test_for_several_mails_what_fits_most_of_them_comes_first_with_their_number(desk: Desk) -> None:
    silke = desk.contact("Silke", "Berger", SILKE[1])
    max_ = desk.contact("Max", "Vogt", "max@adler.example")
    mails = [desk.mail(SILKE), desk.mail(("Max Vogt", "max@adler.example")), desk.mail(SILKE), desk.mail()]
    assert for_all(desk, *mails) == [(Kind.CONTACT, silke, 2), (Kind.CONTACT, max_, 1)]
    assert for_all(desk, mails[0], mails[2]) == [(Kind.CONTACT, silke, 2)]


def test_of_many_mails_their_senders_are_counted(desk: Desk) -> None:
    silke = desk.contact("Silke", "Berger", SILKE[1])
    lead = desk.make(Kind.LEAD, title="Pumpen", contact_id=silke)
    task = desk.make(Kind.TASK, title="Rohre")
    linked = desk.mail(thread=7)
    desk.link(linked, Kind.TASK, task)
    mails = [desk.mail(SILKE, thread=7) for _ in range(25)] + [desk.mail(STRANGER) for _ in range(5)]
    assert for_all(desk, *mails) == [
        (Kind.LEAD, lead, 25), (Kind.CONTACT, silke, 25), (Kind.TASK, task, 5),
    ]  # fmt: skip


def test_a_record_that_some_of_the_mails_are_linked_with_is_offered_for_the_others(desk: Desk) -> None:
    silke = desk.contact("Silke", "Berger", SILKE[1])
    first, second = desk.mail(SILKE), desk.mail(SILKE)
    desk.link(second, Kind.CONTACT, silke)
    assert for_all(desk, first, second)[0] == (Kind.CONTACT, silke, 2)
