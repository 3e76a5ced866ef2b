"""A place that is a list in columns: walking in it, the way back, and the lines on top; what it lists is its own."""

from __future__ import annotations

from app.screens.going import Going
from app.screens.outgoing import Outgoing
from app.screens.place import does
from app.widgets.table import Line, Table


class TablePlace(Going, Outgoing):
    """Opened over the mail screen."""

    @property
    def table(self) -> Table:
        return self.query_exactly_one("#table", Table)

    @property
    def line(self) -> Line | None:
        """The line under the cursor."""
        return self.table.current

    def has_line(self) -> bool:
        """Whether there is a line for a command to work on."""
        return self.line is not None

    @does("table.down")
    def down(self) -> None:
        self.table.step(1)

    @does("table.up")
    def up(self) -> None:
        self.table.step(-1)

    @does("table.page_down")
    def page_down(self) -> None:
        self.table.page(1)

    @does("table.page_up")
    def page_up(self) -> None:
        self.table.page(-1)

    @does("table.first")
    def first(self) -> None:
        self.table.go(0)

    @does("table.last")
    def last(self) -> None:
        self.table.go(self.table.total - 1)

    @does("app.back")
    def back(self) -> None:
        self.dismiss()

    @does("table.close")
    def close_place(self) -> None:
        self.back()
