"""Which panes of the mail screen are shown: one at a time where there is little room, else side by side.

What is shown is set at the widgets: a class on the screen would have Textual work out every style again, for 30 ms.
"""

from __future__ import annotations

from textual import events

from app.screens.mail.base import MailPlace

#: Columns from which the folder pane stays, and from which the reading pane stands beside the list.
MEDIUM, BROAD = 100, 190
#: Lines from which the reading pane stands below the list.
TALL = 32


class Panes(MailPlace):
    """Shows and hides."""

    reading_open = False
    folders_open = False
    search_open = False

    def shows_reader(self) -> bool:
        """Whether the reading pane is on the screen."""
        return self.reading_open or not self._one_at_a_time()

    def _one_at_a_time(self) -> bool:
        width, height = self.app.size
        return width < BROAD and (width < MEDIUM or height < TALL)

    def show_panes(
        self, *, reading: bool | None = None, folders: bool | None = None, search: bool | None = None
    ) -> None:
        """Open or close panes, as far as the room allows; None leaves one as it is."""
        self.reading_open = self.reading_open if reading is None else reading
        self.folders_open = self.folders_open if folders is None else folders
        self.search_open = self.search_open if search is None else search
        list_hidden = self.reading_open and self._one_at_a_time()
        for selector, shown in (
            ("#folders", self.folders_open or self.app.size.width >= MEDIUM),
            ("#list", not list_hidden),
            ("#headline", not list_hidden),
            ("#reader", self.shows_reader()),
            ("#search", self.search_open),
            ("#filter", bool(self.filter_text()) and not self.search_open),
        ):
            widget = self.query_exactly_one(selector)
            if widget.display != shown:
                widget.display = shown

    def on_resize(self, _event: events.Resize) -> None:
        self.show_panes()
