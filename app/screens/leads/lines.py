"""Leads as cards of a board and as lines of a list, and the words for how they stand; pure, drawn by widgets."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime

from app.domain.crm.kinds import LeadResult, LeadState
from app.domain.crm.reasons import told_reason
from app.domain.due import format_day, short_day
from app.domain.leads.filter import SortKey
from app.domain.leads.rows import LeadRow
from app.domain.leads.rules import Standing
from app.domain.money import format_euros
from app.domain.text import cell_width
from app.language import _, ngettext
from app.widgets.card import Card, CardLine
from app.widgets.table import Cell, Column, Line

#: Lines of a card.
CARD_LINES = 4


def state_word(state: LeadState) -> str:
    """The group of the board that leads in this state stand in."""
    return {LeadState.NEW: _("New"), LeadState.ACTIVE: _("Active"), LeadState.DONE: _("Done")}[state]


def age_word(begin: date, today: date) -> str:
    """How long ago a day was, in at most seven cells."""
    days = max(0, (today - begin).days)
    if days == 0:
        return _("today")
    if days < 14:
        return ngettext("{n} day", "{n} days", days).format(n=days)
    if days < 70:
        return _("{n} wks").format(n=days // 7)
    return _("{n} mths").format(n=days * 12 // 365) if days < 730 else _("{n} yrs").format(n=days // 365)


def standing_of(row: LeadRow) -> Standing:
    """How a lead stands, as the rules see it."""
    result = LeadResult(row.result)
    return Standing(row.assignee, result, row.reason, row.reason_text, row.activated_at, row.finished_at)


def who(row: LeadRow) -> str:
    """The contact with the company: "Silke Berger, Vogel Maschinenbau"."""
    return ", ".join(filter(None, (row.contact, row.company)))


def origin(row: LeadRow) -> str:
    """Where it comes from: the campaign, else the source."""
    return row.campaign or row.source


def outcome(row: LeadRow) -> Cell:
    """How a lead that is done ended: the reason says by itself that it came to nothing."""
    if row.result == LeadResult.SUCCESS:
        return Cell(_("successful"), "good")
    why = told_reason(row.reason, row.reason_text)
    return Cell(why or _("unsuccessful"), "quiet")


def lead_card(row: LeadRow, now: datetime) -> Card:
    """Title and age; the contact; the next step and its day, or how it ended; who has it, where it comes from, its value."""
    done = row.state is LeadState.DONE
    lines = (
        CardLine(
            (Cell(row.title, "quiet" if done else "strong"),),
            Cell(age_word(_day(row.created_at, now), now.date()), "quiet"),
        ),
        CardLine((Cell(who(row) or _("no contact"), "text" if who(row) and not done else "quiet"),)),
        _ended(row, now) if done else CardLine((_next_step(row),), due_cell(row, now.date(), short=True)),
        CardLine(_whose(row), Cell(format_euros(row.value)) if row.value is not None else None),
    )
    return Card(row.id, lines)


def _ended(row: LeadRow, now: datetime) -> CardLine:
    day = Cell(short_day(_day(row.finished_at, now)), "quiet") if row.finished_at else None
    return CardLine((outcome(row),), day)


def _next_step(row: LeadRow) -> Cell:
    if row.next_step or row.state is LeadState.NEW:
        return Cell(row.next_step)
    return Cell(_("no next step"), "quiet")


def _whose(row: LeadRow) -> tuple[Cell, ...]:
    if not row.assignee:
        return (Cell(origin(row), "quiet"),)
    name = Cell(row.assignee_name, "quiet" if row.state is LeadState.DONE else "heading")
    return (name, Cell(f"  {origin(row)}", "quiet")) if origin(row) else (name,)


def due_cell(row: LeadRow, today: date, *, short: bool = False) -> Cell | None:
    """The day of the next step: overdue in red with a sign that needs no colour, today in yellow."""
    if row.due is None:
        return None
    text = short_day(row.due) if short and row.due.year == today.year else format_day(row.due)
    if row.state is LeadState.DONE:
        return Cell(text, "quiet")
    if row.is_overdue(today):
        return Cell(f"! {text}", "error")
    return Cell(_("today"), "warning") if row.due == today else Cell(text)


def _day(at: datetime, now: datetime) -> date:
    return at.astimezone(now.tzinfo).date()


# -- the list


def list_columns() -> dict[str, Column]:
    """All columns of the list that can be chosen, in their order."""
    return {
        "state": Column(_("State"), max(cell_width(word) for word in (_("successful"), _("unsuccessful")))),
        "title": Column(_("Lead"), 24, 3),
        "contact": Column(_("Contact"), 12, 2, rank=1),
        "company": Column(_("Company"), 12, 2, rank=4),
        "campaign": Column(_("Campaign"), 12, 1, rank=7),
        "source": Column(_("Source"), 10, 1, rank=9),
        "assignee": Column(_("Assignee"), 10, 1, rank=2),
        "value": Column(_("Value"), 11, rank=5, right=True),
        "next_step": Column(_("Next step"), 12, 2, rank=6),
        "due": Column(_("Due"), 12, rank=3),
        "age": Column(_("Age"), 7, rank=8),
    }


#: The columns that a list has at first.
AT_FIRST = ("state", "title", "contact", "company", "assignee", "value", "next_step", "due", "age")


def lead_line(row: LeadRow, columns: Collection[str], now: datetime) -> Line:
    """A lead as a line with these columns."""
    cells = {
        "state": _state(row),
        "title": Cell(row.title, "quiet" if row.state is LeadState.DONE else "strong"),
        "contact": Cell(row.contact),
        "company": Cell(row.company),
        "campaign": Cell(row.campaign),
        "source": Cell(row.source),
        "assignee": Cell(row.assignee_name),
        "value": Cell(format_euros(row.value) if row.value is not None else ""),
        "next_step": Cell(row.next_step),
        "due": due_cell(row, now.date()) or Cell(),
        "age": Cell(age_word(_day(row.created_at, now), now.date()), "quiet"),
    }
    return Line(row.id, tuple(cells[key] for key in list_columns() if key in columns))


def _state(row: LeadRow) -> Cell:
    if row.state is not LeadState.DONE:
        return Cell(state_word(row.state), "heading" if row.state is LeadState.ACTIVE else "text")
    won = row.result == LeadResult.SUCCESS
    return Cell(_("successful"), "good") if won else Cell(_("unsuccessful"), "quiet")


def sort_words() -> dict[SortKey, str]:
    """What a list can be sorted by."""
    return {
        SortKey.DUE: _("Due day"),
        SortKey.CREATED: _("Day created"),
        SortKey.CHANGED: _("Last change"),
        SortKey.TITLE: _("Title"),
        SortKey.CONTACT: _("Contact"),
        SortKey.CAMPAIGN: _("Campaign"),
        SortKey.SOURCE: _("Source"),
        SortKey.ASSIGNEE: _("Assignee"),
        SortKey.VALUE: _("Value"),
        SortKey.STATE: _("State"),
    }
