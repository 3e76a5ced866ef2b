"""Reads contacts, leads, tasks and opportunities as rows for pickers and lists, and finds them while typing."""

from __future__ import annotations

from collections.abc import Iterable

from app.domain.crm import Kind, RecordRow
from app.store.connection import Connection, Row, rows_in

RecordKey = tuple[Kind, int]

_CONTACT = """SELECT id, first_name, last_name, company,
  coalesce((SELECT address FROM contact_email WHERE contact_id = contact.id ORDER BY id LIMIT 1), '')
  FROM contact WHERE id IN """
_ABOUT = "coalesce(contact.first_name, ''), coalesce(contact.last_name, ''), coalesce(contact.company, '')"
_OTHERS = {
    Kind.LEAD: f"""SELECT r.id, r.title, r.state, r.due_on, {_ABOUT}
  FROM lead r LEFT JOIN contact ON contact.id = r.contact_id WHERE r.id IN """,
    Kind.TASK: f"""SELECT r.id, r.title, r.state, r.due_on, {_ABOUT}
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


#: Who refers to a record: (table, column).
_REFERRING = {
    Kind.CONTACT: (("lead", "contact_id"), ("task", "contact_id"), ("opportunity", "contact_id")),
    Kind.LEAD: (("task", "lead_id"), ("opportunity", "lead_id")),
    Kind.TASK: (),
    Kind.OPPORTUNITY: (),
}


def is_used(read: Connection, kind: Kind, record_id: int) -> bool:
    """Whether another record refers to this one."""
    return any(
        read.value(f"SELECT 1 FROM {table} WHERE {column} = ? LIMIT 1", (record_id,)) is not None
        for table, column in _REFERRING[kind]
    )


def remove_record(tx: Connection, kind: Kind, record_id: int, changed_at: int) -> bool:
    """Remove a record unless it was changed after `changed_at`; whether it was removed. Links are the caller's."""
    return tx.run(f"DELETE FROM {kind.value} WHERE id = ? AND changed_at = ?", (record_id, changed_at)) > 0


def contact_label(first_name: str, last_name: str, company: str) -> str:
    """How a contact is called: "Silke Berger, Vogel Maschinenbau"."""
    return ", ".join(part for part in (f"{first_name} {last_name}".strip(), company) if part)


def _contact_row(kind: Kind, row: Row) -> RecordRow:
    number, first, last, company, address = row
    return RecordRow(kind, number, contact_label(first, last, company) or address, address)


def _other_row(kind: Kind, row: Row) -> RecordRow:
    number, title, state, due, *about = row
    return RecordRow(kind, number, title, contact_label(*about), state, due)
