"""A field for a note of several lines, apart from the other fields: Textual's editor takes its time to load."""

from __future__ import annotations

from app.widgets.body import Body


class NoteField(Body):
    """Enter begins another line."""

    @property
    def value(self) -> str:
        return self.text
