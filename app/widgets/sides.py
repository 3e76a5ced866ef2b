"""Two versions of a thing side by side, field by field, of which one side, the other or both are chosen; knows no record."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from rich.segment import Segment
from textual import events
from textual.geometry import Size
from textual.strip import Strip

from app.domain.text import fit
from app.widgets.painted import Painted
from app.widgets.signs import UNICODE, Signs

_STEPS = {"down": 1, "j": 1, "tab": 1, "up": -1, "k": -1, "shift+tab": -1}
_TURNS = {"space": 1, "right": 1, "l": 1, "left": -1, "h": -1}


@dataclass(frozen=True, slots=True)
class Pair:
    """A field with what each side says. `chosen`: whether the left one and the right one hold; `ways`: what may be chosen,
    gone round by a key."""

    label: str
    left: str
    right: str
    ways: tuple[tuple[bool, bool], ...]
    chosen: tuple[bool, bool]

    def turned(self, steps: int) -> Pair:
        """With the next way chosen, or with the one before."""
        place = (self.ways.index(self.chosen) + steps) % len(self.ways)
        return replace(self, chosen=self.ways[place])


class Sides(Painted, can_focus=True):
    """The fields under a heading, with a cursor. Space and the arrows to the sides choose."""

    def __init__(
        self, heads: tuple[str, str], pairs: Sequence[Pair], signs: Signs = UNICODE, *, id: str | None = None
    ) -> None:
        super().__init__(id=id)
        self.heads = heads
        self.pairs = list(pairs)
        self.signs = signs
        self.cursor = 0
        self._top = 0

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:  # noqa: ARG002 - Textual's
        return len(self.pairs) + 1

    def on_key(self, event: events.Key) -> None:
        if not self.pairs or event.key not in _STEPS | _TURNS:
            return
        event.stop()
        event.prevent_default()
        if event.key in _STEPS:
            self._move(_STEPS[event.key])
        else:
            self._turn(_TURNS[event.key])

    def on_click(self, event: events.Click) -> None:
        place = self._top + event.y - 1
        if event.y and place < len(self.pairs):
            self.cursor = place
            self._turn(1)

    def _move(self, lines: int) -> None:
        self.cursor = (self.cursor + lines) % len(self.pairs)
        room = max(1, self.size.height - 1)
        self._top = max(self.cursor - room + 1, min(self._top, self.cursor))
        self.refresh()

    def _turn(self, steps: int) -> None:
        self.pairs[self.cursor] = self.pairs[self.cursor].turned(steps)
        self.refresh()

    def render_line(self, y: int) -> Strip:
        width = self.size.width
        text = self.paint("text")
        label = min(20, max((len(pair.label) for pair in self.pairs), default=0) + 1)
        side = (width - label - 2) // 2
        if y == 0:
            heads = "".join("  " + fit(head, side - 3) + " " for head in self.heads)
            return self._whole([Segment(" " * (label + 1), text), Segment(heads, self.paint("quiet"))], width)
        place = self._top + y - 1
        if place >= len(self.pairs):
            return Strip.blank(width, text)
        pair, over = self.pairs[place], self.paint("cursor", over=True)
        segments = [Segment(" " + fit(pair.label, label), self.paint("quiet"))]
        for value, is_chosen in zip((pair.left, pair.right), pair.chosen, strict=True):
            sign = self.signs.mark if is_chosen else " "
            style = self.paint("strong" if is_chosen else "quiet")
            segments.append(Segment(f"{sign} {fit(value or '–', side - 3)} ", style))
        if place == self.cursor:
            segments = [Segment(segment.text, (segment.style or text) + over) for segment in segments]
        return self._whole(segments, width, over if place == self.cursor else None)

    def _whole(self, segments: list[Segment], width: int, over: object = None) -> Strip:
        style = self.paint("text")
        return Strip(segments).adjust_cell_length(width, style + over if over is not None else style)  # type: ignore[operator]
