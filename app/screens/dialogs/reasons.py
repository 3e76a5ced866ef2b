"""Lists what something was not done with, each with its reason; it changes nothing."""

from __future__ import annotations

from collections.abc import Sequence

from textual import events
from textual.app import ComposeResult
from textual.widgets import Static

from app.language import _
from app.screens.dialogs.boxes import Dialog, plain
from app.widgets.choices import Choice, Choices
from app.widgets.key_names import key_name


class ReasonsBox(Dialog[bool]):
    """The reason of the one under the cursor stands below, whole; it is what the choice has as its value."""

    AUTO_FOCUS = ""

    def __init__(self, title: str, line: str, choices: Sequence[Choice]) -> None:
        super().__init__(title, line)
        self._choices = choices

    def body(self) -> ComposeResult:
        yield Choices(self._choices)
        yield Static(classes="reason")

    def keys(self) -> list[tuple[str, str]]:
        return [(key_name("enter"), _("close"))]

    def on_mount(self) -> None:
        self._show_reason()

    def on_key(self, event: events.Key) -> None:
        steps = {"down": 1, "j": 1, "up": -1, "k": -1}
        if event.key in steps:
            event.stop()
            event.prevent_default()  # the base class, whose handler would be called too, has no use for it
            self.query_exactly_one(Choices).step(steps[event.key])
            self._show_reason()

    def _show_reason(self) -> None:
        choice = self.query_exactly_one(Choices).current
        if choice is not None:
            self.query_exactly_one(".reason", Static).update(plain(str(choice.value)))

    def answer(self) -> bool:
        return True
