"""Records as cards of a board or as lines of a list, whichever is seen: reading what is near the screen, no keys.

Which records these are and what stands on a card is the place's own.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from app.screens.desk import Desk
from app.screens.table_place import TablePlace
from app.widgets.board import Board
from app.widgets.card import Card
from app.widgets.lane import PORTION, LaneTitle, Pile
from app.widgets.table import Column, Line, Table

Row = TypeVar("Row")
#: The one column of the list.
LIST = "list"
WATCH = 0.5


@dataclass(frozen=True, slots=True)
class Listing:
    """Ids in their order: those of each column of the board, or all of them as `LIST`. `notes`: what the title lines of
    columns say beside their counters."""

    ids: Mapping[str, Sequence[int]]
    notes: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Near(Generic[Row]):
    """The rows around a cursor, from this place on; None for one that is gone."""

    first: int
    rows: Sequence[Row | None]


class CardsShown(TablePlace, Generic[Row]):
    """Its board bears the id "board", its list the id "table". It holds all ids, and the rows that were in sight."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.is_board = True
        self._ids: dict[str, list[int]] = {}
        self._rows: dict[int, Row] = {}
        self._go_to: int | None = None  # where the cursor goes with the next answer

    # -- what the place itself knows

    def look(self) -> Callable[[], Listing]:
        """Work for another thread that lists what there is, for the board or for the list."""
        raise NotImplementedError

    def rows_of(self, ids: Sequence[int]) -> list[Row]:
        """The rows with these ids, those that are gone left out; called on another thread."""
        raise NotImplementedError

    def id_of(self, row: Row) -> int:
        """The id of a row."""
        raise NotImplementedError

    def card_of(self, row: Row) -> Card:
        """A row as a card, by the row's id."""
        raise NotImplementedError

    def line_of(self, row: Row) -> Line:
        """A row as a line, by the row's id."""
        raise NotImplementedError

    def lane_titles(self) -> Sequence[LaneTitle]:
        """The columns of the board, and what stands in empty ones now."""
        raise NotImplementedError

    def list_columns(self) -> Sequence[Column]:
        """The columns of the list."""
        raise NotImplementedError

    def empty_list(self) -> tuple[str, ...]:
        """What stands in an empty list."""
        raise NotImplementedError

    def heard(self, listing: Listing) -> None:
        """This is what there is; called before it is drawn."""

    def headlines(self) -> None:
        """Draw the lines above the cards anew."""
        raise NotImplementedError

    # -- what is shown

    @property
    def board(self) -> Board:
        """The cards."""
        return self.query_exactly_one("#board", Board)

    @property
    def shown(self) -> Board | Table:
        """The one of both that is seen."""
        return self.board if self.is_board else self.table

    @property
    def listed(self) -> Board | Table:  # type: ignore[override]
        return self.shown

    @property
    def row(self) -> Row | None:
        """The record under the cursor; None if there is none, or while it is being fetched."""
        return self._rows.get(_id(self.shown.current) or 0)

    def has_row(self) -> bool:
        """Whether there is a record for a command to work on."""
        return self.row is not None

    @property
    def column(self) -> str:
        """The key of the column in use."""
        return self.board.column if self.is_board else LIST

    def targets(self) -> list[int]:
        """What a command works on: the ids selected, in the order they are listed in, else that under the cursor."""
        selection = self.shown.selection
        if selection:
            return [number for ids in self._ids.values() for number in ids if number in selection]
        return [self.id_of(self.row)] if self.row is not None else []

    @property
    def is_listed(self) -> bool:
        """Whether what was asked for is there."""
        return bool(self._ids) and not self.listing.last.awaits

    # -- reading

    def load(self, go_to: int | None = None) -> None:
        """Read anew what there is; cursors stay on their records, and that of the column in use goes to `go_to`."""
        look, read, is_board = self.look(), self.rows_of, self.is_board
        cursors = self._cursors()
        if go_to is not None:
            self._go_to = go_to  # also when all is read again before the answer, because somebody writes
        going = self._go_to

        def work() -> tuple[Listing, dict[str, _Near[Row]]]:
            listing, near = look(), {}
            for column, ids in listing.ids.items():
                place = _place(ids, going, *cursors.get(column, (None, 0)))
                first = max(0, place - PORTION)
                near[column] = (first, ids[first : place + PORTION])
            found = {self.id_of(row): row for row in read([n for _first, ids in near.values() for n in ids])}
            return listing, {
                column: _Near(first, [found.get(number) for number in ids])
                for column, (first, ids) in near.items()
            }

        def show(found: tuple[Listing, dict[str, _Near[Row]]]) -> None:
            if self.is_board is is_board:
                self._go_to = None
                self._show(*found, going)

        self.read_newest(work, show)

    def _cursors(self) -> dict[str, tuple[int | None, int]]:
        """Of each column the id and the place under its cursor."""
        if not self.is_board:
            return {LIST: (_id(self.table.current), self.table.cursor)}
        board, columns = self.board, [title.key for title in self.board.columns]
        return {column: (_id(board.current_of(column)), board.cursor_of(column)) for column in columns}

    def _show(self, listing: Listing, near: Mapping[str, _Near[Row]], go_to: int | None) -> None:
        self.heard(listing)
        is_first = not self._ids
        self._ids = {column: list(ids) for column, ids in listing.ids.items()}
        self._rows = {self.id_of(row): row for part in near.values() for row in part.rows if row is not None}
        cursors = self._cursors()  # they may have moved since the rows were asked for
        places = {
            column: _place(ids, go_to, *cursors.get(column, (None, 0))) for column, ids in self._ids.items()
        }
        if self.shown.selection:
            self.shown.select(self.shown.selection & {n for ids in self._ids.values() for n in ids})
        if self.is_board:
            self.board.columns = self.lane_titles()
            piles = {
                column: Pile(
                    len(ids),
                    near[column].first,
                    self._cards(near[column].rows),
                    places[column],
                    listing.notes.get(column, ""),
                )
                for column, ids in self._ids.items()
            }
            there = next(
                (column for column, ids in self._ids.items() if go_to is not None and go_to in ids), None
            )
            if is_first and there is None and not self._ids.get(self.board.column):
                there = next((column for column, ids in self._ids.items() if ids), None)
            self.board.open(piles, there)
        else:
            self.table.empty = self.empty_list()
            first = near[LIST].first
            self.table.open(len(self._ids[LIST]), first, self._lines(first, near[LIST].rows), places[LIST])
        self.headlines()

    def _cards(self, rows: Sequence[Row | None]) -> list[Card | None]:
        return [self.card_of(row) if row is not None else None for row in rows]

    def _lines(self, first: int, rows: Sequence[Row | None]) -> list[Line]:
        """Rows as lines; an empty one for what is gone."""
        ids = self._ids[LIST]
        return [
            self.line_of(row) if row is not None else Line(ids[place], ())
            for place, row in enumerate(rows, first)
        ]

    def on_board_rows_wanted(self, message: Board.RowsWanted) -> None:
        message.stop()
        column, first = message.column, message.first

        def show(rows: Sequence[Row | None]) -> None:
            self.board.fill(column, first, self._cards(rows))

        self._fetch(self._ids[column][first : first + message.count], show, message)

    def on_table_rows_wanted(self, message: Table.RowsWanted) -> None:
        message.stop()
        first = message.first

        def show(rows: Sequence[Row | None]) -> None:
            self.table.fill(first, self._lines(first, rows))

        self._fetch(self._ids[LIST][first : first + message.count], show, message)

    def _fetch(
        self,
        ids: Sequence[int],
        show: Callable[[Sequence[Row | None]], None],
        message: Board.RowsWanted | Table.RowsWanted,
    ) -> None:
        def after(rows: list[Row]) -> None:
            found = {self.id_of(row): row for row in rows}
            self._rows |= found
            show([found.get(number) for number in ids])

        self.read(lambda: self.rows_of(ids), after, message.turn)

    def on_board_cursor_moved(self, message: Board.CursorMoved) -> None:
        message.stop()
        self.cursor_moved()

    def on_table_cursor_moved(self, message: Table.CursorMoved) -> None:
        message.stop()
        self.cursor_moved()


def _id(shown: Card | Line | None) -> int | None:
    """The id that a card or a line stands for."""
    return shown.key if shown is not None and isinstance(shown.key, int) else None


def _place(ids: Sequence[int], go_to: int | None, here: int | None, place: int) -> int:
    """Where the cursor goes: to `go_to`, else to the record that was under it, else to what came after that."""
    for wanted in (go_to, here):
        if wanted is not None and wanted in ids:
            return ids.index(wanted)
    return max(0, min(place, len(ids) - 1))
