"""A screen that can be left once: a second wish to leave finds it gone, and never takes another screen away instead."""

from __future__ import annotations

from typing import TypeVar

from textual.await_complete import AwaitComplete
from textual.screen import Screen

T = TypeVar("T")


class LeavesOnce(Screen[T]):
    """Textual's screens take away whichever is in front when they are dismissed."""

    def dismiss(self, result: T | None = None) -> AwaitComplete:
        """Leave, and with it what lies over it; nothing if it has been left already."""
        if self not in self.app.screen_stack:
            return AwaitComplete()
        while not self.is_active:
            self.app.pop_screen()
        return super().dismiss(result)
