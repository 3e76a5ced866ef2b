"""A short list to choose from, with a cursor; what it offers is given to it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rich.segment import Segment
from textual import events
from textual.geometry import Region, Size
from textual.message import Message
from textual.strip import Strip

from app.domain.text import cell_width, clean_line, fit
from app.widgets.painted import Painted


@dataclass(frozen=True, slots=True)
class Choice:
    """What can be chosen: `value` is handed back, `detail` stands on the right in a quieter colour."""

    value: object
    title: str
    detail: str = ""


class Choices(Painted):
    """The choices, the best one on top."""

    class Picked(Message):
        """This was clicked."""

        def __init__(self, choice: Choice) -> None:
            super().__init__()
            self.choice = choice

    def __init__(self, choices: Sequence[Choice] = (), *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._choices = tuple(choices)
        self.cursor = 0
        self._top = 0
        self.empty = ""  # what stands there when there is nothing to choose from

    @property
    def choices(self) -> tuple[Choice, ...]:
        """What is offered."""
        return self._choices

    @choices.setter
    def choices(self, choices: Sequence[Choice]) -> None:
        grown = len(choices) != len(self._choices)
        self._choices = tuple(choices)
        self.cursor = self._top = 0
        self.refresh(layout=grown)

    @property
    def current(self) -> Choice | None:
        """The choice under the cursor."""
        return self._choices[self.cursor] if self._choices else None

    def step(self, lines: int) -> None:
        """Move the cursor, round the ends."""
        if not self._choices:
            return
        before, top = self.cursor, self._top
        self.cursor = (self.cursor + lines) % len(self._choices)
        height = max(1, self.size.height)
        self._top = max(self.cursor - height + 1, min(self._top, self.cursor))
        if top != self._top:
            self.refresh()
        else:
            self.refresh(*(Region(0, y - top, self.size.width, 1) for y in (before, self.cursor)))

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:  # noqa: ARG002 - Textual's
        return max(1, len(self._choices))

    def render_line(self, y: int) -> Strip:
        width = self.size.width
        place = self._top + y
        text, detail, cursor = (
            self.paint(name, over=name == "cursor") for name in ("text", "detail", "cursor")
        )
        if place >= len(self._choices):
            told = self.empty if y == 0 and not self._choices else ""
            return Strip([Segment(" " + fit(told, max(0, width - 1)), detail)]).adjust_cell_length(
                width, text
            )
        choice = self._choices[place]
        if place == self.cursor:
            text, detail = text + cursor, detail + cursor
        right = clean_line(choice.detail)
        right_width = min(cell_width(right), max(0, width // 2 - 2)) if right else 0
        left_width = width - 2 - (right_width + 2 if right_width else 0)
        segments = [Segment(" " + fit(choice.title, left_width), text)]
        if right_width:
            segments.append(Segment("  " + fit(right, right_width), detail))
        return Strip([*segments, Segment(" ", text)]).adjust_cell_length(width, text)

    def on_click(self, event: events.Click) -> None:
        place = self._top + event.y
        if place < len(self._choices):
            self.post_message(self.Picked(self._choices[place]))
