"""Bars with their exact numbers beside them, as lines of text; colour adds nothing that could not be read without it.

What a bar stands for, and how its numbers are written, is said by whoever makes the bars.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from app.domain.text import cell_width, clean_line, fit
from app.widgets.signs import UNICODE, Signs
from app.widgets.text_pane import Span, TextLine, TextPane

GAP = 2
#: Cells of the shortest room for bars, and of the longest label.
LEAST, LABEL = 12, 28


@dataclass(frozen=True, slots=True)
class ChartBar:
    """`value` is not negative. `told`: the numbers beside it, the most important first. `whole`: what it is a part of, at
    least `value`; the rest is drawn faintly behind the bar, as what fell away in a funnel. `style` names the bar's paint."""

    label: str
    value: float
    told: tuple[str, ...] = ()
    whole: float = 0
    style: str = "bar"


def chart_lines(bars: Sequence[ChartBar], width: int, signs: Signs = UNICODE) -> list[TextLine]:
    """A line for each bar, none wider than `width` cells: label, bar and numbers.

    The longest bar fills the room there is. What is more than nothing is never drawn as nothing. Where room is short the
    numbers at the end are left out, and at last labels are cut.
    """
    label = min(LABEL, max((cell_width(clean_line(bar.label)) for bar in bars), default=0))
    columns = _columns(bars, width - label - GAP - LEAST)
    room = width - label - GAP - sum(GAP + cells for cells in columns)
    if room < LEAST:
        label, room = max(1, label - LEAST + room), LEAST
    most = max((max(bar.value, bar.whole) for bar in bars), default=0)
    return [_line(bar, label, columns, max(0, room), most, signs) for bar in bars]


def _columns(bars: Sequence[ChartBar], room: int) -> list[int]:
    """The widths of the columns of numbers that fit, always of the first."""
    widths: list[int] = []
    for number in range(max((len(bar.told) for bar in bars), default=0)):
        cells = max(cell_width(clean_line(bar.told[number])) for bar in bars if number < len(bar.told))
        room -= GAP + cells
        if widths and room < 0:
            break
        widths.append(cells)
    return widths


def _line(
    bar: ChartBar, label: int, columns: Sequence[int], room: int, most: float, signs: Signs
) -> TextLine:
    drawn = bar_of(bar.value, most, room, signs)
    behind = max(0, _cells(bar.whole, most, room, signs) - len(drawn))
    blank = " " * (room - len(drawn) - behind)
    numbers = ""
    for number, cells in enumerate(columns):
        told = clean_line(bar.told[number]) if number < len(bar.told) else ""
        numbers += " " * (GAP + cells - cell_width(told)) + told
    return (
        Span(fit(bar.label, label) + " " * GAP),
        Span(drawn, bar.style),
        Span(signs.rest * behind + blank, "quiet"),
        Span(numbers, "strong"),
    )


def bar_of(value: float, most: float, room: int, signs: Signs = UNICODE) -> str:
    """A bar for a value, `room` cells long for `most`, to the eighth of a cell where there are signs for that."""
    steps = len(signs.blocks)
    length = _length(value, most, room, steps)
    whole, part = divmod(length, steps)
    return signs.blocks[-1] * whole + (signs.blocks[part - 1] if part else "")


def _cells(value: float, most: float, room: int, signs: Signs) -> int:
    """The cells that a bar takes up, begun ones among them."""
    return -(-_length(value, most, room, len(signs.blocks)) // len(signs.blocks))


def _length(value: float, most: float, room: int, steps: int) -> int:
    if value <= 0 or most <= 0 or room <= 0:
        return 0
    return max(1, round(value / most * room * steps))


class Chart(TextPane, can_focus=False):
    """Bars under a title; as high as it has lines."""

    def __init__(self, signs: Signs = UNICODE, *, id: str | None = None) -> None:
        super().__init__(signs, id=id)
        self._title = ""
        self._bars: tuple[ChartBar, ...] = ()

    def show(self, title: str, bars: Sequence[ChartBar]) -> None:
        """Draw these, and nothing of what was there."""
        self._title, self._bars = title, tuple(bars)
        self.styles.height = len(self._bars) + 1
        self.renew()

    def lines_for(self, width: int) -> list[TextLine]:
        return [(Span(self._title, "heading"),), *chart_lines(self._bars, width, self.signs)]
