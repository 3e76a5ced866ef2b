"""Board or list, its order and its columns: as a person left them, they are when the place is opened the next time."""

from __future__ import annotations

from typing import Any

import pytest

from app.domain.leads.filter import LeadSort, SortKey
from app.domain.opportunities.pipeline import Sort
from app.screens.leads.screen import LeadsScreen
from app.screens.opportunities.screen import OpportunitiesScreen
from app.store.database import Store
from tests.screens.chance_board import ME, fill
from tests.screens.conftest import Seat
from tests.screens.leads.office import furnish
from tests.screens.rooms import opened_on, texts

WIDE = (140, 40)


async def opened_leads(seat: Seat) -> LeadsScreen:
    """The leads, opened anew."""
    before = seat.app.screen
    await seat.press("g", "l")
    await seat.until(lambda: isinstance(seat.app.screen, LeadsScreen) and seat.app.screen is not before)
    screen = seat.app.screen
    assert isinstance(screen, LeadsScreen)
    await seat.until(lambda: screen.is_listed)
    return screen


async def opened_opportunities(seat: Seat) -> OpportunitiesScreen:
    """The opportunities, opened anew."""
    before = seat.app.screen
    await seat.press("g", "v")
    await seat.until(
        lambda: isinstance(seat.app.screen, OpportunitiesScreen) and seat.app.screen is not before
    )
    screen = seat.app.screen
    assert isinstance(screen, OpportunitiesScreen)
    await seat.until(lambda: screen.is_listed)
    return screen


async def test_the_list_of_leads_with_its_order_and_columns_is_there_the_next_time(store: Store) -> None:
    furnish(store)
    async with opened_on(store, WIDE) as seat:
        screen = await opened_leads(seat)
        assert screen.is_board
        await seat.press("v")
        await seat.until(lambda: screen.is_list() and screen.is_listed)
        await seat.press("o", *"wert", "enter")
        await seat.until(lambda: screen.sort == LeadSort(SortKey.VALUE) and screen.is_listed)
        await seat.press("c", "space", "enter")
        await seat.until(lambda: "Stand" not in texts(seat)[0])
        await seat.quiet()
        screen = await opened_leads(seat)
        assert (screen.is_board, screen.sort) == (False, LeadSort(SortKey.VALUE))
    async with opened_on(store, WIDE) as seat:
        screen = await opened_leads(seat)
        assert screen.sort == LeadSort(SortKey.VALUE)
        await seat.until(lambda: texts(seat)[0].split()[:2] == ["Lead", "Kontakt"])
        assert seat.app.screen.focused is screen.table
    async with opened_on(store, WIDE, author="klein") as seat:
        screen = await opened_leads(seat)
        assert (screen.is_board, screen.sort) == (True, LeadSort())


async def test_the_list_of_opportunities_has_its_own_look_and_columns(store: Store) -> None:
    fill(store)
    async with opened_on(store, WIDE) as seat:
        await opened_leads(seat)
        await seat.press("v")
        await seat.quiet()
        screen = await opened_opportunities(seat)
        assert screen.is_board
        await seat.press("v")
        await seat.until(lambda: screen.is_list() and screen.is_listed)
        await seat.press("c", "space", "enter")
        await seat.until(lambda: "Phase" not in texts(seat)[0])
        await seat.quiet()
        screen = await opened_opportunities(seat)
        await seat.until(lambda: texts(seat)[0].split()[0] == "Verkaufschance")
        assert texts(seat)[1].split()[:2] == ["Rahmenvertrag", "Ventile"]
        await seat.press("v")
        await seat.quiet()
        assert (await opened_opportunities(seat)).is_board


async def test_a_column_without_room_is_called_so_until_there_is_room(store: Store) -> None:
    furnish(store)
    async with opened_on(store) as seat:
        screen = await opened_leads(seat)
        await seat.press("v")
        await seat.until(lambda: screen.is_list() and screen.is_listed)
        await seat.press("c")
        await seat.until(lambda: seat.app.screen.query("Choices"))

        def too_narrow() -> list[str]:
            choices: Any = seat.app.screen.query_one("Choices")
            return [str(choice.value) for choice in choices.choices if choice.detail == "kein Platz dafür"]

        assert too_narrow() == ["company", "value", "next_step", "age"]
        await seat.press("space", "down", "down", "space")  # without state and contact
        await seat.until(lambda: too_narrow() == ["next_step", "age"])


@pytest.mark.parametrize(
    ("kept", "told"),
    [
        ('{"list": true, "sort": "colour"}', "Sortieren nach: das Gespeicherte ist nicht lesbar"),
        ('{"list": true, "columns": "title"}', "Spalten: das Gespeicherte ist nicht lesbar"),
        ('{"list": tr', "(das Gespeicherte ist nicht lesbar)"),
    ],
)
async def test_what_was_kept_and_cannot_be_read_is_told_and_the_board_is_shown(
    store: Store, kept: str, told: str
) -> None:
    fill(store)
    with store.write() as tx:
        tx.run("INSERT INTO place_look (owner, place, look) VALUES (?, 'opportunities', ?)", (ME, kept))
    async with opened_on(store) as seat:
        screen = await opened_opportunities(seat)
        await seat.until(lambda: told in texts(seat, "#keys")[0])
        assert (screen.is_board, screen.sort) == (True, Sort.EXPECTED)


async def test_a_look_that_cannot_be_kept_is_shown_all_the_same_without_a_box(store: Store) -> None:
    fill(store)
    with store.write() as tx:
        tx.run("INSERT INTO member (login, name, role, active) VALUES ('fort', 'Fort', 'rep', 0)")
    async with opened_on(store, WIDE, author="fort") as seat:
        screen = await opened_opportunities(seat)
        await seat.press("v")
        await seat.until(lambda: "Nicht gemerkt" in texts(seat, "#keys")[0])
        assert seat.app.screen is screen
        assert screen.is_list()
    assert store.read.rows("SELECT owner FROM place_look") == []
