"""What every place knows of mail on its way out: the counters on top, and the services that begin and keep mails, imported
when first needed: no place waits for them to open. Nothing is written or sent here."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from textual.widgets import Input

from app.language import _
from app.screens.working import DeskPlace
from app.widgets.bar import Bar, Item
from app.widgets.key_names import key_name

if TYPE_CHECKING:
    from app.services.outbox.drafts import Outbox
    from app.services.outbox.originals import Answering


#: The commands of the items that `news_items` gives.
_OF_NEWS = frozenset({"place.outbox", "place.tasks", "app.reminder"})


@dataclass(frozen=True, slots=True)
class Left:
    """How a mail was left: what to tell, and if it waits to be sent, its number and until when it can be taken back."""

    text: str
    style: str = "good"
    queued: int = 0
    due: datetime | None = None


class Correspondence(DeskPlace):
    """A place that shows what is on its way out."""

    # -- the line on top

    def news_items(self) -> list[Item]:
        """What is on its way out, what is due and what is reminded of, for the line on top."""
        return self.deskapp.news.items(self)

    def news_changed(self) -> None:
        """Draw that part of the line on top again."""
        for bar in self.query("#top").results(Bar):
            rest = [item for item in bar.items if item.command not in _OF_NEWS]
            left = sum(not item.right for item in rest)
            bar.items = (*rest[:left], *self.news_items(), *rest[left:])

    def is_typed_in(self) -> bool:
        """Whether the rep is typing here, so that the bottom line is not for other things."""
        return isinstance(self.focused, Input)

    def on_screen_resume(self) -> None:
        super().on_screen_resume()
        self.deskapp.news.tell()

    def top_items(self, title: str) -> list[Item]:
        """The line on top: where we are, what is on its way out, and what is due."""
        items = [Item("Postkorb", "brand", 5), Item(title, "here", 4), *self.news_items()]
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
