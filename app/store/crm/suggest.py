"""Gathers what the store knows about a mail for `domain.crm.suggest`, in a few bounded queries; ranks nothing, only reads."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from app.domain.crm.kinds import Kind
from app.domain.crm.naming import domain_of, is_freemail
from app.domain.crm.suggest import Clue, Facts, Found, OpenRecord, RecordKey, contact_clue
from app.store.connection import Connection, places, rows_in
from app.store.crm.finding import OPEN
from app.store.crm.records import record_rows

_THREAD_MAILS = 200  # newest mails of a thread whose links count
_SENDER_MAILS = 200  # newest mails of a sender whose links count
_LINKS = 30
_CONTACTS = 12  # by one clue
_PHRASE_HITS = 300
_OPEN_RECORDS = 60


@dataclass(frozen=True, slots=True)
class Mail:
    """What a suggestion starts from. `linked`: records that the mail is linked to already."""

    thread_id: int
    sender_name: str
    sender_address: str
    subject: str
    size: int
    linked: frozenset[RecordKey]


def mail_of(read: Connection, message_id: int) -> Mail | None:
    row = read.row(
        "SELECT thread_id, sender_name, sender_address, subject, size FROM message WHERE id = ?",
        (message_id,),
    )
    if row is None:
        return None
    linked = read.rows("SELECT kind, record_id FROM link WHERE message_id = ?", (message_id,))
    thread, name, address, subject, size = row
    return Mail(thread, name, address, subject, size, frozenset(_keys(linked)))


def newest_of_senders(read: Connection, message_ids: Sequence[int]) -> list[tuple[int, int]]:
    """The newest of these messages by each sender, and how many of them are that sender's; most first."""
    sql = "SELECT sender_address, id FROM message WHERE id IN "
    newest: dict[str, int] = {}
    counts: dict[str, int] = {}
    for address, message in rows_in(read, sql, message_ids):
        newest[address] = max(newest.get(address, 0), message)
        counts[address] = counts.get(address, 0) + 1
    return sorted(((newest[each], counts[each]) for each in newest), key=lambda pair: (-pair[1], -pair[0]))


def own_addresses(read: Connection) -> set[str]:
    """The addresses of our mailboxes, in lower case."""
    rows = read.rows("SELECT address, senders FROM mailbox")
    return {line.strip().lower() for address, senders in rows for line in (address, *senders.split("\n"))} - {
        ""
    }


def contacts_of_address(read: Connection, address: str) -> list[int]:
    """Contacts with this address, those changed last first."""
    return _by_address(read, [address])


def facts_about(
    read: Connection, message_id: int, mail: Mail, phrases: Sequence[str], addresses: Sequence[str]
) -> Facts:
    """`phrases`: what in the text could be a name or number, folded; `addresses`: e-mail addresses in the text."""
    own = own_addresses(read)
    sender = "" if mail.sender_address in own else mail.sender_address
    domain = "" if is_freemail(domain_of(sender)) else domain_of(sender)
    is_colleague = bool(domain) and domain in {domain_of(address) for address in own}
    if is_colleague:
        domain = ""
    found = [
        *(Found(Clue.THREAD, key) for key in _linked_in_thread(read, message_id, mail.thread_id)),
        *_contacts(Clue.SENDER, _by_address(read, [sender] if sender else [])),
        *_contacts(Clue.ADDRESS_IN_TEXT, _by_address(read, [a for a in addresses if a not in own])),
        *_by_phrase(read, phrases),
        *_contacts(Clue.DOMAIN, _by_domain(read, domain) if domain else []),
    ]
    # A colleague passes on mail of one customer after the other: what the last one was about tells nothing.
    before = _linked_before(read, message_id, sender) if sender and not is_colleague else []
    contacts = list(dict.fromkeys(each.key[1] for each in found if each.key[0] is Kind.CONTACT))
    rows = record_rows(read, [*(each.key for each in found), *before])
    titles = {(row.kind, row.id): row.title for row in rows}
    return Facts(
        mail.subject,
        tuple(each for each in found if each.key not in mail.linked),
        tuple((key, titles[key]) for key in before if key in titles and key not in mail.linked),
        tuple(each for each in _open_records(read, contacts) if each.key not in mail.linked),
        frozenset((row.kind, row.id) for row in rows if row.state == "done"),
    )


