"""Reads contacts, leads, tasks and opportunities: as rows for pickers and lists, and whole; plain SQL."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from app.domain.crm.history import Event
from app.domain.crm.kinds import Kind, LinkOrigin, RecordRow, TaskKind
from app.domain.crm.naming import words
from app.store.connection import Connection, Row, places, rows_in
from app.store.crm.finding import POSITION
from app.store.crm.references import references

RecordKey = tuple[Kind, int]

_CONTACT = """SELECT id, first_name, last_name, company,
  coalesce((SELECT address FROM contact_email WHERE contact_id = contact.id ORDER BY id LIMIT 1), '')
  FROM contact WHERE id IN """
_ABOUT = "coalesce(contact.first_name, ''), coalesce(contact.last_name, ''), coalesce(contact.company, '')"
_OTHERS = {
    Kind.LEAD: f"""SELECT r.id, r.title, r.state, r.due_on, {_ABOUT}
  FROM lead r LEFT JOIN contact ON contact.id = r.contact_id WHERE r.id IN """,
    Kind.TASK: f"""SELECT r.id, r.title, r.state, r.due_on, {_ABOUT}, r.kind
  FROM task r LEFT JOIN contact ON contact.id = r.contact_id WHERE r.id IN """,
    Kind.OPPORTUNITY: f"""SELECT r.id, r.title, r.stage, r.expected_on, {_ABOUT}
  FROM opportunity r LEFT JOIN contact ON contact.id = r.contact_id WHERE r.id IN """,
}


def record_rows(read: Connection, keys: Iterable[RecordKey]) -> list[RecordRow]:
    """The rows of these records, in this order; records that are gone are left out."""
    wanted = list(dict.fromkeys(keys))
    found: dict[RecordKey, RecordRow] = {}
    for kind in Kind:
        ids = [number for of, number in wanted if of is kind]
        sql = _CONTACT if kind is Kind.CONTACT else _OTHERS[kind]
        make = _contact_row if kind is Kind.CONTACT else _other_row
        found.update({(kind, row[0]): make(kind, row) for row in rows_in(read, sql, ids)})
    return [found[key] for key in wanted if key in found]


def record_row(read: Connection, kind: Kind, record_id: int) -> RecordRow | None:
    rows = record_rows(read, [(kind, record_id)])
    return rows[0] if rows else None


#: Columns of a record that its input model has too, in the order of the tables.
_FIELDS = {
    Kind.CONTACT: (
        "salutation, title, first_name, last_name, company, customer_number, street, postal_code, city, country,"
        " assignee, traits, note"
    ),
    Kind.LEAD: "title, contact_id, campaign, source, assignee, value, next_step, due_on, note",
    Kind.TASK: ("title, kind, contact_id, lead_id, opportunity_id, due_on, remind_at, assignee, state, note"),
    Kind.OPPORTUNITY: "title, contact_id, lead_id, value, probability, stage, expected_on, assignee, note",
}


#: Fields that stand in a table of their own.
_ELSEWHERE = {"campaign": "coalesce((SELECT name FROM campaign WHERE campaign.id = lead.campaign_id), '')"}


@dataclass(frozen=True, slots=True)
class StoredRecord:
    """A record as its input model takes it (`values`), with its times in epoch seconds."""

    id: int
    values: dict[str, Any]
    created_at: int
    changed_at: int


def stored_records(read: Connection, kind: Kind, ids: Sequence[int]) -> list[StoredRecord]:
    """The records with these ids, in this order; those that are gone are left out."""
    names = _FIELDS[kind].split(", ")
    columns = ", ".join(_ELSEWHERE.get(name, name) for name in names)
    sql = f"SELECT id, created_at, changed_at, {columns} FROM {kind.value} WHERE id IN "
    found: dict[int, StoredRecord] = {}
    for number, created, changed, *values in rows_in(read, sql, ids):
        found[number] = StoredRecord(number, dict(zip(names, values, strict=True)), created, changed)
    if kind is Kind.CONTACT:
        _add_parts(read, found)
    return [found[number] for number in ids if number in found]


def _add_parts(read: Connection, contacts: dict[int, StoredRecord]) -> None:
    """Addresses and numbers of contacts, and their traits as a list."""
    for contact in contacts.values():
        traits = contact.values["traits"]
        contact.values.update(emails=[], phones=[], traits=traits.split("\n") if traits else [])
    for field, sql in (
        ("emails", "SELECT contact_id, address, label, id FROM contact_email WHERE contact_id IN "),
        ("phones", "SELECT contact_id, number, label, id FROM contact_phone WHERE contact_id IN "),
    ):
        for contact, value, label, _id in sorted(rows_in(read, sql, list(contacts)), key=lambda row: row[3]):
            contacts[contact].values[field].append({"value": value, "label": label})


_ORDER = {
    Kind.CONTACT: "name_order, id",
    Kind.LEAD: "CASE state WHEN 'done' THEN 1 ELSE 0 END, CASE due_on WHEN '' THEN 1 ELSE 0 END, due_on, id",
    Kind.TASK: "CASE state WHEN 'done' THEN 1 ELSE 0 END, CASE due_on WHEN '' THEN 1 ELSE 0 END, due_on, id",
    Kind.OPPORTUNITY: "CASE expected_on WHEN '' THEN 1 ELSE 0 END, expected_on, id",
}
_OF_CONTACT = "search || coalesce((SELECT c.search FROM contact c WHERE c.id = contact_id), '')"
_SEARCHED = {kind: "search" if kind is Kind.CONTACT else _OF_CONTACT for kind in Kind}


def listed(
    read: Connection,
    kind: Kind,
    *,
    text: str = "",
    state: str = "",
    assignee: str = "",
    limit: int | None = None,
    offset: int = 0,
) -> list[int]:
    """Ids of a kind: contacts by name, the others open ones first and by their day. `text`: each of its words begins a word
    of the record or of its contact. `state`: of an opportunity its stage; contacts have none."""
    state_column = {Kind.CONTACT: "''", Kind.OPPORTUNITY: "stage"}.get(kind, "state")
    wanted = [(f"{state_column} = ?", state), ("assignee = ?", assignee)]
    found = f"{POSITION[read.dialect]}({_SEARCHED[kind]}, ?) > 0"
    wanted += [(found, f" {word}") for word in words(text)]
    where = " AND ".join(["1 = 1", *(sql for sql, value in wanted if value)])
    values: list[object] = [value for _sql, value in wanted if value]
    sql = f"SELECT id FROM {kind.value} WHERE {where} ORDER BY {_ORDER[kind]}"
    if limit is not None:
        sql += " LIMIT ? OFFSET ?"
        values += [limit, offset]
    return [row[0] for row in read.rows(sql, values)]


def stages(read: Connection) -> list[str]:
    """The stages of opportunities that are in use."""
    rows = read.rows("SELECT DISTINCT stage FROM opportunity WHERE stage <> '' ORDER BY stage")
    return [row[0] for row in rows]


def mails_of(read: Connection, kind: Kind, record_id: int, limit: int) -> list[Row]:
    """(message, date, sender name, sender address, subject) of the newest mails that are linked to a record."""
    return read.rows(
        """SELECT message.id, message.date, message.sender_name, message.sender_address, message.subject
  FROM link JOIN message ON message.id = link.message_id WHERE link.kind = ? AND link.record_id = ?
  ORDER BY link.message_id DESC LIMIT ?""",
        (kind.value, record_id, limit),
    )


#: What belongs to another record and is told in this one's history too: it counts where it stands.
_ELSEWHERE_TOLD = (Event.CREATED.value, Event.TASK_MADE.value, Event.TASK_DONE.value)
#: What was written into a history by hand.
_LASTING = (Event.NOTE.value, Event.CALL.value, Event.DOCUMENT.value)


def is_as_made(read: Connection, kind: Kind, record_id: int, changed_at: int, author: str) -> bool:
    """Whether a record is still as this author made it, with that version: nobody else did anything with it, nothing was
    written into its history, and each later step of the author's own was taken back."""
    row = read.row(
        f"""SELECT coalesce(sum(CASE WHEN author <> ? OR event IN {places(_LASTING)} THEN 1 ELSE 0 END), 0),
  coalesce(sum(CASE WHEN at > ? THEN 1 ELSE 0 END), 0), coalesce(sum(CASE WHEN at <= ? THEN 0
    WHEN event = 'unmerged' OR details LIKE '%"undone": true%' THEN 1 ELSE -1 END), 0)
  FROM history_entry WHERE kind = ? AND record_id = ? AND event NOT IN {places(_ELSEWHERE_TOLD)}
  AND NOT (event = 'unmerged' AND details LIKE '%"survivor": %')""",
        (author, *_LASTING, changed_at, changed_at, kind.value, record_id, *_ELSEWHERE_TOLD),
    )
    assert row is not None, "sums always have a row"
    foreign, later, balance = row
    version = read.value(f"SELECT changed_at FROM {kind.value} WHERE id = ?", (record_id,))
    return version is not None and not foreign and not balance and (later > 0 or version == changed_at)


