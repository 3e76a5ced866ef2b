"""The boxes on the way out of the app: what waits is asked about, and while it is sent this is told. They send nothing."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum

from textual import events
from textual.app import ComposeResult
from textual.widgets import Static

from app.language import _, ngettext
from app.screens.dialogs.boxes import Dialog, plain
from app.widgets.choices import Choice, Choices
from app.widgets.key_names import key_name
from app.widgets.words import number

LOOK = 0.3  # seconds between two looks at how far the sending is


class Wish(StrEnum):
    """What shall become of the mails that wait."""

    SEND = "send"
    STAY = "stay"
    QUIT = "quit"


class LeaveBox(Dialog[Wish]):
    """Asks what shall become of so many mails that wait; Esc stays."""

    def __init__(self, waiting: int) -> None:
        title = ngettext("{n} mail is still waiting", "{n} mails are still waiting", waiting)
        line = _("Mail leaves only while Postkorb is open.")
        super().__init__(title.format(n=number(waiting)), line, enter=_("choose"))

    def body(self) -> ComposeResult:
        yield Choices(
            [
                Choice(Wish.SEND, _("Send now, then quit")),
                Choice(Wish.STAY, _("Stay")),
                Choice(Wish.QUIT, _("Quit all the same"), _("sent at the next start")),
            ]
        )

    def keys(self) -> list[tuple[str, str]]:
        return [(key_name("enter"), self._enter), (key_name("escape"), _("stay"))]

    def on_key(self, event: events.Key) -> None:
        steps = {"down": 1, "j": 1, "tab": 1, "up": -1, "k": -1, "shift+tab": -1}
        if event.key in steps:
            event.stop()
            event.prevent_default()
            self.query_exactly_one(Choices).step(steps[event.key])

    def on_choices_picked(self, message: Choices.Picked) -> None:
        self.dismiss(Wish(str(message.choice.value)))

    def answer(self) -> Wish | None:
        current = self.query_exactly_one(Choices).current
        return Wish(str(current.value)) if current is not None else None


class SendingBox(Dialog[bool]):
    """Says how many mails are being sent; `look` is called again and again until the box is closed. Esc stays."""

    def __init__(self, under_way: int, look: Callable[[], None]) -> None:
        super().__init__(_("Sending before quitting"), _sending(under_way))
        self._look = look

    def on_mount(self) -> None:
        self.set_interval(LOOK, self._look)

    def show(self, under_way: int) -> None:
        """So many are being sent still."""
        self.query_exactly_one("#line", Static).update(plain(_sending(under_way)))

    def keys(self) -> list[tuple[str, str]]:
        return [(key_name("escape"), _("stay"))]

    def answer(self) -> bool | None:
        return None


def _sending(under_way: int) -> str:
    return ngettext("{n} mail is being sent …", "{n} mails are being sent …", under_way).format(
        n=number(under_way)
    )
