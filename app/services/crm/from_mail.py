"""Makes contacts, leads and tasks out of mail: first a form with the mail's data filled in, then the record, linked, in one step
that can be taken back.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from app.domain.crm.kinds import Kind, RecordRow
from app.domain.crm.naming import words
from app.domain.crm.record_fields import LONGEST_LINE
from app.domain.crm.record_input import ContactInput, LeadInput, TaskInput
from app.domain.errors import MailNotFound
from app.domain.mail.addresses import is_address, is_unattended
from app.domain.mail.messages import Address
from app.domain.mail.quoting import base_subject
from app.domain.mail.reading import BlockKind, ReadableMail
from app.domain.mail.signature import read_card
from app.domain.mail.triage import Selection
from app.domain.text import clean_line, fit
from app.domain.undo import Done, Inverse, RemoveLinks, RemoveRecord
from app.language import _, ngettext
from app.services.crm.checks import check_references, check_unknown, known_by
from app.services.crm.new_contact import ContactDraft, contact_of
from app.services.crm.records import enter
from app.services.remembering import remember
from app.services.team.acting import acting
from app.services.triage.steps import messages_of, seconds, with_missing
from app.store.connection import Connection
from app.store.crm import triage
from app.store.crm.records import contact_label, record_row
from app.store.crm.suggest import contacts_of_address, mail_of, newest_of_senders, own_addresses
from app.store.database import Store
from app.store.mail import messages
from app.store.mail.processed import refresh_processed

MadeOfMail = LeadInput | TaskInput | ContactInput
_KINDS: dict[type[MadeOfMail], Kind] = {
    LeadInput: Kind.LEAD,
    TaskInput: Kind.TASK,
    ContactInput: Kind.CONTACT,
}
#: Cells of a title in a sentence that has to fit into one line of a small terminal.
_TOLD = 40


@dataclass(frozen=True, slots=True)
class Sender:
    """Whom mail comes from: `known`, a contact that is here, or `new`, one that could be made; neither for our own
    mail, for an address that nobody reads, and for mails of several senders. `bulk`: it was sent to many."""

    known: RecordRow | None = None
    new: ContactInput | None = None
    bulk: bool = False


@dataclass(frozen=True, slots=True)
class LeadDraft:
    """A lead to look over. With `sender.new` a contact is made too, if that is passed on with it."""

    lead: LeadInput
    sender: Sender


@dataclass(frozen=True, slots=True)
class TaskDraft:
    task: TaskInput
    sender: Sender


def lead_from_mail(store: Store, message_id: int, *, author: str, of: Sequence[int] = ()) -> LeadDraft:
    """A lead with the mail's data: subject, sender as contact; `of`: all mails it is made of, if they are several: what
    does not hold for all of them is left out. Raises NotFound. Not for the event loop's thread."""
    title, sender = _read(store, message_id, of)
    contact = sender.known.id if sender.known else None
    return LeadDraft(LeadInput(title=title, contact_id=contact, source=_("E-mail"), assignee=author), sender)


def task_from_mail(store: Store, message_id: int, *, author: str, of: Sequence[int] = ()) -> TaskDraft:
    """A task with the mail's data; it belongs to the lead that the mail is linked to. `of`: as for `lead_from_mail`.
    Raises NotFound. Not for the event loop's thread."""
    title, sender = _read(store, message_id, of)
    mail = mail_of(store.read, message_id)
    leads = [number for kind, number in mail.linked if kind is Kind.LEAD] if mail else []
    leads = [number for number in leads if len(triage.links_to(store.read, of, Kind.LEAD, number)) == len(of)]
    contact = sender.known.id if sender.known else None
    lead = max(leads, default=None)
    return TaskDraft(TaskInput(title=title, contact_id=contact, lead_id=lead, assignee=author), sender)


def contact_from_mail(store: Store, message_id: int, *, author: str, of: Sequence[int] = ()) -> ContactDraft:
    """Whom a mail comes from, as a contact. `of`: as for `lead_from_mail`. Raises NotFound. Not for the event loop's
    thread."""
    if len(newest_of_senders(store.read, of)) > 1:
        return ContactDraft(several=True)
    mail, writer, own = _opened(store, message_id)
    address = writer.address.lower()
    if not is_address(address) or address in own:
        return ContactDraft()
    known = known_by(store.read, [address])
    if is_unattended(address):
        return ContactDraft(known=tuple(known))
    return ContactDraft(_contact(mail, writer, address, author), tuple(known))


def new_contact_from_mail(
    store: Store,
    mails: Selection,
    contact: ContactInput,
    *,
    author: str,
    now: datetime,
    beside: Collection[int] | None = None,
) -> Done:
    """Make a contact and link the mails to it. Raises NotFound when every mail is gone, and ContactKnown by the rule of
    `checks.check_unknown`."""
    return _make(store, mails, contact, None, author, now, beside)


def new_lead_from_mail(
    store: Store,
    mails: Selection,
    lead: LeadInput,
    *,
    author: str,
    now: datetime,
    contact: ContactInput | None = None,
    beside: Collection[int] | None = None,
) -> Done:
    """Make a lead and link the mails to it; `contact`: make this one too, as the lead's, unless somebody has made the same one
    meanwhile. Raises NotFound when every mail is gone, or the contact that the lead names, and by the rule of
    `checks.check_unknown` OpenLeadKnown, and ContactKnown when somebody else has an address of the contact."""
    return _make(store, mails, lead, contact, author, now, beside)


