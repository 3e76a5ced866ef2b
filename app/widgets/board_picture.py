"""What a board looks like: where its columns and cards stand, and how a line across them is drawn; it moves nothing."""

from __future__ import annotations

from collections.abc import Sequence

from rich.segment import Segment
from rich.style import Style
from textual.geometry import Region
from textual.strip import Strip

from app.domain.text import cell_width, fit
from app.widgets.card import CardLine, draw_card_line
from app.widgets.lane import Lane, LaneTitle
from app.widgets.painted import Painted
from app.widgets.signs import Signs
from app.widgets.table import Cell
from app.widgets.words import number
from app.widgets.wrap import breaks

#: Cells that a column needs at least, its scroll bar included.
LEAST = 26


class BoardPicture(Painted, can_focus=True):
    """Columns side by side, as many as fit; under the line that names them the cards, each with a blank line below."""

    HEAD = 1

    def __init__(self, columns: Sequence[LaneTitle], signs: Signs, card_lines: int, id: str | None) -> None:
        super().__init__(id=id)
        self.signs = signs
        self.card_lines = card_lines
        self.selection: set[object] = set()
        self._lanes = [Lane(title) for title in columns]
        self._here = 0  # the number of the column in use
        self._first = 0  # of the column on the left

    # -- where things stand

    @property
    def height(self) -> int:
        """The whole cards of a column that it has room for."""
        return max(1, (self.size.height - self.HEAD + 1) // self._pitch)

    @property
    def _pitch(self) -> int:
        return self.card_lines + 1

    @property
    def _seen(self) -> int:
        """How many columns fit side by side."""
        return max(1, min(len(self._lanes), self.size.width // LEAST))

    def _edges(self) -> list[tuple[int, int, int]]:
        """Of each column in sight its number, its first cell and its width."""
        width, rest = divmod(self.size.width, self._seen)
        edges, x = [], 0
        for place, lane in enumerate(range(self._first, min(self._first + self._seen, len(self._lanes)))):
            own = width + (1 if place < rest else 0)
            edges.append((lane, x, own))
            x += own
        return edges

    def _column_at(self, x: int) -> int:
        """The number of the column at this cell."""
        return next((lane for lane, first, width in self._edges() if x < first + width), self._here)

    def _stands(self, wanted: Lane) -> tuple[int, int] | None:
        """First cell and width of a column; None when it is out of sight."""
        return next(((x, width) for lane, x, width in self._edges() if self._lanes[lane] is wanted), None)

    # -- drawing again what has changed

    def _repaint(self, lane: Lane) -> None:
        if (stands := self._stands(lane)) is not None:
            self.refresh(Region(stands[0], 0, stands[1], self.size.height))

    def _repaint_cards(self, lane: Lane, *places: int) -> None:
        if (stands := self._stands(lane)) is None:
            return
        x, width = stands
        lines = (self.HEAD + (place - lane.top) * self._pitch for place in places)
        regions = [Region(x, y, width, self.card_lines) for y in lines if self.HEAD <= y < self.size.height]
        if regions:
            self.refresh(*regions)

    def _repaint_head(self) -> None:
        self.refresh(Region(0, 0, self.size.width, self.HEAD))

    # -- painting

    def render_line(self, y: int) -> Strip:
        """The line at this height of the widget."""
        strips = []
        for place, _x, width in self._edges():
            lane = self._lanes[place]
            if y < self.HEAD:
                segments = self._head(place, width)
            elif not lane.total:
                segments = self._empty(lane, y, width)
            else:
                segments = self._cards(lane, y - self.HEAD, width)
            strips.append(Strip(segments).adjust_cell_length(width, self.paint("text")))
        return Strip.join(strips).adjust_cell_length(self.size.width, self.paint("text"))

    def _head(self, place: int, width: int) -> list[Segment]:
        """The name of a column and how many cards it has; whether there are more columns beside those in sight."""
        lane, quiet = self._lanes[place], self.paint("note")
        before = self.signs.before + " " if place == self._first and place else " "
        is_cut = place == self._first + self._seen - 1 and place < len(self._lanes) - 1
        after = f" {self.signs.after}" if is_cut else "  "
        count = f"  {number(lane.total)}"
        room = width - len(before) - len(after)
        title = fit(lane.title.title, min(room - len(count), cell_width(lane.title.title)))
        left = (Cell(title, "here" if place == self._here else "head"), Cell(count, "count"))
        has_room = cell_width(lane.note) < room - cell_width(title) - len(count)
        line = CardLine(left, Cell(lane.note, "note") if has_room else None)
        drawn = draw_card_line(line, room, self.paint)
        return [Segment(before, quiet), *drawn, Segment(after, quiet)]

    def _empty(self, lane: Lane, y: int, width: int) -> list[Segment]:
        lines = [
            (place, text[start:end])
            for place, text in enumerate(lane.title.empty)
            for start, end in breaks(text, width - 3)
        ]
        line = y - self.HEAD - 1
        if not 0 <= line < len(lines):
            return [Segment(" " * width, self.paint("text"))]
        place, text = lines[line]
        style = self.paint("quiet" if place else "text")
        return [Segment(f" {fit(text, width - 3)}  ", style)]

    def _cards(self, lane: Lane, line: int, width: int) -> list[Segment]:
        """What a column with cards shows at this height below its name."""
        slot, row = divmod(line, self._pitch)
        place = lane.top + slot
        card = lane.get(place)
        bar = self._bar(lane, line)
        if card is None or row == self.card_lines:
            return [Segment(" " * (width - 1), self.paint("text")), bar]
        is_selected = card.key in self.selection
        ground = self.paint("selected" if is_selected else "card", over=True)
        if self._lanes[self._here] is lane and place == lane.cursor:
            ground += self.paint("cursor" if self.has_focus else "cursor-blurred", over=True)
        content = card.lines[row] if row < len(card.lines) else CardLine()
        drawn = draw_card_line(content, width - 3, self.paint)
        sign = self.signs.selected if is_selected and not row else " "
        plain = self.paint("text") + ground
        return [
            Segment(sign, self.paint("strong") + ground),
            *(segment_on(segment, ground) for segment in drawn),
            Segment(" ", plain),
            bar,
        ]

    def _bar(self, lane: Lane, line: int) -> Segment:
        """One cell of a column's scroll bar."""
        lines, rows = self.size.height - self.HEAD, lane.total * self._pitch - 1
        hidden = max(1, lane.total - self.height)
        sign = self.signs.bar(line, round(lane.top / hidden * (rows - lines)), lines, rows)
        return Segment(sign or " ", self.paint("thumb" if sign else "text"))


def segment_on(segment: Segment, ground: Style) -> Segment:
    """The same text upon this ground."""
    return Segment(segment.text, (segment.style or Style.null()) + ground)
