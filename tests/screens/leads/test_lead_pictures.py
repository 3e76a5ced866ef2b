"""How the place of the leads and its dialogs look; each picture was looked at."""

from __future__ import annotations

import pytest

from app.domain.leads.rules import HasItAlready
from app.screens.dialogs.boxes import Confirm, Picker, TextPrompt
from app.screens.dialogs.ticks import TickBox
from app.screens.leads.boxes import Counted, CountingBox, RefusedBox
from app.screens.leads.distribute_box import DistributeBox
from app.screens.leads.filter_box import LeadFilterBox
from app.screens.leads.screen import LeadsScreen
from app.screens.records.form import RecordForm
from app.services.leads.steps import NotDone
from app.store.database import Store
from tests.screens.conftest import SIZES, Pictured
from tests.screens.leads.office import board, furnish, put_cursor
from tests.screens.test_place_pictures import ask, back


@pytest.mark.parametrize("size", SIZES)
async def test_board_and_list(store: Store, pictured: Pictured, size: str) -> None:
    furnish(store)
    async with board(store, SIZES[size]) as (seat, screen):
        await pictured(seat, "board")
        await seat.press("l", "space", "j")
        await pictured(seat, "selected")
        await seat.press("escape", "v")
        await seat.until(lambda: screen.is_list() and screen.is_listed)
        await pictured(seat, "list")
        await ask(seat, Picker, "o")
        await pictured(seat, "sort")
        await back(seat, LeadsScreen)
        await ask(seat, TickBox, "c")
        await pictured(seat, "columns")
        await back(seat, LeadsScreen)
        await seat.press("v", "/", *"vogel")
        await seat.until(lambda: screen.wanted.text == "vogel" and screen.is_listed)
        await pictured(seat, "typing")
        await seat.press("enter")
        await pictured(seat, "found")
        await seat.press("/", *"xyz", "enter")
        await pictured(seat, "nothing")


@pytest.mark.parametrize("size", SIZES)
async def test_dialogs(store: Store, pictured: Pictured, size: str) -> None:
    ids = furnish(store)
    async with board(store, SIZES[size]) as (seat, screen):
        await ask(seat, LeadFilterBox, "F")
        await pictured(seat, "filter")
        await ask(seat, TextPrompt, "ctrl+s")
        await pictured(seat, "keep")
        await back(seat, LeadFilterBox)
        await back(seat, LeadsScreen)
        await ask(seat, Picker, "a")
        await pictured(seat, "assign")
        await back(seat, LeadsScreen)
        await seat.press("*")
        await ask(seat, DistributeBox, "a")
        await seat.press("space", "down", "space")
        await pictured(seat, "distribute")
        await seat.press("plus")
        await pictured(seat, "weighted")
        await back(seat, LeadsScreen)
        await seat.press("escape")
        await put_cursor(seat, screen, ids["Ersatzpumpe NK 32"])
        await ask(seat, Picker, "x")
        await pictured(seat, "finish")
        await ask(seat, RecordForm, "enter")
        await pictured(seat, "opportunity")
        await back(seat, LeadsScreen)
        await seat.press("*")
        await ask(seat, Confirm, "z")
        await pictured(seat, "give-back")
        await back(seat, LeadsScreen)


@pytest.mark.parametrize("size", SIZES)
async def test_work_on_many(store: Store, pictured: Pictured, size: str) -> None:
    ids = furnish(store)
    async with board(store, SIZES[size]) as (seat, screen):
        screen.app.push_screen(CountingBox("Wird verteilt", Counted(5_000, 1_250)))
        await seat.until(lambda: isinstance(seat.app.screen, CountingBox))
        await pictured(seat, "counting")
        await back(seat, LeadsScreen)
        why = HasItAlready("{name} has it already.", name="Britta Klein (klein)")
        refused = [NotDone(ids["Rückruf erbeten"], why), NotDone(4711, why)]
        screen.app.push_screen(
            RefusedBox("10 Leads verteilt", refused, {ids["Rückruf erbeten"]: "Rückruf erbeten"})
        )
        await seat.until(lambda: isinstance(seat.app.screen, RefusedBox))
        await pictured(seat, "refused")
