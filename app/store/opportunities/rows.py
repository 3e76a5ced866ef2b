"""Reads opportunities whole, and writes them; knows no rules."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from app.domain.crm.kinds import Kind, RecordRow
from app.domain.crm.naming import search_words
from app.domain.crm.record_input import OpportunityInput
from app.domain.opportunities.rules import Opportunity
from app.domain.opportunities.stages import Outcome
from app.store.connection import Connection, Row, rows_in, time_of
from app.store.crm.records import contact_label

_WHOLE = """SELECT o.id, o.title, o.value, o.probability, o.stage, coalesce(stage.outcome, ''), o.expected_on,
  o.assignee, coalesce(nullif(member.name, ''), o.assignee), o.reason, o.reason_text, o.note, o.created_at, o.closed_at,
  o.changed_at, lead.id, lead.title, contact.id, contact.first_name, contact.last_name, contact.company,
  coalesce((SELECT address FROM contact_email WHERE contact_id = contact.id ORDER BY id LIMIT 1), '')
  FROM opportunity o LEFT JOIN stage ON stage.name = o.stage LEFT JOIN member ON member.login = o.assignee
  LEFT JOIN lead ON lead.id = o.lead_id LEFT JOIN contact ON contact.id = o.contact_id WHERE o.id IN """


def weighted(table: str) -> str:
    """SQL for what an opportunity of this table or alias is worth by its probability: as `domain.opportunities.rules.weighted`
    rounds it, so that all sums agree to the cent."""
    return f"((coalesce({table}.value, 0) * {table}.probability + 50) / 100)"


def opportunities(read: Connection, ids: Sequence[int]) -> list[Opportunity]:
    """Those with these ids, in this order; those that are gone are left out."""
    found = {row[0]: _opportunity(row) for row in rows_in(read, _WHOLE, ids)}
    return [found[number] for number in ids if number in found]


def opportunity(read: Connection, number: int) -> Opportunity | None:
    rows = opportunities(read, [number])
    return rows[0] if rows else None


def _opportunity(row: Row) -> Opportunity:
    number, title, value, probability, stage, outcome, expected, assignee, name, *rest = row
    reason, reason_text, note, created, closed, changed, lead, lead_title, contact, *about = rest
    first, last, company, address = about
    label = contact_label(first or "", last or "", company or "") or address
    return Opportunity(
        number,
        title,
        value,
        probability,
        stage,
        Outcome(outcome or Outcome.OPEN),
        date.fromisoformat(expected) if expected else None,
        assignee,
        name,
        RecordRow(Kind.CONTACT, contact, label, address) if contact is not None else None,
        RecordRow(Kind.LEAD, lead, lead_title) if lead is not None else None,
        reason,
        reason_text,
        note,
        time_of(created),
        time_of(closed),
        changed,
    )


def insert(tx: Connection, data: OpportunityInput, created_by: str, at: int) -> int:
    """Store a new one; its id. `at`: epoch seconds."""
    values = {**columns_of(data), "created_by": created_by, "created_at": at, "changed_at": at}
    sql = (
        f"INSERT INTO opportunity ({', '.join(values)}) VALUES ({', '.join('?' * len(values))}) RETURNING id"
    )
    return int(tx.value(sql, list(values.values())))


def columns_of(data: OpportunityInput) -> dict[str, Any]:
    """What was typed, as it is stored."""
    columns = data.model_dump(mode="json")
    columns["expected_on"] = columns["expected_on"] or ""
    return columns | {"search": search_words([data.title])}
