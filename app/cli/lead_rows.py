"""Leads as the command line prints them: a list, and one with its history; it changes nothing."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from app.cli.front import Front
from app.cli.history_rows import LABEL, print_history, print_mails
from app.cli.output import Column, print_json, print_json_rows, print_table, say, write_line
from app.domain.crm.kinds import Kind
from app.domain.crm.reasons import told_reason
from app.domain.crm.record_words import word_of
from app.domain.due import format_day
from app.domain.money import format_euros
from app.language import _

if TYPE_CHECKING:
    from app.domain.leads.filter import LeadFilter
    from app.domain.leads.rows import LeadRow

_PORTION = 500


def print_leads(front: Front, wanted: LeadFilter, as_json: bool) -> None:
    """What the filter lets through: what is open and due first."""
    from app.domain.leads.filter import LeadSort
    from app.services.leads import lists
    from app.services.leads.printing import leads_json

    ids = lists.list_ids(front.store, wanted, LeadSort(), front.now().astimezone().date())
    if as_json:
        print_json_rows(leads_json(front.store, ids))
        return
    if not ids:
        say(_("There is none."))
        return
    columns = (
        Column(_("Id"), 6, right=True),
        Column(_("State"), 12),
        Column(_("Due"), 10),
        Column(_("Assignee"), 12),
        Column(_("Title"), 20),
        Column(_("Contact"), 0),
    )
    print_table(columns, (_cells(row) for row in _rows(front, ids)))


def _rows(front: Front, ids: list[int]) -> Iterator[LeadRow]:
    from app.services.leads.lists import lead_rows

    for start in range(0, len(ids), _PORTION):
        yield from lead_rows(front.store, ids[start : start + _PORTION])


def _cells(row: LeadRow) -> tuple[str, ...]:
    from app.services.leads.printing import contact_of

    return (
        str(row.id),
        word_of(row.result or row.state),
        format_day(row.due) if row.due else "",
        row.assignee_name,
        row.title,
        contact_of(row),
    )


def print_lead(front: Front, number: int, as_json: bool) -> None:
    """One with everything in it, the mails linked to it, and what happened to it. Raises NotFound."""
    from app.services.leads.printing import whole_lead_json

    found = whole_lead_json(front.store, number)
    if as_json:
        print_json(found)
        return
    (row,) = _rows(front, [number])
    for label, text in _fields(row, found["note"], found["opportunity"]):
        if text:
            write_line(f"{label + ':':<{LABEL}} {text}")
    print_mails(front, Kind.LEAD, number)
    print_history(front, Kind.LEAD, number)


def _fields(row: LeadRow, note: str, opportunity: dict[str, object] | None) -> list[tuple[str, str]]:
    """What it holds, by labels; empty where it holds nothing."""
    from app.services.leads.printing import contact_of

    return [
        (_("Id"), str(row.id)),
        (_("Title"), row.title),
        (_("Contact"), f"{row.contact_id} {contact_of(row)}" if row.contact_id else ""),
        (_("Campaign"), row.campaign),
        (_("Source"), row.source),
        (_("State"), word_of(row.state)),
        (_("Result"), word_of(row.result)),
        (_("Reason"), told_reason(row.reason, row.reason_text)),
        (_("Assignee"), row.assignee_name),
        (_("Value"), format_euros(row.value) if row.value is not None else ""),
        (_("Next step"), row.next_step),
        (_("Due"), format_day(row.due) if row.due else ""),
        (_("Opportunity"), f"{opportunity['id']} {opportunity['title']}" if opportunity else ""),
        (_("Note"), note),
    ]
