"""A contact to look over, as a visiting card or a mail tells of a person, and who has its address already; stores nothing."""

from __future__ import annotations

from dataclasses import dataclass

from app.domain.crm.kinds import RecordRow
from app.domain.crm.record_fields import LONGEST_LINE
from app.domain.crm.record_input import ContactInput, EmailEntry, PhoneEntry
from app.domain.mail.cards import Card
from app.domain.text import clean_line
from app.language import _
from app.services.crm.records import contacts_with
from app.store.database import Store


@dataclass(frozen=True, slots=True)
class ContactDraft:
    """`new`: None when nobody can be made a contact; `known`: contacts that have an address of it. `several`: nobody,
    because the mails have several senders. `left_out`: how many addresses and numbers have no room in it."""

    new: ContactInput | None = None
    known: tuple[RecordRow, ...] = ()
    several: bool = False
    left_out: int = 0


def contact_from_card(store: Store, card: Card, *, author: str) -> ContactDraft:
    """The contact that a visiting card makes. Not for the event loop's thread."""
    new = contact_of(card, author)
    return ContactDraft(new, tuple(contacts_with(store, card.emails)), left_out=card.left_out)


def contact_of(card: Card, assignee: str = "") -> ContactInput | None:
    """A person as a contact, whatever stands on the card; None where it names nobody. What the person is in the company
    becomes a note."""
    name, company = card.name, _line(card.company)
    first_name, last_name = _line(name.first_name), _line(name.last_name)
    if not (first_name or last_name or company or card.emails):
        return None
    position = _line(card.position)
    return ContactInput(
        salutation=_line(name.salutation),
        title=_line(name.title),
        first_name=first_name,
        last_name=last_name,
        company=company,
        emails=tuple(EmailEntry(value=address) for address in card.emails),
        phones=tuple(PhoneEntry(value=number, label=label) for number, label in card.phones),
        street=_line(card.street),
        postal_code=_line(card.postal_code),
        city=_line(card.city),
        country=_line(card.country),
        assignee=assignee,
        note=f"{_('Position')}: {position}" if position else "",
    )


def _line(text: str) -> str:
    return clean_line(text)[:LONGEST_LINE].strip()
