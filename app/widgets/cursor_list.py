"""What lists with a cursor have in common: walking, keeping the cursor in sight, the scroll bar, what stands in an empty one.

Which lines there are and how one of them is drawn is the list's own.
"""

from __future__ import annotations

from typing import ClassVar

from rich.segment import Segment
from textual.geometry import Region
from textual.strip import Strip

from app.domain.text import fit
from app.widgets.painted import Painted
from app.widgets.signs import UNICODE, Signs
from app.widgets.wrap import breaks

WHEEL_LINES = 3


class CursorList(Painted, can_focus=True):
    """Places are counted from 0, the line on top of the list. Only the lines that changed are drawn again."""

    HEAD: ClassVar[int] = 0  # lines of the widget above the first place

    def __init__(self, signs: Signs = UNICODE, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.signs = signs
        self.cursor = 0
        self.top = 0
        self._empty: tuple[str, ...] = ()

    # -- what the list itself knows

    @property
    def total(self) -> int:
        """How many lines the list has."""
        raise NotImplementedError

    def ask(self) -> None:
        """Have the lines fetched that are missing on the screen or will be soon."""
        raise NotImplementedError

    def tell(self) -> None:
        """Say what is under the cursor now."""
        raise NotImplementedError

    def repaint(self) -> None:
        """Draw all lines again."""
        self.refresh()

    # -- what it shows

    @property
    def height(self) -> int:
        """The places that it has room for."""
        return max(1, self.size.height - self.HEAD)

    @property
    def empty(self) -> tuple[str, ...]:
        """What stands in an empty list."""
        return self._empty

    @empty.setter
    def empty(self, lines: tuple[str, ...]) -> None:
        if lines != self._empty:
            self._empty = lines
            if not self.total:
                self.refresh()

    # -- moving

    def step(self, lines: int) -> None:
        """Move the cursor by so many lines."""
        self.go(self.cursor + lines)

    def page(self, pages: int) -> None:
        """Move the cursor and what is shown by so many pages."""
        top = self.top
        self.top = max(0, min(self.top + pages * self.height, self.total - self.height))
        self.go(self.cursor + pages * self.height, top)

    def go(self, place: int, top: int | None = None) -> None:
        """Put the cursor on a place, the nearest one there is; `top` is what was shown before if that has changed."""
        before, top = self.cursor, self.top if top is None else top
        self.cursor = max(0, min(place, self.total - 1))
        self.reveal()
        if self.top != top:
            self.repaint()
        elif self.cursor != before:
            self.repaint_lines(before, self.cursor)
        self.tell()

    def scroll_lines(self, lines: int) -> None:
        """Move what is shown; the cursor only if it would leave the screen."""
        height = self.height
        self.top = max(0, min(self.top + lines, self.total - height))
        self.cursor = max(self.top, min(self.cursor, self.top + height - 1, self.total - 1))
        self.ask()
        self.repaint()
        self.tell()

    def reveal(self) -> None:
        """Move what is shown as far as the cursor needs."""
        height = self.height
        self.top = max(self.cursor - height + 1, min(self.top, self.cursor))
        self.top = max(0, min(self.top, self.total - height))
        self.ask()

    def on_mouse_scroll_down(self) -> None:
        self.scroll_lines(WHEEL_LINES)

    def on_mouse_scroll_up(self) -> None:
        self.scroll_lines(-WHEEL_LINES)

    # -- painting

    def on_resize(self) -> None:
        top = self.top
        self.reveal()
        if self.top != top:
            self.repaint()

    def on_focus(self) -> None:
        self.repaint_lines(self.cursor)

    def on_blur(self) -> None:
        self.repaint_lines(self.cursor)

    def repaint_lines(self, *places: int) -> None:
        """Draw these places again if they are on the screen."""
        width, height = self.size.width, self.height
        lines = (place - self.top for place in places)
        self.refresh(*(Region(0, y + self.HEAD, width, 1) for y in lines if 0 <= y < height))

    def bar(self, line: int) -> Segment:
        """One cell of the scroll bar, beside this line of those in sight."""
        sign = self.signs.bar(line, self.top, self.height, self.total)
        return Segment(sign or " ", self.paint("thumb" if sign else "text"))

    def empty_line(self, y: int) -> Strip:
        """The line of an empty list at this height of the widget."""
        width, height = self.size
        lines = [
            (number, text[start:end])
            for number, text in enumerate(self.empty)
            for start, end in breaks(text, width - 4)
        ]
        place = y - max(0, (height - len(lines)) // 3)
        if not 0 <= place < len(lines):
            return Strip.blank(width, self.paint("text"))
        number, text = lines[place]
        style = self.paint("quiet" if number else "strong")
        return Strip([Segment(fit(text.center(width - 1), width), style)], width)
