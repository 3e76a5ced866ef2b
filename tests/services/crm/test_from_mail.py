"""Leads and tasks made out of mail: what is filled in, what is linked, and the way back."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from email.message import EmailMessage
from typing import Any

import pytest

from app.domain.crm.agenda import EntryKind, Wish
from app.domain.crm.kinds import Kind
from app.domain.crm.record_input import ContactInput, EmailEntry, LeadInput, TaskInput
from app.domain.due import Due, DuePast
from app.domain.errors import NotFound
from app.domain.mail.messages import ArrivedMail, Flags, Role
from app.domain.mail.triage import Selection
from app.domain.undo import Done
from app.language import use_language
from app.mail.mime import parse_for_store
from app.services import triage
from app.services.crm import records as crm
from app.services.crm.changing import change
from app.services.crm.checks import ContactKnown
from app.services.crm.from_mail import (
    contact_from_mail,
    lead_from_mail,
    new_lead_from_mail,
    new_task_from_mail,
    task_from_mail,
)
from app.services.leads.working import assign
from app.services.tasks import agenda
from app.services.tasks.making import follow_up
from app.services.undo.undoing import undo
from app.store.database import Store
from app.store.mail.incoming import take_in
from tests.store.build import add_folder, add_mailbox, steps_of
from tests.store.invariants import check
from tests.store.leads import add_member

NOW = datetime(2026, 11, 21, 9, 41, tzinfo=UTC)
BODY = """Guten Tag Frau Berg,

bitte rufen Sie mich an.

Viele Grüße
Silke Berger

