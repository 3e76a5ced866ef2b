"""What must hold for a record before it is written: what it names is there, and a contact is not made twice unasked."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from app.domain.crm import Kind, RecordRow, not_found
from app.domain.errors import PostkorbError
from app.domain.record_input import ContactInput, RecordInput
from app.store.connection import Connection
from app.store.crm import records
from app.store.crm.suggest import contacts_of_address

#: The fields of inputs that name another record.
BELONGS = {Kind.CONTACT: "contact_id", Kind.LEAD: "lead_id", Kind.OPPORTUNITY: "opportunity_id"}


class ContactKnown(PostkorbError):
    """Contacts that have an address of the one that was to be made: `known`. Whoever asked decides what is done."""

    title = "There is a contact with this address already"

    def __init__(self, known: Sequence[RecordRow]) -> None:
        super().__init__(", ".join(row.title for row in known))
        self.known = tuple(known)


def check_references(read: Connection, data: RecordInput) -> None:
    """Raise NotFound when a record that an input names does not exist."""
    for kind, field in BELONGS.items():
        number = getattr(data, field, None)
        if number is not None and records.record_row(read, kind, number) is None:
            raise not_found(kind, number)


def check_unknown(
    read: Connection,
    data: RecordInput,
    beside: Collection[int] | None,
    before: tuple[int, ContactInput] | None = None,
) -> None:
    """Raise ContactKnown when a contact would get an address that others have. `beside`: those that it may stand beside,
    because a person said so; None: any. `before`: the contact that is changed, and as it was: only addresses that it did
    not have are asked about."""
    if beside is None or not isinstance(data, ContactInput):
        return
    itself, had = (before[0], {entry.value for entry in before[1].emails}) if before else (None, set())
    new = [entry.value for entry in data.emails if entry.value not in had]
    known = [row for row in known_by(read, new) if row.id != itself]
    if any(row.id not in beside for row in known):
        raise ContactKnown(known)


def known_by(read: Connection, addresses: Iterable[str]) -> list[RecordRow]:
    """The contacts that have one of these e-mail addresses."""
    lower = dict.fromkeys(address.strip().lower() for address in addresses)
    ids = [number for address in lower for number in contacts_of_address(read, address)]
    return records.record_rows(read, [(Kind.CONTACT, number) for number in ids])
