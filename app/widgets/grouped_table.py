"""A list in columns whose lines stand in groups under headings; the cursor passes over the headings."""

from __future__ import annotations

from app.widgets.table import Table


class GroupedTable(Table):
    """`heads`: the places of the headings; set it before the list is opened. A heading has a line below it."""

    heads: frozenset[int] = frozenset()

    def go(self, place: int, top: int | None = None) -> None:
        super().go(self._beside(place), top)

    def _beside(self, place: int) -> int:
        """The place itself, or the line next to it in the direction of the way, if it is a heading."""
        place = max(0, min(place, self.total - 1))
        if place not in self.heads:
            return place
        return place - 1 if place < self.cursor and place - 1 >= 0 else place + 1

    def scroll_lines(self, lines: int) -> None:
        super().scroll_lines(lines)
        if self.cursor in self.heads:
            self.go(self.cursor + 1)

    def reveal(self) -> None:
        """The heading of the topmost line is shown with it."""
        super().reveal()
        if self.top == self.cursor and self.top - 1 in self.heads and self.height > 1:
            self.top -= 1
            self.ask()
