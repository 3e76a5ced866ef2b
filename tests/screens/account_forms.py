"""The forms about mailboxes, and the hands that fill them in, for tests of what becomes of it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from app.screens.accounts.connect_form import ConnectForm
from app.settings import Home
from app.store.database import Store
from app.widgets.field import Field
from tests.screens.conftest import Seat
from tests.screens.rooms import opened_on, texts


@asynccontextmanager
async def form_on(store: Store, home: Home, size: tuple[int, int] = (80, 24)) -> AsyncIterator[Seat]:
    """The app at its first start."""
    async with opened_on(store, size, home=home) as seat:
        await seat.until(lambda: isinstance(seat.app.screen, ConnectForm) and seat.app.screen.query(Field))
        yield seat


async def fill(seat: Seat, **values: str) -> None:
    """Type into the form and try."""
    for name, value in {"address": "vertrieb@firma.example", "outgoing": "", **values}.items():
        seat.app.screen.query_one(f"#field-{name}", Field).value = value
        await seat.pilot.pause()
    await seat.press("enter")


def told(seat: Seat) -> str:
    line: Any = seat.app.screen.query_one("#line")
    return str(line.content)


def accounts(store: Store) -> list[tuple[str]]:
    return store.read.rows("SELECT name FROM mailbox")


async def open_change(seat: Seat) -> ConnectForm:
    """The form on the mailbox that there is."""
    await seat.press("g", "s")
    await seat.until(lambda: "Aufträge" in "\n".join(texts(seat)))
    await seat.press("E")
    await seat.until(lambda: isinstance(seat.app.screen, ConnectForm) and seat.app.screen.query(Field))
    await seat.quiet()
    assert isinstance(seat.app.screen, ConnectForm)
    return seat.app.screen
