"""Finds records that have something in common which makes them likely one; what that is worth is the domain's. Reads only."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from app.domain.crm.duplicates import Likeness, person_key, phone_key
from app.domain.crm.kinds import LeadState
from app.domain.crm.naming import contact_phrases
from app.store.connection import Connection, places

Like = tuple[int, Likeness]
Pair = tuple[int, int, Likeness]

#: Candidates by a name; a name that more have says little.
_NAMESAKES = 300
_LEADS = 50


def contacts_like(read: Connection, contact_id: int) -> list[Like]:
    """Other contacts that have an address, a number or name and company in common with this one."""
    row = read.row(
        "SELECT first_name, last_name, company, customer_number FROM contact WHERE id = ?", (contact_id,)
    )
    if row is None:
        return []
    *names, customer_number = row
    return [
        *_by_address(read, contact_id),
        *_by_customer_number(read, contact_id, customer_number),
        *_by_phone(read, contact_id),
        *_by_name(read, contact_id, *names),
    ]


def _by_address(read: Connection, contact_id: int) -> Iterator[Like]:
    rows = read.rows(
        """SELECT DISTINCT other.contact_id FROM contact_email one JOIN contact_email other
  ON other.address = one.address WHERE one.contact_id = ? AND other.contact_id <> ?""",
        (contact_id, contact_id),
    )
    return ((row[0], Likeness.ADDRESS) for row in rows)


def _by_customer_number(read: Connection, contact_id: int, number: str) -> Iterator[Like]:
    if number:
        sql = "SELECT id FROM contact WHERE customer_number = ? AND id <> ?"
        yield from ((row[0], Likeness.NUMBER) for row in read.rows(sql, (number, contact_id)))


def _by_phone(read: Connection, contact_id: int) -> Iterator[Like]:
    rows = read.rows("SELECT number FROM contact_phone WHERE contact_id = ?", (contact_id,))
    wanted = {phone_key(row[0]) for row in rows} - {""}
    if wanted:
        # People write numbers in so many ways that all are looked through.
        for other, number in read.each(
            "SELECT contact_id, number FROM contact_phone WHERE contact_id <> ?", (contact_id,)
        ):
            if phone_key(number) in wanted:
                yield other, Likeness.PHONE


def _by_name(read: Connection, contact_id: int, first: str, last: str, company: str) -> Iterator[Like]:
    wanted = person_key(first, last, company)
    phrases = sorted(contact_phrases(first, last, "", ""))
    if not wanted or not phrases:
        return
    rows = read.rows(
        f"""SELECT id, first_name, last_name, company FROM contact WHERE id <> ? AND id IN
  (SELECT contact_id FROM contact_word WHERE phrase = 1 AND word IN {places(phrases)} LIMIT ?)""",
        (contact_id, *phrases, _NAMESAKES),
    )
    yield from ((other, Likeness.NAME) for other, *names in rows if person_key(*names) == wanted)


def leads_like(read: Connection, lead_id: int) -> list[Like]:
    """Other leads of the same contact that are open, and those with the same title, the newest ones of them."""
    row = read.row("SELECT contact_id, search FROM lead WHERE id = ?", (lead_id,))
    if row is None:
        return []
    contact_id, search = row
    same = read.rows(
        "SELECT id FROM lead WHERE search = ? AND search <> '' AND id <> ? ORDER BY id DESC LIMIT ?",
        (search, lead_id, _LEADS),
    )
    found = [(number, Likeness.CONTACT) for number in open_leads(read, contact_id) if number != lead_id]
    return found + [(each[0], Likeness.TITLE) for each in same]


def open_leads(read: Connection, contact_id: int | None) -> list[int]:
    """The leads of a contact that are not done, the newest first."""
    rows = read.rows(
        "SELECT id FROM lead WHERE contact_id = ? AND state <> ? ORDER BY id DESC LIMIT ?",
        (contact_id, LeadState.DONE.value, _LEADS),
    )
    return [row[0] for row in rows]


def pairs_of_contacts(read: Connection) -> Iterator[Pair]:
    """Contacts that have something in common, each with the first one that has it."""
    sql = """SELECT address, contact_id FROM contact_email WHERE address IN
  (SELECT address FROM contact_email GROUP BY address HAVING count(DISTINCT contact_id) > 1)
  ORDER BY address, contact_id"""
    yield from _pairs(read.rows(sql), Likeness.ADDRESS)
    sql = """SELECT customer_number, id FROM contact WHERE customer_number IN (SELECT customer_number FROM contact
  WHERE customer_number <> '' GROUP BY customer_number HAVING count(*) > 1) ORDER BY customer_number, id"""
    yield from _pairs(read.rows(sql), Likeness.NUMBER)
    phones = read.each("SELECT number, contact_id FROM contact_phone ORDER BY contact_id")
    yield from _pairs(((phone_key(number), contact) for number, contact in phones), Likeness.PHONE)
    people = read.each(
        "SELECT id, first_name, last_name, company FROM contact WHERE company <> '' ORDER BY id"
    )
    yield from _pairs(((person_key(*names), number) for number, *names in people), Likeness.NAME)


def pairs_of_leads(read: Connection) -> Iterator[Pair]:
    """Open leads of the same contact, each with the first one. Leads of the same title are too many to mean anything."""
    sql = """SELECT contact_id, id FROM lead WHERE state <> 'done' AND contact_id IN (SELECT contact_id FROM lead
  WHERE state <> 'done' AND contact_id IS NOT NULL GROUP BY contact_id HAVING count(*) > 1) ORDER BY contact_id, id"""
    yield from _pairs(((str(contact), number) for contact, number in read.rows(sql)), Likeness.CONTACT)


def _pairs(found: Iterable[Iterable[object]], why: Likeness) -> Iterator[Pair]:
    """(what they have, contact) as pairs with the first contact that has it; what is empty is had by nobody."""
    first: dict[str, int] = {}
    for key, number in found:
        assert isinstance(key, str)
        assert isinstance(number, int)
        if key and (one := first.setdefault(key, number)) != number:
            yield one, number, why
