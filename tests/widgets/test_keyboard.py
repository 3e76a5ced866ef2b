"""Keys are handed over one after another, and none is held up by what hangs."""

from __future__ import annotations

import asyncio

import pytest
from textual import events
from textual.app import App, ComposeResult
from textual.widget import Widget

from app.widgets import keyboard
from app.widgets.keyboard import Keyboard


class Hanging(Widget, can_focus=True):
    """Takes keys, and never comes to the end of the first one."""

    def __init__(self) -> None:
        super().__init__()
        self.hung = asyncio.Event()

    async def on_key(self, event: events.Key) -> None:
        self.app.seen.append(event.key)  # type: ignore[attr-defined]
        await self.hung.wait()


class Typed(App[None]):
    def __init__(self) -> None:
        super().__init__()
        self.seen: list[str] = []
        self.handed: list[str] = []
        self.keyboard = Keyboard(self, self._hand_over)

    def compose(self) -> ComposeResult:
        yield Hanging()

    async def _hand_over(self, event: events.Key | events.Paste) -> None:
        assert isinstance(event, events.Key)
        self.handed.append(event.key)
        await super().on_event(event)

    async def on_event(self, event: events.Event) -> None:
        if isinstance(event, events.Key) and not event.is_forwarded:
            await self.keyboard.take(event)
        else:
            await super().on_event(event)


@pytest.mark.parametrize("count", [3, 30])
async def test_all_keys_come_although_the_first_one_hangs(count: int) -> None:
    app = Typed()
    keys = [chr(ord("a") + place % 26) for place in range(count)]
    async with app.run_test() as pilot:
        hanging = app.query_one(Hanging)
        hanging.focus()
        await pilot.pause()
        for key in keys:
            app.post_message(events.Key(key, key))
        while app.handed != keys:
            await asyncio.sleep(0.01)
        assert app.seen == keys[:1]
        hanging.hung.set()
        while app.seen != keys:
            await asyncio.sleep(0.01)


def test_nothing_holds_up_the_keyboard_longer_than_a_rep_would_bear() -> None:
    assert keyboard.PATIENCE <= 0.5
    assert keyboard.HURRY <= 0.05