def _keys(rows: Iterable[Sequence[object]]) -> list[RecordKey]:
    return list(dict.fromkeys((Kind(str(row[0])), int(str(row[1]))) for row in rows))


def _contacts(clue: Clue, ids: Iterable[int]) -> list[Found]:
    return [Found(clue, (Kind.CONTACT, number)) for number in ids]


def _linked_in_thread(read: Connection, message_id: int, thread_id: int) -> list[RecordKey]:
    return _keys(
        read.rows(
            """SELECT link.kind, link.record_id FROM link WHERE link.message_id IN
  (SELECT id FROM message WHERE thread_id = ? AND id <> ? ORDER BY id DESC LIMIT ?)
  ORDER BY link.created_at DESC, link.id DESC LIMIT ?""",
            (thread_id, message_id, _THREAD_MAILS, _LINKS),
        )
    )


def _linked_before(read: Connection, message_id: int, sender: str) -> list[RecordKey]:
    return _keys(
        read.rows(
            """SELECT link.kind, link.record_id FROM link WHERE link.message_id IN
  (SELECT id FROM message WHERE sender_address = ? AND id <> ? ORDER BY id DESC LIMIT ?)
  ORDER BY link.message_id DESC, link.id DESC LIMIT ?""",
            (sender, message_id, _SENDER_MAILS, _LINKS),
        )
    )


def _by_address(read: Connection, addresses: Sequence[str]) -> list[int]:
    sql = f"""SELECT DISTINCT contact.id, contact.changed_at FROM contact_email
  JOIN contact ON contact.id = contact_email.contact_id WHERE contact_email.address IN {places(addresses)}
  ORDER BY contact.changed_at DESC, contact.id DESC LIMIT ?"""
    return [row[0] for row in read.rows(sql, (*addresses, _CONTACTS))]


def _by_domain(read: Connection, domain: str) -> list[int]:
    """Contacts of a company: of its last ones here those that were changed last."""
    rows = read.rows(
        """SELECT DISTINCT id, changed_at FROM contact WHERE id IN
  (SELECT contact_id FROM contact_email WHERE domain = ? ORDER BY id DESC LIMIT ?)
  ORDER BY changed_at DESC, id DESC LIMIT ?""",
        (domain, 5 * _CONTACTS, _CONTACTS),
    )
    return [row[0] for row in rows]


def _by_phrase(read: Connection, phrases: Sequence[str]) -> list[Found]:
    """Contacts that the text names, by the strongest clue to each."""
    sql = "SELECT contact_id, word FROM contact_word WHERE phrase = 1 AND word IN "
    hits: dict[int, list[str]] = {}
    for contact, phrase in rows_in(read, sql, phrases):
        if len(hits) >= _PHRASE_HITS:
            break
        hits.setdefault(contact, []).append(phrase)
    rows = list(
        rows_in(
            read,
            "SELECT id, changed_at, first_name, last_name, customer_number FROM contact WHERE id IN ",
            list(hits),
        )
    )
    rows.sort(key=lambda row: (-row[1], -row[0]))
    clues: dict[Clue, list[int]] = {Clue.NUMBER: [], Clue.NAME_IN_TEXT: [], Clue.COMPANY_IN_TEXT: []}
    for number, _changed, *names in rows:
        clues[contact_clue(hits[number], *names)].append(number)
    return [found for clue, ids in clues.items() for found in _contacts(clue, ids[:_CONTACTS])]


def _open_records(read: Connection, contacts: Sequence[int]) -> list[OpenRecord]:
    found: list[OpenRecord] = []
    for kind in (Kind.LEAD, Kind.OPPORTUNITY, Kind.TASK):
        rows = read.rows(
            f"""SELECT id, contact_id, title FROM {kind.value} WHERE contact_id IN {places(contacts)} AND {OPEN[kind]}
  ORDER BY changed_at DESC, id DESC LIMIT ?""",
            (*contacts, _OPEN_RECORDS),
        )
        found += [OpenRecord((kind, number), contact, title) for number, contact, title in rows]
    return found
