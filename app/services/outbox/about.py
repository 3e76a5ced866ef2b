"""Begins a mail from the page of a record: to its contact, and linked to the record once it is sent."""

from __future__ import annotations

from dataclasses import replace

from app.domain.crm.kinds import Kind
from app.domain.crm.record_input import ContactInput
from app.domain.errors import Refused
from app.domain.mail.addresses import format_address
from app.domain.mail.compose import DraftLink
from app.domain.mail.messages import Address
from app.services.crm.records import show
from app.services.outbox.originals import Answering, Begun
from app.store.database import Store
from app.store.outbox.sent import mailbox_of


def mail_about(store: Store, answering: Answering, kind: Kind, record_id: int, *, author: str) -> Begun:
    """An empty mail to the contact of a record, from the mailbox that has the newest mail linked to it. Nobody stands in it
    when there is no contact or it has no address. Raises NotFound, and Refused without a mailbox."""
    record = show(store, kind, record_id)
    contact = record
    if kind is not Kind.CONTACT and record.contact is not None:
        contact = show(store, Kind.CONTACT, record.contact.id)
    mailboxes = [choice.mailbox_id for choice in answering.senders()]
    if not mailboxes:
        raise Refused("no mailbox is connected yet")
    before = mailbox_of(store.read, record.mails[0].id) if record.mails else None
    mailbox = before if before in mailboxes else mailboxes[0]
    assert mailbox is not None, "it is one of them"
    begun = answering.new(
        mailbox, to=_address(contact.data) if isinstance(contact.data, ContactInput) else ""
    )
    return Begun(mailbox, replace(begun.draft, about=(DraftLink(kind, record_id, author),)))


def _address(contact: ContactInput) -> str:
    """As an address line has it; empty when none is known."""
    if not contact.emails:
        return ""
    return format_address(
        Address(f"{contact.first_name} {contact.last_name}".strip(), contact.emails[0].value)
    )
