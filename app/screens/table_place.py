"""A place that is a list in columns; what stands in them is its own."""

from __future__ import annotations

from app.screens.list_place import ListPlace
from app.widgets.table import Line, Table


class TablePlace(ListPlace):
    """Its table bears the id "table"."""

    @property
    def table(self) -> Table:
        return self.query_exactly_one("#table", Table)

    @property
    def listed(self) -> Table:
        return self.table

    @property
    def line(self) -> Line | None:
        """The line under the cursor."""
        return self.table.current

    def has_line(self) -> bool:
        """Whether there is a line for a command to work on."""
        return self.line is not None
