"""A place that shows records as cards of a board or as lines of a list: the keys that both have; what a card is moved for is
the place's own."""

from __future__ import annotations

from typing import TypeVar

from app.language import _
from app.screens.cards_shown import CardsShown
from app.screens.place import does
from app.widgets.board import Board
from app.widgets.table import Table

Row = TypeVar("Row")


class CardsPlace(CardsShown[Row]):
    """Switching between both, selecting, and the wish to move a card to a neighbouring column."""

    @property
    def contexts(self) -> tuple[str, ...]:
        return (*(("board",) if self.is_board else ()), "cards", "records", "table", "everywhere")

    def column_of(self, row: Row) -> str:
        """The key of the column that a record stands in."""
        raise NotImplementedError

    def move(self, row: Row, column: str) -> None:
        """A record was wished into another column."""
        raise NotImplementedError

    # -- board and list

    @does("cards.view")
    def switch(self) -> None:
        """Show the list instead of the board, or the board again; the cursor stays on its record."""
        here, selection = self.row, self.shown.selection
        self.is_board = not self.is_board
        self.draw_view()
        self.shown.select(selection)
        self.load(self.id_of(here) if here is not None else None)

    def draw_view(self) -> None:
        """Let the one of both be seen that is shown."""
        self.board.display = self.is_board
        self.table.display = not self.is_board
        self.table.columns = self.list_columns()
        self.set_focus(self.shown)

    @does("board.left")
    def left(self) -> None:
        self.board.side(-1)

    @does("board.right")
    def right(self) -> None:
        self.board.side(1)

    # -- moving a card

    @does("cards.move_left", when="has_row")
    def move_left(self) -> None:
        self._wish(-1)

    @does("cards.move_right", when="has_row")
    def move_right(self) -> None:
        self._wish(1)

    def _wish(self, way: int) -> None:
        row = self.row
        if row is None:
            return
        columns = [title.key for title in self.lane_titles()]
        there = columns.index(self.column_of(row)) + way
        if 0 <= there < len(columns):
            self.move(row, columns[there])
        else:
            self.say(_("There is no column on that side."), "warning")

    # -- selecting

    @does("cards.select", when="has_row")
    def select(self) -> None:
        self.shown.toggle()

    @does("cards.select_all", when="has_row")
    def select_all(self) -> None:
        """All of the column in use, or of the list."""
        ids = self._ids.get(self.column, [])
        self.shown.select([] if self.shown.selection == set(ids) else ids)

    def on_board_selection_changed(self, message: Board.SelectionChanged) -> None:
        message.stop()
        self.headlines()

    def on_table_selection_changed(self, message: Table.SelectionChanged) -> None:
        message.stop()
        self.headlines()
