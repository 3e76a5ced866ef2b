"""A one-line input that costs nothing while nobody types: no blinking cursor, no border."""

from __future__ import annotations

from textual.widgets import Input


class Field(Input):
    """Textual's input, calm and one line high."""

    def __init__(
        self,
        value: str = "",
        placeholder: str = "",
        *,
        password: bool = False,
        select_on_focus: bool = False,
        id: str | None = None,
    ) -> None:
        super().__init__(
            value, placeholder, password=password, id=id, compact=True, select_on_focus=select_on_focus
        )
        self.cursor_blink = False

    @property
    def before_cursor(self) -> str:
        """What stands before the cursor."""
        return self.value[: self.cursor_position]

    def put(self, cells: int, text: str) -> None:
        """Put a text in the place of so many characters before the cursor."""
        self.replace(text, self.cursor_position - cells, self.cursor_position)
