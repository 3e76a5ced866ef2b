"""A pane of text to scroll in; draws lines that were prepared for its width, knows nothing of mail."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from app.domain.text import cell_width, clean_line
from app.widgets.painted import Painted
from app.widgets.signs import UNICODE, Signs


@dataclass(frozen=True, slots=True)
class Span:
    """A piece of a line: `style` names the component class "text-pane--STYLE", `link` is a URL that is cleaned when sent."""

    text: str
    style: str = "text"
    link: str = ""


TextLine = tuple[Span, ...]


class TextPane(Painted, can_focus=True):
    """Lines with a scroll bar. Subclasses make the lines anew for another width in `lines_for`."""

    WHEEL_LINES = 3

    def __init__(self, signs: Signs = UNICODE, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.signs = signs
        self.top = 0
        self._lines: Sequence[TextLine] = ()
        self._made_for = 0
        self._styles: dict[tuple[str, str], Style] = {}

    def lines_for(self, width: int) -> Sequence[TextLine]:
        """The lines, none wider than `width` cells."""
        raise NotImplementedError

    @property
    def lines(self) -> Sequence[TextLine]:
        """The lines as they were last made."""
        return self._lines

    @property
    def text_width(self) -> int:
        """How wide a line may be; while the pane is hidden, as if it had the whole screen."""
        return max(10, (self.size.width or self.app.size.width) - 3)

    def put(self, lines: Sequence[TextLine], width: int) -> None:
        """Show these lines, made for this width, from the first on."""
        self._lines, self._made_for = lines, width
        self.top = 0
        self.refresh()

    def renew(self, *, keep_place: bool = False) -> None:
        """Make the lines anew."""
        self._made_for = self.text_width
        self._lines = self.lines_for(self._made_for)
        self.top = min(self.top, self._last_top) if keep_place else 0
        self.refresh()

    @property
    def _last_top(self) -> int:
        return max(0, len(self._lines) - self.size.height)

    def step(self, lines: int) -> None:
        """Scroll by so many lines."""
        self.go(self.top + lines)

    def page(self, pages: int) -> None:
        """Scroll by so many pages; two lines of the old page stay in sight."""
        self.go(self.top + pages * max(1, self.size.height - 2))

    def go(self, line: int) -> None:
        """Show the text from this line on."""
        line = max(0, min(line, self._last_top))
        if line != self.top:
            self.top = line
            self.refresh()

    def on_mount(self) -> None:
        self.renew()

    def on_resize(self) -> None:
        if self._made_for != self.text_width:
            self.renew(keep_place=True)

    def on_mouse_scroll_down(self) -> None:
        self.step(self.WHEEL_LINES)

    def on_mouse_scroll_up(self) -> None:
        self.step(-self.WHEEL_LINES)

    def forget_paint(self) -> None:
        self._styles.clear()

    def _style(self, name: str, link: str = "") -> Style:
        if (name, link) not in self._styles:
            style = self.paint(name)
            self._styles[name, link] = style + Style(link=link) if link else style
        return self._styles[name, link]

    def render_line(self, y: int) -> Strip:
        """The line at this height of the widget."""
        width, height = self.size
        place = self.top + y
        segments = [Segment(" ", self._style("text"))]
        used = 1
        if place < len(self._lines):
            for span in self._lines[place]:
                text = clean_line(span.text)
                segments.append(Segment(text, self._style(span.style, span.link)))
                used += cell_width(text)
        segments.append(Segment(" " * max(0, width - 1 - used), self._style("text")))
        line = Strip(segments).adjust_cell_length(width - 1, self._style("text"))
        sign = self.signs.bar(y, self.top, height, len(self._lines))
        bar = Segment(sign or " ", self._style("thumb" if sign else "text"))
        return Strip.join([line, Strip([bar], 1)])
