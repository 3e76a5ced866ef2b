"""A list in columns with a cursor, for any number of lines: it holds those it was given and asks for the others.

It knows nothing of what it lists; the mail list, which does more and must cost less, is a widget of its own.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.message import Message
from textual.strip import Strip

from app.domain.text import cell_width, clean_line, fit
from app.widgets.cursor_list import CursorList
from app.widgets.signs import UNICODE, Signs
from app.widgets.turns import Turn, Turns

GAP = 2
#: Lines asked for at once.
PORTION = 100


@dataclass(frozen=True, slots=True)
class Column:
    """`width` in cells; with `share` it is the least, and it gets that part of what is left. The largest `rank` goes
    first where room is short; 0 stays. `runs_on`: over the next column where that is empty."""

    title: str
    width: int
    share: int = 0
    rank: int = 0
    right: bool = False
    runs_on: bool = False


@dataclass(frozen=True, slots=True)
class Cell:
    """`style` names the rule "Table > .STYLE", on a card "Board > .STYLE"."""

    text: str = ""
    style: str = "text"


@dataclass(frozen=True, slots=True)
class Line:
    """A line: `key` says what it stands for. `wide`: its cells follow each other across all columns."""

    key: object
    cells: tuple[Cell, ...]
    wide: bool = False


class Table(CursorList):
    """Places are counted from 0, the line on top. The first line of the widget names the columns."""

    HEAD = 1

    class CursorMoved(Message):
        """Another line is under the cursor, or it has changed (None: there is none yet)."""

        def __init__(self, line: Line | None) -> None:
            super().__init__()
            self.line = line

    class RowsWanted(Message):
        """These places are missing; the answer goes to `fill`, unless its turn is over by then."""

        def __init__(self, turn: Turn, first: int, count: int) -> None:
            super().__init__()
            self.turn = turn
            self.first = first
            self.count = count

    class OpenWanted(Message):
        """This line was clicked twice."""

    class SelectionChanged(Message):
        """More or fewer lines are selected."""

        def __init__(self, count: int) -> None:
            super().__init__()
            self.count = count

    def __init__(
        self, columns: Sequence[Column] = (), signs: Signs = UNICODE, *, id: str | None = None
    ) -> None:
        super().__init__(signs, id=id)
        self.selection: set[object] = set()  # keys of lines
        self._total = 0
        self._columns = tuple(columns)
        self._lines: dict[int, Line] = {}
        self._asked: set[int] = set()
        self._turns = Turns()  # of the lists it was given
        self._widths: tuple[int, list[tuple[int, int]]] = (0, [])

    # -- what it shows

    @property
    def total(self) -> int:
        return self._total

    @property
    def columns(self) -> tuple[Column, ...]:
        """What the lines are made of."""
        return self._columns

    @columns.setter
    def columns(self, columns: Sequence[Column]) -> None:
        self._columns = tuple(columns)
        self._widths = (0, [])
        self.refresh()

    @property
    def current(self) -> Line | None:
        """The line under the cursor; None in an empty list, or while it is being fetched."""
        return self._lines.get(self.cursor)

    @property
    def lines(self) -> list[Line]:
        """The lines held, from top to bottom."""
        return [self._lines[place] for place in sorted(self._lines)]

    def show(self, lines: Sequence[Line]) -> None:
        """List exactly these; the cursor stays on its line."""
        here = self.current
        place = next((i for i, line in enumerate(lines) if here is not None and line.key == here.key), None)
        self.open(len(lines), 0, lines, self.cursor if place is None else place)

    def open(self, total: int, first: int, lines: Sequence[Line], cursor: int = 0) -> None:
        """List so many lines, of which these from place `first` on are there already."""
        self._turns.begin()
        self._asked.clear()
        self._total = total
        self._lines = dict(enumerate(lines, first))
        self.cursor = max(0, min(cursor, total - 1))
        self.reveal()
        self.refresh()
        self.tell()

    def fill(self, first: int, lines: Sequence[Line]) -> None:
        """The answer to the `RowsWanted` of the list that is shown."""
        self._lines.update(enumerate(lines, first))
        last = first + len(lines)
        if first < self.top + self.height and last > self.top:
            self.refresh()
        if first <= self.cursor < last:
            self.tell()

    def ask(self) -> None:
        ahead = (max(0, self.top - self.height), self.top + 2 * self.height)  # of the next page key
        for portion in range(ahead[0] // PORTION, ahead[1] // PORTION + 1):
            first = portion * PORTION
            count = min(PORTION, self.total - first)
            missing = any(place not in self._lines for place in range(first, first + count))
            if count > 0 and missing and portion not in self._asked:
                self._asked.add(portion)
                self.post_message(self.RowsWanted(self._turns.last, first, count))

    def tell(self) -> None:
        self.post_message(self.CursorMoved(self.current))

    # -- selecting

    def toggle(self) -> None:
        """Select the line under the cursor or not, and go on to the next."""
        line = self.current
        if line is not None:
            self.selection ^= {line.key}
            self.repaint_lines(self.cursor)
            self.post_message(self.SelectionChanged(len(self.selection)))
            self.step(1)

    def select(self, keys: Collection[object]) -> None:
        """Select the lines with these keys and no others."""
        if self.selection != set(keys):
            self.selection = set(keys)
            self.refresh()
            self.post_message(self.SelectionChanged(len(self.selection)))

    # -- the mouse

    def on_click(self, event: events.Click) -> None:
        place = self.top + event.y - 1
        if event.y > 0 and place < self.total:
            self.go(place)
            if event.chain == 2:
                self.post_message(self.OpenWanted())

    # -- painting

    def render_line(self, y: int) -> Strip:
        """The line at this height of the widget."""
        width = self.size.width
        if not self.total:
            return self.empty_line(y)
        if y == 0:
            titles = tuple(Cell(column.title, "quiet") for column in self._columns)
            return self._draw(Line(None, titles), Style.null(), width)
        place = self.top + y - 1
        line = self._lines.get(place)
        if line is None:
            return Strip.blank(width, self.paint("text"))
        is_selected = line.key in self.selection
        ground = self.paint("selected", over=True) if is_selected else Style.null()
        if place == self.cursor:
            ground += self.paint("cursor" if self.has_focus else "cursor-blurred", over=True)
        return self._draw(line, ground, width, y)

    def _draw(self, line: Line, ground: Style, width: int, y: int = 0) -> Strip:
        text = self.paint("text") + ground
        is_selected = line.key is not None and line.key in self.selection
        segments = [Segment(self.signs.selected if is_selected else " ", text)]
        room = width - 2
        if line.wide:
            for cell in line.cells:
                shown = clean_line(cell.text)
                shown = shown if cell_width(shown) <= room else fit(shown, room)
                segments += [Segment(shown, self.paint(cell.style) + ground), Segment(" " * GAP, text)]
                room = max(0, room - cell_width(shown) - GAP)
        else:
            for number, cells in self._room(line, width):
                cell = _cell(line, number)
                shown = fit(cell.text, cells)
                if self._columns[number].right:
                    shown = shown.rstrip().rjust(cells)
                segments += [Segment(shown, self.paint(cell.style) + ground), Segment(" " * GAP, text)]
        drawn = Strip(segments).adjust_cell_length(width - 1, text)
        return Strip.join([drawn, Strip([self.bar(y - self.HEAD)], 1)])

    def _room(self, line: Line, width: int) -> list[tuple[int, int]]:
        """Numbers and widths of the columns as this line fills them."""
        room: list[tuple[int, int]] = []
        for number, cells in self._fitting(width):
            before = room[-1][0] if room else number
            if self._columns[before].runs_on and before != number and not _cell(line, number).text:
                room[-1] = (before, room[-1][1] + GAP + cells)
            else:
                room.append((number, cells))
        return room

    def without_room(self, columns: Sequence[Column]) -> list[int]:
        """Which of these columns, by their places, would be left out for want of room."""
        kept = {number for number, _width in _fitted(columns, self.size.width - 2)}
        return [number for number in range(len(columns)) if number not in kept]

    def _fitting(self, width: int) -> list[tuple[int, int]]:
        """Numbers and widths of the columns that fit."""
        if self._widths[0] != width:
            self._widths = (width, _fitted(self._columns, width - 2))
        return self._widths[1]


def _cell(line: Line, number: int) -> Cell:
    """What a line has in this column."""
    return line.cells[number] if number < len(line.cells) else Cell()


def _fitted(columns: Sequence[Column], room: int) -> list[tuple[int, int]]:
    """Numbers and widths of those that fit into so many cells."""
    kept = list(range(len(columns)))
    while kept and _least(columns, kept) > room:
        last = max(kept, key=lambda i: columns[i].rank)
        if not columns[last].rank:
            break
        kept.remove(last)
    left = max(0, room - _least(columns, kept))
    shares = sum(columns[i].share for i in kept) or 1
    return [(i, columns[i].width + left * columns[i].share // shares) for i in kept]


def _least(columns: Sequence[Column], numbers: Sequence[int]) -> int:
    return sum(columns[i].width for i in numbers) + GAP * max(0, len(numbers) - 1)
