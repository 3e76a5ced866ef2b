"""People whose address may be meant while one is typed: contacts, and those that mail went to or came from; reads only."""

from __future__ import annotations

from collections.abc import Sequence

from app.domain.mail.completion import Person
from app.store.connection import Connection, rows_in
from app.store.crm.finding import POSITION, find_contacts

#: Candidates of each sort that are ranked.
_CANDIDATES = 60


def matching_people(read: Connection, words: Sequence[str]) -> list[Person]:
    """People in whose name, company or address every one of these folded words begins a word."""
    contacts = find_contacts(read, words, _CANDIDATES, candidates=2 * _CANDIDATES)
    addresses = list(
        rows_in(
            read,
            """SELECT contact.first_name, contact.last_name, contact_email.address
  FROM contact JOIN contact_email ON contact_email.contact_id = contact.id WHERE contact.id IN """,
            contacts,
        )
    )
    people = [Person(f"{first} {last}".strip(), address, contact=True) for first, last, address in addresses]
    columns = "SELECT name, address, uses, last_at, written_to FROM correspondent"
    matching = " AND ".join([f"{POSITION[read.dialect]}(search, ?) > 0"] * len(words))
    found = read.rows(
        f"{columns} WHERE {matching} ORDER BY written_to DESC, uses DESC, last_at DESC, address LIMIT ?",
        [*(f" {word}" for word in words), _CANDIDATES],
    )
    found += rows_in(read, f"{columns} WHERE address IN ", [address for _, _, address in addresses])
    return people + [Person(name, address, uses, last, bool(to)) for name, address, uses, last, to in found]
