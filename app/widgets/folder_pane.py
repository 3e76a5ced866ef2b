"""The folder pane: mailboxes and folders with what is unread and unprocessed in them. It opens nothing itself."""

from __future__ import annotations

from collections.abc import Sequence

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.geometry import Region
from textual.message import Message
from textual.strip import Strip

from app.domain.text import fit
from app.widgets.folder_entries import Entry
from app.widgets.painted import Painted
from app.widgets.signs import UNICODE, Signs
from app.widgets.words import number


class FolderPane(Painted, can_focus=True):
    """A list of folders with a cursor; the folder that is shown in the mail list is marked."""

    class Chosen(Message):
        """This folder is to be shown (None: everything unprocessed)."""

        def __init__(self, folder_id: int | None) -> None:
            super().__init__()
            self.folder_id = folder_id

    def __init__(self, signs: Signs = UNICODE, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.signs = signs
        self.here: int | None = None
        self.cursor = 0
        self._top = 0
        self._entries: list[Entry] = []

    @property
    def entries(self) -> Sequence[Entry]:
        """What it lists."""
        return self._entries

    def show(self, entries: Sequence[Entry], here: int | None) -> None:
        """List these folders; `here` is the one in the mail list. The cursor stays with its folder."""
        entries = list(entries)
        if entries == self._entries and here == self.here:
            return
        wanted = self.here if not self._entries else self._under_cursor()
        if here != self.here or not self._entries:
            wanted = here
        self._entries, self.here = entries, here
        places = [i for i, entry in enumerate(entries) if not entry.heading and entry.folder_id == wanted]
        self.cursor = places[0] if places else min(self.cursor, max(0, len(entries) - 1))
        self._reveal()
        self.refresh()

    def _under_cursor(self) -> int | None:
        return self._entries[self.cursor].folder_id

    def step(self, lines: int) -> None:
        """Move the cursor to the next folder that can be opened."""
        place = self.cursor
        while 0 <= (place := place + (1 if lines > 0 else -1)) < len(self._entries):
            if not self._entries[place].heading:
                self.go(place)
                return

    def go(self, place: int) -> None:
        """Put the cursor on a line, or on the next one that can be opened."""
        if not self._entries:
            return
        place = max(0, min(place, len(self._entries) - 1))
        while self._entries[place].heading and place + 1 < len(self._entries):
            place += 1
        before, top, self.cursor = self.cursor, self._top, place
        self._reveal()
        if self._top != top:
            self.refresh()
        else:
            self.refresh(*(Region(0, y - top, self.size.width, 1) for y in (before, place)))

    def choose(self) -> None:
        """Ask for the folder under the cursor."""
        if self._entries and not self._entries[self.cursor].heading:
            self.post_message(self.Chosen(self._under_cursor()))

    def _reveal(self) -> None:
        height = max(1, self.size.height)
        top = max(self.cursor - height + 1, min(self._top, self.cursor - 1))
        self._top = max(0, min(top, len(self._entries) - height))

    def on_resize(self) -> None:
        self._reveal()
        self.refresh()

    def on_focus(self) -> None:
        self.refresh()

    def on_blur(self) -> None:
        self.refresh()

    def on_click(self, event: events.Click) -> None:
        place = self._top + event.y
        if place < len(self._entries) and not self._entries[place].heading:
            self.go(place)
            self.choose()

    def on_mouse_scroll_down(self) -> None:
        self._scroll(3)

    def on_mouse_scroll_up(self) -> None:
        self._scroll(-3)

    def _scroll(self, lines: int) -> None:
        self._top = max(0, min(self._top + lines, len(self._entries) - self.size.height))
        self.refresh()

    def _style(self, name: str, ground: Style) -> Style:
        return self.paint(name) + ground

    def render_line(self, y: int) -> Strip:
        """The line at this height of the widget."""
        width = self.size.width
        place = self._top + y
        if place >= len(self._entries):
            return Strip.blank(width, self.rich_style)
        entry = self._entries[place]
        ground = Style.null()
        if place == self.cursor and self.has_focus:
            ground = self.paint("cursor", over=True)
        name = "heading" if entry.heading else "here" if entry.folder_id == self.here else "text"
        if entry.error and not entry.heading:
            name = "error"
        unread = number(entry.unread) if entry.unread else ""
        unprocessed = number(entry.unprocessed) if entry.unprocessed else ""
        counter = max((len(number(entry.unprocessed)) for entry in self._entries), default=0) + 2
        room = width - 2 - counter - (counter if unread else 0)
        sign = "" if entry.heading else "> " if entry.folder_id == self.here else "  "
        title = sign + "  " * max(0, entry.level - 1) + entry.title
        return Strip(
            [
                Segment(" " + fit(title, room), self._style(name, ground)),
                Segment(unread.rjust(counter if unread else 0), self._style("unread", ground)),
                Segment(unprocessed.rjust(counter), self._style("unprocessed", ground)),
                Segment(" ", self._style("text", ground)),
            ]
        ).adjust_cell_length(width)