Vogel Maschinenbau GmbH
Am Wall 3, 28195 Bremen
Tel. +49 421 555012
"""


@pytest.fixture
def store(store: Store) -> Iterator[Store]:
    use_language("en")
    yield store
    use_language("de")
    check(store)


@dataclass
class Desk:
    store: Store
    inbox: int
    uid: int = 0

    def arrive(
        self,
        subject: str = "AW: Re: Pumpen 2027",
        sender: str = "Silke Berger <S.Berger@vogel.example>",
        **fields: str,
    ) -> int:
        """The id of a message that comes in."""
        self.uid += 1
        mail = EmailMessage()
        mail["From"], mail["To"], mail["Subject"] = sender, "anna@haus.example", subject
        mail["Message-ID"] = f"<{self.uid}@vogel.example>"
        for name, value in fields.items():
            mail[name.replace("_", "-")] = value
        mail.set_content(BODY)
        parsed = parse_for_store(mail.as_bytes(), NOW + timedelta(minutes=self.uid))
        with self.store.write() as tx:
            take_in(tx, self.inbox, Role.INBOX, [ArrivedMail(self.uid, Flags(), parsed)], NOW)
        return int(self.store.read.value("SELECT id FROM message WHERE digest = ?", (parsed.digest,)))

    def unprocessed(self) -> int:
        return int(self.store.read.value("SELECT unprocessed FROM folder WHERE id = ?", (self.inbox,)))

    def count(self, kind: Kind) -> int:
        return len(crm.list_records(self.store, kind))

    def contact(self, address: str = "s.berger@vogel.example") -> int:
        values = {"last_name": "Berger", "emails": address}
        return crm.create(self.store, Kind.CONTACT, values, author="anna", now=NOW).id


@pytest.fixture
def desk(store: Store) -> Desk:
    return Desk(store, add_folder(store, add_mailbox(store, address="anna@haus.example")))


def mails(*ids: int) -> Selection:
    return Selection(messages=ids)


def test_a_lead_from_a_strangers_mail_comes_with_a_new_contact(desk: Desk) -> None:
    draft = lead_from_mail(desk.store, desk.arrive(), author="anna")
    assert (draft.lead.title, draft.lead.source, draft.lead.assignee) == ("Pumpen 2027", "E-mail", "anna")
    contact = draft.sender.new
    assert contact is not None
    assert (contact.first_name, contact.last_name, contact.company) == (
        "Silke",
        "Berger",
        "Vogel Maschinenbau GmbH",
    )
    assert contact.emails == (EmailEntry(value="s.berger@vogel.example"),)
    assert (contact.street, contact.postal_code, contact.city) == ("Am Wall 3", "28195", "Bremen")
    assert contact.phones[0].value == "+49 421 555012"


def test_a_lead_from_a_known_senders_mail_is_theirs(desk: Desk) -> None:
    contact = desk.contact()
    draft = lead_from_mail(desk.store, desk.arrive(), author="anna")
    assert draft.lead.contact_id == contact
    assert draft.sender.known is not None
    assert draft.sender.new is None


@pytest.mark.parametrize(("sender", "subject", "title"), [
    ("Silke <s@vogel.example>", "Re:", "Silke"),
    ("s@vogel.example", "", "s@vogel.example"),
    ("s@vogel.example", "x" * 400, "x" * 300),
])  # fmt: skip
def test_a_mail_without_a_usable_subject_has_a_title_all_the_same(
    desk: Desk, sender: str, subject: str, title: str
) -> None:
    assert lead_from_mail(desk.store, desk.arrive(subject, sender), author="anna").lead.title == title


def test_a_web_forms_mail_is_from_the_one_to_answer_to(desk: Desk) -> None:
    number = desk.arrive(sender="Formular <noreply@haus.example>", Reply_To="Max Vogt <max@adler.example>")
    contact = lead_from_mail(desk.store, number, author="anna").sender.new
    assert contact is not None
    assert (contact.first_name, contact.emails[0].value) == ("Max", "max@adler.example")


@pytest.mark.parametrize(
    "sender",
    [
        "Mail Delivery System <MAILER-DAEMON@mx.vogel.example>",
        "postmaster@vogel.example",
        "Vogel <no-reply@vogel.example>",
        "news-noreply+7@vogel.example",
        "bounces+44@vogel.example",
        "nicht-antworten@vogel.example",
    ],
)
def test_an_address_that_nobody_reads_makes_nobody_a_contact(desk: Desk, sender: str) -> None:
    draft = lead_from_mail(desk.store, desk.arrive(sender=sender), author="anna")
    assert (draft.sender.known, draft.sender.new) == (None, None)


def test_the_sender_of_a_newsletter_is_offered_as_sent_to_many(desk: Desk) -> None:
    letter = desk.arrive(List_Unsubscribe="<https://vogel.example/ab>")
    assert [
        lead_from_mail(desk.store, mail, author="anna").sender.bulk for mail in (letter, desk.arrive("Pumpe"))
    ] == [True, False]


def test_what_does_not_hold_for_all_mails_is_not_proposed_for_what_they_become(desk: Desk) -> None:
    first, second = desk.arrive("Pumpen"), desk.arrive("Ventile")
    other = desk.arrive("Rohre", "Max Vogt <max@adler.example>")
    new_lead_from_mail(desk.store, mails(first), LeadInput(title="Pumpen"), author="anna", now=NOW)
    draft = task_from_mail(desk.store, first, author="anna", of=(first, second))
    assert (draft.task.title, draft.task.lead_id) == ("Pumpen", None)
    assert draft.sender.new is not None
    mixed = lead_from_mail(desk.store, first, author="anna", of=(first, other)).sender
    assert (mixed.known, mixed.new) == (None, None)
    assert contact_from_mail(desk.store, first, author="anna", of=(first, other)).several


def test_our_own_mail_makes_nobody_a_contact(desk: Desk) -> None:
    draft = lead_from_mail(desk.store, desk.arrive(sender="anna@haus.example"), author="anna")
    assert (draft.sender.known, draft.sender.new) == (None, None)


def test_making_a_lead_links_the_mails_and_undo_takes_everything_back(desk: Desk) -> None:
    first, second = desk.arrive(), desk.arrive("Pumpen")
    draft = lead_from_mail(desk.store, first, author="anna")
    done = new_lead_from_mail(
        desk.store, mails(first, second), draft.lead, contact=draft.sender.new, author="anna", now=NOW
    )
    assert done.text == "“Pumpen 2027” made of 2 mails"
    assert done.record is not None
    assert done.record.detail == "Silke Berger, Vogel Maschinenbau GmbH"
    assert (desk.unprocessed(), desk.count(Kind.LEAD), desk.count(Kind.CONTACT)) == (0, 1, 1)
    undo(desk.store, author="anna", now=NOW)
    assert (desk.unprocessed(), desk.count(Kind.LEAD), desk.count(Kind.CONTACT)) == (2, 0, 0)


def test_two_who_take_up_mail_of_the_same_sender_at_once_make_one_contact(desk: Desk) -> None:
    first, second = desk.arrive(), desk.arrive("Pumpen")
    for number in (first, second):
        new = ContactInput(last_name="Berger", emails=(EmailEntry(value="s.berger@vogel.example"),))
        new_lead_from_mail(
            desk.store, mails(number), LeadInput(title=f"Lead {number}"), contact=new, author="anna", now=NOW
        )
    assert (desk.count(Kind.CONTACT), desk.count(Kind.LEAD)) == (1, 2)
    assert desk.store.read.value("SELECT count(DISTINCT contact_id) FROM lead") == 1
    undo(desk.store, author="anna", now=NOW)
    assert (desk.count(Kind.CONTACT), desk.count(Kind.LEAD)) == (1, 1)


def test_what_is_told_fits_into_one_line_however_long_the_title_is(desk: Desk) -> None:
    lead = LeadInput(title="Anfrage " + "zu Kreiselpumpen " * 8)
    done = new_lead_from_mail(desk.store, mails(desk.arrive()), lead, author="anna", now=NOW)
    assert done.text.endswith("…” made of 1 mail")
    assert len(done.text) < 70
    assert done.record is not None
    assert done.record.title == lead.title


def make_of(desk: Desk, kind: Kind, contact: ContactInput, beside: tuple[int, ...]) -> Done:
    who: dict[str, Any] = {"author": "anna", "now": NOW, "contact": contact, "beside": beside}
    if kind is Kind.LEAD:
        return new_lead_from_mail(desk.store, mails(desk.arrive()), LeadInput(title="Pumpen"), **who)
    return new_task_from_mail(desk.store, mails(desk.arrive()), TaskInput(title="Pumpen"), **who)


@pytest.mark.parametrize("kind", [Kind.LEAD, Kind.TASK])
def test_what_is_made_of_a_mail_goes_to_nobody_else_with_the_same_address(desk: Desk, kind: Kind) -> None:
    vogt = crm.create(
        desk.store,
        Kind.CONTACT,
        {"last_name": "Vogt", "emails": "info@vogel.example"},
        author="anna",
        now=NOW,
    )
    berger = ContactInput(last_name="Berger", emails=(EmailEntry(value="info@vogel.example"),))
    with pytest.raises(ContactKnown) as raised:
        make_of(desk, kind, berger, ())
    assert [row.title for row in raised.value.known] == ["Vogt"]
    assert (desk.count(kind), desk.count(Kind.CONTACT)) == (0, 1)
    made = make_of(desk, kind, berger, (vogt.id,)).record
    assert made is not None
    about = crm.show(desk.store, kind, made.id).contact
    assert about is not None
    assert (about.title, desk.count(Kind.CONTACT)) == ("Berger", 2)


def test_undo_keeps_a_lead_that_was_changed_since_and_says_so(desk: Desk) -> None:
    number = desk.arrive()
    done = new_lead_from_mail(desk.store, mails(number), LeadInput(title="Pumpen"), author="anna", now=NOW)
    assert done.record is not None
    add_member(desk.store, "ben")
    change(desk.store, Kind.LEAD, done.record.id, {"note": "ruft zurück"}, author="ben", now=NOW)
    undone = undo(desk.store, author="anna", now=NOW)
    assert (undone.left_out, desk.count(Kind.LEAD), desk.unprocessed()) == (1, 1, 1)


def test_undo_keeps_a_lead_that_was_given_away_since(desk: Desk) -> None:
    add_member(desk.store, "anna", role="admin")
    add_member(desk.store, "ben")
    add_member(desk.store, "cleo", role="admin")
    lead = LeadInput(title="Pumpen", assignee="anna")
    done = new_lead_from_mail(desk.store, mails(desk.arrive()), lead, author="anna", now=NOW)
    assert done.record is not None
    assign(desk.store, [done.record.id], "ben", author="cleo", now=NOW)
    assert undo(desk.store, author="anna", now=NOW).left_out == 1
    assert (desk.count(Kind.LEAD), desk.unprocessed()) == (1, 1)


def test_undo_keeps_a_contact_that_is_used_elsewhere_since(desk: Desk) -> None:
    number = desk.arrive()
    contact = ContactInput(last_name="Berger")
    done = new_lead_from_mail(
        desk.store, mails(number), LeadInput(title="Pumpen"), contact=contact, author="anna", now=NOW
    )
    assert done.record is not None
    made = crm.show(desk.store, Kind.LEAD, done.record.id).contact
    assert made is not None
    add_member(desk.store, "ben")
    crm.create(desk.store, Kind.TASK, {"title": "Anrufen", "contact_id": made.id}, author="ben", now=NOW)
    assert undo(desk.store, author="anna", now=NOW).left_out == 1
    assert (desk.count(Kind.LEAD), desk.count(Kind.CONTACT)) == (0, 1)


def test_undo_of_a_lead_takes_along_the_links_of_later_mail_in_its_thread(desk: Desk) -> None:
    first = desk.arrive()
    new_lead_from_mail(desk.store, mails(first), LeadInput(title="Pumpen"), author="anna", now=NOW)
    desk.arrive("AW: Pumpen", In_Reply_To="<1@vogel.example>")
    assert desk.unprocessed() == 0
    assert undo(desk.store, author="anna", now=NOW).left_out == 0
    assert (desk.count(Kind.LEAD), desk.unprocessed()) == (0, 2)


def test_undo_keeps_a_lead_that_somebody_linked_by_hand_since(desk: Desk) -> None:
    add_member(desk.store, "anna", role="admin")
    add_member(desk.store, "bert")
    first, second = desk.arrive(), desk.arrive("Anderes")
    done = new_lead_from_mail(desk.store, mails(first), LeadInput(title="Pumpen"), author="anna", now=NOW)
    assert done.record is not None
    triage.link(desk.store, mails(second), Kind.LEAD, done.record.id, author="bert", now=NOW)
    assert undo(desk.store, author="anna", now=NOW).left_out == 1
    assert (desk.count(Kind.LEAD), desk.unprocessed()) == (1, 1)


def test_a_task_belongs_to_the_lead_that_its_mail_is_linked_to(desk: Desk) -> None:
    number = desk.arrive()
    contact = desk.contact()
    lead = new_lead_from_mail(
        desk.store, mails(number), LeadInput(title="Pumpen"), author="anna", now=NOW
    ).record
    assert lead is not None
    draft = task_from_mail(desk.store, number, author="anna")
    assert (draft.task.title, draft.task.lead_id, draft.task.contact_id) == ("Pumpen 2027", lead.id, contact)
    done = new_task_from_mail(desk.store, mails(number), draft.task, author="anna", now=NOW)
    assert done.record is not None
    assert done.record.kind is Kind.TASK
    kinds = desk.store.read.rows("SELECT kind FROM link ORDER BY kind")
    assert kinds == [("lead",), ("task",)]


def test_nothing_is_made_when_the_mail_or_the_contact_is_gone(desk: Desk) -> None:
    with pytest.raises(NotFound):
        new_lead_from_mail(
            desk.store,
            mails(77),
            LeadInput(title="A"),
            contact=ContactInput(last_name="B"),
            author="anna",
            now=NOW,
        )
    with pytest.raises(NotFound):
        new_task_from_mail(
            desk.store, mails(desk.arrive()), TaskInput(title="A", contact_id=9), author="anna", now=NOW
        )
    with pytest.raises(NotFound):
        lead_from_mail(desk.store, 77, author="anna")
    assert (desk.count(Kind.LEAD), desk.count(Kind.TASK), desk.count(Kind.CONTACT)) == (0, 0, 0)
    assert steps_of(desk.store, "anna") == []


def test_a_mail_on_follow_up_is_processed_and_comes_back_with_its_day(desk: Desk) -> None:
    contact = desk.contact()
    mail = desk.arrive()
    due = Due(date(2026, 11, 24), time(8, 15))
    mails = Selection(messages=(mail,))
    done = follow_up(desk.store, mails, due, of=(mail,), author="anna", now=NOW)
    assert desk.unprocessed() == 0
    (entry,) = agenda.entries(desk.store, agenda.entry_keys(desk.store, Wish("anna"), NOW))
    assert (entry.kind, entry.title, entry.due) == (EntryKind.FOLLOW_UP, "Pumpen 2027", due)
    assert (entry.message_id, entry.about) == (mail, "Berger")
    assert done.record is not None
    told = crm.show(desk.store, Kind.TASK, done.record.id)
    assert (told.contact and told.contact.id, [each.id for each in told.mails]) == (contact, [mail])
    undo(desk.store, author="anna", now=NOW)
    assert desk.unprocessed() == 1
    assert agenda.entry_keys(desk.store, Wish("anna"), NOW) == []
    with pytest.raises(DuePast):
        follow_up(desk.store, mails, Due(date(2026, 11, 1)), of=(mail,), author="anna", now=NOW)
    with pytest.raises(NotFound):
        follow_up(desk.store, Selection(messages=(99,)), due, of=(99,), author="anna", now=NOW)
