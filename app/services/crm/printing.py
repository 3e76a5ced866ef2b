"""Contacts and tasks as the command line prints them for scripts; the names and forms here are kept from version to version."""

from __future__ import annotations

from typing import Any

from app.domain.crm.kinds import Kind, RecordRow, TaskKind
from app.domain.crm.record_input import TaskInput
from app.domain.moments import iso, iso_seconds
from app.services.crm.checks import BELONGS
from app.services.crm.records import Record


def record_json(record: Record) -> dict[str, Any]:
    """A contact or a task as the command line prints it. A contact has `name` besides its `title` ("Dr.")."""
    fields = record.data.model_dump(mode="json", exclude=set(BELONGS.values()))
    if record.row.kind is Kind.CONTACT:
        fields = {"name": record.row.title, **fields}
    if isinstance(record.data, TaskInput):
        fields["contact"] = _label_json(record.contact)
        fields["lead"] = _label_json(record.lead)
        fields["opportunity"] = _label_json(record.opportunity)
        fields["follow_up"] = fields.pop("kind") == TaskKind.FOLLOW_UP
        at = record.data.remind_at
        fields["remind_at"] = iso_seconds(at)
    return {
        "kind": record.row.kind.value,
        "id": record.row.id,
        **fields,
        "created_at": iso(record.created_at),
        "changed_at": iso(record.changed_at),
        "mails": mails_json(record),
    }


def mails_json(record: Record) -> list[dict[str, Any]]:
    """The mails that a record is linked to."""
    return [
        {"id": mail.id, "date": iso(mail.date), "from": mail.sender, "subject": mail.subject}
        for mail in record.mails
    ]


def _label_json(row: RecordRow | None) -> dict[str, Any] | None:
    return None if row is None else {"id": row.id, "title": row.title}
