"""The editor for the text of a mail: calm, and it takes in only what any terminal can draw; it knows no mail."""

from __future__ import annotations

from textual import events
from textual.widgets import TextArea

from app.domain.text import clean_block


class Body(TextArea):
    """Textual's editor without border, line numbers and blinking."""

    def __init__(self, text: str = "", *, id: str | None = None) -> None:
        super().__init__(
            clean_block(text),
            soft_wrap=True,
            tab_behavior="focus",
            highlight_cursor_line=False,
            compact=True,
            id=id,
        )
        self.cursor_blink = False

    async def _on_paste(self, event: events.Paste) -> None:
        event.prevent_default()
        event.stop()
        if result := self._replace_via_keyboard(clean_block(event.text), *self.selection):
            self.move_cursor(result.end_location)
