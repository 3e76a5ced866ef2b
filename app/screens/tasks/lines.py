"""The personal task list as columns, headings and lines; pure, drawn by widgets."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from app.domain.crm.agenda import Entry, EntryKind, Group, Key, Urgency, Wish, groups
from app.domain.due import Due, short_day
from app.language import _
from app.widgets.table import Cell, Column, Line
from app.widgets.words import number, weekday

#: What a place of the list holds: a heading or an entry.
Part = Group | Key


def agenda_columns(wish: Wish, login: str) -> tuple[Column, ...]:
    """The columns of the list; whose an entry is stands there when that goes not without saying."""
    columns = (
        Column(_("Due"), 12),
        Column(_("What"), 28, 3, runs_on=True),
        Column(_("About"), 15, 2, rank=1),
        Column(_("Kind"), 13, rank=3),
    )
    return columns if wish.assignee == login else (*columns, Column(_("Assignee"), 12, rank=2))


def parts_of(keys: Sequence[Key], wish: Wish, today: date) -> list[Part]:
    """What stands at each place: the entries, and above each group its heading. What is finished stands in no groups."""
    if wish.done:
        return list(keys)
    parts: list[Part] = []
    for group in groups(keys, today):
        parts.append(group)
        parts += keys[group.first : group.first + group.count]
    return parts


def group_line(group: Group) -> Line:
    """The heading of a group, with how many it has."""
    style = {Urgency.OVERDUE: "error", Urgency.TODAY: "warning"}.get(group.urgency, "heading")
    return Line(
        group, (Cell(group_word(group.urgency), style), Cell(number(group.count), "quiet")), wide=True
    )


def group_word(urgency: Urgency) -> str:
    """A group as the rep reads it."""
    return {
        Urgency.OVERDUE: _("Overdue"),
        Urgency.TODAY: _("Today"),
        Urgency.THIS_WEEK: _("This week"),
        Urgency.NEXT_WEEK: _("Next week"),
        Urgency.LATER: _("Later"),
        Urgency.NO_DAY: _("Without a day"),
    }[urgency]


def entry_line(entry: Entry, today: date) -> Line:
    """An entry as a line of the list."""
    return Line(
        entry.key,
        (
            Cell(_("done"), "quiet") if entry.done else due_cell(entry.due, today),
            Cell(entry_title(entry), "quiet" if entry.done else "strong"),
            Cell(entry.about),
            Cell(kind_word(entry), "quiet"),
            Cell(entry.name, "quiet"),
        ),
    )


def entry_title(entry: Entry) -> str:
    """What is to be done, in one line."""
    words = " ".join(entry.title.split())
    if entry.kind is EntryKind.MENTION:
        return f"{entry.author}: {words}"
    return f"{entry.next_step}: {words}" if entry.next_step else words


def kind_word(entry: Entry) -> str:
    """What an entry is; what leads to a mail says so."""
    if entry.message_id is not None and entry.kind is EntryKind.FOLLOW_UP:
        return _("E-mail")
    return kind_words()[entry.kind]


def kind_words() -> dict[EntryKind, str]:
    """The kinds as the rep reads them."""
    return {
        EntryKind.LEAD: _("Lead"),
        EntryKind.TASK: _("Task"),
        EntryKind.FOLLOW_UP: _("Follow-up"),
        EntryKind.MENTION: _("Mention"),
    }


def due_cell(due: Due | None, today: date) -> Cell:
    """When it is due: overdue in red, today in yellow."""
    if due is None:
        return Cell()
    style = "error" if due.day < today else "warning" if due.day == today else "text"
    return Cell(due_words(due, today), style)


def due_words(due: Due, today: date) -> str:
    """At most 12 cells: "heute 14:30", "Di 24.11.", "24.11. 14:30", "24.11.27"."""
    day = due.day
    if day.year != today.year:
        return f"{day:{_('%d %b %y')}}"
    if due.at is None:
        return _("today") if day == today else f"{weekday(day)} {short_day(day)}"
    return f"{_('today') if day == today else short_day(day)} {due.at:%H:%M}"
