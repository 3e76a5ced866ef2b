"""The app on a made-up reader: fixed clock, zone and language, and waiting for what is awaited instead of for a time.

Every picture of a screen is taken by `pictured`, which waits until nothing is under way any more.
"""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from pytest_textual_snapshot import SVGImageExtension
from syrupy.assertion import SnapshotAssertion
from textual._context import active_app
from textual._wait import wait_for_idle
from textual.app import App
from textual.message_pump import MessagePump
from textual.pilot import Pilot
from textual.screen import Screen
from textual.timer import Timer

from app.app import PostkorbApp
from app.commands.key_map import KeyMap
from app.language import use_language
from app.screens.desk import Desk
from app.screens.mail.screen import MailScreen
from app.screens.working import LOOK
from app.settings import Home, Settings
from app.store.database import Store
from tests.screens.fake import NOW, FakeReader
from tests.services.outbox.office import Office
from tests.store.empty import new_store
from tests.store.invariants import check

if TYPE_CHECKING:
    from tests.screens.tray import TrayOpener

Opened = Callable[..., AbstractAsyncContextManager["Seat"]]
Pictured = Callable[..., Awaitable[None]]

#: Sizes of terminals at which every screen is pictured.
SIZES = {"80x24": (80, 24), "120x40": (120, 40)}
#: The worker that follows the store once no key is pressed any more.
AT_REST = "_follow_at_rest"
#: How often it is looked whether all is done, before an idle process is waited for: looking is work too.
LOOKS = 25
#: What happens this many seconds later, or after more, does not happen in a picture.
LONG = 1.0


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

    async def until(self, condition: Callable[[], object], seconds: float = 30) -> None:
        """Let the app work until this holds."""
        end = time.monotonic() + seconds
        while not condition():
            assert time.monotonic() < end, "it did not come to hold"
            await self.pilot.pause()
            await asyncio.sleep(0.005)

    # -- quiet

    async def quiet(self, seconds: float = 60) -> str:
        """Let the app work until all that was asked for is done and shown; the picture of the screen.

        What another connection writes to the store is not waited for: `until` it is seen.
        """
        end = time.monotonic() + seconds
        before = ""
        while True:
            await self.pilot.pause(0.001)
            busy = list(_under_way(self.app))
            shown = "" if busy else self.picture()
            if shown and shown == before:
                return shown
            before = shown
            assert time.monotonic() < end, f"not quiet: {busy or 'the picture goes on changing'}"

    def picture(self) -> str:
        """The screen as it is now, as SVG; its title says which one it is."""
        screen = self.app.screen
        svg = self.app.export_screenshot(
            title=f"{type(screen).__name__} {screen.size.width}x{screen.size.height}", simplify=True
        )
        return re.sub(r"\bterminal-\d+-", "terminal-", svg)


def _under_way(app: App[object]) -> Iterator[object]:
    """What has been begun and will change what is shown."""
    yield from _at_work(app)
    yield from (w for w in app.workers if not w.is_finished and w.name == AT_REST)
    yield from (timer for pump in _pumps(app) for timer in pump._timers if _is_pending(timer))
    yield from _to_draw(app.screen)


def _at_work(app: App[object]) -> Iterator[object]:
    """What has been begun and goes on without waiting for a moment to pass."""
    yield from (w for w in app.workers if not w.is_finished and w.name not in (LOOK, AT_REST))
    yield from (pump for pump in _pumps(app) if pump.message_queue_size or pump._next_callbacks)


def _pumps(app: App[object]) -> Iterator[MessagePump]:
    yield app
    for screen in app.screen_stack:
        yield from screen.walk_children(with_self=True)


def _is_pending(timer: Timer) -> bool:
    """Whether this is one of those that wait a moment and then do something, once."""
    return (
        timer._repeat == 0 and timer._interval < LONG and timer._task is not None and not timer._task.done()
    )


def _to_draw(screen: Screen[object]) -> Iterator[object]:
    """What has changed on a screen since it was laid out and drawn."""
    widgets = [w for w in screen.walk_children(with_self=True) if w._layout_required or w._repaint_required]
    waiting = (
        widgets,
        screen._dirty_widgets,
        screen._callbacks,
        screen._recompose_required,
        screen._scroll_required,
    )
    yield from (what for what in waiting if what)


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


async def settled(*seconds: float) -> None:
    """Wait until all that was asked for is done and drawn; where that takes long, until the process is idle, as Textual does.

    What waits for a moment to pass is not waited for, as it is not by Textual.
    """
    app = active_app.get()
    quiet = 0
    for _look in range(LOOKS):
        await asyncio.sleep(0.001)
        if not app.is_running:
            break
        app.screen._on_timer_update()
        quiet = 0 if any(_at_work(app)) or any(_to_draw(app.screen)) else quiet + 1
        if quiet > 1:  # twice: a handler may have been between two steps
            return
    await wait_for_idle(*seconds)


@pytest.fixture(autouse=True)
def _no_needless_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    """Textual waits for an idle process twice a key, most of the time of these tests."""
    monkeypatch.setattr("textual.app.wait_for_idle", settled)
    monkeypatch.setattr("textual.pilot.wait_for_idle", settled)


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    """A store with one mail, whose outgoing server does not answer."""
    opened = Office.at(tmp_path, "smtp+insecure://127.0.0.1:9/")
    opened.receive()
    yield opened
    check(opened.store)
    opened.store.close()


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    """The folder of an installation without a keyring."""
    monkeypatch.setattr("app.services.accounts.secrets.keyring_usable", lambda: False)
    return Home(tmp_path)


@pytest.fixture
def store(home: Home) -> Iterator[Store]:
    """An empty store; what is in it at the end keeps the rules."""
    opened = new_store(home.database)
    yield opened
    assert check(opened) is None
    opened.close()


@pytest.fixture
def pictured(snapshot: SnapshotAssertion, monkeypatch: pytest.MonkeyPatch) -> Pictured:
    """Compares the screen, once it is quiet, with the picture that was accepted for it; `name`: of several, which."""
    monkeypatch.setattr("app.screens.mail.screen.GET_READY", 0.001)
    for later in ("mail.reading.SEEN_AFTER", "place.MESSAGE_SECONDS", "compose.screen.AUTOSAVE"):
        monkeypatch.setattr(f"app.screens.{later}", 3600.0)
    accepted = snapshot.use_extension(SVGImageExtension)

    async def compare(seat: Seat, name: str = "") -> None:
        shown = await seat.quiet()
        assert shown == (accepted(name=name) if name else accepted)

    return compare


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
            author="berg",
            name="A. Berg",
        )
        app = PostkorbApp(desk)
        async with app.run_test(size=size) as pilot:
            seat = Seat(app, pilot, reader)
            await seat.until(lambda: seat.screen.folders and seat.screen.mails.total == total)
            await pilot.pause()
            yield seat

    return open_app


@pytest.fixture
def tray(tmp_path: Path) -> TrayOpener:
    """Opens the app on some mails of one sender in an inbox, on a store of their own."""
    from tests.screens.tray import open_tray  # which knows the seat from here

    return partial(open_tray, tmp_path)
