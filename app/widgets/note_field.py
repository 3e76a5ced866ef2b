"""Fields for texts of several lines, apart from the other fields: Textual's editor takes its time to load."""

from __future__ import annotations

from textual import events

from app.widgets.body import Body


class NoteField(Body):
    """Enter begins another line."""

    @property
    def value(self) -> str:
        """What stands in it."""
        return self.text

    @value.setter
    def value(self, text: str) -> None:
        self.text = text

    @property
    def before_cursor(self) -> str:
        """What stands before the cursor on its line."""
        row, column = self.cursor_location
        return self.document.get_line(row)[:column]

    def put(self, cells: int, text: str) -> None:
        """Put a text in the place of so many characters before the cursor."""
        row, column = self.cursor_location
        if result := self._replace_via_keyboard(text, (row, column - cells), (row, column)):
            self.move_cursor(result.end_location)


class ProseField(NoteField):
    """Enter is left to whoever holds it, because the text is mostly short; ctrl+j begins another line."""

    async def _on_key(self, event: events.Key) -> None:
        if event.key == "enter":
            event.prevent_default()  # Textual's editor would take it
        elif event.key in ("ctrl+j", "newline"):
            event.stop()
            event.prevent_default()
            self._replace_via_keyboard("\n", *self.selection)
