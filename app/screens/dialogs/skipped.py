"""Lists the mails of a folder that could not be taken over, each with its reason; it changes nothing."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from textual import events
from textual.app import ComposeResult
from textual.widgets import Static

from app.domain.ledger import SkippedLine
from app.language import _
from app.screens.dialogs.boxes import Dialog, plain
from app.widgets.choices import Choice, Choices
from app.widgets.key_names import key_name
from app.widgets.words import day_and_time, told_error


class SkippedBox(Dialog[bool]):
    """The reason of the one under the cursor stands below, whole."""

    AUTO_FOCUS = ""

    def __init__(self, title: str, mails: Sequence[SkippedLine], now: datetime) -> None:
        super().__init__(
            title, _("These mails lie on the server but could not be read. Each day they are tried again.")
        )
        self._mails = mails
        self._now = now

    def body(self) -> ComposeResult:
        yield Choices([self._choice(mail) for mail in self._mails])
        yield Static(classes="reason")

    def _choice(self, mail: SkippedLine) -> Choice:
        at = datetime.fromtimestamp(mail.at, UTC).astimezone(self._now.tzinfo)
        title = _("No. {uid}: {reason}").format(uid=mail.uid, reason=told_error(mail.reason))
        return Choice(mail, title, day_and_time(at, self._now).strip())

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
        if choice is not None and isinstance(choice.value, SkippedLine):
            self.query_exactly_one(".reason", Static).update(plain(told_error(choice.value.reason)))

    def answer(self) -> bool:
        return True
