"""Opportunities as cards of a board and as lines of a list, and sums as they stand beside them; pure, drawn by widgets."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime

from app.domain.crm.reasons import told_reason
from app.domain.due import format_day, short_day
from app.domain.money import format_euros
from app.domain.opportunities.rules import Opportunity
from app.domain.opportunities.stages import Outcome, stage_word
from app.language import _
from app.widgets.card import Card, CardLine
from app.widgets.table import Cell, Column, Line

#: Lines of a card.
CARD_LINES = 3


def card_of(found: Opportunity, now: datetime) -> Card:
    """The title; the contact and the day, or why it was lost; who works on it, what it is worth and how likely."""
    decided = found.outcome is not Outcome.OPEN
    about = found.contact.title if found.contact else _("no contact")
    if found.outcome is Outcome.LOST and found.reason:
        about = told_reason(found.reason, found.reason_text)
    name = Cell(found.assignee_name or _("nobody"), "heading" if found.assignee and not decided else "quiet")
    about_style = "text" if found.contact and not decided else "quiet"
    return Card(
        found.id,
        (
            CardLine((Cell(found.title, "quiet" if decided else "strong"),)),
            CardLine((Cell(about, about_style),), _day_cell(found, now, short=True)),
            CardLine((name,), _worth(found)),
        ),
    )


def _worth(found: Opportunity) -> Cell:
    """Its value and its probability; of what is won the value alone."""
    value = format_euros(found.value) if found.value is not None else ""
    if found.outcome is Outcome.OPEN:
        return Cell("  ".join(filter(None, (value, f"{found.probability} %"))))
    return Cell(value, "good" if found.outcome is Outcome.WON else "quiet")


def _day_cell(found: Opportunity, now: datetime, *, short: bool = False) -> Cell | None:
    """When it is expected, overdue in red with a sign that needs no colour; of what is decided, since when."""
    today = now.date()
    if found.outcome is not Outcome.OPEN:
        closed = found.closed_at.astimezone(now.tzinfo).date() if found.closed_at else None
        return Cell(_told(closed, today, short), "quiet") if closed else None
    if found.expected_on is None:
        return None
    text = _told(found.expected_on, today, short)
    return Cell(f"! {text}", "error") if found.is_overdue(today) else Cell(text)


def _told(day: date, today: date, short: bool) -> str:
    return short_day(day) if short and day.year == today.year else format_day(day)


def list_columns() -> dict[str, Column]:
    """All columns of the list that can be chosen, in their order."""
    return {
        "stage": Column(_("Stage"), 12),
        "title": Column(_("Opportunity"), 24, 3),
        "contact": Column(_("Contact"), 14, 2, rank=4),
        "value": Column(_("Value"), 11, right=True),
        "probability": Column("%", 4, rank=2, right=True),
        "weighted": Column(_("Weighted"), 11, rank=3, right=True),
        "expected": Column(_("Expected"), 12),
        "assignee": Column(_("Assignee"), 10, 1, rank=1),
    }


#: The columns that a list has at first.
AT_FIRST = ("stage", "title", "contact", "value", "probability", "weighted", "expected", "assignee")


def line_of(found: Opportunity, columns: Collection[str], now: datetime) -> Line:
    """An opportunity as a line with these columns."""
    decided = found.outcome is not Outcome.OPEN
    stage_style = {Outcome.OPEN: "heading", Outcome.WON: "good", Outcome.LOST: "quiet"}[found.outcome]
    cells = {
        "stage": Cell(stage_word(found.stage), stage_style),
        "title": Cell(found.title, "quiet" if decided else "strong"),
        "contact": Cell(found.contact.title if found.contact else ""),
        "value": Cell(format_euros(found.value) if found.value is not None else ""),
        "probability": Cell(str(found.probability), "quiet"),
        "weighted": Cell(format_euros(found.weighted) if found.value is not None else ""),
        "expected": _day_cell(found, now) or Cell(),
        "assignee": Cell(found.assignee_name, "quiet"),
    }
    return Line(found.id, tuple(cells[key] for key in list_columns() if key in columns))


def short_amount(cents: int) -> str:
    """An amount in few cells: 9.999 €, from ten thousand on in thousands (25 T€), from ten millions on in millions."""
    euros = (cents + 50) // 100
    if euros < 10_000:
        return format_euros(euros * 100)
    if euros < 10_000_000:
        return format_euros((euros + 500) // 1000 * 100).removesuffix("€") + _("k€")
    return format_euros((euros + 500_000) // 1_000_000 * 100).removesuffix("€") + _("M€")
