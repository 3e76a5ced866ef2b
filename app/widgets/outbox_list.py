"""The lines of the outbox, with a cursor: state, recipients, subject, when; it decides nothing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.message import Message
from textual.strip import Strip

from app.domain.mail.addresses import parse_addresses
from app.domain.mail.messages import subject_word
from app.domain.mail.outbox import OutboxRow, OutState
from app.domain.text import fit
from app.language import _
from app.widgets.cursor_list import CursorList
from app.widgets.words import short_date

STATE, WHEN = 16, 7
STYLES = {
    OutState.FAILED: "failed",
    OutState.UNCERTAIN: "uncertain",
    OutState.SENDING: "strong",
    OutState.WAITING: "strong",
    OutState.DRAFT: "text",
    OutState.SENT: "quiet",
}


@dataclass(frozen=True, slots=True)
class Cells:
    """The widths of what stands in a line."""

    to: int
    subject: int


class OutboxList(CursorList):
    """Draws only the lines in sight."""

    class CursorMoved(Message):
        """Another mail is under the cursor, or it has changed."""

        def __init__(self, row: OutboxRow | None) -> None:
            super().__init__()
            self.row = row

    class OpenWanted(Message):
        """A mail was clicked that the cursor was on already."""

    def __init__(self, clock: Callable[[], datetime], *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._clock = clock
        self._rows: Sequence[OutboxRow] = ()

    @property
    def total(self) -> int:
        return len(self._rows)

    @property
    def rows(self) -> Sequence[OutboxRow]:
        """What is listed."""
        return self._rows

    @property
    def current(self) -> OutboxRow | None:
        """The mail under the cursor."""
        return self._rows[self.cursor] if self.cursor < len(self._rows) else None

    def show(self, rows: Sequence[OutboxRow]) -> None:
        """List these; the cursor stays on its mail."""
        here = self.current
        self._rows = rows
        place = next((i for i, row in enumerate(rows) if here is not None and row.id == here.id), self.cursor)
        self.cursor = max(0, min(place, len(rows) - 1))
        self.reveal()
        self.refresh()
        self.tell()

    def ask(self) -> None:
        """Nothing is missing: it holds all its lines."""

    def tell(self) -> None:
        self.post_message(self.CursorMoved(self.current))

    def on_click(self, event: events.Click) -> None:
        place = self.top + event.y
        if place == self.cursor:
            self.post_message(self.OpenWanted())
        elif place < len(self._rows):
            self.go(place)

    def render_line(self, y: int) -> Strip:
        """The line at this height of the widget."""
        width, place = self.size.width, self.top + y
        if not self._rows:
            return self.empty_line(y)
        if place >= len(self._rows):
            return Strip.blank(width, self.paint("text"))
        row = self._rows[place]
        ground = Style.null()
        if place == self.cursor:
            ground = self.paint("cursor" if self.has_focus else "cursor-blurred", over=True)
        state = OutState.FAILED if row.has_bounced else row.state
        text = self.paint("quiet" if state is OutState.SENT else "text") + ground
        cells = _cells(width)
        when = short_date(_shown_time(row).astimezone(self._clock().tzinfo), self._clock())
        return Strip(
            [
                Segment(" " + fit(row.state_word, STATE), self.paint(STYLES[state]) + ground),
                Segment(fit(_names(row.to), cells.to) + "  ", text),
                Segment(fit(subject_word(row.subject), cells.subject), text),
                Segment(when.rjust(WHEN) + " ", self.paint("quiet") + ground),
            ]
        ).adjust_cell_length(width, text)


def _names(line: str) -> str:
    """Who an address line names, without the addresses of those who have a name."""
    people = parse_addresses(line)
    return ", ".join(person.name or person.address for person in people) or _("(no recipient)")


def _cells(width: int) -> Cells:
    room = max(10, width - STATE - WHEN - 4)
    to = max(8, room * 2 // 5)
    return Cells(to, max(1, room - to))


def _shown_time(row: OutboxRow) -> datetime:
    """When it is sent if it waits, when it was sent if it is, else when it was last changed."""
    if row.state is OutState.WAITING:
        return row.due
    return row.sent or row.changed
