"""What every place knows of mail on its way out: the counters on top, and the services that begin and keep mails, imported
when first needed: no place waits for them to open. Nothing is written or sent here."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from textual.widgets import Input

from app.language import _, ngettext
from app.screens.desk import Desk
from app.screens.working import DeskPlace
from app.widgets.bar import Bar, Item
from app.widgets.key_names import key_name
from app.widgets.words import number

if TYPE_CHECKING:
    from app.domain.mail.outbox import OutState
    from app.services.outbox.drafts import Outbox
    from app.services.outbox.originals import Answering


#: The commands of the items that `agenda_items` gives.
_OF_AGENDA = frozenset({"place.tasks", "app.reminder"})


@dataclass(frozen=True, slots=True)
class Left:
    """How a mail was left: what to tell, and if it waits to be sent, its number and until when it can be taken back."""

    text: str
    style: str = "good"
    queued: int = 0
    due: datetime | None = None


class Correspondence(DeskPlace):
    """A place that shows what is on its way out."""

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

    def waiting(self) -> int:
        """How many mails wait to be sent or are being sent."""
        if not self._outgoing:
            return 0
        from app.domain.mail.outbox import OutState

        return self._outgoing.get(OutState.WAITING, 0) + self._outgoing.get(OutState.SENDING, 0)

    def outgoing_items(self) -> list[Item]:
        """What waits, failed or is uncertain, for the line on top; nothing if nothing does."""
        if not self._outgoing:
            return []
        from app.domain.mail.outbox import OutState

        count, waiting = self._outgoing, self.waiting()
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

    def agenda_items(self) -> list[Item]:
        """What is due and what is reminded of, for the line on top."""
        return self.deskapp.agenda.items(self)

    def agenda_changed(self) -> None:
        """Draw that part of the line on top again."""
        for bar in self.query("#top").results(Bar):
            rest = [item for item in bar.items if item.command not in _OF_AGENDA]
            left = sum(not item.right for item in rest)
            bar.items = (*rest[:left], *self.agenda_items(), *rest[left:])

    def is_typed_in(self) -> bool:
        """Whether the rep is typing here, so that the bottom line is not for other things."""
        return isinstance(self.focused, Input)

    def on_screen_resume(self) -> None:
        super().on_screen_resume()
        self.deskapp.agenda.tell()

    def top_items(self, title: str) -> list[Item]:
        """The line on top: where we are, what is on its way out, and what is due."""
        items = [Item("Postkorb", "brand", 5), Item(title, "here", 4), *self.outgoing_items()]
        items += self.agenda_items()
        if self.desk.name:
            items.append(Item(self.desk.name, "quiet", 8, right=True))
        return items

    # -- the services

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


def sent_text(seconds: int, keys: tuple[str, ...]) -> str:
    """What is told after sending; `keys`: those that take it back."""
    if not seconds:
        return _("The mail will be sent now")
    text = _("Will be sent in {n} s").format(n=seconds)
    return text + _(" – {key} takes it back").format(key=key_name(keys[0])) if keys else text
