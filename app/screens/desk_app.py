"""The app as places see it: what they ask of it, and how it ends; which places there are, only the app itself knows."""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING

from rich.console import RenderableType
from textual import events

from app.domain.crm.kinds import Kind
from app.screens.desk import Desk
from app.screens.place import Place
from app.widgets.frugal import FrugalApp
from app.widgets.keyboard import Keyboard, Typed

if TYPE_CHECKING:
    from app.screens.bell import Bell

#: Seconds without a key after which a rep pauses, and how often such a pause is waited for at most.
KEY_PAUSE, ROUNDS = 0.15, 4


class DeskApp(FrugalApp):
    """Places find it as `deskapp`."""

    desk: Desk
    news: Bell
    _last_key = 0.0  # by the monotonic clock

    def __init__(self) -> None:
        super().__init__()
        self.keyboard = Keyboard(self, super().on_event)

    async def on_event(self, event: events.Event) -> None:
        if isinstance(event, Typed) and not event.is_forwarded:
            self._last_key = time.monotonic()
            await self.keyboard.take(event)
        else:
            await super().on_event(event)

    async def keys_first(self) -> None:
        """Wait with what nobody asked for until the rep pauses; not for long, so that it happens under held keys too."""
        for _round in range(ROUNDS):
            rest = self._last_key + KEY_PAUSE - time.monotonic()
            if rest <= 0:
                return
            await asyncio.sleep(rest)

    def make_place(self, command_id: str) -> Place:
        """The place that a command leads to."""
        raise NotImplementedError

    def make_page(self, kind: Kind, record_id: int) -> Place:
        """The page of a record."""
        raise NotImplementedError

    def leave(self) -> None:
        """End the app, unless mail waits to be sent: then that is asked about first."""
        from app.screens.leaving import leave

        leave(self)

    async def action_quit(self) -> None:
        self.leave()  # Textual's own key, in dialogs

    def exit(self, result: None = None, return_code: int = 0, message: RenderableType | None = None) -> None:
        """End the app; each place keeps before what is not stored yet."""
        self.keep_all()
        super().exit(result, return_code, message)

    def panic(self, *renderables: RenderableType) -> None:
        self.keep_all()  # the terminal is gone
        super().panic(*renderables)

    def keep_all(self) -> None:
        """Hand to the desk what is not stored yet, however the app ends."""
        for screen in self.screen_stack:
            if isinstance(screen, Place):
                screen.before_end()
