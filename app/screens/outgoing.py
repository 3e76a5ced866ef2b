"""A place from which mail is written, and where what was just sent can be taken back; nothing is sent here."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

from app.screens.correspondence import Correspondence, Left

if TYPE_CHECKING:
    from app.services.outbox.originals import Begun


class Outgoing(Correspondence):
    """Opens the screen on which mail is written, and hears how it was left."""

    _queued = 0
    _until: datetime | None = None

    def write_mail(self, begun: Begun, outbox_id: int | None = None) -> None:
        """Open the screen on which this mail is written; `outbox_id`: it is a draft of the outbox already."""
        from app.screens.compose.screen import ComposeScreen

        self.app.push_screen(ComposeScreen(self.desk, begun, outbox_id, self.writing_left))

    def begin_mail(self, begin: Callable[[], Begun], outbox_id: int | None = None) -> None:
        """Have a mail begun, and open the screen on which it is written. What that needs is imported meanwhile."""

        def work() -> Begun:
            import app.screens.compose.screen
            import app.services.outbox.drafts  # noqa: F401 - so that the event loop finds it loaded

            return begin()

        self.read(work, lambda begun: self.write_mail(begun, outbox_id))

    def open_draft(self, outbox_id: int) -> None:
        """Go on writing a draft of the outbox."""

        def work() -> Begun:
            from app.services.outbox.originals import Begun

            return Begun(*self.outbox_service().load(outbox_id))

        self.begin_mail(work, outbox_id)

    def writing_left(self, left: Left) -> None:
        """The rep came back from writing."""
        self._queued, self._until = left.queued, left.due
        if left.text:
            self.say(left.text, left.style)
        self.deskapp.news.look()

    # -- taking back what was just sent

    def can_take_back(self) -> bool:
        """Whether the last thing done here was to send a mail that waits still."""
        return self._until is not None and self.desk.clock() < self._until

    def take_back_sent(self) -> None:
        """The mail that was just sent is a draft again, and opened."""
        outbox_id = self._queued
        self.forget_sent()
        self.write(
            lambda: self.outbox_service().take_back(outbox_id), lambda _draft: self.open_draft(outbox_id)
        )

    def forget_sent(self) -> None:
        """Something else was done since: undoing is about that now."""
        self._queued, self._until = 0, None
