"""What every place knows of mail on its way out: the counters on top, the way to the outbox, and taking back what was
just sent. Nothing is sent here, and the services are imported when first needed: no place waits for them to open."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from app.language import _, ngettext
from app.screens.desk import Desk
from app.screens.place import does
from app.screens.working import DeskPlace
from app.widgets.bar import Item
from app.widgets.key_names import key_name
from app.widgets.words import number

if TYPE_CHECKING:
    from app.domain.outbox import OutState
    from app.services.outbox.drafts import Outbox
    from app.services.outbox.originals import Answering, Begun


@dataclass(frozen=True, slots=True)
class Left:
    """How a mail was left: what to tell, and if it waits to be sent, its number and until when it can be taken back."""

    text: str
    style: str = "good"
    queued: int = 0
    due: datetime | None = None


class Outgoing(DeskPlace):
    """A place that shows what is on its way out, and from which mail is written."""

    _queued = 0
    _until: datetime | None = None

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._outgoing: dict[OutState, int] = {}

    # -- the counters

    def count_outgoing(self) -> None:
        """Read the counters anew, and draw the line on top if they have changed."""
        store = self.desk.store
        if store is None:
            return

        def work() -> dict[OutState, int]:
            from app.services.outbox.waiting import counts

            return counts(store)

        def show(found: dict[OutState, int]) -> None:
            if found != self._outgoing:
                self._outgoing = found
                self.outgoing_changed()

        self.read(work, show)

    def outgoing_changed(self) -> None:
        """The counters have changed: draw the line on top again."""

    def outgoing_items(self) -> list[Item]:
        """What waits, failed or is uncertain, for the line on top; nothing if nothing does."""
        if not self._outgoing:
            return []
        from app.domain.outbox import OutState

        count = self._outgoing
        waiting = count.get(OutState.WAITING, 0) + count.get(OutState.SENDING, 0)
        told = (
            (count.get(OutState.FAILED, 0), _("{n} failed"), "error", 0),
            (count.get(OutState.UNCERTAIN, 0), _("{n} uncertain"), "warning", 0),
            (waiting, ngettext("{n} waiting", "{n} waiting", waiting), "text", 2),
        )
        return [
            Item(text.format(n=number(n)), style, rank, command="place.outbox")
            for n, text, style, rank in told
            if n
        ]

    # -- writing

    def has_store(self) -> bool:
        """Whether there is something to write to."""
        return self.desk.store is not None

    def outbox_service(self) -> Outbox:
        """The outbox. Only where `has_store` holds."""
        from app.services.outbox.drafts import Outbox

        assert self.desk.store is not None
        return Outbox(self.desk.store, self.desk.clock)

    def answering(self) -> Answering:
        """Begins mails. Only where `has_store` holds."""
        from app.services.outbox.originals import Answering

        assert self.desk.store is not None
        zone = self.desk.clock().tzinfo
        assert zone is not None
        return Answering(self.desk.store, self.desk.settings.language, zone)

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
        self.count_outgoing()

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

    @does("place.outbox", when="has_store")
    def go_to_outbox(self) -> None:
        from app.screens.outbox import OutboxScreen

        self.app.push_screen(OutboxScreen(self.desk))


def sent_text(seconds: int, keys: tuple[str, ...]) -> str:
    """What is told after sending; `keys`: those that take it back."""
    if not seconds:
        return _("The mail will be sent now")
    text = _("Will be sent in {n} s").format(n=seconds)
    return text + _(" – {key} takes it back").format(key=key_name(keys[0])) if keys else text