def new_task_from_mail(
    store: Store,
    mails: Selection,
    task: TaskInput,
    *,
    author: str,
    now: datetime,
    contact: ContactInput | None = None,
    beside: Collection[int] | None = None,
) -> Done:
    """Make a task and link the mails to it, as `new_lead_from_mail` does."""
    return _make(store, mails, task, contact, author, now, beside)


def _make(
    store: Store,
    mails: Selection,
    data: MadeOfMail,
    contact: ContactInput | None,
    author: str,
    now: datetime,
    beside: Collection[int] | None = None,
) -> Done:
    kind, at = _KINDS[type(data)], seconds(now)
    inverses: list[Inverse] = []
    with store.session() as session:
        tx = store.sql_of(session)
        member = acting(tx, author, now)
        found, missing = messages_of(tx, mails)
        if contact is not None and not isinstance(data, ContactInput) and data.contact_id is None:
            same = _made_meanwhile(tx, contact)
            if same is None:
                check_unknown(tx, contact, beside)
                same = enter(session, tx, Kind.CONTACT, contact, member, now)
                inverses.append(RemoveRecord(Kind.CONTACT.value, same, at))
            data = data.model_copy(update={"contact_id": same})
        check_references(tx, data)
        check_unknown(tx, data, beside)
        number = enter(session, tx, kind, data, member, now)
        triage.add_links(tx, found, kind, number, author, at)
        refresh_processed(tx, found)
        record = record_row(tx, kind, number)
        assert record is not None, "it was written just now"
        inverses.append(RemoveRecord(kind.value, number, at))
        inverses.append(RemoveLinks(tuple((message, kind.value, number) for message in found), at))
        text = ngettext("“{title}” made of {n} mail", "“{title}” made of {n} mails", len(found))
        text = text.format(title=fit(record.title, _TOLD).rstrip(), n=len(found))
        remember(tx, author, text, inverses, now)
        others = triage.unprocessed_in_threads(tx, found)
    return Done(with_missing(text, missing), len(found), True, missing, record, len(others))


def _made_meanwhile(read: Connection, contact: ContactInput) -> int | None:
    """The contact of this name and with one of these addresses, if somebody has made it since the form was filled in. One
    address may be that of several persons."""
    addresses = [entry.value for entry in contact.emails]
    label = contact_label(contact.first_name, contact.last_name, contact.company)
    wanted = (label or next(iter(addresses), "")).casefold()
    return next((row.id for row in known_by(read, addresses) if row.title.casefold() == wanted), None)


def _read(store: Store, message_id: int, of: Sequence[int]) -> tuple[str, Sender]:
    """A title for what is made of a mail, and whom it comes from, as all the mails `of` which it is made do."""
    mail, writer, own = _opened(store, message_id)
    title = base_subject(mail.subject) or clean_line(writer.name or writer.address) or _("Without subject")
    several = len(newest_of_senders(store.read, of)) > 1
    sender = Sender() if several else _sender(store, mail, writer, own)
    return title[:LONGEST_LINE].strip(), sender


def _opened(store: Store, message_id: int) -> tuple[ReadableMail, Address, set[str]]:
    """A mail, who wrote it, and our own addresses. Raises NotFound."""
    from app.mail.mime.reading import read_mail

    if mail_of(store.read, message_id) is None:
        raise MailNotFound(str(message_id))
    mail = read_mail(messages.source(store.read, message_id))
    own = own_addresses(store.read)
    return mail, _author(mail, own), own


def _author(mail: ReadableMail, own: set[str]) -> Address:
    """Who wrote it: of a web form and the like, whose sender is a machine or ourselves, the one to answer to."""
    local = set(words(mail.sender.address.partition("@")[0]))
    if mail.sender.address.lower() in own or {"noreply", "no", "formular", "webform"} & local:
        return next((each for each in mail.reply_to if each.address.lower() not in own), mail.sender)
    return mail.sender


def _sender(store: Store, mail: ReadableMail, writer: Address, own: set[str]) -> Sender:
    address = writer.address.lower()
    if not is_address(address) or address in own:
        return Sender()
    known = contacts_of_address(store.read, address)
    if known:
        return Sender(known=record_row(store.read, Kind.CONTACT, known[0]))
    if is_unattended(address):
        return Sender()
    return Sender(new=_contact(mail, writer, address), bulk=_is_bulk(mail))


def _is_bulk(mail: ReadableMail) -> bool:
    """Whether it went to many, or no person sent it (RFC 2369, RFC 2919, RFC 3834)."""
    fields = {name.lower(): value.strip().lower() for name, value in mail.headers}
    return (
        bool({"list-unsubscribe", "list-id"} & fields.keys())
        or fields.get("precedence", "") in ("bulk", "junk", "list")
        or fields.get("auto-submitted", "no") != "no"
    )


def _contact(mail: ReadableMail, writer: Address, address: str, assignee: str = "") -> ContactInput:
    def text_of(kind: BlockKind) -> str:
        return "\n".join(block.text for block in mail.blocks if block.kind is kind)

    card = read_card(writer, text_of(BlockKind.TEXT), text_of(BlockKind.SIGNATURE))
    found = contact_of(replace(card, emails=(address,)), assignee)
    assert found is not None, "it has an address"
    return found
