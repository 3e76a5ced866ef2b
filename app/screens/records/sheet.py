"""The upper part of a record's page: its fields in one or two columns, the essential ones first; pure, drawn by a widget."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from app.domain.crm.kinds import LeadState, TaskState
from app.domain.crm.record_input import ContactInput, LeadInput, OpportunityInput, TaskInput
from app.domain.crm.record_words import word_of
from app.domain.due import Due, format_day, format_due
from app.domain.leads.rules import Standing
from app.domain.money import format_euros
from app.domain.opportunities.stages import stage_word
from app.domain.text import cell_width, clean_line, fit
from app.language import _
from app.screens.records.lines import task_kinds, told_standing
from app.widgets.text_pane import Span, TextLine
from app.widgets.wrap import breaks

if TYPE_CHECKING:
    from app.services.crm.page import Page

#: A field: what it is called, what it holds, and the style of that.
Part = tuple[str, str, str]

#: Cells of what fields are called, in the first and in a second column.
LABEL, BESIDE = 17, 11
#: From this width on two fields may stand side by side.
BROAD = 70
NOTE_LINES = 3


def sheet_lines(page: Page, today: date, width: int) -> list[TextLine]:
    """The fields that hold something, none wider than `width` cells."""
    lines: list[TextLine] = []
    for row in _rows(page, today):
        parts = [part for part in row if part[1]]
        if not parts:
            continue
        if len(parts) == 2 and _fit_beside(parts, width):
            lines.append(_line(parts, width))
        else:
            lines += [_line([part], width) for part in parts]
    return [*lines, *_note(getattr(page.record.data, "note", ""), width)]


def _fit_beside(parts: Sequence[Part], width: int) -> bool:
    """Whether both values can be read whole in one line."""
    (_first, one, _style), (_second, two, _other) = parts
    half = width // 2
    fits = cell_width(clean_line(one)) < half - LABEL and cell_width(clean_line(two)) <= half - BESIDE
    return fits and width >= BROAD


def _line(parts: Sequence[Part], width: int) -> TextLine:
    room = width // len(parts)
    spans: list[Span] = []
    for (label, value, style), label_room in zip(parts, (LABEL, BESIDE), strict=False):
        spans += [Span(fit(label, label_room), "quiet"), Span(fit(value, room - label_room), style)]
    return tuple(spans)


def _note(note: str, width: int) -> Iterator[TextLine]:
    """The beginning of the note; all of it is read where it is changed."""
    pieces = [
        line[start:end]
        for line in note.split("\n")
        if line.strip()
        for start, end in breaks(clean_line(line), max(20, width - LABEL))
    ]
    for number, piece in enumerate(pieces[:NOTE_LINES]):
        more = " …" if number == NOTE_LINES - 1 and len(pieces) > NOTE_LINES else ""
        text = fit(piece, width - LABEL - cell_width(more)).rstrip() + more
        yield (Span(fit("" if number else _("Note"), LABEL), "quiet"), Span(text))


def _rows(page: Page, today: date) -> list[list[Part]]:
    """Fields that may stand side by side."""
    data, record = page.record.data, page.record
    has_it = page.who.team.get(data.assignee)
    assignee = _part(_("Assignee"), has_it.name if has_it is not None else data.assignee)
    match data:
        case ContactInput():
            return _contact(data, assignee)
        case LeadInput():
            return [*_about(page), *_lead(data, record.standing, assignee, today)]
        case TaskInput():
            done = data.state is TaskState.DONE
            due = Due.of(data.due_on.isoformat() if data.due_on else "", data.remind_at)
            when = format_due(due) if due else ""
            return [
                [
                    _part(_("Due"), when, _due_style(data.due_on, today, done)),
                    _part(_("State"), word_of(data.state)),
                ],
                *_about(page),
                [_part(_("Lead"), record.lead.title if record.lead else ""), assignee],
                [
                    _part(_("Opportunity"), record.opportunity.title if record.opportunity else ""),
                    _part(_("Kind"), task_kinds()[data.kind]),
                ],
            ]
        case OpportunityInput():
            return [
                *_about(page),
                [_part(_("Stage"), stage_word(data.stage)), _part(_("Value"), _money(data.value))],
                [
                    _part(_("Expected"), format_day(data.expected_on) if data.expected_on else ""),
                    _part(_("Probability"), f"{data.probability} %"),
                ],
                [_part(_("Lead"), record.lead.title if record.lead else ""), assignee],
            ]


def _part(label: str, value: str, style: str = "text") -> Part:
    return label, value, style


def _about(page: Page) -> list[list[Part]]:
    """Whom it is about, and how they are reached."""
    if page.contact is None or not isinstance(page.contact.data, ContactInput):
        return []
    data = page.contact.data
    return [
        [_part(_("Contact"), page.contact.row.title, "strong")],
        [_part(_("Phone"), _all(data.phones)), _part(_("E-mail"), _all(data.emails))],
    ]


def _contact(data: ContactInput, assignee: Part) -> list[list[Part]]:
    town = f"{data.postal_code} {data.city}".strip()
    address = ", ".join(filter(None, (data.street, town, data.country)))
    name = " ".join(filter(None, (data.salutation, data.title, data.first_name, data.last_name)))
    return [
        [_part(_("Name"), name, "strong"), _part(_("Company"), data.company, "strong")],
        [_part(_("Phone"), _all(data.phones)), _part(_("E-mail"), _all(data.emails))],
        [_part(_("Address"), address)],
        [_part(_("Customer number"), data.customer_number), assignee],
        [_part(_("Traits"), ", ".join(data.traits))],
    ]


def _lead(data: LeadInput, standing: Standing | None, assignee: Part, today: date) -> list[list[Part]]:
    assert standing is not None, "leads have one"
    done = standing.state is LeadState.DONE
    source = ", ".join(filter(None, (data.campaign, data.source)))
    due = format_day(data.due_on) if data.due_on else ""
    return [
        [
            _part(_("State"), told_standing(standing), "quiet" if done else "strong"),
            _part(_("Value"), _money(data.value)),
        ],
        [assignee, _part(_("Source"), source)],
        [_part(_("Next step"), data.next_step), _part(_("Due"), due, _due_style(data.due_on, today, done))],
    ]


def _due_style(day: date | None, today: date, done: bool) -> str:
    """Overdue in red, due today in yellow."""
    if done or day is None:
        return "quiet"
    return "error" if day < today else "note" if day == today else "text"


def _money(cents: int | None) -> str:
    return format_euros(cents) if cents is not None else ""


def _all(parts: Sequence[Any]) -> str:
    """Addresses or numbers with what they are for."""
    return ", ".join(f"{part.value} ({part.label})" if part.label else part.value for part in parts)
