"""The history of a record and what belongs to it, as lines of a list; pure, drawn by a widget."""

from __future__ import annotations

from datetime import date, datetime

from app.domain.crm.history import Event, HistoryLine
from app.domain.crm.history_words import kind_word, told, word_for
from app.domain.crm.kinds import Kind, RecordRow
from app.domain.crm.record_words import word_of
from app.domain.due import format_day
from app.language import _, ngettext
from app.widgets.signs import Signs
from app.widgets.table import Cell, Column, Line
from app.widgets.words import day_and_time, long_date, number

#: What people did; the rest is what became of it.
_BY_HAND = frozenset({Event.NOTE, Event.CALL, Event.DOCUMENT})
_SIGNS = {Event.NOTE: '"', Event.CALL: "*", Event.TASK_MADE: "+", Event.CREATED: "+"}
#: The key of the line between what belongs to a record and its history.
BETWEEN = "history"
#: Belonging records that have a line; the others are behind one.
MOST = 4
MORE = "more"


def history_columns() -> tuple[Column, ...]:
    """The columns of the list."""
    return (
        Column(_("When"), 14),
        Column(_("What"), 15),
        Column(_("Content"), 24, 5),
        Column(_("Who"), 12, 1, rank=1),
    )


def history_line(line: HistoryLine, now: datetime, signs: Signs) -> Line:
    """A line of the history: sign and kind, author, time, and the beginning of what it says."""
    when = day_and_time(line.at.astimezone(now.tzinfo), now)
    if line.event is None:
        sign = signs.comment if line.author else signs.sent if line.sent else signs.received
    else:
        sign = signs.attachment if line.event is Event.DOCUMENT else _SIGNS.get(line.event, signs.between)
    by_hand = line.event is None or line.event in _BY_HAND
    return Line(
        line.key,
        (
            Cell(when, "quiet"),
            Cell(f"{sign} {word_for(line)}", "text" if by_hand else "quiet"),
            Cell(" ".join(told(line).split()), "text" if by_hand else "quiet"),
            Cell(line.name, "quiet"),
        ),
    )


def belonging_line(row: RecordRow, done: bool, today: date) -> Line:
    """A record that belongs to the one that is shown: its day, its kind, its title."""
    day = date.fromisoformat(row.due) if row.due else None
    style = "quiet" if done else "error" if day and day < today else "warning" if day == today else "text"
    state = word_of(row.state) if row.kind is not Kind.CONTACT else ""
    return Line(
        (row.kind, row.id),
        (
            Cell(format_day(day) if day else "", style),
            Cell(kind_word(row), "quiet" if done else "heading"),
            Cell(row.title, "quiet" if done else "strong"),
            Cell(state, "quiet"),
        ),
    )


def more_line(n: int) -> Line:
    """Behind which so many more records are."""
    text = ngettext("{n} more belongs to it", "{n} more belong to it", n).format(n=number(n))
    return Line(MORE, (Cell(), Cell(), Cell(text, "quiet"), Cell()))


def between_line(n: int) -> Line:
    """Above the history."""
    return Line(BETWEEN, (Cell(history_title(n), "heading"),), wide=True)


def history_title(n: int) -> str:
    """How long the history is."""
    told = ngettext("{n} entry", "{n} entries", n).format(n=number(n))
    return f"{_('History')}   {told}"


def story(line: HistoryLine, now: datetime) -> list[str]:
    """A line as it is told below the list: what it is, by whom and when, then all that it says."""
    when = long_date(line.at.astimezone(now.tzinfo))
    head = "  ".join(filter(None, (word_for(line), line.name, when)))
    return [head, *(text for text in told(line).split("\n") if text.strip())]
