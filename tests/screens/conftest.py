"""The app on a made-up reader: fixed clock, zone and language, and waiting for what is awaited instead of for a time."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager

import pytest
from textual.pilot import Pilot

from app.app import PostkorbApp
from app.commands import KeyMap
from app.language import use_language
from app.screens.desk import Desk
from app.screens.mail.screen import MailScreen
from app.settings import Settings
from tests.screens.fake import NOW, FakeReader

Opened = Callable[..., AbstractAsyncContextManager["Seat"]]


class Seat:
    """A running app, and a pair of hands."""

    def __init__(self, app: PostkorbApp, pilot: Pilot[None], reader: FakeReader) -> None:
        self.app = app
        self.pilot = pilot
        self.reader = reader

    @property
    def screen(self) -> MailScreen:
        screen = self.app.screen_stack[0]
        assert isinstance(screen, MailScreen)
        return screen

    @property
    def shown(self) -> list[str]:
        """The lines of the mail list as they are drawn."""
        mails = self.screen.mails
        return [mails.render_line(y).text for y in range(mails.size.height)]

    async def press(self, *keys: str) -> None:
        await self.pilot.press(*keys)

    async def until(self, condition: Callable[[], object], seconds: float = 10) -> None:
        """Let the app work until this holds."""
        end = time.monotonic() + seconds
        while not condition():
            assert time.monotonic() < end, "it did not come to hold"
            await self.pilot.pause()
            await asyncio.sleep(0.005)


@pytest.fixture(autouse=True)
def _berlin_and_german(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("TZ", "Europe/Berlin")
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setenv("COLORTERM", "truecolor")
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setattr("textual.constants.TEXTUAL_ANIMATIONS", "none")
    time.tzset()
    use_language("de")
    yield
    monkeypatch.undo()
    time.tzset()


@pytest.fixture
def opened() -> Opened:
    """Opens the app on so many mails and waits until they are listed."""

    @asynccontextmanager
    async def open_app(
        total: int = 4079, size: tuple[int, int] = (80, 24), keys: dict[str, str] | None = None
    ) -> AsyncIterator[Seat]:
        reader = FakeReader(total)
        desk = Desk(
            reader,
            Settings(),
            keymap=KeyMap(keys or {}),
            clock=lambda: NOW.astimezone(),
            author="A. Berg",
        )
        app = PostkorbApp(desk)
        async with app.run_test(size=size) as pilot:
            seat = Seat(app, pilot, reader)
            await seat.until(lambda: seat.screen.folders and seat.screen.mails.total == total)
            await pilot.pause()
            yield seat

    return open_app
