"""Contacts and tasks as the command line prints them: one for people or scripts, and a line of a list; it changes nothing."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from app.cli.output import write_line
from app.domain.crm.record_words import word_of
from app.domain.due import Due, format_day, format_due
from app.language import _

if TYPE_CHECKING:
    from app.services.crm.records import Record


def listed(record: Record) -> dict[str, Any]:
    """A record in a list: all but its mails."""
    from app.services.crm.printing import record_json

    return {name: value for name, value in record_json(record).items() if name != "mails"}


def print_record(record: Record, date_format: str) -> None:
    """Print a record with everything in it, for people."""
    from app.domain.crm.record_input import FIELD_NAMES
    from app.services.crm.printing import record_json

    names = {"id": "Id", "name": "Name", "contact": "Contact", "lead": "Lead"} | FIELD_NAMES
    names["opportunity"] = "Opportunity"
    fields = record_json(record)
    for field, value in fields.items():
        if field in names and field not in ("kind", "remind_at") and value not in ("", None, [], {}):
            write_line(f"{_(names[field]) + ':':<16} {_told(record, field, value)}")
    for mail in record.mails:
        when = f"{mail.date.astimezone():{date_format}}"
        write_line(f"{_('Mail') + ':':<16} {mail.id}  {when}  {mail.sender}  {mail.subject}")


def _told(record: Record, field: str, value: Any) -> str:
    """A field as the app shows it."""
    if field == "state":
        return word_of(value)
    if field == "due_on":
        due = Due.of(value, getattr(record.data, "remind_at", None))
        return format_due(due) if due else ""
    return _plain(value)


def shown_day(written: str) -> str:
    """A day for people; ISO is for the store and for JSON."""
    return format_day(date.fromisoformat(written)) if written else ""


def _plain(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(_plain(part) for part in value)
    if isinstance(value, dict):
        return " ".join(str(part) for part in value.values() if part != "")
    return str(value)
