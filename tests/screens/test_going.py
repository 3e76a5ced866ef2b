"""From every place all the others are reached by the same keys, and q or Esc go back one step."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.domain.crm.kinds import Kind
from app.screens.records.form import RecordForm
from app.screens.records.screen import RecordsScreen
from app.services.crm import records as crm
from app.settings import Home
from app.store.database import Store
from tests.screens.conftest import Seat
from tests.screens.fake import NOW
from tests.screens.rooms import furnished, opened_on
from tests.store.empty import new_store

GOALS = {
    "m": "MailScreen",
    "l": "LeadsScreen",
    "c": "RecordsScreen",
    "t": "TasksScreen",
    "b": "OverviewScreen",
    "o": "OutboxScreen",
    "s": "LedgerScreen",
    "a": "ConnectForm",
}
WAYS = {
    "folders": ("left",),
    "ledger": ("g", "s"),
    "page": ("g", "c", "enter"),
    "outbox over a page": ("g", "c", "enter", "g", "o"),
}


def stack(seat: Seat) -> list[str]:
    return [type(screen).__name__ for screen in seat.app.screen_stack]


@pytest.mark.parametrize("way", WAYS)
async def test_every_place_is_reached_and_left_by_the_same_keys(tmp_path: Path, way: str) -> None:
    store = new_store(tmp_path / "postkorb.db")
    furnished(store)
    crm.create(store, Kind.CONTACT, {"last_name": "Berger"}, author="berg", now=NOW)
    async with opened_on(store, home=Home(tmp_path)) as seat:
        for letter, goal in GOALS.items():
            for key in WAYS[way]:
                await seat.press(key)
                if key != "g":
                    await seat.quiet()
            before = stack(seat)
            await seat.press("g", letter)
            await seat.quiet()
            assert stack(seat)[-1] == goal
            depth = len(stack(seat))
            if depth > 1:
                await seat.press("escape")
                await seat.quiet()
                assert len(stack(seat)) == depth - 1
            assert len(stack(seat)) <= len(before)
            await seat.press("g", "m")
            await seat.quiet()
            assert stack(seat) == ["MailScreen"]
            seat.screen.show_panes(reading=False, folders=False)
            seat.screen.mails.focus()
    store.close()


async def test_a_search_that_is_opened_again_is_replaced_by_what_is_typed(tmp_path: Path) -> None:
    store = new_store(tmp_path / "postkorb.db")
    furnished(store)
    async with opened_on(store) as seat:
        await seat.press("/", *"anfr", "enter")
        await seat.until(lambda: seat.screen.wanted.query == "anfr*")
        await seat.press("/", *"pump", "enter")
        await seat.until(lambda: seat.screen.wanted.query == "pump*")
    store.close()


async def test_what_a_place_covers_is_not_in_sight_and_what_lies_under_a_dialog_is(store: Store) -> None:
    furnished(store)
    async with opened_on(store) as seat:
        mail = seat.app.screen
        await seat.press("g", "c")
        await seat.until(lambda: isinstance(seat.app.screen, RecordsScreen))
        contacts = seat.app.screen
        assert (mail.is_current, contacts.is_current) == (
            False,
            True,
        )  # else both are drawn several times a second
        await seat.press("+")
        await seat.until(lambda: isinstance(seat.app.screen, RecordForm))
        assert (mail.is_current, contacts.is_current) == (False, True)
        await seat.press("escape", "q")
        await seat.until(lambda: seat.app.screen is mail)
        assert mail.is_current
