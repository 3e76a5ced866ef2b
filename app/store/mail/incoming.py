"""Takes mail that arrived into the store: one batch, one transaction; finds the message again if it is known already.

The hot path of the first sync: bulk statements only, nothing per message but the parameters.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from app.domain.crm.kinds import LinkOrigin
from app.domain.crm.naming import person_search
from app.domain.mail.messages import Address, ArrivedMail, ParsedMail, Role
from app.domain.mail.threading import assign_threads, references_of
from app.store.connection import Connection, rows_in
from app.store.fulltext.search import index
from app.store.mail.copies import flag_columns, pending_flags, with_pending
from app.store.mail.processed import unprocessed_among
from app.store.outbox.bounces import note_bounces

#: Recipients of one mail that are remembered for completion; a mail to 10,000 people is no address book.
MAX_CORRESPONDENTS = 20
_LISTED_RECIPIENTS = 3
_LISTED_CHARACTERS = 200


@dataclass(frozen=True, slots=True)
class Taken:
    """What one batch brought: copies that were not here, and how many messages their thread has linked."""

    new: int
    linked: int


def take_in(tx: Connection, folder_id: int, role: Role, mails: Sequence[ArrivedMail], now: datetime) -> Taken:
    """Store the mails of one folder. UIDs that are here already are passed over, so a batch may be repeated."""
    have = _known_uids(tx, folder_id, [mail.uid for mail in mails])
    arrived = list({mail.uid: mail for mail in mails if mail.uid not in have}.values())
    if not arrived:
        return Taken(0, 0)
    ids, fresh = _identify(tx, arrived)
    threads = _thread(tx, fresh)
    _insert_messages(tx, fresh, threads)
    index(tx, sorted(fresh.items(), key=lambda item: item[0]))
    linked = _link_by_thread(tx, threads, now)
    _place(tx, folder_id, [(mail, ids[mail.mail.digest]) for mail in arrived])
    if role is not Role.JUNK:
        _remember_people(tx, fresh.values(), written=role is Role.SENT)
        note_bounces(tx, (bounce for mail in fresh.values() for bounce in mail.bounces), now)
    return Taken(len(arrived), linked)


def message_number(mail: ParsedMail) -> int:
    """The id of a new message: its date, then 20 bits of its digest. Where it is taken, the next one that is free is."""
    seconds = max(int(mail.date.timestamp()), 0)
    return seconds << 20 | int.from_bytes(mail.digest[:3]) >> 4


def _known_uids(tx: Connection, folder_id: int, uids: Sequence[int]) -> set[int]:
    """UIDs of copies that are here, and of those whose way out of the folder waits."""
    here = "SELECT uid FROM mail_copy WHERE folder_id = ? AND uid IN "
    leaving = "SELECT uid FROM operation WHERE folder_id = ? AND kind IN ('move', 'delete') AND uid IN "
    return {row[0] for sql in (here, leaving) for row in rows_in(tx, sql, uids, [folder_id])}


def _identify(
    tx: Connection, arrived: Sequence[ArrivedMail]
) -> tuple[dict[bytes, int], dict[int, ParsedMail]]:
    """Ids by digest of all mails, and those that are new to the store by id."""
    mails = {mail.mail.digest: mail.mail for mail in arrived}
    found = rows_in(tx, "SELECT digest, id FROM message WHERE digest IN ", list(mails))
    ids = {bytes(digest): int(number) for digest, number in found}
    new = [mail for digest, mail in mails.items() if digest not in ids]
    wanted = [message_number(mail) for mail in new]
    taken = {row[0] for row in rows_in(tx, "SELECT id FROM message WHERE id IN ", wanted)}
    fresh: dict[int, ParsedMail] = {}
    for mail, first in zip(new, wanted, strict=True):
        number = first
        while number in taken or (number != first and _exists(tx, number)):
            number += 1
        taken.add(number)
        ids[mail.digest] = number
        fresh[number] = mail
    return ids, fresh


def _exists(tx: Connection, number: int) -> bool:
    return tx.value("SELECT 1 FROM message WHERE id = ?", (number,)) is not None


def _thread(tx: Connection, fresh: Mapping[int, ParsedMail]) -> dict[int, int]:
    """The thread of each new message; joins threads in the store where a message names two."""
    named = [
        (number, references_of(mail.message_id, mail.in_reply_to, mail.references))
        for number, mail in fresh.items()
    ]
    every = list({reference for _, references in named for reference in references})
    sql = "SELECT reference, thread_id FROM thread_reference WHERE reference IN "
    known = {row[0]: row[1] for row in rows_in(tx, sql, every)}
    answer = assign_threads(named, known)
    for old, new in answer.merges.items():
        tx.run("UPDATE message SET thread_id = ? WHERE thread_id = ?", (new, old))
        tx.run("UPDATE thread_reference SET thread_id = ? WHERE thread_id = ?", (new, old))
    tx.run_many(
        "INSERT INTO thread_reference (reference, thread_id) VALUES (?, ?)", sorted(answer.references.items())
    )
    return dict(zip(fresh, answer.threads, strict=True))


def _insert_messages(tx: Connection, fresh: Mapping[int, ParsedMail], threads: Mapping[int, int]) -> None:
    first = int(tx.value("SELECT coalesce(max(id), 0) + 1 FROM message_source"))
    sources = {number: first + place for place, number in enumerate(sorted(fresh))}
    tx.run_many(
        "INSERT INTO message_source (id, raw) VALUES (?, ?)",
        [(source, fresh[number].raw) for number, source in sources.items()],
    )
    tx.run_many(
        """INSERT INTO message (id, digest, header_message_id, thread_id, date, sender_name, sender_address,
  recipients, subject, size, attachments, defect, source_id) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)""",
        [
            (
                number,
                mail.digest,
                mail.message_id,
                threads[number],
                int(mail.date.timestamp()),
                mail.sender.name,
                mail.sender.address.lower(),
                listed(mail.to or mail.cc),
                mail.subject,
                mail.size,
                mail.attachments,
                mail.defect,
                source,
            )
            for number, source in sources.items()
            for mail in (fresh[number],)
        ],
    )


def listed(addresses: Sequence[Address]) -> str:
    """The first few recipients as a list shows them."""
    names = [address.name or address.address for address in addresses[:_LISTED_RECIPIENTS]]
    return ", ".join(names)[:_LISTED_CHARACTERS]


def _link_by_thread(tx: Connection, threads: Mapping[int, int], now: datetime) -> int:
    """Link new messages to what their thread is linked to; the number of messages that got a link."""
    wanted = list(set(threads.values()))
    sql = """SELECT DISTINCT message.thread_id, link.kind, link.record_id
  FROM message JOIN link ON link.message_id = message.id WHERE message.thread_id IN """
    links: dict[int, list[tuple[str, int]]] = {}
    for thread, kind, record in rows_in(tx, sql, wanted):
        links.setdefault(thread, []).append((kind, record))
    rows = [
        (number, kind, record, LinkOrigin.THREAD.value, int(now.timestamp()))
        for number, thread in threads.items()
        for kind, record in links.get(thread, ())
    ]
    tx.run_many(
        """INSERT INTO link (message_id, kind, record_id, origin, created_at) VALUES (?, ?, ?, ?, ?)
  ON CONFLICT DO NOTHING""",
        rows,
    )
    return len({row[0] for row in rows})


def _place(tx: Connection, folder_id: int, arrived: Sequence[tuple[ArrivedMail, int]]) -> None:
    """Bind copies that waited for their UID, else make new ones."""
    sql = "SELECT message_id, id FROM mail_copy WHERE folder_id = ? AND uid IS NULL AND message_id IN "
    unbound: dict[int, list[int]] = {}
    for message, copy in rows_in(tx, sql, [message for _, message in arrived], [folder_id]):
        unbound.setdefault(message, []).append(copy)
    pending = pending_flags(tx, folder_id) if unbound else {}
    leaving = _leaving(tx, folder_id)
    unprocessed = unprocessed_among(tx, folder_id, [message for _, message in arrived])
    rows = []
    for mail, message in arrived:
        if leaving.get(message):
            tx.run(
                "UPDATE operation SET uid = ? WHERE copy_id = ? AND folder_id = ? AND uid IS NULL",
                (mail.uid, leaving[message].pop(), folder_id),
            )
            continue
        if unbound.get(message):
            copy = unbound[message].pop()
            flags = with_pending(mail.flags, pending.get(copy, ()))
            tx.run(
                "UPDATE mail_copy SET uid = ?, seen = ?, flagged = ?, answered = ?, draft = ? WHERE id = ?",
                (mail.uid, *flag_columns(flags), copy),
            )
        else:
            rows.append(
                (folder_id, message, mail.uid, *flag_columns(mail.flags), int(message in unprocessed))
            )
    tx.run_many(
        """INSERT INTO mail_copy (folder_id, message_id, uid, seen, flagged, answered, draft, unprocessed)
  VALUES (?, ?, ?, ?, ?, ?, ?, ?)""",
        rows,
    )


def _leaving(tx: Connection, folder_id: int) -> dict[int, list[int]]:
    """Copies, by message, that leave this folder as soon as their UID is known: they are no longer shown in it."""
    leaving: dict[int, list[int]] = {}
    for message, copy in tx.rows(
        """SELECT DISTINCT message_id, copy_id FROM operation WHERE folder_id = ? AND uid IS NULL
  AND kind IN ('move', 'delete') AND copy_id IS NOT NULL""",
        (folder_id,),
    ):
        leaving.setdefault(message, []).append(copy)
    return leaving


def _remember_people(tx: Connection, mails: Iterable[ParsedMail], *, written: bool) -> None:
    """Count the addresses of these mails for completion."""
    people: dict[str, tuple[str, int, int]] = {}
    for mail in mails:
        at = int(mail.date.timestamp())
        for person in (mail.sender, *mail.to[:MAX_CORRESPONDENTS], *mail.cc[:MAX_CORRESPONDENTS]):
            address = person.address.lower()
            if "@" in address and len(address) <= 254:
                name, uses, last = people.get(address, ("", 0, 0))
                people[address] = (
                    person.name if at >= last and person.name else name,
                    uses + 1,
                    max(last, at),
                )
    tx.run_many(
        """INSERT INTO correspondent (address, name, search, uses, last_at, written_to) VALUES (?, ?, ?, ?, ?, ?)
  ON CONFLICT (address) DO UPDATE SET uses = correspondent.uses + excluded.uses,
  search = CASE WHEN excluded.name <> '' AND excluded.last_at >= correspondent.last_at THEN excluded.search
    ELSE correspondent.search END,
  name = CASE WHEN excluded.name <> '' AND excluded.last_at >= correspondent.last_at THEN excluded.name
    ELSE correspondent.name END,
  last_at = CASE WHEN excluded.last_at > correspondent.last_at THEN excluded.last_at ELSE correspondent.last_at END,
  written_to = CASE WHEN excluded.written_to > correspondent.written_to THEN excluded.written_to
    ELSE correspondent.written_to END""",
        [
            (address, name, person_search(name, address), uses, last, int(written))
            for address, (name, uses, last) in sorted(people.items())
        ],
    )
