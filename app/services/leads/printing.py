"""Leads as the command line prints them for scripts; the names and forms here are kept from version to version."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from app.domain.crm.kinds import Kind
from app.domain.crm.reasons import told_reason
from app.domain.crm.record_input import LeadInput
from app.domain.leads.rows import LeadRow
from app.domain.leads.success import Became
from app.domain.moments import iso
from app.services.crm import records as crm
from app.services.crm.history import history, history_json
from app.services.crm.printing import mails_json
from app.store.database import Store
from app.store.leads.changing import opportunities_of
from app.store.leads.listing import lead_rows

_PORTION = 500


def leads_json(store: Store, ids: Sequence[int]) -> Iterator[dict[str, Any]]:
    """The leads with these ids, in this order; those that are gone are left out."""
    for start in range(0, len(ids), _PORTION):
        portion = ids[start : start + _PORTION]
        opportunities = opportunities_of(store.read, portion)
        yield from (_json(row, opportunities.get(row.id)) for row in lead_rows(store.read, portion))


def lead_json(store: Store, number: int) -> dict[str, Any]:
    """One lead as lists print it. Raises NotFound."""
    crm.row(store, Kind.LEAD, number)
    return next(leads_json(store, [number]))


def whole_lead_json(store: Store, number: int) -> dict[str, Any]:
    """One lead with its note, the mails linked to it, and its history, the oldest line first. Raises NotFound."""
    record = crm.show(store, Kind.LEAD, number)
    assert isinstance(record.data, LeadInput), "it is a lead"
    return {
        **lead_json(store, number),
        "note": record.data.note,
        "mails": mails_json(record),
        "history": [history_json(line) for line in history(store, Kind.LEAD, number)],
    }


def contact_of(row: LeadRow) -> str:
    """Who it is about, as a contact is called: "Silke Berger, Vogel Maschinenbau"."""
    return ", ".join(filter(None, (row.contact, row.company)))


def _json(row: LeadRow, opportunity: Became | None) -> dict[str, Any]:
    return {
        "id": row.id,
        "title": row.title,
        "contact": {"id": row.contact_id, "title": contact_of(row)} if row.contact_id else None,
        "source": row.source,
        "campaign": row.campaign or None,
        "assignee": row.assignee or None,
        "state": row.state.value,
        "result": row.result or None,
        "reason": told_reason(row.reason, row.reason_text, translated=False) or None,
        "value": None if row.value is None else row.value / 100,
        "next_step": row.next_step,
        "due": row.due.isoformat() if row.due else None,
        "created": iso(row.created_at),
        "opportunity": {"id": opportunity.id, "title": opportunity.title} if opportunity else None,
    }
