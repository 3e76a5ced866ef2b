"""Writes single contacts, leads, tasks and opportunities through their SQLModel classes; knows no rules.

Importing the classes takes 0.3 s, so nothing on the way to the first screen may import this module.
"""

from __future__ import annotations

from typing import Any

from sqlmodel import Session, delete, select

from app.domain.crm.campaigns import campaign_key
from app.domain.crm.history import Event
from app.domain.crm.kinds import Kind
from app.domain.crm.naming import contact_phrases, domain_of, name_order, search_words
from app.domain.crm.record_input import ContactInput, LeadInput, RecordInput
from app.store.connection import Connection
from app.store.crm.history import add_entry
from app.store.tables import (
    Campaign,
    Contact,
    ContactEmail,
    ContactPhone,
    ContactWord,
    Lead,
    Opportunity,
    Task,
)

_TABLES: dict[Kind, Any] = {
    Kind.CONTACT: Contact,
    Kind.LEAD: Lead,
    Kind.TASK: Task,
    Kind.OPPORTUNITY: Opportunity,
}

_DAYS = {"due_on", "expected_on"}


def write_record(
    session: Session, tx: Connection, kind: Kind, data: RecordInput, author: str, at: int
) -> int:
    """Insert a record, with the first entry of its history; its id. `tx`: the plain connection of the session; `author`: a
    login, or empty; `at`: epoch seconds."""
    row = _TABLES[kind](created_at=at, changed_at=at)
    if kind is not Kind.CONTACT:
        row.created_by = author
    number = _fill(session, row, data)
    add_entry(tx, kind, number, Event.CREATED, author, at)
    return number


def replace_record(session: Session, kind: Kind, record_id: int, data: RecordInput, at: int) -> int:
    """Give a record other values; when it was changed by its own count, which grows strictly, so that whoever read it
    before can tell. What is told of it in its history is the caller's. `at`: epoch seconds."""
    row = session.get(_TABLES[kind], record_id)
    assert row is not None, "the caller has looked"
    row.changed_at = max(at, row.changed_at + 1)
    _fill(session, row, data)
    return int(row.changed_at)


def _fill(session: Session, row: Any, data: RecordInput) -> int:
    for name, value in _columns(data).items():
        setattr(row, name, value)
    if isinstance(data, LeadInput):
        row.campaign_id = _campaign(session, data.campaign)
    session.add(row)
    session.flush()
    number = int(row.id)
    if isinstance(data, ContactInput):
        _write_parts(session, number, data)
    return number


def _columns(data: RecordInput) -> dict[str, Any]:
    if isinstance(data, ContactInput):
        columns = data.model_dump(mode="json", exclude={"emails", "phones", "traits"})
        known_by = (
            data.first_name,
            data.last_name,
            data.company,
            data.customer_number,
            *(email.value for email in data.emails),
        )
        first_address = data.emails[0].value if data.emails else ""
        return columns | {
            "traits": "\n".join(data.traits),
            "search": search_words(known_by),
            "name_order": name_order(data.last_name, data.first_name, data.company, first_address),
        }
    columns = data.model_dump(mode="json", exclude={"campaign"})
    for name in _DAYS & set(columns):
        columns[name] = columns[name] or ""
    return columns | {"search": search_words([data.title])}


def _campaign(session: Session, name: str) -> int | None:
    """The campaign of this name, however its letters are written; one that is not there yet is made."""
    if not name:
        return None
    for found in session.exec(select(Campaign)):
        if campaign_key(found.name) == campaign_key(name):
            return found.id
    made = Campaign(name=name)
    session.add(made)
    session.flush()
    return made.id


def _write_parts(session: Session, contact_id: int, data: ContactInput) -> None:
    """Addresses, numbers and words anew: a contact has a handful."""
    for table in (ContactEmail, ContactPhone, ContactWord):
        session.exec(delete(table).where(table.contact_id == contact_id))  # type: ignore[arg-type]
    session.add_all(
        ContactEmail(
            contact_id=contact_id, address=email.value, domain=domain_of(email.value), label=email.label
        )
        for email in data.emails
    )
    session.add_all(
        ContactPhone(contact_id=contact_id, number=phone.value, label=phone.label) for phone in data.phones
    )
    session.add_all(_word_rows(contact_id, data))


def _word_rows(contact_id: int, data: ContactInput) -> list[ContactWord]:
    """The rows by which a contact is found."""
    search = _columns(data)["search"]
    phrases = contact_phrases(data.first_name, data.last_name, data.company, data.customer_number)
    return [
        *(ContactWord(phrase=0, word=word, contact_id=contact_id) for word in search.split()),
        *(ContactWord(phrase=1, word=phrase, contact_id=contact_id) for phrase in sorted(phrases)),
    ]