def is_used(read: Connection, kind: Kind, record_id: int) -> bool:
    """Whether something refers to a record: another one, mail that a person linked or that is on its way, a document, a
    mention. Its own history does not, nor mail that the rule of threads linked."""
    for each in references(kind):
        where, params = each.where(kind, record_id)
        if each.table == "link":
            where, params = f"{where} AND origin <> ?", [*params, LinkOrigin.THREAD.value]
        if each.table != "history_entry" and (
            read.value(f"SELECT 1 FROM {each.table} WHERE {where} LIMIT 1", params) is not None
        ):
            return True
    return False


def remove_record(tx: Connection, kind: Kind, record_id: int) -> None:
    """Remove a record with its history. Links are the caller's."""
    tx.run(f"DELETE FROM {kind.value} WHERE id = ?", (record_id,))
    tx.run("DELETE FROM history_entry WHERE kind = ? AND record_id = ?", (kind.value, record_id))


def contact_label(first_name: str, last_name: str, company: str) -> str:
    """How a contact is called: "Silke Berger, Vogel Maschinenbau"."""
    return ", ".join(part for part in (f"{first_name} {last_name}".strip(), company) if part)


def _contact_row(kind: Kind, row: Row) -> RecordRow:
    number, first, last, company, address = row
    return RecordRow(kind, number, contact_label(first, last, company) or address, address)


def _other_row(kind: Kind, row: Row) -> RecordRow:
    number, title, state, due, *about = row
    is_follow_up = kind is Kind.TASK and about.pop() == TaskKind.FOLLOW_UP
    return RecordRow(kind, number, title, contact_label(*about), state, due, is_follow_up)
