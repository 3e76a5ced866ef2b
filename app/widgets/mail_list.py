"""The mail list: shows any number of mails, holds a few screenfuls, repaints the lines that changed.

It neither fetches on its own nor changes a mail: rows come from its source, wishes leave as messages.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from rich.style import Style
from textual import events
from textual.geometry import Offset
from textual.message import Message
from textual.strip import Strip

from app.domain.mail.messages import MailRow
from app.widgets.cursor_list import CursorList
from app.widgets.mail_line import Columns, Drawing, Palette, mail_line
from app.widgets.rows import Missing, Window
from app.widgets.signs import UNICODE, Signs
from app.widgets.turns import Turn, Turns

MARKS = ("red", "yellow", "green", "blue", "violet")


class MailList(CursorList):
    """A virtual list with a cursor and a selection. Places are counted from 0, the mail on top of the list."""

    class CursorMoved(Message):
        """Another mail is under the cursor (None: the list is empty)."""

        def __init__(self, row: MailRow | None) -> None:
            super().__init__()
            self.row = row

    class RowsWanted(Message):
        """Lines are missing; the answer goes to `fill`, unless its turn is over by then."""

        def __init__(self, turn: Turn, missing: Missing) -> None:
            super().__init__()
            self.turn = turn
            self.missing = missing

    class OpenWanted(Message):
        """This mail is to be opened for reading."""

        def __init__(self, row: MailRow) -> None:
            super().__init__()
            self.row = row

    class SelectionChanged(Message):
        """More or fewer mails are selected."""

        def __init__(self, count: int) -> None:
            super().__init__()
            self.count = count

    def __init__(
        self, clock: Callable[[], datetime], signs: Signs = UNICODE, *, id: str | None = None
    ) -> None:
        """`clock` gives the time in the zone that dates are shown in."""
        super().__init__(signs, id=id)
        self.clock = clock
        self.outgoing = False
        self.selection: dict[int, int] = {}
        self._window = Window()
        self._turns = Turns()  # of the lists it was given
        self._asked: Missing | None = None
        self._behind = False
        self._drawing: Drawing | None = None
        self._palettes: dict[str, Palette] = {}
        self._told: MailRow | None = None
        self._shown_height = 1

    # -- what it shows

    @property
    def height(self) -> int:
        """The lines it has; while it is hidden, those it had: it comes back as it was."""
        height = self.size.height
        if height:
            self._shown_height = height
        return self._shown_height

    @property
    def total(self) -> int:
        return self._window.total

    @property
    def current(self) -> MailRow | None:
        """The mail under the cursor; None in an empty list, or while it is being fetched."""
        return self._window.get(self.cursor)

    @property
    def held(self) -> list[MailRow]:
        """The mails around those on the screen."""
        return self._window.rows

    @property
    def below(self) -> list[MailRow]:
        """The mails behind that under the cursor, as far as they are held without a gap."""
        return [row for place, row in self._window if place > self.cursor] if self.current else []

    def place_of(self, row: MailRow) -> int | None:
        """Where this mail stands, if it is near what is shown."""
        return self._window.place_of(row.copy_id)

    def open(self, total: int, first: int, rows: Sequence[MailRow], cursor: int = 0) -> None:
        """Show another list of `total` mails; `rows` are those from place `first` on."""
        self.selection.clear()
        self._turns.begin()
        self._hold(total, first, rows, cursor, min(cursor, self.height // 3))
        self.repaint()

    def follow(
        self, total: int, first: int, rows: Sequence[MailRow], anchor: tuple[int, int], place: int
    ) -> None:
        """The list has changed: `anchor` is the copy and the place that were under the cursor when the rows were asked for;
        the copy, or what came after it, is at `place` now.

        The same mail stays under the cursor on the same line of the screen, also when the cursor has moved meanwhile.
        """
        line, current = self.cursor - self.top, self.current
        copy_id, was = anchor
        self._turns.begin()
        if self.cursor != was or (current is not None and current.copy_id != copy_id):
            now = next(
                (i for i, row in enumerate(rows, first) if current and row.copy_id == current.copy_id), None
            )
            place = place + self.cursor - was if now is None else now
        self._hold(total, first, rows, place, line)

    def _shown(self) -> tuple[object, ...]:
        """All that the picture of the list depends on and that a change in the store may change."""
        lines = range(self.top, self.top + self.size.height)
        return self.total, self.top, self.cursor, [self._window.get(line) for line in lines]

    def land(self, total: int, first: int, rows: Sequence[MailRow], place: int) -> None:
        """The list has changed, and the cursor goes to `place`; what is shown moves only if it must."""
        top = self._window.get(self.top)
        self._turns.begin()
        now = next((i for i, row in enumerate(rows, first) if top and row.copy_id == top.copy_id), None)
        self._hold(total, first, rows, place, self.height // 3 if now is None else place - now)

    def fill(self, first: int, rows: Sequence[MailRow]) -> None:
        """The answer to the `RowsWanted` of the list that is shown."""
        self._asked = None
        self._window.put(first, rows)
        self._window.trim(self.top, self.height)
        if rows:  # none: the list has become shorter, which `follow` will tell
            self.ask()
        if self._behind and self._window.holds(self.top, self.height):
            self.repaint()
        self.tell()

    def _hold(self, total: int, first: int, rows: Sequence[MailRow], cursor: int, line: int) -> None:
        """Take over a list; the cursor stands on this line of the screen if it can."""
        shown = self._shown()
        self._window.total = total
        self._window.rows, self._window.first = list(rows), first
        self._asked = None
        self.cursor = max(0, min(cursor, total - 1))
        self.top = self.cursor - line
        self.reveal()
        if self._shown() != shown:
            self.repaint()
        self.tell()

    def ask(self) -> None:
        missing = self._window.missing(self.top, self.height)
        if missing is not None and missing != self._asked:
            self._asked = missing
            self.post_message(self.RowsWanted(self._turns.last, missing))

    def tell(self) -> None:
        if self.has_focus:
            # Where screen readers and magnifiers look; sent with the next frame.
            self.app.cursor_position = self.region.offset + Offset(0, self.cursor - self.top)
        row = self.current
        if row is None and self.total:
            return
        if row != self._told:
            self._told = row
            self.post_message(self.CursorMoved(row))

    # -- selecting

    def toggle(self) -> None:
        """Select the mail under the cursor or not, and go on to the next."""
        row = self.current
        if row is None:
            return
        if self.selection.pop(row.copy_id, None) is None:
            self.selection[row.copy_id] = row.message_id
        self.repaint_lines(self.cursor)
        self.post_message(self.SelectionChanged(len(self.selection)))
        self.step(1)

    def select(self, selection: Mapping[int, int]) -> None:
        """Select these mails and no others: message ids by copy id."""
        self.selection = dict(selection)
        self.repaint()
        self.post_message(self.SelectionChanged(len(self.selection)))

    # -- the mouse

    def on_click(self, event: events.Click) -> None:
        index = self.top + event.y
        if event.x >= self.size.width - 1 and self.total > self.height:
            self.scroll_lines(event.y * (self.total - 1) // max(1, self.height - 1) - self.top)
        elif index < self.total:
            self.go(index)
            row = self.current
            if event.x < 2:
                self.toggle()
            elif event.chain == 2 and row is not None:
                self.post_message(self.OpenWanted(row))

    # -- painting

    def forget_paint(self) -> None:
        self._palettes.clear()

    def repaint(self) -> None:
        """Draw all lines again, as soon as they are there."""
        self._drawing = None
        self._behind = not self._window.holds(self.top, self.height)
        if not self._behind:
            self.refresh()

    def _palette(self, kind: str) -> Palette:
        """The styles of a line of this kind: "text", "cursor", "cursor-blurred" or "selected"."""
        if kind not in self._palettes:
            ground = Style.null() if kind == "text" else self.paint(kind, over=True)
            self._palettes[kind] = Palette(
                text=self.paint("text") + ground,
                strong=self.paint("strong") + ground,
                quiet=self.paint("quiet") + ground,
                unprocessed=self.paint("unprocessed") + ground,
                flagged=self.paint("flagged") + ground,
                waiting=self.paint("waiting") + ground,
                label=self.paint("label") + ground,
                comment=self.paint("comment") + ground,
                marks={colour: self.paint(colour) + ground for colour in MARKS},
            )
        return self._palettes[kind]

    def render_line(self, y: int) -> Strip:
        """The line at this height of the widget."""
        width = self.size.width
        if not self.total:
            return self.empty_line(y)
        if self._drawing is None or self._drawing.width != width:
            columns = Columns.for_width(width - 1)
            self._drawing = Drawing(width, columns, self.signs, self.clock(), self.outgoing)
        index = self.top + y
        row = self._window.get(index)
        if row is None:
            return Strip.blank(width, self.rich_style)
        selected = row.copy_id in self.selection
        kind = "selected" if selected else "text"
        if index == self.cursor:
            kind = "cursor" if self.has_focus else "cursor-blurred"
        return Strip([*mail_line(row, self._drawing, self._palette(kind), selected), self.bar(y)], width)
