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


class ProseField(NoteField):
    """Enter is left to whoever holds it, because the text is mostly short; ctrl+j begins another line."""

    async def _on_key(self, event: events.Key) -> None:
        if event.key == "enter":
            event.prevent_default()  # Textual's editor would take it
        elif event.key in ("ctrl+j", "newline"):
            event.stop()
            event.prevent_default()
            self._replace_via_keyboard("\n", *self.selection)
