"""A place that is a list: walking in it and the way back; what it lists is its own."""

from __future__ import annotations

from typing import Protocol

from app.screens.going import Going
from app.screens.outgoing import Outgoing
from app.screens.place import does


class Walked(Protocol):
    """A list, or a column of a board, with a cursor; places are counted from 0."""

    @property
    def total(self) -> int: ...
    @property
    def current(self) -> object: ...
    def step(self, lines: int, /) -> None: ...
    def page(self, pages: int, /) -> None: ...
    def go(self, place: int, /) -> None: ...


class ListPlace(Going, Outgoing):
    """Opened over the mail screen."""

    AUTO_FOCUS = ""  # Textual's own choice may be the search line: keys that come early would be typed there

    _keys_are_for: object = None  # what was under the cursor when the line of keys was drawn last

    @property
    def listed(self) -> Walked:
        """The list that the keys walk in."""
        raise NotImplementedError

    def show_keys(self) -> None:
        self._keys_are_for = self.listed.current if self.is_whole() else None
        super().show_keys()

    def cursor_moved(self) -> None:
        """The list has told that something else is under its cursor: a key that led there has shown the keys for it already."""
        if self.listed.current is not self._keys_are_for:
            self.show_keys()

    def run(self, command_id: str) -> None:
        super().run(command_id)
        if self.is_current:
            self.show_keys()  # at once, so that the line of keys is drawn in one go with the line that they now are for

    @does("table.down")
    def down(self) -> None:
        self.listed.step(1)

    @does("table.up")
    def up(self) -> None:
        self.listed.step(-1)

    @does("table.page_down")
    def page_down(self) -> None:
        self.listed.page(1)

    @does("table.page_up")
    def page_up(self) -> None:
        self.listed.page(-1)

    @does("table.first")
    def first(self) -> None:
        self.listed.go(0)

    @does("table.last")
    def last(self) -> None:
        self.listed.go(self.listed.total - 1)

    @does("app.back")
    def back(self) -> None:
        self.dismiss()

    @does("table.close")
    def close_place(self) -> None:
        self.back()
