"""One line made of short items on the left and on the right; what does not fit is left out, never cut in a word."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from rich.segment import Segment
from textual import events
from textual.message import Message
from textual.strip import Strip

from app.domain.text import cell_width, clean_line, fit
from app.widgets.painted import Painted


@dataclass(frozen=True, slots=True)
class Item:
    """`style` names the component class "bar--STYLE". The largest `rank` is left out first; 0 is cut rather than lost.

    `short` is a wording to try before the item is left out. `command` is what a click asks for.
    """

    text: str
    style: str = "text"
    rank: int = 0
    short: str = ""
    command: str = ""
    right: bool = False
    key: str = ""  # drawn before the text, as a key


class Bar(Painted):
    """A line of items; set `items` to change it."""

    GAP = 3

    class CommandWanted(Message):
        """An item was clicked that stands for a command."""

        def __init__(self, command: str) -> None:
            super().__init__()
            self.command = command

    def __init__(
        self, *, id: str | None = None, gap: int = GAP, indent: int = 1, classes: str | None = None
    ) -> None:
        super().__init__(id=id, classes=classes)
        self.gap = gap
        self.indent = indent
        self._items: tuple[Item, ...] = ()
        self._places: list[tuple[int, int, str]] = []

    @property
    def items(self) -> tuple[Item, ...]:
        """What stands on the line; left items first."""
        return self._items

    @items.setter
    def items(self, items: Sequence[Item]) -> None:
        if self._items != (new := tuple(items)):
            self._items = new
            self.refresh()

    @property
    def text(self) -> str:
        """The line as it is shown."""
        return self.render_line(0).text

    def render_line(self, y: int) -> Strip:
        width = self.size.width
        if y or not width:
            return Strip.blank(width, self.rich_style)
        items = fitting(self._items, width - 2 * self.indent, self.gap)
        left = [item for item in items if not item.right]
        right = [item for item in items if item.right]
        self._places = []
        segments = [Segment(" " * self.indent, self.rich_style)]
        segments += self._draw(left, self.indent)
        used = self.indent + _width_of(left, self.gap)
        tail = _width_of(right, self.gap)
        blank = max(0, width - self.indent - used - tail)
        segments.append(Segment(" " * blank, self.rich_style))
        segments += self._draw(right, used + blank)
        return Strip(segments).adjust_cell_length(width, self.rich_style)

    def _draw(self, items: Sequence[Item], x: int) -> list[Segment]:
        segments: list[Segment] = []
        for i, item in enumerate(items):
            if i:
                segments.append(Segment(" " * self.gap, self.rich_style))
                x += self.gap
            if item.key:
                segments += [Segment(item.key, self.paint("key")), Segment(" ", self.rich_style)]
            segments.append(Segment(clean_line(item.text), self.paint(item.style)))
            length = _width(item)
            if item.command:
                self._places.append((x, x + length, item.command))
            x += length
        return segments

    def on_click(self, event: events.Click) -> None:
        for first, last, command in self._places:
            if first <= event.x < last:
                self.post_message(self.CommandWanted(command))


def fitting(items: Sequence[Item], width: int, gap: int) -> list[Item]:
    """The items that fit, in their order: without the largest ranks or with a shorter wording, at last one cut short."""
    kept = list(items)
    while kept and _width_of(kept, gap) > width:
        place = max(range(len(kept)), key=lambda i: kept[i].rank)
        item = kept[place]
        if item.short:  # what was left out for the sake of its longer wording may fit again
            shorter = replace(item, text=item.short, short="")
            return fitting([shorter if each is item else each for each in items], width, gap)
        if item.rank:
            del kept[place]
        else:
            longest = max(range(len(kept)), key=lambda i: cell_width(kept[i].text))
            over = _width_of(kept, gap) - width
            cut = fit(kept[longest].text, max(1, cell_width(kept[longest].text) - over))
            kept[longest] = replace(kept[longest], text=cut)
            break
    return kept


def _width(item: Item) -> int:
    return cell_width(clean_line(item.text)) + (len(item.key) + 1 if item.key else 0)


def _width_of(items: Sequence[Item], gap: int) -> int:
    return sum(map(_width, items)) + gap * max(0, len(items) - 1)
