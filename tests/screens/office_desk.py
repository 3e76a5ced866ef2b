"""The app at a desk with a real store, for tests of what is written to it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from app.app import PostkorbApp
from app.commands.key_map import KeyMap
from app.domain.mail.outbox import OutboxRow, OutState
from app.screens.compose.screen import ComposeScreen
from app.screens.desk import Desk
from app.screens.outbox.screen import OutboxScreen
from app.services.reading.reader import MailReader
from app.settings import Settings
from tests.screens.conftest import Seat
from tests.services.outbox.office import Office


class OfficeSeat(Seat):
    """Hands on an app with a store."""

    office: Office

    @property
    def writing(self) -> ComposeScreen:
        screen = next(s for s in reversed(self.app.screen_stack) if isinstance(s, ComposeScreen))
        assert isinstance(screen, ComposeScreen)
        return screen

    @property
    def outbox(self) -> OutboxScreen:
        screen = next(s for s in reversed(self.app.screen_stack) if isinstance(s, OutboxScreen))
        assert isinstance(screen, OutboxScreen)
        return screen

    @property
    def rows(self) -> list[OutboxRow]:
        """The outbox as it is stored."""
        return self.office.outbox.rows()

    @property
    def states(self) -> list[OutState]:
        return [row.state for row in self.rows]

    def shows(self, kind: type[Any]) -> bool:
        """Whether a screen of this kind is in front and ready."""
        return isinstance(self.app.screen, kind) and self.app.screen.is_mounted

    async def begin(self, *keys: str) -> None:
        """Press keys that lead to the compose screen, and wait for it."""
        await self.press(*keys)
        await self.until(lambda: self.shows(ComposeScreen) and self.writing.mail.senders)
        await self.pilot.pause()


def app_on(office: Office, **settings: Any) -> PostkorbApp:
    """The app on the office's store and clock, not running yet."""
    desk = Desk(
        MailReader(office.store),
        Settings(**settings),
        office.store,
        keymap=KeyMap(),
        clock=lambda: office.now.astimezone(),
        author="berg",
        name="A. Berg",
    )
    return PostkorbApp(desk)


@asynccontextmanager
async def seated(
    office: Office, size: tuple[int, int] = (80, 24), **settings: Any
) -> AsyncIterator[OfficeSeat]:
    """The app on the office's store, opened on its inbox."""
    app = app_on(office, **settings)
    async with app.run_test(size=size) as pilot:
        seat = OfficeSeat(app, pilot, app.desk.reader)  # type: ignore[arg-type]
        seat.office = office
        await seat.until(lambda: seat.screen.folders)
        await pilot.pause()
        yield seat


@asynccontextmanager
async def writing(office: Office, *keys: str, **settings: Any) -> AsyncIterator[OfficeSeat]:
    """The app on the compose screen, to which these keys led from the first mail of the inbox."""
    async with seated(office, **settings) as seat:
        await seat.until(lambda: seat.screen.current is not None)
        await seat.begin(*keys)
        yield seat
