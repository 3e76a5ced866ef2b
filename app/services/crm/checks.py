"""What must hold for a record before it is written: what it names is there, and neither a contact nor an open lead of one is
made twice unasked.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from app.domain.crm.kinds import Kind, RecordRow, not_found
from app.domain.crm.record_input import ContactInput, LeadInput, RecordInput
from app.domain.errors import PostkorbError
from app.domain.leads.rules import check_assignee
from app.services.team.acting import team_of
from app.store.connection import Connection
from app.store.crm import records
from app.store.crm.duplicates import open_leads
from app.store.crm.suggest import contacts_of_address

#: The fields of inputs that name another record.
BELONGS = {Kind.CONTACT: "contact_id", Kind.LEAD: "lead_id", Kind.OPPORTUNITY: "opportunity_id"}


class AlreadyKnown(PostkorbError):
    """What was to be made is likely there: `known`. Whoever asked decides what is done."""

    def __init__(self, known: Sequence[RecordRow]) -> None:
        super().__init__(", ".join(row.title for row in known))
        self.known = tuple(known)


class ContactKnown(AlreadyKnown):
    """Contacts that have an address of the one that was to be made."""

    title = "There is a contact with this address already"


class OpenLeadKnown(AlreadyKnown):
    """Leads of the contact that are not done."""

    title = "There is an open lead of this contact already"


def check_references(read: Connection, data: RecordInput) -> None:
    """Raise NotFound when a record that an input names does not exist."""
    for kind, field in BELONGS.items():
        number = getattr(data, field, None)
        if number is not None and records.record_row(read, kind, number) is None:
            raise not_found(kind, number)


def check_carer(read: Connection, data: RecordInput, author: str, before: RecordInput | None = None) -> None:
    """Raise UnknownAssignee, InactiveAssignee or NoAssignee when a contact is given to somebody who takes care of none; of
    one that an author gives to themselves they do. `before`: the contact as it was."""
    had = before.assignee if before else ""
    if isinstance(data, ContactInput) and data.assignee not in ("", author, had):
        check_assignee(data.assignee, team_of(read))


def check_unknown(
    read: Connection,
    data: RecordInput,
    beside: Collection[int] | None,
    before: tuple[int, RecordInput] | None = None,
) -> None:
    """Raise ContactKnown when a contact would get an address that others have, and OpenLeadKnown when a new lead would come
    to a contact that has an open one. `beside`: the records that it may stand beside, because a person said so; None: any.
    `before`: the record that is changed, and as it was: only addresses that it did not have are asked about."""
    if beside is None:
        return
    if isinstance(data, LeadInput) and before is None:
        open_ones = open_leads_of(read, data.contact_id)
        if any(row.id not in beside for row in open_ones):
            raise OpenLeadKnown(open_ones)
    if isinstance(data, ContactInput):
        old = before[1].emails if before and isinstance(before[1], ContactInput) else ()
        had = {entry.value for entry in old}
        new = [entry.value for entry in data.emails if entry.value not in had]
        known = [row for row in known_by(read, new) if before is None or row.id != before[0]]
        if any(row.id not in beside for row in known):
            raise ContactKnown(known)


def open_leads_of(read: Connection, contact_id: int | None) -> list[RecordRow]:
    """The leads of a contact that are not done, the newest first."""
    return records.record_rows(read, [(Kind.LEAD, number) for number in open_leads(read, contact_id)])


def known_by(read: Connection, addresses: Iterable[str]) -> list[RecordRow]:
    """The contacts that have one of these e-mail addresses."""
    lower = dict.fromkeys(address.strip().lower() for address in addresses)
    ids = [number for address in lower for number in contacts_of_address(read, address)]
    return records.record_rows(read, [(Kind.CONTACT, number) for number in ids])
