"""A card of a board: a few lines of text in styles, drawn for a width; what it stands for is not known here."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from rich.segment import Segment
from rich.style import Style

from app.domain.text import cell_width, clean_line, fit
from app.widgets.table import Cell


@dataclass(frozen=True, slots=True)
class CardLine:
    """Texts one after the other from the left, of which the last are cut first; `right` stands at the right edge, whole
    as long as there is room for it. Their styles name the rules "Board > .STYLE"."""

    left: tuple[Cell, ...] = ()
    right: Cell | None = None


@dataclass(frozen=True, slots=True)
class Card:
    """`key` says what it stands for."""

    key: object
    lines: tuple[CardLine, ...]


def draw_card_line(line: CardLine, width: int, paint: Callable[[str], Style]) -> list[Segment]:
    """The segments of one line, exactly `width` cells wide; `paint` gives the style of a name."""
    right = clean_line(line.right.text) if line.right else ""
    right = fit(right, width) if cell_width(right) > width else right
    room = width - cell_width(right) - (1 if right else 0)
    segments: list[Segment] = []
    for cell in line.left:
        text = clean_line(cell.text)
        text = text if cell_width(text) <= room else fit(text, room)
        room -= cell_width(text)
        if text:
            segments.append(Segment(text, paint(cell.style)))
    blank = max(0, width - cell_width(right) - sum(cell_width(segment.text) for segment in segments))
    segments.append(Segment(" " * blank, paint("text")))
    if line.right and right:
        segments.append(Segment(right, paint(line.right.style)))
    return segments
