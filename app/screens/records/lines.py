"""Contacts, leads and tasks as lines of a list, as fields of a page and as a form; pure, drawn by widgets."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING

from app.domain.crm.kinds import Kind, LeadResult, LeadState, TaskKind, TaskState
from app.domain.crm.reasons import told_reason
from app.domain.crm.record_input import (
    FIELD_NAMES,
    ContactInput,
    RecordInput,
    TaskInput,
)
from app.domain.due import Due, format_day, format_due
from app.domain.leads.rules import Standing
from app.domain.money import format_euros
from app.language import _
from app.screens.records.form import FormLine
from app.widgets.table import Cell, Column, Line

if TYPE_CHECKING:
    from app.services.crm.records import Record


def titles() -> dict[Kind, tuple[str, str, str]]:
    """Of each kind: its place, what an empty list says, and a new one."""
    return {
        Kind.CONTACT: (_("Contacts"), _("There is no contact yet."), _("New contact")),
        Kind.LEAD: (_("Leads"), _("There is no lead yet."), _("New lead")),
        Kind.OPPORTUNITY: (_("Opportunities"), "", ""),  # their list is a place of its own,
        Kind.TASK: (_("Tasks"), "", ""),  # and that of the tasks
    }


def contact_columns() -> tuple[Column, ...]:
    """The columns of the list of contacts."""
    return (
        Column(_("Contact"), 18, 2),
        Column(_("Company"), 16, 2),
        Column(_("E-mail"), 18, 2, rank=2),
        Column(_("Phone"), 17, rank=1),
        Column(_("Customer number"), 13, rank=4),
        Column(_("Assignee"), 10, rank=3),
    )


def contact_line(record: Record) -> Line:
    """A contact as a line of its list."""
    data = record.data
    assert isinstance(data, ContactInput), "the other kinds have lists of their own"
    name = f"{data.last_name}, {data.first_name}".strip(", ")
    return _line(
        record,
        Cell(name or data.company or record.row.title, "strong"),
        Cell(data.company if name else ""),
        Cell(data.emails[0].value if data.emails else ""),
        Cell(data.phones[0].value if data.phones else ""),
        Cell(data.customer_number, "quiet"),
        Cell(data.assignee, "quiet"),
    )


def _line(record: Record, *cells: Cell) -> Line:
    return Line(record.row.id, cells)


def _due(day: date | None, today: date, done: bool) -> Cell:
    """Overdue in red, due today in yellow."""
    if day is None:
        return Cell()
    style = "quiet" if done else "error" if day < today else "warning" if day == today else "text"
    return Cell(format_day(day), style)


def lead_state(lead: Standing) -> str:
    """How a lead stands, in a word."""
    if lead.result is not LeadResult.NONE:
        return _("successful") if lead.result is LeadResult.SUCCESS else _("unsuccessful")
    return _("Active") if lead.state is LeadState.ACTIVE else _("New")


def task_kinds() -> dict[TaskKind, str]:
    """What a task is, in a word."""
    return {TaskKind.TASK: _("Task"), TaskKind.FOLLOW_UP: _("Follow-up")}


def task_state(state: TaskState) -> str:
    """How a task stands, in a word."""
    return _("done") if state is TaskState.DONE else _("still open")


def told_standing(lead: Standing) -> str:
    """The same with the reason, if there is one."""
    told = lead_state(lead)
    return f"{told}, {told_reason(lead.reason, lead.reason_text)}" if lead.reason else told


#: The fields of each form, in its order.
FORMS = {
    Kind.CONTACT: (
        *("salutation", "title", "first_name", "last_name", "company", "customer_number", "emails", "phones"),
        *("street", "postal_code", "city", "country", "assignee", "traits", "note"),
    ),
    Kind.LEAD: (
        *("title", "contact_id", "campaign", "source", "value", "next_step", "due_on", "assignee"),
        "note",
    ),
    Kind.TASK: ("title", "due_on", "kind", "contact_id", "lead_id", "opportunity_id", "assignee", "note"),
    Kind.OPPORTUNITY: ("title", "contact_id", "lead_id", "value", "probability", "expected_on", "note"),
}
#: Fields on the line of the one before.
_BESIDE = {
    Kind.CONTACT: {"title", "last_name", "city"},
    Kind.LEAD: {"source", "due_on"},
    Kind.OPPORTUNITY: {"probability"},
    Kind.TASK: set(),
}


def form_lines(kind: Kind, record: Record | None, author: str) -> list[FormLine]:
    """The form of a new record, or of this one."""
    return [_form_line(kind, name, record, record.data if record else None, author) for name in FORMS[kind]]


def contact_lines(data: ContactInput) -> list[FormLine]:
    """The form of a new contact with what is known of it."""
    return [_form_line(Kind.CONTACT, name, None, data, "") for name in FORMS[Kind.CONTACT]]


def _form_line(
    kind: Kind, name: str, record: Record | None, data: RecordInput | None, author: str
) -> FormLine:
    label, beside = FIELD_NAMES[name], name in _BESIDE[kind]
    if name == "contact_id":
        return FormLine(name, label, kind=Kind.CONTACT, record=record.contact if record else None)
    if name == "lead_id":
        return FormLine(name, label, kind=Kind.LEAD, record=record.lead if record else None)
    if name == "opportunity_id":
        return FormLine(name, label, kind=Kind.OPPORTUNITY, record=record.opportunity if record else None)
    words = _words(kind).get(name, ())
    default = words[0][0] if words else author if name == "assignee" else ""
    value = _typed(name, getattr(data, name)) if data else default
    example = _("tomorrow, Fri, +3")
    if isinstance(data, TaskInput) and name == "due_on" and data.due_on:
        due = Due.of(data.due_on.isoformat(), data.remind_at)
        value = format_due(due) if due else ""
    if kind is Kind.TASK:
        example = _("tomorrow 14:30, Fri, +3")
    if not beside:  # half a line has room for the example alone
        example = _("for example {day}").format(day=example)
    hint = example if name in ("due_on", "expected_on") else ""
    return FormLine(name, label, value, hint, words=words, note=name == "note", beside=beside)


def _words(kind: Kind) -> dict[str, tuple[tuple[str, str], ...]]:
    """Fields with a few values, and what these are called; the first is that of a new record."""
    if kind is Kind.TASK:
        return {"kind": _plain(tuple(task_kinds().items()))}
    return {}


def _plain(words: tuple[tuple[StrEnum, str], ...]) -> tuple[tuple[str, str], ...]:
    return tuple((state.value, word) for state, word in words)


def _typed(name: str, value: object) -> str:
    """A value as it would be typed."""
    if value is None:
        return ""
    if name == "value" and isinstance(value, int):
        return format_euros(value).removesuffix(" €")
    if isinstance(value, date):
        return format_day(value)
    if isinstance(value, tuple):
        return ", ".join(part if isinstance(part, str) else part.value for part in value)
    return str(value)
